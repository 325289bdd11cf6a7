"""In and out: who left, who came back, and what staff put right afterwards."""

from django.db import transaction
from django.utils.translation import gettext as _

from events import minutes, rules
from events.models import Passage, Source, Way
from events.operations.locking import lock_event
from kernel import reasons
from privacy import audit

CHECK_IN = "events.check_in_booking"


def note(
    booking,
    way,
    *,
    by,
    now,
    at=None,
    source=Source.DOOR,
    scan_id=None,
    reason="",
    meeting_list=None,
):
    """Write one Passage; the caller holds the event's lock and has asked the rules."""
    return booking.passages.create(
        way=way,
        source=source,
        at=at or now,
        noted_at=now,
        by=by,
        scan_id=scan_id,
        reason=reason,
        meeting_list=meeting_list,
    )


def note_late(booking, way, *, scan_id, **how):
    """Write a Passage that changes nothing now, where a phone kept it: what comes still later may give it a meaning."""
    if scan_id:
        note(booking, way, scan_id=scan_id, **how)


def take_all_back(booking, by, now):
    """Take back what was noted of her; the caller holds the event's lock."""
    booking.passages.standing().exclude(way=Way.HERE).update(taken_back_at=now, taken_back_by=by)


def is_inside(booking, at):
    """Tell whether she is inside at `at`, as far as it is noted."""
    return any(
        came <= at and minutes.day_of(came) == minutes.day_of(at) and (left is None or at < left)
        for came, left in minutes.times_noted(booking)
    )


def locked(booking, by, event=None):
    """Return the booking as it stands, its event locked (`event`: the door, where it is another one).

    Raises Refused unless `by` may check people in there.
    """
    door = lock_event(event or booking.event, rules.why_not_see_names, by, CHECK_IN)
    row = type(booking).objects.select_related("talent__user", "event", "earned__rule")
    booking = row.get(pk=booking.pk)
    if booking.event_id == door.pk:
        booking.event = door
    return booking, door


@transaction.atomic
def check_out(*, booking, by, now, event=None, at=None, scan_id=None):
    """Note that she left at `at` (default: now; a moment to come is `now`). Doing it twice notes it once.

    `scan_id` (UUID) makes a repeat of the same scan change nothing. Raises Refused, or Conflict when she did
    not come that day, and what a check-in raises. Returns True, or False where she had left before.
    """
    booking, door = locked(booking, by, event)
    at = rules.moment_of(at, now)
    if error := rules.why_not_check_out(booking, door, by, at):
        raise error
    if noted_before(booking, scan_id):
        return False
    if not is_inside(booking, at):
        note_late(booking, Way.OUT, by=by, now=now, at=at, scan_id=scan_id)
        return False
    note(booking, Way.OUT, by=by, now=now, at=at, scan_id=scan_id)
    audit.record("events.check_out", booking, by=by, at=now)
    return True


def noted_before(booking, scan_id):
    """Tell whether this very scan was noted, also where it has been taken back since."""
    return scan_id is not None and booking.passages.filter(scan_id=scan_id).exists()


@transaction.atomic
def check_out_all(*, event, by, now):
    """Note for everybody who is inside that she left now, as a training ends; one step, taken back as one.

    Raises Refused, or Conflict once the day is over. Returns how many left.
    """
    event = lock_event(event, rules.why_not_see_names, by, CHECK_IN)
    if error := rules.why_not_undo_check_in(event, now):
        raise error
    bookings = event.bookings.checked_in().exclude(talent__user=by and by.pk)
    inside = [b for b in bookings.prefetch_related("passages") if is_inside(b, now)]
    for booking in inside:
        note(booking, Way.OUT, by=by, now=now)
    if inside:
        audit.record("events.check_out_all", event, by=by, at=now, people=len(inside))
    return len(inside)


