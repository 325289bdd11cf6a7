"""Consultations in the admin: written, planned, sent out, held, closed."""

from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action

from advisory.consultations import operations, rules
from advisory.consultations.admin.forms import (
    ConsultationForm,
    ShareReasonForm,
    TotalsForm,
    invite_form,
    meeting_form,
    next_ones,
)
from advisory.consultations.admin.papers import PaperPages
from advisory.consultations.models import SEATED, Consultation, ConsultationState, Opinion
from advisory.figures import FigurePages
from kernel.admin.base import has_perm
from kernel.admin.forms import OperationAdmin, reason_form
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter
from kernel.words import clauses, span_text

State = ConsultationState
COLOURS = {"draft": "warning", "inviting": "info", "held": "danger", "closed": "success"}
CancelForm = reason_form(gettext_lazy("受邀的人会看到，4 到 200 字。"))


def _seats(row):
    """Say how many of the places are taken."""
    return _("%(taken)s / %(places)s") % {"taken": row.taken, "places": row.places}


def _share(row):
    """Say what share of those to be invited are women, and what is aimed at."""
    target = rules.target_of(row.department, timezone.localdate(row.created_at))
    said = {"share": round(row.share), "target": target}
    if target is None:
        return _("%(share)s%%（今年没有设目标）") % said
    return _("%(share)s%%（目标 %(target)s%%）") % said


def _listed(row, model, words):
    """Return the link to the list of what hangs on a consultation."""
    where = reverse(f"admin:advisory_{model}_changelist")
    return format_html(
        '<a class="portal-link" href="{}?{}={}">{}</a>', where, _BY[model], row.pk, words
    )


_BY = {
    "consultationinvitation": "consultation__id__exact",
    "opinion": "invitation__consultation__id__exact",
}


def _invitations(row):
    count = row.invitations.count()
    return _listed(
        row, "consultationinvitation", ngettext("%(n)s 人", "%(n)s 人", count) % {"n": count}
    )


def _opinions(row):
    rows = Opinion.objects.filter(invitation__consultation=row)
    said = {"n": rows.count(), "left": rows.undecided().count()}
    return _listed(row, "opinion", _("%(n)s 条，%(left)s 条待回应") % said)


def _papers(row):
    where = reverse("admin:advisory_consultation_papers", args=[row.pk])
    count = row.papers.count()
    words = ngettext("%(n)s 份", "%(n)s 份", count) % {"n": count}
    return format_html('<a class="portal-link" href="{}">{}</a>', where, words)


def _next(row):
    """Say who would be invited next, while a place is free."""
    now = timezone.now()
    if rules.why_not_more(row, 1, now):
        return ""
    found = next_ones(row, now, 1)
    if not found.places:
        return _("没有可以邀请的人，请放宽学科、行业或关键词")
    (place,) = found.places
    return _("%(name)s（%(why)s）") % {"name": place.name, "why": clauses(place.why)}


def _event(row):
    if row.event is None:
        return ""
    where = reverse("admin:events_event_change", args=[row.event_id])
    when = span_text(row.event.starts_at, row.event.ends_at)
    return format_html('<a class="portal-link" href="{}">{}</a>', where, when)


def _may(rule):
    return lambda row, by: rules.why_not_run(row, by) or rule(row)


def _stands(*states):
    return lambda row: rules.why_not_state(row, *states)


