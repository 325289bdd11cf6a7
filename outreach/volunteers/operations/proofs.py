"""Trainings and checks: entered, corrected by a row that names the wrong one, and running out."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel import reasons
from kernel.errors import Invalid, raise_if
from outreach.volunteers import letters, rules
from outreach.volunteers.models import Clearance, Volunteer, VolunteerTraining
from outreach.volunteers.operations.deciding import managed
from privacy import audit


@transaction.atomic
def enter_training(*, volunteer, title, done_on, good_until, by, now):
    """Enter that she was trained. Raises Refused, Conflict, Invalid. Returns the VolunteerTraining."""
    volunteer = _to_enter(volunteer, by)
    title = _titled(title)
    made = _proof(VolunteerTraining, volunteer, done_on, good_until, by, now, title=title)
    audit.record("outreach.enter_training", volunteer, by=by, at=now)
    return made


@transaction.atomic
def enter_clearance(*, volunteer, done_on, good_until, by, now):
    """Enter that she was checked, by whoever enters it; what was found is entered nowhere. Raises Refused, Conflict, Invalid.

    Returns the Clearance.
    """
    volunteer = _to_enter(volunteer, by)
    made = _proof(Clearance, volunteer, done_on, good_until, by, now)
    audit.record("outreach.enter_clearance", volunteer, by=by, at=now)
    return made


@transaction.atomic
def correct_training(*, volunteer, title, done_on, good_until, take_back, reason, by, now):
    """Replace her newest training by a right one, or take it back. Raises Refused, Conflict, Invalid.

    Returns the VolunteerTraining that stands instead.
    """
    volunteer = managed(volunteer, by)
    wrong = volunteer.trainings.first()
    days = (done_on, good_until, take_back)
    made = _replace(wrong, volunteer, days, reason, by, now, title=_titled(title))
    audit.record("outreach.correct_training", volunteer, by=by, at=now, reason=made.reason)
    return made


@transaction.atomic
def correct_clearance(*, volunteer, done_on, good_until, take_back, reason, by, now):
    """Replace her newest check by a right one, or take it back. Raises Refused, Conflict, Invalid.

    Returns the Clearance that stands instead. The reason goes with it and never into the log's words of her.
    """
    volunteer = managed(volunteer, by)
    wrong = volunteer.clearances.first()
    made = _replace(wrong, volunteer, (done_on, good_until, take_back), reason, by, now)
    audit.record("outreach.correct_clearance", volunteer, by=by, at=now)
    return made


def _titled(title):
    title = " ".join((title or "").split())[:80]
    if not title:
        raise Invalid("title_missing", _("请写明培训名称。"), field="title")
    return title


def _to_enter(volunteer, by):
    volunteer = managed(volunteer, by)
    raise_if(rules.why_not_enter(volunteer))
    return volunteer


def _replace(wrong, volunteer, days, reason, by, now, **more):
    raise_if(rules.why_not_correct(wrong))
    done_on, good_until, take_back = days
    reason = reasons.clean(reason, _("请写明为什么更正。"))
    more |= {"replaces": wrong, "reason": reason}
    if take_back:
        done_on, good_until = wrong.done_on, None
    return _proof(type(wrong), volunteer, done_on, good_until, by, now, **more)


def _proof(model, volunteer, done_on, good_until, by, now, **more):
    """Write one down, and on her row until when the newest holds."""
    if good_until:
        raise_if(rules.why_not_proof(done_on, good_until, now))
    made = model.objects.create(
        volunteer=volunteer, done_on=done_on, good_until=good_until, by=by, at=now, **more
    )
    name = "trained_until" if model is VolunteerTraining else "cleared_until"
    setattr(volunteer, name, good_until)
    volunteer.save(update_fields=[name])
    return made


# --- the clock ------------------------------------------------------------------------------------
@transaction.atomic
def remind_of_end(*, volunteer, now):
    """Tell her 30 days before that her training or check runs out, once for each end; returns whether she was told."""
    due = Volunteer.objects.to_remind(timezone.localdate(now))
    if not due.select_for_update(of=("self",), skip_locked=True).filter(pk=volunteer.pk).exists():
        return False
    volunteer = Volunteer.objects.select_related("talent__user").get(pk=volunteer.pk)
    Volunteer.objects.filter(pk=volunteer.pk).update(reminded_of=volunteer.proven_until)
    letters.runs_out(volunteer, now)
    return True


@transaction.atomic
def retry_volunteer(*, row, by, now):
    """Let the clock try again what it could not do. Raises Refused. Returns the Volunteer."""
    volunteer = managed(row, by)
    if Volunteer.objects.filter(pk=volunteer.pk).try_again():
        audit.record("outreach.retry_volunteer", volunteer, by=by, at=now)
    return volunteer
