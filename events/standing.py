"""Where one reader stands with one event right now; the page shows it, `events.rules` decides."""

from dataclasses import dataclass

from events import rules
from events.models import Booking, Event
from kernel.errors import DomainError
from talents.operations import own_record

# What the page shows for each code of rules.why_not_book.
CASES = {
    "event_cancelled": "cancelled",
    "event_not_published": "not_published",
    "event_over": "over",
    "event_started": "started",
    "booking_not_open": "not_open",
    "booking_closed": "closed",
    "no_record": "no_profile",
    "talent_in_review": "in_review",
    "talent_returned": "returned",
}
PAST = ("cancelled", "over", "started")  # these come before a booking she may hold


def offer(event, at):
    """Return what `event` offers to whoever reads of it: a value of CASES, open or full."""
    why_not = rules.why_not_open(event, at)
    return CASES[why_not.code] if why_not else "full" if event.is_full else "open"


@dataclass(frozen=True)
class Standing:
    """Where a reader stands.

    `case` is a value of CASES, anonymous (nobody has signed in and booking is open), booked, waiting,
    full or open. `why_not` is the rule's answer where she cannot book, `rank` her place in the queue,
    `clash` another event she has booked for the same time. `may_cancel` is for the booking she holds.
    """

    case: str
    why_not: DomainError | None = None
    booking: Booking | None = None
    rank: int | None = None
    clash: Event | None = None
    may_cancel: bool = False


def standing(*, event, user, now):
    """Return where `user` stands with `event` (at most three queries, none for the anonymous)."""
    talent = own_record(user)
    why_not = rules.why_not_book(event, talent, now)
    case = CASES[why_not.code] if why_not else "full" if event.is_full else "open"
    if case == "no_profile" and not user.is_authenticated:
        case = "anonymous"
    if booking := talent and _booking(event, talent):
        return _with_booking(case, why_not, booking, now)
    return Standing(case, why_not, clash=None if why_not else _clash(event, talent))


def _booking(event, talent):
    booking = event.bookings.active().filter(talent=talent).with_queue_rank().first()
    if booking:
        booking.event = event
    return booking


def _with_booking(case, why_not, booking, now):
    rank = booking.queue_rank()
    if case not in PAST:
        case = "waiting" if rank else "booked"
    may_cancel = rules.why_not_cancel(booking, now) is None
    return Standing(case, why_not, booking=booking, rank=rank, may_cancel=may_cancel)


def _clash(event, talent):
    booked = Booking.objects.active().filter(talent=talent)
    others = Event.objects.published().overlapping(event.starts_at, event.ends_at)
    return others.filter(bookings__in=booked).exclude(pk=event.pk).first()