@admin.register(Consultation)
class ConsultationAdmin(FigurePages, PaperPages, OffersByRule, OperationAdmin):
    """What a department asks before it decides."""

    form = ConsultationForm
    view_on_site = False
    list_display = ("title", "kind", "mode", "state_shown", "seats", "department", "created_at")
    list_filter = ("state", "kind", "mode", "department", SetAsideFilter)
    list_select_related = ("department", "event")
    search_fields = ("code", "title")
    search_help_text = gettext_lazy("按题目或编号查找")
    ordering = ("-id",)
    editable = operations.WRITTEN
    autocomplete_fields = ("units",)
    readonly_fields = (
        "share_shown",
        "invited",
        "next_shown",
        "said",
        "papers_shown",
        "event_shown",
    )
    add_words = gettext_lazy("新建咨询")
    empty_words = gettext_lazy(
        "还没有咨询。定战略、规划、政策、项目、标准以前，新建一项，请库里的专家提意见。"
    )
    written = (
        (None, {"fields": (("kind", "mode"), "title", "question", "units", "opinions_by")}),
        (
            gettext_lazy("请多少人"),
            {"fields": ("places", ("outside", "outside_women"))},
        ),
        (
            gettext_lazy("请什么样的人"),
            {"fields": ("disciplines", "industries", "words", "details", "levels")},
        ),
    )
    add_fieldsets = written
    fieldsets = (
        *written,
        (
            gettext_lazy("进展"),
            {
                "fields": (
                    ("code", "state"),
                    ("share_shown", "share_reason"),
                    ("invited", "next_shown"),
                    "said",
                    ("papers_shown", "event_shown"),
                    ("came_outside", "came_outside_women"),
                    "cancel_reason",
                )
            },
        ),
    )
    actions_detail = (
        "plan",
        "open",
        "invite",
        "hold",
        "count_again",
        "close",
        "reopen",
        "cancel",
    )
    argument = "consultation"
    rules_of_actions = {
        "plan": _may(rules.why_not_plan),
        "open": _may(_stands(State.DRAFT)),
        "invite": _may(lambda row: rules.why_not_more(row, 1, timezone.now())),
        "hold": _may(lambda row: rules.why_not_hold(row, timezone.now())),
        "count_again": _may(rules.why_not_count_again),
        "close": _may(_stands(State.HELD)),
        "reopen": _may(_stands(State.CLOSED)),
        "cancel": _may(rules.why_not_cancel),
    }
    has_run_permission = has_perm(rules.RUN)

    state_shown = state_column(COLOURS, ordering="state")
    seats = column(gettext_lazy("名额"), _seats)
    share_shown = column(gettext_lazy("计划邀请的女性占比"), _share)
    invited = column(gettext_lazy("邀请名单"), _invitations)
    said = column(gettext_lazy("意见"), _opinions)
    papers_shown = column(gettext_lazy("材料"), _papers)
    event_shown = column(gettext_lazy("会议"), _event)
    next_shown = column(gettext_lazy("下一位人选"), _next)

    def get_queryset(self, request):
        """Count who has a place with each."""
        taken = Count("invitations", filter=Q(invitations__state__in=SEATED))
        return super().get_queryset(request).annotate(taken=taken)

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def has_add_permission(self, request):
        """Who may run one begins one, for her department."""
        return request.user.has_perm(rules.RUN) and request.user.department_id is not None

    def has_change_permission(self, request, obj=None):
        """Its own department's, until it was held."""
        if not request.user.has_perm(rules.RUN):
            return False
        if obj is None:
            return True
        return rules.why_not_run(obj, request.user) is None and rules.why_not_edit(obj) is None

    def facts_of(self, row):
        """Say which it is."""
        return [
            (_("题目"), row.title),
            (_("咨询事项"), row.get_kind_display()),
            (_("名额"), row.places),
        ]

    @action(description=gettext_lazy("安排会议"), url_path="plan", permissions=["run"])
    def plan(self, request, object_id):
        """Make the meeting an event for the invited."""
        row = self.get_or_404(request, object_id)
        return self._page(
            request,
            object_id,
            "plan",
            title=_("安排会议"),
            submit=_("安排"),
            form_class=meeting_form(row),
            outcome=_("生成仅限受邀者的活动，席位、提醒、签到都在活动里；答应参加的人自动有席位。"),
            operation=_plan,
            done=_("会议已安排。"),
        )

    @action(description=gettext_lazy("开始邀请"), url_path="open", permissions=["run"])
    def open(self, request, object_id):
        """Have invitations go out from now on; below the target ask why."""
        row = self.get_or_404(request, object_id)
        below = rules.why_not_below(row, timezone.now())
        form = {"form_class": ShareReasonForm} if below else {}
        return self._page(
            request,
            object_id,
            "open",
            title=_("开始邀请"),
            submit=_("开始邀请"),
            outcome=str(below or _("从现在起可以邀请专家；材料可以随后上传。")),
            operation=operations.open_inviting,
            done=_("可以邀请了。"),
            **form,
        )

    @action(description=gettext_lazy("邀请专家"), url_path="invite", permissions=["run"])
    def invite(self, request, object_id):
        """Choose from the shortlist."""
        row = self.get_or_404(request, object_id)
        return self._page(
            request,
            object_id,
            "invite",
            title=_("邀请专家"),
            submit=_("发出邀请"),
            form_class=invite_form(row, timezone.now()),
            outcome=_(
                "五天内答复；不便不用说明原因，也不影响她以后的排序。其他部门负责的，本人同意了才列出。"
            ),
            operation=operations.invite,
            done=lambda sent: (
                ngettext("已邀请 %(n)s 人。", "已邀请 %(n)s 人。", len(sent)) % {"n": len(sent)}
            ),
        )

    @action(description=gettext_lazy("已经进行"), url_path="hold", permissions=["run"])
    def hold(self, request, object_id):
        """Note that it was held."""
        return self._page(
            request,
            object_id,
            "hold",
            title=_("已经进行"),
            submit=_("已经进行"),
            outcome=_("会议按签到记录、书面按有没有提意见，记下谁参加了；没有答复的邀请过期。"),
            operation=operations.hold_consultation,
            done=_("已记下，请逐条回应意见后办结。"),
        )

    @action(description=gettext_lazy("重新核对到场"), url_path="again", permissions=["run"])
    def count_again(self, request, object_id):
        """Take over arrivals that were put right in the event."""
        return self._page(
            request,
            object_id,
            "count_again",
            title=_("重新核对到场"),
            submit=_("重新核对"),
            outcome=_("签到有误的，先在会议的活动页更正到场情况，再在这里按更正后的记录核对一遍。"),
            operation=operations.count_again,
            done=lambda n: (
                ngettext("已更正 %(n)s 人。", "已更正 %(n)s 人。", n) % {"n": n}
                if n
                else _("和活动的到场记录一致，没有更正。")
            ),
        )

    @action(description=gettext_lazy("办结"), url_path="close", permissions=["run"])
    def close(self, request, object_id):
        """Ask for the totals, then close."""
        row = self.get_or_404(request, object_id)
        undecided = rules.why_undecided(row)
        return self._page(
            request,
            object_id,
            "close",
            title=_("办结"),
            submit=_("办结"),
            form_class=TotalsForm,
            outcome=str(undecided or _("每位提过意见的人会收到通知，逐条看到采纳了没有。")),
            operation=operations.close_consultation,
            done=_("已办结，已告知提意见的人。"),
        )

    @action(description=gettext_lazy("撤销办结"), url_path="reopen", permissions=["run"])
    def reopen(self, request, object_id):
        """Take the closing back."""
        return self._page(
            request,
            object_id,
            "reopen",
            title=_("撤销办结"),
            submit=_("撤销办结"),
            outcome=_("用于更正人数或意见的结果；改好后重新办结。"),
            operation=operations.reopen_consultation,
            done=_("已撤销办结。"),
        )

    @action(description=gettext_lazy("取消咨询"), url_path="cancel", permissions=["run"])
    def cancel(self, request, object_id):
        """Ask why, then call it off."""
        return self._page(
            request,
            object_id,
            "cancel",
            title=_("取消咨询"),
            submit=_("取消咨询"),
            danger=True,
            form_class=CancelForm,
            outcome=_("受邀的人会收到通知和原因；会议同时取消。不能恢复。"),
            operation=operations.cancel_consultation,
            done=_("已取消，已通知受邀的人。"),
        )


def _plan(*, consultation, by, now, **fields):
    return operations.plan_meeting(consultation=consultation, fields=fields, by=by, now=now)
