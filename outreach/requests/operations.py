"""What happens to requests: kept as typed, sent, put to several volunteers at once; the first to accept has the place."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.models import Department, Unit
from kernel.errors import raise_if
from outreach.requests import letters, rules
from outreach.requests.models import (
    InvitationState,
    PriorityVenue,
    RequestState,
    SchoolRequest,
    VisitInvitation,
)
from outreach.volunteers.models import Volunteer
from places import holidays
from privacy import audit
from talents.asking import operations as asking
from talents.asking import rules as asking_rules
from talents.asking.models import LONGEST_FIRST, Answer
from talents.models import Talent

DEPARTMENT = "women_federation"  # keeps the team, and asks in its name
TIME_TO_ANSWER = timedelta(hours=72)
AT_ONCE = 5  # volunteers asked for one place at a time
LATE = 3  # working days before a visit its cancelling is late
WRITTEN = (
    *("venue", "topic", "stage", "area", "classes", "girls", "boys"),
    *("days", "begins", "minutes", "teacher_present", "entry"),
)


# --- the school -----------------------------------------------------------------------------------
@transaction.atomic
def save_request(*, unit, request, values, by, now):
    """Keep what a school has filled in so far (names of WRITTEN → values); `request` None begins a draft.

    Raises Refused, Invalid, Conflict once it is sent. Returns the SchoolRequest.
    """
    raise_if(rules.why_not_ask(unit, by))
    if request is None:
        request = SchoolRequest(unit=unit, asked_by=by)
    else:
        request = SchoolRequest.objects.locked(request)
    if request.unit_id != unit.pk or request.state != RequestState.DRAFT:
        raise rules.not_open()
    values = {name: values[name] for name in WRITTEN if name in values}
    if "days" in values:
        values["days"] = sorted(set(values["days"]))
    raise_if(rules.why_not_values(values))
    for name, value in values.items():
        setattr(request, name, value)
    request.saved_at = now
    request.save()
    return request


@transaction.atomic
def send_request(*, request, by, now):
    """Hand a draft in: volunteers are looked for from now on. Raises Refused, Invalid, Conflict. Returns the SchoolRequest."""
    raise_if(rules.why_not_ask(request.unit, by))
    Unit.objects.select_for_update().get(
        pk=request.unit_id
    )  # its caps are counted behind this lock
    request = SchoolRequest.objects.locked(request)
    raise_if(rules.why_not_send(request, now))
    year = rules.school_year(min(request.days))
    request.priority = PriorityVenue.objects.filter(unit=request.unit_id, year=year).exists()
    first, _after = rules.term_of(min(request.days))
    late = SchoolRequest.objects.filter(unit=request.unit_id, cancelled_late=True)
    request.cancelled_late_before = late.filter(day__gte=first).exists()
    request.state, request.sent_at = RequestState.SENT, now
    request.save()
    audit.record("outreach.send_request", request, by=by, at=now)
    return request


@transaction.atomic
def cancel_request(*, request, by, now):
    """Take a request back for its school; late where the visit is less than three working days away.

    Twice does nothing twice. Raises Refused, Conflict once it took place. Returns the SchoolRequest.
    """
    raise_if(rules.why_not_cancel_for(request, by))
    request = SchoolRequest.objects.locked(request)
    if request.state == RequestState.CANCELLED:
        return request
    raise_if(rules.why_not_cancel(request, now))
    arranged = request.state == RequestState.ARRANGED
    last = holidays.working_days_after(timezone.localdate(now), LATE)
    request.cancelled_late = arranged and request.day < last
    request.state, request.ended_at = RequestState.CANCELLED, now
    request.save(update_fields=["state", "ended_at", "cancelled_late"])
    standing = (InvitationState.ASKED, InvitationState.ACCEPTED)
    for invitation in request.invitations.filter(state__in=standing).select_related("talent__user"):
        if invitation.state == InvitationState.ACCEPTED:
            letters.cancelled(request, invitation, now)
        answered(invitation, InvitationState.WITHDRAWN, Answer.WITHDRAWN, now)
    audit.record("outreach.cancel_request", request, by=by, at=now)
    return request


# --- who is asked ---------------------------------------------------------------------------------
def candidates(request, now):
    """Return the volunteers who fit a request and may be asked, best fit first, then who was asked longest ago.

    What has to fit: topic, stage, a day. What is wished: that she travels there, and how many of the days she can.
    """
    department = Department.objects.get(code=DEPARTMENT)
    rows = Volunteer.objects.active().filter(
        topics__contains=[request.topic], stages__contains=[request.stage]
    )
    rows = rows.exclude(talent__visit_invitations__request=request.pk).select_related("talent")
    askable = asking_rules.askable(
        Talent.objects.filter(pk__in=rows.values("talent")), rules.VISIT, department, now
    )
    turn = {
        pk: n for n, pk in enumerate(askable.order_by(*LONGEST_FIRST).values_list("pk", flat=True))
    }
    had = _had_this_term(request)
    found = [
        one
        for one in rows
        if one.talent_id in turn
        and had.get(one.talent_id, 0) < one.most_a_term
        and not rules.why_not_come(one, request)
    ]
    return sorted(found, key=lambda one: (*_fit(one, request), turn[one.talent_id]))


def _had_this_term(request):
    """Return {number of a record: visits she has accepted in the term of a request}: nobody is asked more often than she said."""
    first, after = rules.term_of(min(request.days))
    accepted = VisitInvitation.objects.filter(
        state=InvitationState.ACCEPTED, request__day__gte=first, request__day__lt=after
    )
    return dict(accepted.order_by().values_list("talent").annotate(n=Count("pk")))


def _fit(volunteer, request):
    """Return how well she fits, the better the smaller."""
    days = sum(rules.goes_on(volunteer, day) for day in request.days)
    return (request.area not in volunteer.areas, -days)


@transaction.atomic
def ask_volunteers(*, request, now):
    """Ask the next volunteers for a request, so that AT_ONCE are asked at a time; returns how many were asked now."""
    chosen = candidates(request, now)[:AT_ONCE]
    talents = {one.pk: one for one in _locked_talents(chosen)}
    request = SchoolRequest.objects.locked(request)
    if request.state != RequestState.SENT:
        return 0
    department = Department.objects.get(code=DEPARTMENT)
    room = AT_ONCE - request.invitations.open().count()
    asked = 0
    for volunteer in chosen[: max(room, 0)]:
        talent = talents[volunteer.talent_id]
        if asking_rules.why_not_ask(talent, rules.VISIT, department, now):
            continue  # meanwhile
        invitation, new = VisitInvitation.objects.get_or_create(
            request=request,
            talent=talent,
            defaults={"asked_at": now, "answer_by": now + TIME_TO_ANSWER},
        )
        if new:
            about = {"kind": rules.VISIT, "department": department, "now": now}
            asking.ask(invitation=invitation, talent=talent, **about)
            letters.invited(invitation, now)
            asked += 1
    return asked


def _locked_talents(volunteers):
    """Lock the records in one order: the record's lock comes before the request's."""
    numbers = sorted(one.talent_id for one in volunteers)
    return list(Talent.objects.locked().filter(pk__in=numbers).order_by("pk"))


# --- she ------------------------------------------------------------------------------------------
def locked_request(request):
    """Return a request locked: whoever takes its place holds this lock."""
    return SchoolRequest.objects.locked(request)


@transaction.atomic
def accept_visit(*, invitation, day, by, now):
    """Take it that she comes on a day of the request; everybody else asked is let off.

    The first has the place: behind the request's lock, and one accepted invitation for each request is a constraint.
    Raises Refused for anybody else, Conflict, Invalid. Returns the VisitInvitation.
    """
    raise_if(rules.why_not_hers(invitation, by))
    request = locked_request(invitation.request)
    invitation = VisitInvitation.objects.select_related("talent").get(pk=invitation.pk)
    invitation.request = request
    if invitation.state == InvitationState.ACCEPTED and request.day == day:
        return invitation
    raise_if(rules.why_not_accept(invitation, day, now))
    answered(invitation, InvitationState.ACCEPTED, Answer.ACCEPTED, now)
    request.state, request.day = RequestState.ARRANGED, day
    request.save(update_fields=["state", "day"])
    for other in request.invitations.open().exclude(pk=invitation.pk):
        answered(other, InvitationState.TAKEN, Answer.WITHDRAWN, now)
    letters.arranged(request, now)
    audit.record("outreach.accept_visit", request, by=by, at=now, invitation=invitation.pk)
    return invitation


@transaction.atomic
def decline_visit(*, invitation, by, now):
    """Take it that she does not come; no reason is asked. Twice does nothing twice. Raises Refused, Conflict."""
    raise_if(rules.why_not_hers(invitation, by))
    request = locked_request(invitation.request)
    invitation = VisitInvitation.objects.select_related("talent").get(pk=invitation.pk)
    if invitation.state == InvitationState.DECLINED:
        return invitation
    raise_if(rules.why_not_decline(invitation))
    answered(invitation, InvitationState.DECLINED, Answer.DECLINED, now)
    audit.record("outreach.decline_visit", request, by=by, at=now, invitation=invitation.pk)
    return invitation


@transaction.atomic
def lapse_visit(*, invitation, now):
    """End an invitation nobody answered in 72 hours; returns whether it was."""
    locked_request(invitation.request)
    invitation = VisitInvitation.objects.get(pk=invitation.pk)
    if invitation.state != InvitationState.ASKED or invitation.answer_by >= now:
        return False
    answered(invitation, InvitationState.LAPSED, Answer.LAPSED, now)
    return True


def answered(invitation, state, answer, now):
    """Write what became of an invitation, here and on her record of being asked."""
    invitation.state, invitation.answered_at = state, now
    invitation.save(update_fields=["state", "answered_at"])
    asking.answer(invitation=invitation, answer=answer, now=now)


@transaction.atomic
def give_back_visit(*, invitation, by, now):
    """Give a place back, before the day: somebody else is looked for and the school is told. Raises Refused, Conflict.

    By her who has it, by who coordinates, and by the clock where she may not go any more (volunteers.rules.why_not_go).
    Returns the SchoolRequest.
    """
    raise_if(rules.why_not_give_back(invitation, by, now))
    request = locked_request(invitation.request)
    invitation = VisitInvitation.objects.select_related("talent__user").get(pk=invitation.pk)
    invitation.request = request
    raise_if(rules.why_not_give_back(invitation, by, now))
    answered(invitation, InvitationState.DECLINED, Answer.DECLINED, now)
    request.state, request.day, request.reminded_at = RequestState.SENT, None, None
    request.save(update_fields=["state", "day", "reminded_at"])
    by_herself = by is not None and by.pk == invitation.talent.user_id
    letters.given_back(request, invitation, now, by_herself=by_herself)
    audit.record("outreach.give_back_visit", request, by=by, at=now, invitation=invitation.pk)
    return request
