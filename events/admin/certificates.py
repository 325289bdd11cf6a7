"""An event's certificates: what it offers, having them issued, what was issued and is put right."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Department
from events import operations, rules
from events.admin.history import named_lines
from events.after import certificates
from events.after.forms import FindForm, OfferForm, ReissueForm, RevokeForm
from events.models import CertificateKind, CertificateOffer
from kernel.admin.actions import attempt
from kernel.admin.decision import decide
from kernel.downloads import download
from kernel.words import listed, moment_text
from privacy.models import AuditEntry

MOST = 100  # certificates of one page


class CertificatePages:
    """Adds to the admin of events: its certificates."""

    def get_urls(self):
        """Add the pages."""
        pages = [
            ("certificates/", self.certificates, "certificates"),
            ("certificates/offer/", self.offer, "offer"),
            ("certificates/stop/", require_POST(self.stop_offer), "stop_offer"),
            ("certificates/file/", require_POST(self.print_certificates), "print_certificates"),
            ("certificates/issue/", require_POST(self.issue), "issue"),
            ("certificates/<int:number>/revoke/", self.revoke, "revoke"),
            ("certificates/<int:number>/reissue/", self.reissue, "reissue"),
        ]
        urls = [
            path(f"<int:pk>/{where}", self.admin_site.admin_view(view), name=f"events_event_{name}")
            for where, view, name in pages
        ]
        return urls + super().get_urls()

    def _with_names(self, request, pk):
        """Return the event, for who may know who came; 404 as for an event she does not run."""
        event = self.get_or_404(request, pk)
        if rules.why_not_see_names(event, request.user, "events.view_booking"):
            raise Http404
        return event

    def certificates(self, request, pk):
        """Show the terms, how far issuing is, and every certificate with what may be done with it."""
        event = self._with_names(request, pk)
        offer = CertificateOffer.objects.filter(event=event).first()
        came = event.bookings.filter(state="attended").count()
        valid = event.certificates.valid().filter(kind=CertificateKind.ATTENDANCE).count()
        asked = request.GET.get("q", "").strip()
        found = event.certificates.of_name_or_number(asked) if asked else event.certificates.all()
        issued = list(
            found.select_related("event", "talent__user", "replaced_by").order_by("-pk")[: MOST + 1]
        )
        return self.page(
            request,
            "events/admin/certificates.html",
            title=_("活动证书"),
            event=event,
            offer=offer,
            terms=_terms(offer) if offer else [],
            came=came,
            valid=valid,
            percent=min(100, 100 * valid // came) if came else 100,
            rows=[(row, _actions(row, event, request.user)) for row in issued[:MOST]],
            asked=asked,
            find=FindForm(initial={"q": asked}),
            most=MOST if len(issued) > MOST else 0,
            history=_history(issued[:MOST], request.user),
            parts=_parts(event, request.user),
            may_offer=rules.why_not_offer(event, request.user) is None,
            why_not_issue=rules.why_not_issue(event, request.user),
            back=self.address("change", event.pk),
        )

    def offer(self, request, pk):
        """Ask on what terms the event gives certificates."""
        event = self.get_or_404(request, pk)
        now = CertificateOffer.objects.filter(event=event).first()
        start = {"issuers": now.issuers if now else [event.department.code]}
        return decide(
            self,
            request,
            title=_("设置活动证书"),
            why_not=rules.why_not_offer(event, request.user),
            facts=[(_("活动"), event.title)],
            outcome=_(
                "活动次日零点核定到场情况后自动签发，她在第二天早上的感谢通知里就能下载。已经签发的证书不受修改影响。"
            ),
            submit=_("保存设置"),
            form_class=partial(OfferForm, instance=now, initial=start),
            operation=partial(_offer, event),
            done=_("已保存。"),
            back=self.address("certificates", event.pk),
        )

    def stop_offer(self, request, pk):
        """Give no more of them."""
        event = self._with_names(request, pk)
        done = _("已停发，已经签发的仍然有效。")
        attempt(request, operations.withdraw_certificate_offer, done, event=event)
        return redirect(self.address("certificates", event.pk))

    def issue(self, request, pk):
        """Have the worker issue what is lacking."""
        event = self._with_names(request, pk)
        done = _("正在后台签发，可以离开本页。")
        attempt(request, operations.order_certificates, done, event=event)
        return redirect(self.address("certificates", event.pk))

    def print_certificates(self, request, pk):
        """Hand out the certificates of an event in one file, to print or to send on (each time is on record)."""
        event = self._with_names(request, pk)
        part = request.POST.get("part", "1")
        part = int(part) if part.isdecimal() and len(part) < 5 else 1
        found = attempt(request, operations.export_certificates, event=event, part=part)
        if found is None:
            return redirect(self.address("certificates", event.pk))
        language = "en" if request.POST.get("lang") == "en" else "zh-hans"
        return download(certificates.pdf(found, language), f"certificates-{event.code}-{part}.pdf")

    def _certificate(self, request, pk, number, rule):
        """Return (one certificate, the page that asks before something is done with it)."""
        if not request.user.has_perm("events.change_booking"):
            raise PermissionDenied
        event = self._with_names(request, pk)
        rows = event.certificates.select_related("event", "talent__user", "replaced_by")
        certificate = get_object_or_404(rows, pk=number)
        refused = rules.why_not_change_certificate(certificate, request.user)
        page = partial(
            decide,
            self,
            request,
            why_not=refused or rule(certificate),
            facts=[
                (_("编号"), certificate.number),
                (_("姓名"), certificate.name),
                (_("活动"), certificate.title),
                *_taken(certificate),
            ],
            back=self.address("certificates", event.pk),
        )
        return certificate, page

    def revoke(self, request, pk, number):
        """Take its validity, and say why."""
        certificate, page = self._certificate(request, pk, number, rules.why_not_revoke)
        return page(
            title=_("撤销证书"),
            outcome=_("核验页面会写明已撤销，她会收到原因。可以用“换发”重新出一份。"),
            submit=_("撤销证书"),
            danger=True,
            form_class=RevokeForm,
            operation=partial(operations.revoke_certificate, certificate=certificate),
            done=_("已撤销。"),
        )

    def reissue(self, request, pk, number):
        """Issue it anew, with the name put right."""
        certificate, page = self._certificate(request, pk, number, rules.why_not_reissue)
        start = {"name": certificate.name, "name_en": certificate.name_en}
        return page(
            title=_("换发证书"),
            outcome=_(
                "会用新编号出一份，姓名按这里填的，活动内容按现在的设置；旧证书的核验页面写明已由新编号代替。"
            )
            if certificate.is_valid
            else _(
                "这份证书已经失效。换发后她又有一份有效的证书，旧证书的核验页面写明已由新编号代替。请先核对失效的原因。"
            ),
            submit=_("换发"),
            form_class=partial(ReissueForm, initial=start),
            operation=partial(operations.reissue_certificate, certificate=certificate),
            done=lambda new: _("已换发，新编号 %(number)s。") % {"number": new.number},
        )


def _taken(certificate):
    """Return when and why it lost its validity, as (label, value): whoever gives it back decides in sight of that."""
    if certificate.is_valid:
        return []
    why = certificate.revoke_reason or certificate.get_revoke_cause_display()
    return [(_("失效"), f"{moment_text(certificate.revoked_at)}　{why}")]


def _offer(event, *, by, now, **terms):
    return operations.offer_certificates(event=event, terms=terms, by=by, now=now)


def _terms(offer):
    """Return the terms as (label, value)."""
    names = [d.label for d in Department.objects.filter(code__in=offer.issuers)]
    least = offer.least_percent
    return [
        (_("学时"), offer.hours.normalize() if offer.hours else _("不写")),
        (_("发给"), _("在场达到 %(n)s%% 的人") % {"n": least} if least else _("到场的人")),
        (_("落款"), listed(names)),
        (_("英文名称"), offer.title_en or "—"),
        (_("主讲人感谢状"), _("同时出") if offer.speakers else _("不出")),
    ]


def _parts(event, user):
    """Return the files all certificates come in, (number, first, last) each; none for who may not have them."""
    if rules.why_not_see_names(event, user, "events.export_booking"):
        return []
    count, size = event.certificates.to_print().count(), operations.PRINTED
    starts = range(0, count, size)
    return [(at // size + 1, at + 1, min(at + size, count)) for at in starts]


def _history(certificates, reader):
    """Return what happened to these certificates, in sentences, each with its number."""
    names = {str(certificate.pk): certificate.number for certificate in certificates}
    entries = AuditEntry.objects.filter(object_type="events.certificate", object_id__in=names)
    return named_lines(entries, names, reader)


def _actions(certificate, event, user):
    """Return what `user` may do with a certificate: (words, words with its number, address) each."""
    refused = rules.why_not_change_certificate(certificate, user)
    found = []
    if certificate.name and certificate.is_valid:
        found.append((_("下载"), reverse("certificate_file", args=[certificate.code])))
    for words, page, rule in (
        (_("换发"), "reissue", rules.why_not_reissue),
        (_("撤销"), "revoke", rules.why_not_revoke),
    ):
        if refused is None and rule(certificate) is None:
            where = reverse(f"admin:events_event_{page}", args=[event.pk, certificate.pk])
            found.append((words, where))
    return [(words, f"{words} {certificate.number}", where) for words, where in found]
