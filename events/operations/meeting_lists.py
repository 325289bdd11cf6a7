"""Attendance by the list of a meeting tool: applied as a whole, undone as a whole."""

from django.db import transaction

from events import minutes, rules
from events.models import BookingState, MeetingList, Source, Way
from events.operations import attendance, passages
from events.operations.locking import lock_event
from privacy import audit


@transaction.atomic
def apply_list(*, event, times, key, by, now):
    """Note who was at an online event, and when, by the list of the meeting tool that staff have looked through.

    `times` is {code of a booking: [(came, left or None)]}, `key` a UUID that makes a second press change nothing.
    What lies outside the days of the event, or in the future, is cut off; her own line staff leave to a colleague. Raises
    Refused, Conflict. Returns the MeetingList.
    """
    event = lock_event(event, rules.why_not_see_names, by, passages.CHECK_IN)
    if before := MeetingList.objects.filter(key=key, event=event).first():
        return before
    if error := rules.why_not_apply_list(event, now):
        raise error
    rows = event.bookings.seated().filter(code__in=times).exclude(talent__user=by and by.pk)
    bookings = list(rows.select_related("talent__user").order_by("pk"))
    said = {"key": key, "people": len(bookings), "applied_at": now, "applied_by": by}
    applied = event.meeting_lists.create(**said)
    for booking in bookings:
        booking.event = event
        _note(booking, _within(times[booking.code], event, now), applied, by, now)
    audit.record("events.apply_list", event, by=by, at=now, people=len(bookings))
    return applied


def _within(times, event, now):
    first, last = event.door_opens_at(), min(event.door_closes_at(), now)
    cut = [(max(came, first), left and min(left, last)) for came, left in times if came < last]
    ended = minutes.merged([(came, left) for came, left in cut if left and left > came])
    return ended + [(came, None) for came, left in cut if left is None][:1]


def _note(booking, times, applied, by, now):
    how = {"source": Source.LIST, "meeting_list": applied}
    for came, left in times:
        if booking.checked_in_at:
            passages.note(booking, Way.IN, by=by, now=now, at=came, **how)
        else:
            attendance.note_arrival(booking, by, now, at=came, **how)
        if left:
            passages.note(booking, Way.OUT, by=by, now=now, at=left, **how)


@transaction.atomic
def undo_list(*, applied, by, now):
    """Take a list back that was applied: its times go, and who was there by it alone was not. Safe to repeat.

    Within a year of the event. Raises Refused, Conflict. Returns the MeetingList.
    """
    event = lock_event(applied.event, rules.why_not_see_names, by, passages.CHECK_IN)
    applied = event.meeting_lists.get(pk=applied.pk)
    if applied.undone_at:
        return applied
    if error := rules.why_not_apply_list(event, now):
        raise error
    rows = event.bookings.filter(passages__meeting_list=applied).distinct()
    bookings = list(rows.order_by("pk"))
    applied.passages.filter(taken_back_at=None).update(taken_back_at=now, taken_back_by=by)
    for booking in bookings:
        _not_there(
            event.bookings.select_related("talent__user", "earned__rule").get(pk=booking.pk),
            event,
            by,
            now,
        )
    applied.undone_at = now
    applied.save(update_fields=["undone_at"])
    audit.record("events.undo_list", event, by=by, at=now, people=len(bookings))
    return applied


def _not_there(booking, event, by, now):
    booking.event = event
    if booking.checked_in_at and not booking.passages.standing().filter(way=Way.IN).exists():
        state = BookingState.ABSENT if event.settled_at else BookingState.CONFIRMED
        attendance.take_arrival_back(booking, state, by, now)
