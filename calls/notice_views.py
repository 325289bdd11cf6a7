"""Public notices for everybody, and objections to them, by name or without."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits
from calls import noticing_rules, operations
from calls.forms import ObjectionForm
from calls.models import Objection, PublicNotice
from calls.models.notices import OPEN
from kernel.access import public
from kernel.errors import Conflict, DomainError
from kernel.keyset import Keyset
from privacy.crypto import keyed_digest

NEWEST = Keyset(("-started_at", "-id"))
PAGE = 20
# Of what strangers write from one network: enough for a family, too few to bury staff.
MOST_IN_AN_HOUR, HOUR = 5, 3600
NO_INDEX = "noindex, nofollow"


def _published():
    return PublicNotice.objects.published().select_related("call__department")


def _answer(request, template, context, status=200):
    """Answer with a page that search engines leave alone: what stands there is about people, for some days."""
    answer = render(request, template, context | {"noindex": True}, status=status)
    answer["X-Robots-Tag"] = NO_INDEX
    return answer


@public
@never_cache
@require_safe
def public_notices(request):
    """Show what is made known now, and what was; `?after=<cursor>` pages the past on."""
    past = NEWEST.page(_published().exclude(state__in=OPEN), request.GET.get("after", ""), PAGE)
    running = _published().filter(state__in=OPEN).order_by("ends_on", "pk")
    context = {"past": past.rows, "after": past.after, "is_first": not request.GET.get("after")}
    return _answer(request, "calls/notices.html", context | {"running": running})


@public
@never_cache
@require_safe
def public_notice(request, code):
    """Show one public notice: who, until when, and how to object."""
    notice, now = get_object_or_404(_published(), code=code), timezone.now()
    shown = notice.shows_names(now)
    context = {
        "notice": notice,
        "call": notice.call,
        "shown": shown,
        "entries": notice.entries.filter(struck_at=None) if shown else [],
        "struck": notice.entries.exclude(struck_at=None).count(),
        "named": notice.entries.count(),
        "has_units": shown and notice.entries.exclude(unit="").exists(),
        "why_not": noticing_rules.why_not_object(notice, now),
    }
    return _answer(request, "calls/notice.html", context)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request, code):
    """Take an objection in and lead to the page under its number, where what became of it will stand."""
    notice, now = get_object_or_404(_published(), code=code), timezone.now()
    if noticing_rules.why_not_object(notice, now) and request.method != "POST":
        return redirect(notice)
    form = ObjectionForm(request.POST or None, notice=notice)
    if form.is_valid() and (objection := _filed(request, form, notice, now)):
        return redirect("objection", objection.code)
    context = {"form": form, "notice": notice, "call": notice.call}
    return _answer(request, "calls/object.html", context, status=422 if form.errors else 200)


def _filed(request, form, notice, now):
    """Return the objection taken in; None where it was refused, which the form says."""
    try:
        if not _is_within(request):
            sentence = _("一小时内提出的异议太多了，请稍后再提，或拨打公示上的电话。")
            raise Conflict("too_many_objections", sentence)
        return operations.file_objection(notice=notice, **form.cleaned_data, now=now)
    except DomainError as error:
        error.add_to(form)
        return None


def _is_within(request):
    """Count by network, of which a digest alone is kept, for an hour."""
    name = keyed_digest("objections", limits.network(request))
    return limits.within(f"objections:{name}", MOST_IN_AN_HOUR, HOUR)


@public
@never_cache
@require_safe
def objection(request, code):
    """Say what became of an objection to whoever has its number; not what was written, nor by whom."""
    rows = Objection.objects.select_related("notice__call")
    found = get_object_or_404(rows, code=code)
    return _answer(request, "calls/objection.html", {"objection": found, "notice": found.notice})
