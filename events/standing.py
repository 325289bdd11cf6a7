"""What one reader may do about one event right now; the page shows it, `operations.book` decides."""

from dataclasses import dataclass

from events.models import Booking, Event
from talents.models import Talent, TalentState


@dataclass(frozen=True)
class Standing:
    """Where a reader stands.

    `case` is one of cancelled, started, over, booked, waiting, not_open, closed, anonymous, no_profile,
    in_review, returned, full, open. `clash` is another event she has booked for the same time.
    """

    case: str
    booking: Booking | None = None
    rank: int | None = None
    clash: Event | None = None


def talent_of(user):
    """Return the talent record of a signed-in user, or None."""
    return Talent.objects.filter(user=user.pk).first() if user.is_authenticated else None


def standing(*, event, user, now):
    """Return where `user` stands with `event` (at most three queries, none for the anonymous)."""
    talent = talent_of(user)
    booking = talent and event.bookings.active().filter(talent=talent).with_queue_rank().first()
    if booking:
        booking.event = event
    case = _case_of_event(event, now)
    if case in ("cancelled", "over", "started") or (case and not booking):
        return Standing(case, booking=booking)
    if booking:
        rank = booking.queue_rank()
        return Standing("waiting" if rank else "booked", booking=booking, rank=rank)
    case = _case_of_reader(user, talent)
    if case:
        return Standing(case)
    clash = Event.objects.overlapping(event.starts_at, event.ends_at).published()
    clash = clash.filter(bookings__in=Booking.objects.active().filter(talent=talent))
    clash = clash.exclude(pk=event.pk).first()
    return Standing("full" if event.is_full else "open", clash=clash)


def _case_of_event(event, now):
    if event.is_cancelled:
        return "cancelled"
    if event.is_over(now):
        return "over"
    if event.has_started(now):
        return "started"
    if now < event.booking_opens_at:
        return "not_open"
    return "closed" if now >= event.booking_closes_at else ""


def _case_of_reader(user, talent):
    if not user.is_authenticated:
        return "anonymous"
    if talent is None or talent.state == TalentState.DRAFT:
        return "no_profile"
    if talent.state == TalentState.SUBMITTED:
        return "in_review"
    return "returned" if talent.state == TalentState.RETURNED else ""
