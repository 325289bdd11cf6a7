"""The door: who came, and the list of it."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from events import rules
from events.models import Booking, BookingState, Event, Source, Way
from events.operations import attendance, passages
from events.operations.locking import lock_event
from kernel import ids
from kernel.errors import Conflict, Invalid
from privacy import audit

CHECK_IN = "events.check_in_booking"


@dataclass(frozen=True)
class Arrival:
    """What the door is told: the booking, whether it was checked in before, and how many came."""

    booking: Booking
    again: bool
    number: int
    arrived: int
    expected: int


def find_booking(*, typed, by):
    """Return the Booking of a code as typed or scanned (a bare code, or the QR code's address).

    Only among the bookings `by` may check in; another one is answered like an unknown code. Raises
    Invalid when there is none.
    """
    code = ids.tidy((typed or "").strip().rstrip("/").rpartition("/")[2])
    hers = Booking.objects.filter(code=code, event__in=Event.objects.with_door_for(by))
    booking = hers.select_related("event", "talent").first()
    if booking is None:
        raise Invalid(
            "code_unknown",
            _("没有找到这个签到码，请核对后重新输入，或在名单里找人。"),
            field="code",
        )
    return booking


@transaction.atomic
def check_in(*, booking, by, now, event=None, at=None, scan_id=None):
    """Record that she came, and let her earn the points of the rule `event_attendance`.

    `event` is the door she stands at (default: her own event's), `at` when she was scanned where that is
    earlier than now (a phone without network; a moment to come is now), `scan_id` (UUID) makes a repeat
    of the same scan change nothing. A second scan changes nothing and says so (`Arrival.again`), unless she had
    left: then she is back. Raises Refused (not their event) or Conflict (another event, another day,
    cancelled, waiting). Returns an Arrival.
    """
    booking, door = passages.locked(booking, by, event)
    at = rules.moment_of(at, now)
    if error := rules.why_not_check_in(booking, door, by, at):
        raise error
    return let_in(booking, by, now, at=at, scan_id=scan_id)


def let_in(booking, by, now, *, at, scan_id=None, source=Source.DOOR):
    """Note that she came, or came back; the caller holds the event's lock and has asked the rules."""
    how = {"at": at, "scan_id": scan_id, "source": source}
    if passages.noted_before(booking, scan_id):
        return _noted_before(booking)
    if passages.is_inside(booking, at):
        passages.note_late(booking, Way.IN, by=by, now=now, **how)
        return _arrival(booking, again=True)
    if booking.checked_in_at:
        _come_again(booking, by, now, how)
        return _arrival(booking, again=False)
    attendance.note_arrival(booking, by, now, **how)
    audit.record("events.check_in", booking, by=by, at=now)
    return _arrival(booking, again=False)


def _noted_before(booking):
    if booking.checked_in_at:
        return _arrival(booking, again=True)
    sentence = _("%(name)s的这次签到已被撤销。她确实到场的，请重新扫码。")
    raise Conflict("scan_taken_back", sentence % {"name": booking.talent.full_name})


def _come_again(booking, by, now, how):
    passages.note(booking, Way.IN, by=by, now=now, **how)
    if how["at"] < booking.checked_in_at:  # a phone tells late of what came first
        booking.checked_in_at = how["at"]
        booking.save(update_fields=["checked_in_at"])
    audit.record("events.check_in_again", booking, by=by, at=now)


def _arrival(booking, *, again):
    arrivals = list(
        booking.event.bookings.checked_in()
        .order_by("checked_in_at", "pk")
        .values_list("pk", flat=True)
    )
    return Arrival(
        booking=booking,
        again=again,
        number=arrivals.index(booking.pk) + 1,
        arrived=len(arrivals),
        expected=booking.event.seats_taken,
    )


@transaction.atomic
def undo_check_in(*, booking, by, now):
    """Take a check-in back that was a mistake, with its points, until the day of the event is over.

    Doing it twice does nothing twice. Raises Refused, or Conflict after the day of the event. Returns
    the Booking.
    """
    event = lock_event(booking.event, rules.why_not_see_names, by, CHECK_IN)
    booking = event.bookings.select_related("talent__user", "earned__rule").get(pk=booking.pk)
    booking.event = event
    if booking.checked_in_at is None:
        return booking
    if error := rules.why_not_undo_check_in(event, now):
        raise error
    attendance.take_arrival_back(booking, BookingState.CONFIRMED, by, now)
    audit.record("events.undo_check_in", booking, by=by, at=now)
    return booking


def undo_latest(*, booking, by, now):
    """Take the latest step of a booking back: that she left, that she came back, or that she came at all.

    Until the day is over. Raises Refused, or Conflict after the day.
    """
    if passages.undo_check_out(booking=booking, by=by, now=now):
        return
    if not passages.undo_return(booking=booking, by=by, now=now):
        undo_check_in(booking=booking, by=by, now=now)


@transaction.atomic
def export_attendance(*, event, by, now):
    """Return the event's bookings for an attendance list, and record that they were taken out.

    Raises Refused unless `by` may see and export them.
    """
    if error := rules.why_not_see_names(event, by, "events.export_booking"):
        raise error
    bookings = list(event.bookings.select_related("talent__unit").order_by("place"))
    audit.record("events.export_attendance", event, by=by, at=now, rows=len(bookings))
    return bookings
