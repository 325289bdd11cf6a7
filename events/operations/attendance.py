"""Who came, who did not and why: noted at the door, settled when the day is over, corrected afterwards."""

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from care_points import operations as care_points
from care_points.operations.correcting_hours import drop_noted_hours
from events import letters, rules, volunteering
from events.models import Absence, BookingState, Event, Source, Way
from events.operations import certificates, no_show, paid_seats, passages
from events.operations.locking import lock_event
from kernel import reasons
from kernel.errors import Conflict, Invalid
from privacy import audit

# What may be corrected into what.
OUTCOMES = (BookingState.ATTENDED, BookingState.ABSENT, BookingState.EXCUSED)
ARRIVAL = ["state", "checked_in_at", "checked_in_by", "earned"]


def note_arrival(booking, by, now, at=None, **how):
    """Note that she came at `at` (default: now), with the points of the rule `event_attendance`.

    The caller holds the event's lock. `how` goes to passages.note. The system gives the points where she
    checked herself in.
    """
    event = booking.event
    booking.state, booking.checked_in_at = BookingState.ATTENDED, at or now
    booking.checked_in_by, booking.absence = by, ""
    booking.check_ins += 1
    if not event.is_volunteering:  # a volunteer earns by her hours, once a colleague confirms them
        booking.earned = care_points.earn(
            rule_code="event_attendance",
            talent=booking.talent,
            key=f"checkin:{booking.pk}:{booking.check_ins}",
            by=by if booking.talent.user_id != (by and by.pk) else None,
            now=now,
            about="" if event.sensitive_topic else event.title,
        )
    booking.save(update_fields=[*ARRIVAL, "check_ins", "absence"])
    paid_seats.follow(booking, event, by, now)
    passages.note(booking, Way.IN, by=by, now=now, at=at, **how)
    if event.settled_at:  # the others were thanked when it was settled
        letters.send([letters.thanks(booking, event, now)], now)
        certificates.ask_for(event, now)
        no_show.recount(booking.talent, event, now)


def take_arrival_back(booking, state, by, now):
    """Note that she did not come after all; her points and her times go back. The caller holds the event's lock.

    Volunteer hours nobody confirmed are withdrawn; raises Conflict("hours_confirmed") where a colleague has.
    """
    if booking.event.is_volunteering:
        drop_noted_hours(origin=volunteering.origin(booking), by=by, now=now)
    if booking.earned:
        care_points.reverse(transfer=booking.earned, by=by, now=now)
    booking.state = state
    booking.checked_in_at = booking.checked_in_by = booking.earned = None
    booking.save(update_fields=ARRIVAL)
    paid_seats.follow(booking, booking.event, by, now)
    passages.take_all_back(booking, by, now)
    letters.withdraw_thanks(booking, now)
    certificates.revoke_for_attendance(booking, now)


@transaction.atomic
def settle_event(*, event, now):
    """Note as absent whoever had a seat and was not checked in, once the event's last day is over.

    The clock does so. Doing it twice does nothing twice. Raises what rules.why_not_settle returns. Returns how
    many were absent.
    """
    event = Event.objects.locked(event)
    if event.settled_at:
        return 0
    if error := rules.why_not_settle(event, now):
        raise error
    seated = event.bookings.filter(state=BookingState.CONFIRMED)
    if event.is_led:  # the two say how it was, each for herself (note_hour)
        seated = seated.none()
    missing = list(seated.select_related("talent__user"))
    absent = seated.update(state=BookingState.ABSENT)
    event.settled_at = now
    event.save(update_fields=["settled_at"])
    audit.record("events.settle_event", event, by=None, at=now, absent=absent)
    came = event.bookings.filter(state=BookingState.ATTENDED, event__leader=None)
    came = came.select_related("talent__user")
    came = came.prefetch_related("passages").order_by("place")
    prefetch_related_objects([event], "sessions")  # how long each was there is read for all at once
    letters.send([letters.thanks(booking, event, now) for booking in came], now)
    certificates.ask_for(event, now)
    for booking in missing if event.points_only else ():
        booking.state = BookingState.ABSENT
        paid_seats.follow(booking, event, None, now)
    no_show.count_absences(missing, event, now)
    return absent


def note_hour(*, booking, took_place, now):
    """Note of an hour of two that it took place, or did not after all; neither is thanked, earns or counts as absent.

    For the app above that asked both; the caller has locked the event. Returns the Booking.
    """
    event = booking.event
    if not event.is_led or booking.state not in (BookingState.CONFIRMED, BookingState.ATTENDED):
        raise Conflict("no_seat", _("她没有席位，没有到场情况可以更正。"))
    booking.state = BookingState.ATTENDED if took_place else BookingState.CONFIRMED
    booking.checked_in_at = event.starts_at if took_place else None
    booking.save(update_fields=["state", "checked_in_at"])
    audit.record("events.note_hour", booking, by=None, at=now, took_place=took_place)
    return booking


@transaction.atomic
def correct_attendance(*, booking, outcome, reason, by, now):
    """Say after the event what is true: she came (with her points), did not come, or could not come.

    `outcome` is one of OUTCOMES, `reason` (≤ 200 characters) is kept. Saying the same again changes nothing.
    Raises Refused, what rules.why_not_correct returns, what kernel.reasons.clean raises. Returns the Booking.
    """
    event = lock_event(booking.event, rules.why_not_see_names, by, "events.check_in_booking")
    booking = event.bookings.select_related("talent__user", "earned__rule").get(pk=booking.pk)
    booking.event = event
    if error := rules.why_not_correct(booking, by, now):
        raise error
    if outcome not in OUTCOMES:
        raise Invalid("outcome_unknown", _("请选择已到场、未到场或已请假。"), field="outcome")
    reason = reasons.clean(reason, _("请写明更正的原因。"))
    if outcome == booking.state:
        return booking
    before = booking.state
    if before == BookingState.ATTENDED:
        take_arrival_back(booking, outcome, by, now)
    elif outcome == BookingState.ATTENDED:
        said = {"source": Source.CORRECTION, "reason": reason}
        note_arrival(booking, by, now, at=min(event.starts_at, now), **said)
    booking.state, booking.absence = (
        outcome,
        "",
    )  # what she said of it goes with what it was said of
    booking.save(update_fields=["state", "absence"])
    audit.record(
        "events.correct_attendance",
        booking,
        by=by,
        at=now,
        reason=reason,
        before=before,
        after=outcome,
    )
    no_show.recount(booking.talent, event, now)
    return booking


@transaction.atomic
def explain_absence(*, booking, absence, by, now):
    """Say why she could not come (an Absence value): her word is enough, she counts as excused.

    Within 30 days of the event, for herself; those who run the event read it. Saying it twice changes nothing.
    Raises Refused, what rules.why_not_explain returns, Invalid("absence_unknown"). Returns the Booking.
    """
    event = lock_event(booking.event, rules.why_not_explain_for, booking.talent, by)
    booking = event.bookings.select_related("talent__user").get(pk=booking.pk)
    booking.event = event
    if booking.state == BookingState.EXCUSED:
        return booking
    if error := rules.why_not_explain(booking, now):
        raise error
    if absence not in Absence.values:
        raise Invalid("absence_unknown", _("请选择没有到场的原因。"), field="absence")
    booking.state, booking.absence = BookingState.EXCUSED, absence
    booking.save(update_fields=["state", "absence"])
    audit.record("events.explain_absence", booking, by=by, at=now, absence=absence)
    no_show.recount(booking.talent, event, now)
    return booking