@transaction.atomic
def undo_check_out(*, booking, by, now):
    """Take the latest check-out of a booking back, until the day is over. Without one it changes nothing.

    Raises Refused, or Conflict after the day. Returns whether there was one.
    """
    booking, event = locked(booking, by)
    if error := rules.why_not_undo_check_in(event, now):
        raise error
    noted = booking.passages.standing().exclude(source=Source.CORRECTION)
    came = noted.filter(way=Way.IN).order_by("-at").values_list("at", flat=True).first()
    outs = noted.filter(way=Way.OUT, at__gte=came) if came else noted.none()
    if not outs.update(taken_back_at=now, taken_back_by=by):
        return False
    audit.record("events.undo_check_out", booking, by=by, at=now)
    return True


@transaction.atomic
def undo_return(*, booking, by, now):
    """Take back that she came back, until the day is over; where she never left it changes nothing.

    Raises Refused, or Conflict after the day. Returns whether she had come back.
    """
    booking, event = locked(booking, by)
    if error := rules.why_not_undo_check_in(event, now):
        raise error
    noted = booking.passages.standing().exclude(source=Source.CORRECTION)
    left = noted.filter(way=Way.OUT).order_by("-at").values_list("at", flat=True).first()
    back = noted.filter(way=Way.IN, at__gte=left) if left else noted.none()
    if not back.update(taken_back_at=now, taken_back_by=by):
        return False
    audit.record("events.undo_return", booking, by=by, at=now)
    return True


@transaction.atomic
def undo_check_out_all(*, event, noted_at, by, now):
    """Take back what one `check_out_all` noted, named by its moment: everybody it noted is inside again.

    Raises Refused, or Conflict after the day. Returns how many are inside again.
    """
    event = lock_event(event, rules.why_not_see_names, by, CHECK_IN)
    if error := rules.why_not_undo_check_in(event, now):
        raise error
    outs = Passage.objects.standing().filter(booking__event=event, way=Way.OUT, noted_at=noted_at)
    undone = outs.update(taken_back_at=now, taken_back_by=by)
    if undone:
        audit.record("events.undo_check_out_all", event, by=by, at=now, people=undone)
    return undone


@transaction.atomic
def correct_times(*, booking, times, reason, by, now):
    """Say when she was inside, in place of all that was noted: `times` are [(came, left)] moments.

    `reason` (4 to 200 characters) is kept with them; what was noted is kept too and comes back when the
    correction is undone. Saying the same again changes nothing. Raises Refused, what
    rules.why_not_correct_times and why_not_times return, and what kernel.reasons.clean raises.
    """
    booking, event = locked(booking, by)
    error = rules.why_not_correct_times(booking, by, now) or rules.why_not_times(event, times, now)
    if error:
        raise error
    reason = reasons.clean(reason, _("请写明更正的原因。"))
    times = minutes.merged(times)
    if times == minutes.times_noted(booking):
        return
    before = list(booking.passages.standing().exclude(way=Way.HERE).values_list("pk", flat=True))
    said = {"by": by, "now": now, "source": Source.CORRECTION, "reason": reason}
    rows = [
        note(booking, way, at=at, **said)
        for came, left in times
        for way, at in ((Way.IN, came), (Way.OUT, left))
    ]
    booking.passages.filter(pk__in=before).update(replaced_by=rows[0])
    audit.record("events.correct_times", booking, by=by, at=now, reason=reason, times=len(times))


@transaction.atomic
def undo_correction(*, booking, by, now):
    """Take the latest correction back: what stood before counts again. Without one it changes nothing.

    Raises Refused, and what rules.why_not_correct_times returns. Returns whether there was one.
    """
    booking, _event = locked(booking, by)
    if error := rules.why_not_correct_times(booking, by, now):
        raise error
    rows = booking.passages.standing().filter(source=Source.CORRECTION)
    latest = list(rows.values_list("pk", flat=True))
    if not latest:
        return False
    booking.passages.filter(pk__in=latest).update(taken_back_at=now, taken_back_by=by)
    booking.passages.filter(replaced_by__in=latest).update(replaced_by=None)
    audit.record("events.undo_correction", booking, by=by, at=now)
    return True
