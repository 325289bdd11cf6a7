"""A seat that came free is kept for the next in the queue until she answers."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from events import operations, rules, tasks
from events.models import Booking, Event
from kernel.errors import Conflict, DomainError
from kernel.sweeps import MOST_FAILURES, SweepFailed
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def queue_of(count, **fields):
    """An event of one seat that keeps offers, and its bookings: the first has the seat."""
    event = factories.event(capacity=1, **({"offer_hours": 24} | fields))
    return event, [factories.booking(event) for _ in range(count)]


def give_back(booking, now=NOW):
    return operations.cancel_booking(booking=booking, by=booking.talent.user, now=now)


def states(event):
    return list(event.bookings.order_by("place").values_list("state", flat=True))


def seats(event):
    event.refresh_from_db()
    return event.seats_taken, event.waiting


def test_the_seat_is_kept_for_the_first_and_counts_as_taken():
    event, (first, second, _third) = queue_of(3)
    moved = give_back(first).moved_up
    assert moved == [second]
    assert states(event) == ["cancelled", "offered", "waitlisted"]
    assert seats(event) == (1, 1)
    second.refresh_from_db()
    assert second.offer_ends_at == NOW + DAY
    told = Notice.objects.filter(kind="events.offered")
    assert [notice.recipient for notice in told] == [second.talent.user]
    assert "为您保留到 2026年11月24日 (周二) 10:00" in told.get().body
    late = operations.book(event=event, talent=factories.talent(), by=None, now=NOW)
    assert late.is_waitlisted


def test_who_accepts_has_the_seat_and_is_reminded():
    event, (first, second) = queue_of(2)
    give_back(first)
    for _ in range(2):  # a double click
        taken = operations.accept_offer(booking=second, by=second.talent.user, now=NOW + HOUR)
    assert (taken.state, taken.offer_ends_at) == ("confirmed", None)
    assert seats(event) == (1, 0)
    kinds = Notice.objects.filter(recipient=second.talent.user, withdrawn_at=None)
    assert sorted(kinds.values_list("kind", flat=True)) == [
        "events.booked",
        "events.offered",
        "events.waitlisted",
    ]
    assert AuditEntry.objects.filter(action="events.accept_offer").count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [({"moved_away_on": NOW.date()}, "moved_away"), ({"state": "submitted"}, "talent_in_review")],
)
def test_who_may_not_take_part_any_more_cannot_accept(change, code, client):
    now = timezone.now()
    event, (first, second) = queue_of(2, starts_at=now + 9 * DAY, booking_opens_at=now - 40 * DAY)
    give_back(first, now)
    type(second.talent).objects.filter(pk=second.talent_id).update(**change)
    with pytest.raises(DomainError) as error:
        operations.accept_offer(booking=second, by=second.talent.user, now=now + HOUR)
    assert (error.value.code, states(event)) == (code, ["cancelled", "offered"])
    client.force_login(second.talent.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/events/{event.code}/").content.decode()
    accept = reverse("accept_offer", args=[second.code])
    assert (str(error.value) in page, accept in page) == (True, False)


SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(clock, day=0):
    hour, minute = map(int, clock.split(":"))
    return NOW.astimezone(SHANGHAI).replace(hour=hour, minute=minute) + day * DAY


@pytest.mark.parametrize(
    ("asked", "end", "due"),
    [
        (at("10:00"), at("10:00", 1), at("09:00", 1)),  # 4:00 is night
        (at("09:59"), at("09:59", 1), at("21:00")),  # and 9:00 comes too late
        (at("10:00"), at("10:00", 2), at("09:00", 2)),
        (at("09:30"), at("21:30"), at("18:30")),
        (at("10:00"), at("12:00"), at("11:00")),  # at least an hour before
        (at("10:00"), at("11:30"), at("10:30")),
        (at("10:00"), at("11:29"), None),  # she has just been asked
        (at("20:00"), at("09:00", 1), at("21:00")),
        (at("20:40"), at("09:00", 1), None),
        (at("23:00"), at("09:00", 1), None),
    ],
)
def test_when_she_is_reminded_of_the_seat_kept_for_her(asked, end, due):
    assert Event.offer_reminder(asked, end) == due


def reminder_of(booking):
    return Notice.objects.get(kind="events.offer_reminder", recipient=booking.talent.user)


def test_she_is_reminded_before_the_seat_goes_to_the_next():
    _event, (first, second) = queue_of(2)
    give_back(first)
    reminder = reminder_of(second)
    second.refresh_from_db()
    assert reminder.due_at == Event.offer_reminder(NOW, second.offer_ends_at)
    assert (reminder.good_until, reminder.withdrawn_at) == (second.offer_ends_at, None)
    assert "席位 2026年11月24日 (周二) 10:00 到期" in reminder.body


@pytest.mark.parametrize("answer", ["accept_offer", "cancel_booking"])
def test_who_has_answered_is_not_reminded(answer):
    _event, (first, second) = queue_of(2)
    give_back(first)
    getattr(operations, answer)(booking=second, by=second.talent.user, now=NOW + HOUR)
    reminder = reminder_of(second)
    assert reminder.withdrawn_at == NOW + HOUR
    assert set(reminder.deliveries.values_list("state", flat=True)) == {"dropped"}


def test_of_an_event_that_is_called_off_nobody_is_reminded():
    event, (first, second) = queue_of(2)
    give_back(first)
    operations.cancel_event(event=event, reason="场地停电", by=event.organiser, now=NOW + HOUR)
    assert reminder_of(second).withdrawn_at == NOW + HOUR


def test_she_is_told_a_new_time_while_she_is_asked_and_still_reminded():
    event, (first, second, _third) = queue_of(3)
    give_back(first)
    later = {"starts_at": event.starts_at + DAY, "ends_at": event.ends_at + DAY}
    operations.edit_event(event=event, changes=later, by=event.organiser, now=NOW + HOUR)
    told = Notice.objects.get(kind="events.changed")
    assert (told.recipient, told.due_at) == (second.talent.user, NOW + HOUR)
    assert reminder_of(second).withdrawn_at is None


def test_of_a_seat_kept_for_half_an_hour_she_is_told_once():
    _event, (first, _second) = queue_of(2, starts_at=NOW + 2.5 * HOUR)
    give_back(first)
    kinds = Notice.objects.filter(kind__in=("events.offered", "events.offer_reminder"))
    assert [notice.kind for notice in kinds] == ["events.offered"]


def test_her_other_event_at_that_time_is_said_before_she_takes_the_seat(client):
    now = timezone.now()
    event = factories.event(capacity=1, offer_hours=48, starts_at=now + 5 * DAY)
    first, second = (factories.booking(event, now=now) for _ in range(2))
    other = factories.event(title="同时的论坛", starts_at=event.starts_at, needs_approval=True)
    asked = factories.booking(other, second.talent, now=now)
    give_back(first, now)
    client.force_login(second.talent.user)
    page = client.get(event.get_absolute_url()).content.decode()
    assert "同一时间您还报了《同时的论坛》" in page
    operations.approve_booking(booking=asked, by=other.organiser, now=now)
    page = client.get(event.get_absolute_url()).content.decode()
    assert "同一时间您已报名《同时的论坛》" in page
    client.post(reverse("accept_offer", args=[second.code]))
    page = client.get(event.get_absolute_url()).content.decode()
    assert "同时的论坛" not in page


def test_who_declines_gives_it_to_the_next_and_may_book_again():
    event, (first, second, _third) = queue_of(3)
    give_back(first)
    give_back(second)
    assert states(event) == ["cancelled", "declined", "offered"]
    again = operations.book(
        event=event, talent=second.talent, by=second.talent.user, now=NOW + HOUR
    )
    assert (again.state, again.place) == ("waitlisted", 4)


def test_who_does_not_answer_loses_it_once_and_is_told():
    event, (first, second, _third) = queue_of(3)
    give_back(first)
    assert operations.expire_offers(event=event, now=NOW + DAY - HOUR) == []
    assert operations.expire_offers(event=event, now=NOW + DAY) == [second]
    assert operations.expire_offers(event=event, now=NOW + DAY) == []
    assert states(event) == ["cancelled", "expired", "offered"]
    assert Notice.objects.filter(kind="events.offer_expired").count() == 1
    second.refresh_from_db()
    with pytest.raises(Conflict) as error:
        operations.accept_offer(booking=second, by=second.talent.user, now=NOW + DAY)
    assert error.value.code == "offer_gone"


def test_an_answer_one_second_late_is_refused_before_the_clock_came_by():
    _event, (first, second) = queue_of(2)
    give_back(first)
    second.refresh_from_db()
    assert rules.why_not_accept(second, NOW + DAY - timedelta(seconds=1)) is None
    assert rules.why_not_accept(second, NOW + DAY).code == "offer_gone"


@pytest.mark.parametrize(
    ("at", "hours", "end"),
    [
        ("09:00", 2, "11:00"),
        ("20:30", 2, "+1 09:00"),  # 22:30 is night
        ("23:00", 2, "+1 09:00"),  # 01:00 as well
        ("22:30", 12, "+1 10:30"),
        ("19:59", 2, "21:59"),
        ("20:00", 2, "+1 09:00"),  # 22:00 begins the night
    ],
)
def test_nobody_has_to_answer_at_night(at, hours, end):
    zone = ZoneInfo("Asia/Shanghai")
    day, _blank, clock = end.rpartition(" ")
    morning = NOW.astimezone(zone).replace(hour=0)
    hour, minute = map(int, at.split(":"))
    end_hour, end_minute = map(int, clock.split(":"))
    event = factories.event(starts_at=NOW + 9 * DAY, offer_hours=hours)
    wanted = morning.replace(hour=end_hour, minute=end_minute) + DAY * (day == "+1")
    assert event.offer_end(morning.replace(hour=hour, minute=minute)) == wanted


@pytest.mark.parametrize(
    ("before", "kept"),
    [(10 * HOUR, 8 * HOUR), (2.5 * HOUR, HOUR / 2), (2.4 * HOUR, None), (HOUR, None)],
)
def test_near_the_start_the_answer_is_due_two_hours_before_or_nobody_is_asked(before, kept):
    event = factories.event(starts_at=NOW + before, offer_hours=24)
    assert event.offer_end(NOW) == (NOW + kept if kept else None)


def test_before_a_morning_event_the_answer_is_due_the_evening_before():
    start = NOW.astimezone(ZoneInfo("Asia/Shanghai")).replace(hour=9) + DAY  # tomorrow at 9:00
    event = factories.event(starts_at=start, offer_hours=24)
    evening = start.replace(hour=21) - DAY
    assert event.offer_end(NOW) == evening
    # In the night before nobody is asked: the seat is hers.
    assert event.offer_end(evening + HOUR) is None


def test_with_little_time_left_the_seat_is_hers_at_once():
    event, (first, _second) = queue_of(2, starts_at=NOW + HOUR)
    give_back(first)
    assert states(event) == ["cancelled", "confirmed"]


def test_the_clock_gives_on_what_nobody_answered_of_every_event():
    now = timezone.now()
    events = []
    for _ in range(2):
        event = factories.event(capacity=1, offer_hours=2, starts_at=now + 5 * DAY)
        first, _second = (factories.booking(event, now=now - DAY) for _ in range(2))
        give_back(first, now - DAY)
        events.append(event)
    tasks.expire_offers()
    assert [states(event) for event in events] == [["cancelled", "expired"]] * 2


def test_an_event_the_clock_fails_at_is_set_aside_and_taken_up_again():
    now = timezone.now()
    event = factories.event(capacity=1, offer_hours=2, starts_at=now + 5 * DAY)
    first, _second = (factories.booking(event, now=now - DAY) for _ in range(2))
    give_back(first, now - DAY)
    with connection.cursor() as cursor:  # the database refuses what the clock writes
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE events_booking ADD CONSTRAINT broken CHECK (state <> 'expired') NOT VALID"
        )
    for _ in range(MOST_FAILURES):
        with pytest.raises(SweepFailed):
            tasks.expire_offers()
    tasks.expire_offers()  # it is left alone now
    assert list(Event.objects.set_aside()) == [event]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE events_booking DROP CONSTRAINT broken")
    operations.try_again(row=event, by=event.organiser, now=now)
    tasks.expire_offers()
    assert states(event) == ["cancelled", "expired"]


def test_more_seats_are_offered_in_the_order_of_the_queue():
    event, _bookings = queue_of(4)
    operations.change_capacity(event=event, capacity=3, by=event.organiser, now=NOW)
    assert states(event) == ["confirmed", "offered", "offered", "waitlisted"]


def test_her_page_offers_the_seat_and_takes_it_in_one_press(client):
    now = timezone.now()
    event = factories.event(capacity=1, offer_hours=48, starts_at=now + 5 * DAY)
    first, second = (factories.booking(event, now=now) for _ in range(2))
    give_back(first, now)
    client.force_login(second.talent.user)
    page = client.get(event.get_absolute_url()).content.decode()
    assert "有一个席位正为您保留" in page
    address = reverse("accept_offer", args=[second.code])
    assert address in page
    assert "席位待您确认" in client.get(reverse("my_bookings")).content.decode()
    answer = client.post(address, follow=True)
    assert "席位已确认。到场时请出示签到码。" in answer.content.decode()
    assert Booking.objects.get(pk=second.pk).state == "confirmed"


def test_somebody_elses_offer_is_not_found(client):
    _event, (first, second, third) = queue_of(3)
    give_back(first)
    client.force_login(third.talent.user)
    assert client.post(reverse("accept_offer", args=[second.code])).status_code == 404
