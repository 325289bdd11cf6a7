"""Who coaches: offered, taken up, changed, ended."""

from django.db import transaction
from django.utils.translation import gettext as _

from entrepreneurship.learning import coaching_letters as letters
from entrepreneurship.learning.models import Coach, CoachState
from entrepreneurship.learning.operations.hours import cancel_coming
from entrepreneurship.learning.operations.proposals import end_open
from entrepreneurship.learning.rules import coaching as rules
from events.rules import organisers
from kernel import reasons
from kernel.errors import Conflict
from privacy import audit

WRITTEN = ("topics", "introduction", "mode", "place", "hours_per_month", "sex")


@transaction.atomic
def offer_coaching(*, user, fields, by, now):
    """Agree to coach (names of WRITTEN → values); a department takes it up. Offered again it is written anew.

    Raises Refused, Invalid, Conflict for who coaches already. Returns the Coach.
    """
    if error := rules.why_not_offer_for(user, by) or rules.why_not_offer(user):
        raise error
    coach, _new = Coach.objects.select_for_update().get_or_create(
        user=user, defaults={**_written(fields), "agreed_at": now}
    )
    if error := rules.why_not_offer(user):  # taken up meanwhile
        raise error
    for name, value in _written(fields).items():
        setattr(coach, name, value)
    if error := rules.why_not_coach(coach):
        raise error
    coach.state, coach.agreed_at, coach.department = CoachState.OFFERED, now, None
    coach.decided_at = coach.decided_by = coach.ended_at = None
    coach.reason = ""
    coach.save()
    audit.record("entrepreneurship.offer_coaching", coach, by=by, at=now)
    return coach


def _written(fields):
    return {name: fields[name] for name in WRITTEN if name in fields}


@transaction.atomic
def change_coaching(*, coach, changes, by, now):
    """Change what WRITTEN names of one's own coaching; hours that are published stay. Raises Refused, Invalid."""
    if error := rules.why_not_publish_for(coach, by):
        raise error
    coach = Coach.objects.locked(coach)
    for name, value in _written(changes).items():
        setattr(coach, name, value)
    if error := rules.why_not_coach(coach):
        raise error
    coach.save(update_fields=list(WRITTEN))
    audit.record("entrepreneurship.change_coaching", coach, by=by, at=now)
    return coach


@transaction.atomic
def accept_coach(*, coach, by, now, department=None):
    """Take an offer up: the coach is told and may publish hours, for `department` (default: that of `by`).

    Raises Refused, Conflict. Returns the Coach.
    """
    if error := rules.why_not_manage_coach(coach, by):
        raise error
    coach = Coach.objects.locked(coach)
    if coach.state == CoachState.ACTIVE:
        return coach
    if error := rules.why_not_decide_coach(coach):
        raise error
    department = department or (by and by.department)
    if department is None or not organisers(department).exists():
        sentence = _("这个部门没有能办活动的工作人员，请由主办部门的同事确认。")
        raise Conflict("no_organiser", sentence)
    coach.state, coach.department = CoachState.ACTIVE, department
    coach.decided_at, coach.decided_by = now, by
    coach.save(update_fields=["state", "department", "decided_at", "decided_by"])
    audit.record("entrepreneurship.accept_coach", coach, by=by, at=now)
    letters.send([letters.accepted(coach)], now)
    return coach


@transaction.atomic
def decline_coach(*, coach, reason, by, now):
    """Do not take an offer up; `reason` (4 to 200 characters) is read by who offered. Raises Refused, Conflict."""
    if error := rules.why_not_manage_coach(coach, by):
        raise error
    coach = Coach.objects.locked(coach)
    if error := rules.why_not_decide_coach(coach):
        raise error
    coach.reason = reasons.clean(reason, _("请写明原因，本人会看到。"))
    coach.state, coach.decided_at, coach.decided_by = CoachState.DECLINED, now, by
    coach.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    audit.record("entrepreneurship.decline_coach", coach, by=by, at=now, reason=coach.reason)
    letters.send([letters.declined(coach)], now)
    return coach


@transaction.atomic
def end_coaching(*, coach, by, now, reason=""):
    """End somebody's coaching: hours to come are cancelled, proposals that wait lapse; all are told.

    By the coach, or by staff with a `reason` (4 to 200 characters). Raises Refused, Conflict. Returns the Coach.
    """
    if error := rules.why_not_end_for(coach, by):
        raise error
    coach = Coach.objects.locked(coach)
    if error := rules.why_not_end(coach):
        raise error
    if by is not None and by.pk != coach.user_id:
        coach.reason = reasons.clean(reason, _("请写明原因，本人会看到。"))
    coach.state, coach.ended_at = CoachState.ENDED, now
    coach.save(update_fields=["state", "reason", "ended_at"])
    audit.record("entrepreneurship.end_coaching", coach, by=by, at=now, reason=coach.reason)
    cancel_coming(coach, now)
    end_open(coach, now)
    return coach


@transaction.atomic
def retry_coach(*, row, by, now):
    """Let the clock try again what it could not do of a coach's hours and proposals. Raises Refused. Returns the Coach."""
    if error := rules.why_not_manage_coach(row, by):
        raise error
    coach = Coach.objects.locked(row)
    tried = coach.hours.try_again() + coach.proposals.try_again()
    if tried:
        audit.record("entrepreneurship.retry_coach", coach, by=by, at=now)
    return coach
