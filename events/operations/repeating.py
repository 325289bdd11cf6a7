"""An event held again: copied once, or on several days."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events import rules
from events.models import Event, EventState, Session
from events.operations import certificates
from events.operations.events import EDITABLE
from events.operations.locking import lock_event
from events.operations.materials import copy_materials
from events.operations.pools import copy_pools
from events.repeating import MOST
from kernel.errors import Invalid
from privacy import audit

WEEK = timedelta(days=7)
KEPT_OUT = {"online_url"}  # the link of one meeting


@transaction.atomic
def clone_event(*, event, by, now, with_materials=False):
    """Make a draft with the same words, seats and agenda, the next weeks' same day, in the name of `by`.

    Speakers and the meeting's link are left out: nobody is named again without being asked; materials unless
    `with_materials`. Returns the new Event.
    Raises Refused, and Invalid where `by` may not organise for the department.
    """
    if error := rules.why_not_clone(event, by):
        raise error
    shift = WEEK
    while event.starts_at + shift <= now:
        shift += WEEK
    return _copy(event, shift, by, now, with_materials)


@transaction.atomic
def repeat_event(*, event, days, by, now, with_materials=False):
    """Make a draft of the event, as clone_event does, for each of `days` (dates), 26 at most.

    A day on which an event of this title and department begins at that time already is passed over, so that doing it
    twice does nothing twice. Raises Refused, Invalid for no day, too many, or a day that is past: then none is made.
    Returns the new Events.
    """
    event = lock_event(event, rules.why_not_clone, by)
    days = sorted(set(days))
    if not days:
        raise Invalid("days_missing", _("请至少选一个日期。"), field="days")
    if len(days) > MOST:
        raise Invalid("days_too_many", _("一次最多 %(most)s 场。") % {"most": MOST}, field="days")
    shifts = _shifts(event, days, now)
    copies = [_copy(event, shift, by, now, with_materials) for shift in shifts]
    if copies:
        audit.record("events.repeat_event", event, by=by, at=now, copies=len(copies))
    return copies


def _shifts(event, days, now):
    """Return by how much the event is moved for each day it is not held on yet."""
    shifts = [day - timezone.localdate(event.starts_at) for day in days]
    for shift in shifts:
        if error := rules.why_not_begin(event.starts_at + shift, now):
            raise Invalid(error.code, str(error), field="days")
    held = Event.objects.exclude(state=EventState.CANCELLED).filter(
        title=event.title,
        department=event.department,
        starts_at__in=[event.starts_at + shift for shift in shifts],
    )
    taken = set(held.values_list("starts_at", flat=True))
    return [shift for shift in shifts if event.starts_at + shift not in taken]


def _copy(event, shift, by, now, with_materials):
    values = {name: getattr(event, name) for name in EDITABLE if name not in KEPT_OUT}
    copy = Event(**values, department=event.department, created_at=now, updated_at=now)
    copy.organiser = by or event.organiser
    for name in ("starts_at", "ends_at", "booking_closes_at", "transfers_until"):
        if moment := getattr(event, name):
            setattr(copy, name, moment + shift)
    copy.booking_opens_at = min(now, copy.booking_closes_at - timedelta(minutes=1))
    copy.save()
    Session.objects.bulk_create(
        Session(
            event=copy,
            title=session.title,
            room=session.room,
            starts_at=session.starts_at + shift,
            ends_at=session.ends_at + shift,
        )
        for session in event.sessions.all()
    )
    copy_pools(event, copy, shift)
    certificates.copy_offer(event, copy)
    if with_materials:
        copy_materials(event, copy, by, now)
    audit.record("events.clone_event", copy, by=by, at=now, source=event.pk)
    return copy
