"""The pages of who is in office: members, posts, what is entered. The right is asked of the day, each time."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events.models import Event
from kernel.access import signed_in
from kernel.downloads import download
from kernel.errors import DomainError
from kernel.keyset import Keyset
from networks import rights
from networks.associations.models import Association
from networks.forms import CountForm, EventForm, MeetingForm, ReasonForm
from networks.members import operations as members
from networks.members import rules as member_rules
from networks.members import sheet
from networks.members.models import Membership
from networks.meter import activity, ladder
from networks.meter import operations as meter
from networks.posts.models import Holding

NEWEST = Keyset(("-id",))
PAGE = 50


def _run(request, code):
    """Return the association the reader runs today; 404 for everybody else, who was in office until yesterday too."""
    found = get_object_or_404(Association.objects.select_related("department"), code=code)
    if not rights.runs(found, request.user, timezone.localdate()):
        raise Http404
    return found


@signed_in
@never_cache
@require_safe
def run_association(request, code):
    """Show who waits, the members, who is in office, the ladder and what was done lately."""
    association, now = _run(request, code), timezone.now()
    today = timezone.localdate(now)
    rows = Membership.objects.filter(association=association).select_related("talent__unit")
    held = Holding.objects.in_office(today).filter(association=association)
    page = NEWEST.page(rows.filter(state="active"), request.GET.get("after", ""), PAGE)
    context = {
        "association": association,
        "term": association.terms.on(today).first(),
        "waiting": rows.waiting().order_by("applied_at", "pk")[:100],
        "page": page,
        "members": [(row, row.state_on(today)) for row in page.rows],
        "held": held.select_related("post", "talent").order_by("post__order", "post_id", "pk"),
        "steps": ladder.of(association, today),
        "counts": association.share_counts.waiting().order_by("-pk")[:20],
        "refused": association.share_counts.filter(state="refused").order_by("-pk")[:5],
        "activity": activity.of(association, now),
        "today": today,
    }
    return render(request, "networks/run.html", context)


@signed_in
@never_cache
@require_safe
def run_members_sheet(request, code):
    """Hand the list of members out; that it was is on record."""
    association = _run(request, code)
    rows = members.export_members(association=association, by=request.user, now=timezone.now())
    return download(sheet.made(rows), "members.xlsx")


ACTS = {
    "approve": (members.approve_membership, gettext_lazy("已通过，已通知本人。")),
    "decline": (members.decline_membership, gettext_lazy("已办理，已通知本人。")),
    "renew": (members.renew_membership, gettext_lazy("已续期，已通知本人。")),
    "end": (members.end_membership, gettext_lazy("已结束，已通知本人。")),
    "take_back": (members.take_back_decision, gettext_lazy("已撤回，申请重新等待审核。")),
    "restore": (members.restore_membership, gettext_lazy("已恢复，已通知本人。")),
}
WITH_REASON = ("decline", "end")


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def run_member(request, code, member):
    """Show one application or member; POST decides on it."""
    association, now = _run(request, code), timezone.now()
    rows = Membership.objects.filter(association=association)
    found = get_object_or_404(rows.select_related("association", "talent__unit"), code=member)
    act = request.POST.get("act") if request.method == "POST" else None
    forms = {
        name: ReasonForm(request.POST if act == name else None, prefix=name) for name in WITH_REASON
    }
    if act and act not in ACTS:
        raise Http404
    form = forms.get(act)
    if act and (form is None or form.is_valid()):
        operation, done = ACTS[act]
        given = form.cleaned_data if form else {}
        try:
            operation(membership=found, by=request.user, now=now, **given)
        except DomainError as error:
            error.add_to(form) if form else messages.error(request, str(error))
        else:
            messages.success(request, str(done))
        if form is None or not form.errors:
            return redirect("run_association", code=code)
    context = _of_member(found, request.user, now) | {"association": association, "forms": forms}
    wrong = any(one.errors for one in forms.values())
    return render(request, "networks/run_member.html", context, status=422 if wrong else 200)


def _of_member(found, user, now):
    """Return what the page of a member shows: how she stands, and what may be done."""
    today = timezone.localdate(now)
    can = {
        "approve": member_rules.why_not_approve(found),
        "decline": member_rules.why_not_decide(found),
        "renew": member_rules.why_not_renew(found, today),
        "end": member_rules.why_not_active(found),
        "take_back": member_rules.why_not_take_back_decision(found, now),
        "restore": member_rules.why_not_come_back(found, user, now),
    }
    mine = member_rules.why_not_manage(found, user, today)
    return {
        "found": found,
        "state": found.state_on(today),
        "years": found.years_on(today),
        "why_not": mine,
        "can": {name: error is None and mine is None for name, error in can.items()},
    }


ENTRIES = {
    "count": (CountForm, meter.enter_count, gettext_lazy("已填报，由联系部门的另一位同事确认。")),
    "meeting": (MeetingForm, meter.note_meeting, gettext_lazy("已登记会议。")),
    "event": (EventForm, None, gettext_lazy("已登记活动。")),
}


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def run_entry(request, code, kind):
    """Take a count of women, a meeting, or an event of the association."""
    association = _run(request, code)
    if kind not in ENTRIES:
        raise Http404
    form_class, operation, done = ENTRIES[kind]
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid():
        about = {"association": association, "by": request.user, "now": timezone.now()}
        try:
            (operation or _link_event)(**about, **form.cleaned_data)
        except DomainError as error:
            error.add_to(form, fallback="code" if kind == "event" else None)
        else:
            messages.success(request, str(done))
            return redirect("run_association", code=code)
    context = {"association": association, "kind": kind, "form": form}
    return render(request, "networks/entry.html", context, status=422 if form.errors else 200)


def _link_event(*, association, code, by, now):
    event = Event.objects.public().filter(code=code.strip().upper()).first()
    return meter.link_event(association=association, event=event, by=by, now=now)
