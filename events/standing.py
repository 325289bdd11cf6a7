"""Where one reader stands with one event right now; the page shows it, `events.rules` decides."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from events import rules
from events.models import ENDED_STATES, Booking, BookingHold, EventState, Pool
from kernel.errors import DomainError
from kernel.prepared import Prepared
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
    "left_database": "gone",
    "moved_away": "gone",
    "not_invited": "not_for_her",
    "not_eligible": "not_for_her",
    "booking_later": "not_for_her",
    "points_only": "not_for_her",
}
# What the card says of her booking, and of another event at that time.
SHOWN = ("code", "state", "place", "promoted_at", "offer_ends_at", "checked_in_at", "reason")
SHOWN += ("wants_track", "children", "childcare")
SHOWN += ("talent_id", "event_id", "named_by_id")
SHOWN += ("event__title", "event__starts_at")
# What it shows for the state of the booking she holds.
HELD = {"pending": "pending", "waitlisted": "waiting", "offered": "offered"}
PAST = ("cancelled", "over", "started")  # these come before a booking she may hold


def offer(event, at):
    """Return what `event` offers to whoever reads of it: a value of CASES, open or full."""
    why_not = rules.why_not_open(event, at)
    return CASES[why_not.code] if why_not else "full" if event.is_full else "open"


ACTIVE = ~Q(state__in=ENDED_STATES)
# What ended without her: the reason stands beside the button by which she may ask again.
TOLD_WHY = Q(state__in=["refused", "expired", "called_off"]) | Q(state="cancelled") & ~Q(reason="")
AT_THAT_TIME = Prepared(
    lambda event, talent, starts_at, ends_at: (
        Booking.objects.filter(
            Q(event=event) & (ACTIVE | TOLD_WHY)
            | ACTIVE
            & Q(
                event__state=EventState.PUBLISHED,
                event__starts_at__lt=ends_at,
                event__ends_at__gt=starts_at,
            ),
            talent=talent,
        )
        .select_related("event")
        .only(*SHOWN)
        .with_queue_rank()
        .order_by("event__starts_at", "event_id", "pk")
    ),
    event="events.Event",
    talent="talents.Talent",
    starts_at=datetime,
    ends_at=datetime,
)


# Counted in the statement that finds who reads a page: nearly nobody is held back.
HOLDS = Prepared(
    lambda who, at: BookingHold.objects.standing(at).filter(user=who).order_by().values_list("pk"),
    who="accounts.User",
    at=datetime,
)


@dataclass(frozen=True)
class Standing:
    """Where a reader stands.

    `case` is a value of CASES, anonymous (nobody has signed in and booking is open), booked, one of HELD,
    full or open. `why_not` is the rule's answer where she cannot book, `rank` her place in the queue,
    `clash` her booking of another event at the same time, where she may take a seat of this one. `may_cancel` is
    for the booking she holds, `may_hand_on` too, `why_not_accept` for the seat she is offered; `ended` is what became of the last one where she holds none and others ended it. `quota` is the pool kept for her unit with a seat left, `track` the women's track she may ask for,
    `childcare` whether children are looked after, `photos` whether she is asked about them.
    """

    case: str
    why_not: DomainError | None = None
    booking: Booking | None = None
    rank: int | None = None
    clash: Booking | None = None
    may_cancel: bool = False
    why_not_accept: DomainError | None = None
    why_not_join: DomainError | None = None
    at_door: bool = False
    may_hand_on: bool = False
    ended: Booking | None = None
    quota: Pool | None = None
    track: Pool | None = None
    childcare: bool = False
    photos: bool = False

    @property
    def has_questions(self):
        """Tell whether she should read on before she books: the button stays below what is asked."""
        return bool(self.clash or self.track or self.childcare or self.photos)


def standing(*, event, user, now):
    """Return where `user` stands with `event`.

    One query, none for who has no record; a second one for the seats kept for some, for what holds her back, or for a
    link she gave before she was offered a seat.
    """
    talent = own_record(user)
    why_not = rules.why_not_book(event, talent, now)
    why_not = why_not or rules.why_not_yet(event, BookingHold.objects.of_reader(user, now), now)
    quota, track = _kept_for(event, talent) if talent and not why_not else (None, None)
    full = event.is_full and not quota
    case = CASES[why_not.code] if why_not else "full" if full else "open"
    if case == "no_profile" and not user.is_authenticated:
        case = "anonymous"
    booking, clash = at_that_time(event, talent) if talent else (None, None)
    if booking and (booking.is_active or booking.is_called_off):
        return _with_booking(case, why_not, booking, clash, now)
    ended = None if case in PAST else booking
    clash = None if why_not else clash
    return Standing(
        case,
        why_not,
        clash=clash,
        ended=ended,
        quota=quota,
        track=track,
        childcare=event.childcare_places > 0,
        photos=event.takes_photos,
    )


def _kept_for(event, talent):
    """Return (the pool of her unit that has a seat left, the women's track); each may be None."""
    pools = list(event.pools.closed().select_related("unit")) if event.pooled else []
    track = next((pool for pool in pools if pool.unit_id is None), None)
    quotas = [
        pool for pool in pools if pool.unit_id and pool.left
    ]  # else her unit is not asked for
    return next((pool for pool in quotas if pool.unit_id == talent.unit_id), None), track


def at_that_time(event, talent):
    """Return her booking of `event`, the last where none is active, and the first of another at that time, one with a seat rather.

    Each may be None.
    """
    own = clash = None
    span = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    for booking in AT_THAT_TIME(event=event.pk, talent=talent.pk, **span):
        if booking.event_id == event.pk:
            booking.event = event
            booking.talent = talent
            own = own if own and own.is_active else booking
        else:
            clash = clash if clash and (clash.is_seated or not booking.is_seated) else booking
    return own, clash


def _with_booking(case, why_not, booking, clash, now):
    rank = booking.queue_rank()
    if case not in PAST:
        case = HELD.get(booking.state, "booked")
    may_cancel = rules.why_not_cancel(booking, now) is None
    clash = clash if case == "offered" else None
    return Standing(
        case,
        why_not,
        booking,
        rank,
        clash,
        may_cancel,
        may_hand_on=_may_hand_on(booking, now),
        why_not_accept=rules.why_not_accept(booking, now) if booking.is_offered else None,
        why_not_join=rules.why_not_join(booking, booking.event, now),
        at_door=rules.why_door_shut(booking.event, now) is None and not booking.event.is_cancelled,
    )


def _may_hand_on(booking, now):
    """Tell whether there is something for her on the page of handing on: a link she gave before a seat was kept for her too."""
    why_not = rules.why_not_hand_on(booking, now)
    waits = why_not is not None and why_not.code == "offer_first"
    return why_not is None or (waits and booking.transfers.standing().exists())
