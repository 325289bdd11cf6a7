"""What happens to events and bookings. Browser, admin, command and worker all call these.

Each one locks the event's row first, so capacity, queue and order are decided one at a time; the
database's triggers and constraints (migration 0002) hold even against a writer that takes no lock.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from care_points import operations as care_points
from events import letters, seat_counts
from events.models import Booking, BookingState, Event, EventState
from kernel import ids
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import moment_text
from privacy import audit

EDITABLE = (
    "title",
    "kind",
    "platform",
    "womens_track",
    "measure",
    "summary",
    "body",
    "venue",
    "address",
    "online_url",
    "starts_at",
    "ends_at",
    "booking_opens_at",
    "booking_closes_at",
    "capacity",
    "organiser",
    "sensitive_topic",
)
TOLD_ABOUT = ("starts_at", "venue", "address")


@dataclass(frozen=True)
class Arrival:
    """What the door is told: the booking, whether it was checked in before, and how many came."""

    booking: Booking
    again: bool
    number: int
    arrived: int
    expected: int


# --- who may ---------------------------------------------------------------------------------------
def _require_manager(event, by, permission):
    """Refuse unless `by` (None: the system) runs this event and holds `permission`."""
    if by is not None and not (event.is_managed_by(by) and by.has_perm(permission)):
        raise Refused("event_not_yours", _("只有主办部门的工作人员可以操作这场活动。"))


def _require_names(event, by, permission):
    """Refuse unless `by` may besides see who is booked: a sensitive topic has its organiser only."""
    _require_manager(event, by, permission)
    if by is not None and event.sensitive_topic and event.organiser_id != by.pk:
        raise Refused("event_not_yours", _("这场活动的名单只有负责人本人可以查看。"))


def _require_handover(event, changes, by):
    """Refuse to open the list of a sensitive topic to others: its organiser alone hands it over.

    Otherwise whoever may edit the event would name herself organiser and read the names. When the
    organiser's account is closed, a colleague may take over.
    """
    opens = event.sensitive_topic and not {"organiser", "sensitive_topic"}.isdisjoint(changes)
    if opens and by is not None and by.pk != event.organiser_id and event.organiser.is_active:
        raise Refused(
            "event_not_yours",
            _("敏感主题活动的负责人和“敏感主题”标记只能由现任负责人修改，请与她联系。"),
            field="organiser",
        )


def _require_owner(talent, event, by):
    """Refuse unless `by` is the talent herself, the system, or staff who run the event."""
    if by is None or (talent.user_id and talent.user_id == by.pk):
        return
    _require_manager(event, by, "events.change_booking")


def _locked(event):
    return Event.objects.select_for_update(of=("self",)).get(pk=event.pk)


# --- events ----------------------------------------------------------------------------------------
@transaction.atomic
def publish_event(*, event, by, now):
    """Put a draft on the public list. Publishing twice does nothing twice.

    Raises Refused, or Conflict when the event is cancelled or begins in the past. Returns the Event.
    """
    event = _locked(event)
    _require_manager(event, by, "events.publish_event")
    if event.is_published:
        return event
    if event.is_cancelled:
        raise Conflict("event_cancelled", _("活动已取消，不能再发布；可以复制一场新的活动。"))
    if event.starts_at <= now:
        raise Conflict("event_in_past", _("开始时间已过，请先修改活动时间再发布。"))
    event.state, event.published_at, event.updated_at = EventState.PUBLISHED, now, now
    event.save(update_fields=["state", "published_at", "updated_at"])
    audit.record("events.publish_event", event, by=by, at=now)
    return event


@transaction.atomic
def cancel_event(*, event, reason, by, now):
    """Call an event off, tell everybody who has a seat or waits, take their reminders back.

    `reason` is shown to them. The bookings keep their state: what she had booked stays to be read.
    Raises Invalid without a reason, Conflict when the event is over. Returns the Event.
    """
    event = _locked(event)
    _require_manager(event, by, "events.publish_event")
    reason = (reason or "").strip()
    if event.is_cancelled:
        return event
    if not reason:
        raise Invalid("reason_missing", _("请写明取消原因，会告知已报名的人。"), field="reason")
    if event.is_over(now):
        raise Conflict("event_over", _("活动已经结束，不能取消。"))
    event.state, event.cancel_reason = EventState.CANCELLED, reason[:200]
    event.cancelled_at = event.updated_at = now
    event.save(update_fields=["state", "cancel_reason", "cancelled_at", "updated_at"])
    bookings = list(event.bookings.active().select_related("talent__user").order_by("place"))
    audit.record("events.cancel_event", event, by=by, at=now, bookings=len(bookings))
    letters.withdraw_reminders(bookings, event, now)
    letters.send([letters.cancelled(booking, event) for booking in bookings], now)
    return event


@transaction.atomic
def change_capacity(*, event, capacity, by, now):
    """Set the number of seats; when it grows, the waiting list moves before anyone new can book.

    Raises Invalid when it is below one or below the seats taken. Returns the Event.
    """
    event = _locked(event)
    _require_manager(event, by, "events.change_event")
    _set_capacity(event, capacity, by, now)
    return event


def _set_capacity(event, capacity, by, now):
    if capacity < 1:
        raise Invalid("capacity_too_small", _("名额至少为 1。"), field="capacity")
    if capacity < event.seats_taken:
        sentence = _("已有 %(taken)s 人报名，名额不能少于这个数。")
        raise Invalid(
            "capacity_below_taken", sentence % {"taken": event.seats_taken}, field="capacity"
        )
    if capacity == event.capacity:
        return
    before, event.capacity, event.updated_at = event.capacity, capacity, now
    event.save(update_fields=["capacity", "updated_at"])
    audit.record("events.change_capacity", event, by=by, at=now, before=before, after=capacity)
    promote(event=event, by=by, now=now)


@transaction.atomic
def edit_event(*, event, changes, by, now):
    """Change fields of an event (names of EDITABLE → new values) and do what follows from them.

    More seats move the waiting list; a new time or place moves the reminders and tells everybody who
    has a seat, once. Raises Conflict for a cancelled event, Invalid for seats below those taken.
    Returns the Event.
    """
    event = _locked(event)
    _require_manager(event, by, "events.change_event")
    if event.is_cancelled:
        raise Conflict("event_cancelled", _("活动已取消，不能再修改；可以复制一场新的活动。"))
    changes = {
        name: value
        for name, value in changes.items()
        if name in EDITABLE and getattr(event, name) != value
    }
    _require_handover(event, changes, by)
    capacity = changes.pop("capacity", event.capacity)
    if changes:
        _change_fields(event, changes, by, now)
    _set_capacity(event, capacity, by, now)
    return event


def _change_fields(event, changes, by, now):
    moved = event.is_published and any(name in changes for name in TOLD_ABOUT)
    seated = []
    if moved:
        seated = list(event.bookings.confirmed().select_related("talent__user").order_by("place"))
        letters.withdraw_reminders(seated, event, now)
        event.schedule_version += 1
    for name, value in changes.items():
        setattr(event, name, value)
    event.updated_at = now
    event.save(update_fields=[*changes, "schedule_version", "updated_at"])
    audit.record("events.edit_event", event, by=by, at=now, fields=sorted(changes))
    if moved and not event.is_over(now):
        told = [letters.changed(booking, event) for booking in seated]
        for booking in seated:
            told += letters.reminders(booking, event, now)
        letters.send(told, now)


@transaction.atomic
def clone_event(*, event, by, now):
    """Make a draft with the same words and seats, one week later, in the name of `by`.

    Returns the new Event.
    """
    _require_manager(event, by, "events.add_event")
    shift = timedelta(days=7)
    while event.starts_at + shift <= now:
        shift += timedelta(days=7)
    copy = Event(
        **{name: getattr(event, name) for name in EDITABLE},
        department=event.department,
        created_at=now,
        updated_at=now,
    )
    copy.organiser = by or event.organiser
    copy.starts_at += shift
    copy.ends_at += shift
    copy.booking_closes_at += shift
    copy.booking_opens_at = min(now, copy.booking_closes_at - timedelta(minutes=1))
    copy.save()
    audit.record("events.clone_event", copy, by=by, at=now, source=event.pk)
    return copy


# --- seats -----------------------------------------------------------------------------------------
@transaction.atomic
def book(*, event, talent, by, now, key=None):
    """Give the talent a seat, or the next place of the waiting list when the event is full.

    `key` (≤ 40 characters) makes a repeat of the same request return the same booking, even a
    cancelled one; without it, and beside it, whoever holds a seat or a place gets that one back.
    Raises Refused (not her, not verified), Conflict (not open, cancelled), Invalid (the key was used
    for another event). Returns the Booking.
    """
    event = _locked(event)
    _require_owner(talent, event, by)
    if mine := Booking.objects.repeated(event, talent, key):
        if mine.event_id != event.pk:
            raise Invalid("key_reused", _("这个页面已用于另一场活动的报名，请刷新后再试。"))
        return mine
    _require_open(event, talent, now)
    seated = not event.is_full
    event.last_place += 1
    booking = Booking(
        event=event,
        talent=talent,
        state=BookingState.CONFIRMED if seated else BookingState.WAITLISTED,
        place=event.last_place,
        idempotency_key=key or None,
        booked_at=now,
    )
    booking.save(force_insert=True)
    seat_counts.moved()
    audit.record("events.book", booking, by=by, at=now, state=booking.state, place=booking.place)
    if seated:
        event.seats_taken += 1
        told = [letters.booked(booking, event), *letters.reminders(booking, event, now)]
    else:
        event.waiting += 1
        told = [letters.waitlisted(booking, event, event.waiting)]
    letters.send(told, now, new=True)
    return booking


def _require_open(event, talent, now):
    if event.is_cancelled:
        raise Conflict("event_cancelled", _("活动已取消，看看其他活动吧。"))
    if not event.is_published:
        raise Conflict("event_not_published", _("活动还没有发布，请稍后再来。"))
    if not talent.is_verified:
        sentence = _("您的资料还没有通过审核，请先完善资料并提交，审核通过后就可以报名。")
        raise Refused("talent_not_verified", sentence)
    if now < event.booking_opens_at:
        sentence = _("报名还没有开始，%(when)s开放。")
        raise Conflict("booking_not_open", sentence % {"when": moment_text(event.booking_opens_at)})
    if now >= event.booking_closes_at:
        sentence = _("报名已于%(when)s截止，看看其他活动吧。")
        raise Conflict("booking_closed", sentence % {"when": moment_text(event.booking_closes_at)})


@transaction.atomic
def cancel_booking(*, booking, by, now):
    """Give a seat back, or leave the waiting list; the next in the queue gets the seat at once.

    Possible until the event starts. Cancelling twice does nothing twice. Raises Refused, or Conflict
    when the event has started or she is checked in. Returns the Booking.
    """
    event = _locked(booking.event)
    booking = event.bookings.select_related("talent__user").get(pk=booking.pk)
    booking.event = event
    _require_owner(booking.talent, event, by)
    if not booking.is_active:
        return booking
    if booking.checked_in_at:
        raise Conflict("already_checked_in", _("已经签到，不能再取消报名。"))
    if event.has_started(now):
        raise Conflict("event_started", _("活动已经开始，不能再取消报名。"))
    had_seat = booking.is_confirmed
    booking.state, booking.cancelled_at = BookingState.CANCELLED, now
    booking.save(update_fields=["state", "cancelled_at"])
    seat_counts.moved()
    audit.record("events.cancel_booking", booking, by=by, at=now, had_seat=had_seat)
    if had_seat:
        event.seats_taken -= 1
        letters.withdraw_reminders([booking], event, now)
        promote(event=event, by=None, now=now)
    return booking


@transaction.atomic
def promote(*, event, by, now):
    """Give free seats to the waiting, first come first; tells each of them. Safe to repeat.

    Nobody is promoted once the event has started. Returns the promoted Bookings in queue order.
    """
    event = _locked(event)
    free = event.capacity - event.seats_taken
    if not event.is_published or event.has_started(now) or not event.waiting or free < 1:
        return []
    moving = list(event.bookings.in_queue().select_related("talent__user")[:free])
    for booking in moving:
        booking.state, booking.promoted_at = BookingState.CONFIRMED, now
        booking.save(update_fields=["state", "promoted_at"])
        audit.record("events.promote", booking, by=by, at=now, place=booking.place)
    seat_counts.moved()
    told = [letters.promoted(booking, event) for booking in moving]
    for booking in moving:
        told += letters.reminders(booking, event, now)
    letters.send(told, now)
    return moving


@transaction.atomic
def export_attendance(*, event, by, now):
    """Return the event's bookings for an attendance list, and record that they were taken out.

    Raises Refused unless `by` may see and export them.
    """
    _require_names(event, by, "events.export_booking")
    bookings = list(event.bookings.select_related("talent__unit").order_by("place"))
    audit.record("events.export_attendance", event, by=by, at=now, rows=len(bookings))
    return bookings


# --- the door --------------------------------------------------------------------------------------
def find_booking(*, typed, by):
    """Return the Booking of a code as typed or scanned (a bare code, or the QR code's address).

    Only among the bookings `by` may check in. Raises Invalid when there is none.
    """
    code = ids.tidy((typed or "").strip().rstrip("/").rpartition("/")[2])
    booking = (
        Booking.objects.managed_by(by).filter(code=code).select_related("event", "talent").first()
    )
    if booking is None:
        raise Invalid(
            "code_unknown",
            _("没有找到这个签到码，请核对后重新输入，或在名单里找人。"),
            field="code",
        )
    return booking


@transaction.atomic
def check_in(*, booking, by, now, event=None):
    """Record that she came, and let her earn the points of the rule `event_attendance`.

    `event` is the door she stands at (default: her own event's). A second scan changes nothing and
    says so (`Arrival.again`). Raises Refused (not their event) or Conflict (another event, another
    day, cancelled, waiting). Returns an Arrival.
    """
    door = _locked(event or booking.event)
    _require_names(door, by, "events.check_in_booking")
    booking = Booking.objects.select_related("talent__user", "event").get(pk=booking.pk)
    if booking.event_id != door.pk:
        raise Conflict("wrong_event", _("这是另一场活动的签到码，请核对活动名称和时间。"))
    booking.event = door
    _require_presence(booking, door, now)
    if booking.checked_in_at:
        return _arrival(booking, again=True)
    booking.checked_in_at, booking.checked_in_by = now, by
    booking.check_ins += 1
    booking.earned = care_points.earn(
        rule_code="event_attendance",
        talent=booking.talent,
        key=f"checkin:{booking.pk}:{booking.check_ins}",
        by=by,
        now=now,
        about="" if door.sensitive_topic else door.title,
    )
    booking.save(update_fields=["checked_in_at", "checked_in_by", "check_ins", "earned"])
    audit.record("events.check_in", booking, by=by, at=now)
    return _arrival(booking, again=False)


def _require_presence(booking, event, now):
    name = {"name": booking.talent.full_name}
    if event.is_cancelled:
        raise Conflict("event_cancelled", _("活动已取消，不能签到。"))
    if booking.is_waitlisted:
        sentence = _(
            "%(name)s还在候补第 %(rank)s 位，没有名额。有人未到时，可先增加名额再请她入场。"
        )
        raise Conflict("booking_waitlisted", sentence % (name | {"rank": booking.queue_rank()}))
    if not booking.is_confirmed:
        sentence = _("%(name)s的报名已于%(when)s取消，请她在手机上重新报名。")
        raise Conflict(
            "booking_cancelled", sentence % (name | {"when": moment_text(booking.cancelled_at)})
        )
    if now < event.door_opens_at():
        sentence = _("还没到签到的日子，活动在%(when)s开始，当天可以签到。")
        raise Conflict("door_not_open", sentence % {"when": moment_text(event.starts_at)})
    if now >= event.door_closes_at():
        sentence = _("签到已经结束，活动在%(when)s结束。")
        raise Conflict("door_closed", sentence % {"when": moment_text(event.ends_at)})


def _arrival(booking, *, again):
    came = list(
        booking.event.bookings.checked_in()
        .order_by("checked_in_at", "pk")
        .values_list("pk", flat=True)
    )
    return Arrival(
        booking=booking,
        again=again,
        number=came.index(booking.pk) + 1,
        arrived=len(came),
        expected=booking.event.seats_taken,
    )


@transaction.atomic
def undo_check_in(*, booking, by, now):
    """Take a check-in back that was a mistake, with its points, until the day of the event is over.

    Doing it twice does nothing twice. Raises Refused, or Conflict after the day of the event. Returns the Booking.
    """
    event = _locked(booking.event)
    _require_names(event, by, "events.check_in_booking")
    booking = event.bookings.select_related("talent__user", "earned__rule").get(pk=booking.pk)
    booking.event = event
    if booking.checked_in_at is None:
        return booking
    if now >= event.door_closes_at():
        raise Conflict("door_closed", _("活动当天已过，签到记录不能再撤销。"))
    if booking.earned:
        care_points.reverse(transfer=booking.earned, by=by, now=now)
    booking.checked_in_at = booking.checked_in_by = booking.earned = None
    booking.save(update_fields=["checked_in_at", "checked_in_by", "earned"])
    audit.record("events.undo_check_in", booking, by=by, at=now)
    return booking
