"""What she does herself: chooses, applies, takes a break, leaves. What is arranged already none of it edits."""

from django.db import transaction
from django.utils import timezone

from kernel.errors import raise_if
from outreach.volunteers import rules
from outreach.volunteers.models import Volunteer, VolunteerState
from privacy import audit
from talents.models import Talent

WRITTEN = (*rules.CHOICES, "most_a_term")


@transaction.atomic
def save_choices(*, talent, values, by, now):
    """Keep what she has chosen so far (names of WRITTEN → values), as typed; the first time begins her draft.

    Raises Refused for anybody else, Invalid for what is no choice, and for an empty one of who is in the team.
    Returns the Volunteer.
    """
    volunteer = _own_volunteer(talent, by)
    values = {name: values[name] for name in WRITTEN if name in values}
    raise_if(rules.why_not_values(values))
    if volunteer is None:
        return Volunteer.objects.create(talent=talent, saved_at=now, **values)
    for name, value in values.items():
        setattr(volunteer, name, value)
    in_team = volunteer.state in (VolunteerState.APPLIED, VolunteerState.ACTIVE)
    if in_team:
        raise_if(rules.why_not_whole(volunteer))
    volunteer.saved_at = now
    volunteer.save(update_fields=[*values, "saved_at"])
    if in_team:  # a draft is nobody's business yet
        audit.record("outreach.save_choices", volunteer, by=by, at=now)
    return volunteer


def _own_volunteer(talent, by):
    """Return her row, locked behind her record, or None; raises Refused for anybody else."""
    raise_if(rules.why_not_hers(talent, by))
    Talent.objects.locked().get(pk=talent.pk)
    found = Volunteer.objects.filter(talent=talent).first()
    return found and Volunteer.objects.locked(found)


@transaction.atomic
def apply_volunteer(*, talent, by, now):
    """Ask to be in the team; who left or was not taken may ask again. Raises Refused, Conflict, Invalid.

    Returns the Volunteer.
    """
    volunteer = _own_volunteer(talent, by)
    raise_if(rules.why_not_apply(volunteer))
    volunteer.state, volunteer.applied_at, volunteer.reason = VolunteerState.APPLIED, now, ""
    volunteer.decided_at = volunteer.decided_by = volunteer.left_at = None
    volunteer.paused_on = volunteer.paused_until = None
    volunteer.save()
    audit.record("outreach.apply_volunteer", volunteer, by=by, at=now)
    return volunteer


@transaction.atomic
def pause_volunteering(*, volunteer, until, by, now):
    """Take a break from today on, until a date or until she says so (None). Raises Refused, Conflict, Invalid.

    Returns the Volunteer.
    """
    volunteer, today = _mine(volunteer, by), timezone.localdate(now)
    raise_if(rules.why_not_pause(volunteer, until, today))
    if volunteer.is_paused(today) and volunteer.paused_until == until:
        return volunteer
    volunteer.paused_on, volunteer.paused_until = today, until
    return _say(volunteer, "outreach.pause_volunteering", by, now)


@transaction.atomic
def resume_volunteering(*, volunteer, by, now):
    """End her break. Twice does nothing twice. Raises Refused. Returns the Volunteer."""
    volunteer = _mine(volunteer, by)
    if volunteer.paused_on is None:
        return volunteer
    volunteer.paused_on = volunteer.paused_until = None
    return _say(volunteer, "outreach.resume_volunteering", by, now)


def _mine(volunteer, by):
    raise_if(rules.why_not_own(volunteer, by))
    return Volunteer.objects.locked(volunteer)


def _say(volunteer, verb, by, now):
    volunteer.save(update_fields=["paused_on", "paused_until"])
    audit.record(verb, volunteer, by=by, at=now)
    return volunteer


@transaction.atomic
def leave_team(*, volunteer, by, now):
    """Leave the team, or take an application back. Raises Refused, Conflict. Returns the Volunteer."""
    volunteer = _mine(volunteer, by)
    if volunteer.state == VolunteerState.LEFT:
        return volunteer
    raise_if(rules.why_not_leave(volunteer))
    volunteer.state, volunteer.left_at = VolunteerState.LEFT, now
    volunteer.paused_on = volunteer.paused_until = None
    volunteer.save(update_fields=["state", "left_at", "paused_on", "paused_until"])
    audit.record("outreach.leave_team", volunteer, by=by, at=now)
    return volunteer
