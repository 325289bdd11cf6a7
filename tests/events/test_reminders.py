"""Reminders: three moments before the start, each told once to who has the seat then, whatever changes or dies."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from events import operations, reminders, tasks
from events.models import Event
from notices import runs, sending
from notices.models import Notice
from tests import factories
from tests.factories import NOW
from tests.notices.test_runs import end, go, start, told
from tests.notices.test_sending import at

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS, TOMORROW, SOON = "events.reminder_days", "events.reminder_day", "events.reminder_hour"


@pytest.fixture
def folder(settings, tmp_path):
    """Return where the gateway's log is written."""
    settings.OUTBOX_DIR = tmp_path / "outbox"
    settings.OUTBOX_DIR.mkdir()
    return settings.OUTBOX_DIR


def willing():
    """Return a verified talent who agreed to messages."""
    talent = factories.talent()
    factories.consent(talent.user, "messages")
    return talent


def remind(event, now):
    """Let the clock ask at `now`."""
    return operations.remind(event=event, now=now)


def reminded(talent=None):
    """Return the kinds of the reminders there are, of one woman or of all, in their order."""
    rows = Notice.objects.filter(kind__in=reminders.KINDS).order_by("pk")
    rows = rows.filter(recipient=talent.user) if talent else rows
    return list(rows.values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("begins", "moments"),
    [
        ((26, "14:00"), [(23, "14:00"), (25, "14:00"), (26, "13:00")]),
        ((26, "09:00"), [(23, "09:00"), (25, "09:00"), (25, "21:00")]),  # the evening before
        ((26, "08:00"), [(23, "09:00"), (25, "09:00"), (25, "21:00")]),
        ((26, "09:30"), [(23, "09:30"), (25, "09:30"), (26, "09:00")]),  # half an hour is of use
        ((26, "22:30"), [(23, "21:00"), (25, "21:00"), (26, "21:30")]),
    ],
)
def test_no_moment_is_at_night(begins, moments):
    def clock(day, text):
        hour, minute = map(int, text.split(":"))
        return NOW.astimezone(SHANGHAI).replace(day=day, hour=hour, minute=minute)

    event = Event(starts_at=clock(*begins))
    assert [m.due_at(event) for m in reminders.MOMENTS] == [clock(*moment) for moment in moments]


@pytest.mark.django_db
def test_each_moment_is_told_once_to_who_has_a_seat():
    event = factories.event(capacity=1)
    seated, waiting = factories.booking(event, willing()), factories.booking(event, willing())
    moments = [event.starts_at - 3 * DAY, event.starts_at - DAY, event.starts_at - HOUR]
    for number, moment in enumerate(moments, 1):
        assert remind(event, moment - timedelta(seconds=1)) == 0
        assert [remind(event, moment), remind(event, moment)] == [1, 0]
        assert len(reminded(seated.talent)) == number
    assert (reminded(seated.talent), reminded(waiting.talent)) == ([DAYS, TOMORROW, SOON], [])
    last = Notice.objects.get(kind=SOON)
    assert last.body == (
        "《智能制造女科学家沙龙》2026年11月26日 (周四) 14:00 在两江人才大厦开始。签到码在“我的报名”里。"
    )
    assert (last.good_until, last.deliveries.count()) == (event.starts_at, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "kinds"),
    [
        (2 * DAY + HOUR, [DAYS]),
        (2 * DAY, []),
        (14 * HOUR + HOUR, [TOMORROW]),
        (14 * HOUR, []),  # "tomorrow" would not be true
        (HOUR / 2, [SOON]),
        (timedelta(), []),
    ],
)
def test_a_clock_that_stood_still_tells_the_last_moment_while_it_is_of_use(before, kinds):
    event = factories.event()
    factories.booking(event)
    remind(event, event.starts_at - before)
    assert reminded() == kinds


@pytest.mark.django_db
def test_who_came_early_gave_back_or_has_no_account_is_not_reminded():
    event = factories.event(capacity=5)
    first, second, third = (factories.booking(event) for _ in range(3))
    factories.booking(event, factories.talent(user=None))
    operations.cancel_booking(booking=first, by=first.talent.user, now=NOW)
    early = event.starts_at - 2 * HOUR
    operations.check_in(booking=second, by=event.organiser, now=early)
    assert (remind(event, event.starts_at - HOUR), reminded(third.talent)) == (1, [SOON])


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_an_event_that_is_not_on_reminds_nobody(state):
    event = factories.event()
    factories.booking(event)
    why = {"cancel_reason": "改期", "cancelled_at": NOW} if state == "cancelled" else {}
    Event.objects.filter(pk=event.pk).update(state=state, **why)
    assert (remind(event, event.starts_at - HOUR), reminded()) == (0, [])


@pytest.mark.django_db
def test_the_minutely_sweep_finds_the_events_whose_moment_has_come(monkeypatch):
    for ahead in (3 * DAY, 4 * DAY, HOUR / 4):
        factories.booking(factories.event(starts_at=NOW + ahead))
    Event.objects.filter(starts_at=NOW + HOUR / 4).update(reminded=list(reminders.KINDS))
    monkeypatch.setattr(tasks.timezone, "now", lambda: NOW)
    for _ in range(2):
        tasks.remind()
    assert reminded() == [DAYS]


# --- a new time --------------------------------------------------------------------------------


def move(event, starts_at, now):
    """Give the event another time."""
    changes = {"starts_at": starts_at, "ends_at": starts_at + 2 * HOUR}
    return operations.edit_event(event=event, changes=changes, by=event.organiser, now=now)


@pytest.mark.django_db
def test_a_new_time_is_reminded_of_at_its_own_moments_and_the_old_one_never_again():
    event = factories.event()
    booking = factories.booking(event, willing())
    old = event.starts_at
    remind(event, old - 3 * DAY)
    event = move(event, old + 2 * DAY, now=old - 2 * DAY)
    assert remind(event, old - DAY - HOUR) == 0
    assert remind(event, event.starts_at - 3 * DAY) == 1
    assert remind(event, event.starts_at - DAY) == 1
    assert reminded(booking.talent) == [DAYS, DAYS, TOMORROW]
    first = Notice.objects.filter(kind=DAYS).earliest("pk")
    assert first.overtaken_at == old - 2 * DAY


@pytest.mark.django_db
def test_who_was_told_of_an_earlier_time_needs_no_reminder_at_the_same_moment():
    event = factories.event()
    booking = factories.booking(event)
    now = event.starts_at - 2 * DAY - HOUR
    event = move(event, event.starts_at - DAY, now)
    assert (remind(event, now), reminded()) == (0, [])
    assert remind(event, event.starts_at - DAY) == 1
    changed = Notice.objects.get(kind="events.changed")
    assert (changed.recipient, reminded(booking.talent)) == (booking.talent.user, [TOMORROW])


@pytest.mark.django_db
def test_an_event_published_late_begins_with_the_next_moment():
    event = factories.event(state="draft")
    now = event.starts_at - 2 * DAY - HOUR
    event = operations.publish_event(event=event, by=event.organiser, now=now)
    factories.booking(event, now=now)
    assert (remind(event, now), remind(event, event.starts_at - DAY)) == (0, 1)


# --- a worker that dies ------------------------------------------------------------------------

MANY = 6


def booked_by_many():
    """Return an event and the numbers of the MANY who have a seat."""
    event = factories.event(capacity=MANY)
    people = [factories.booking(event, willing()).talent.user.phone for _ in range(MANY)]
    sending.send_due(clock=at(NOW))
    return event, people


def heard(folder, word):
    """Return how often each number got an SMS with this word."""
    texts = [json.loads(path.read_text()) for path in folder.glob("*.json")]
    return {
        to: n
        for to in told(folder)
        if (n := sum(word in t["body"] for t in texts if t["to"] == to))
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "die", [("remind", 1, "before"), ("remind", 1, "after"), ("claim", 1, "before")]
)
def test_a_worker_killed_while_it_reminds_forgets_nobody_and_tells_nobody_twice(folder, die):
    event, people = booked_by_many()
    moment = event.starts_at - DAY
    worker = start(folder, now=moment.isoformat(), remind=event.pk, die=die)
    go(worker)
    assert end(worker) == (-9, [])
    event.refresh_from_db()
    remind(event, moment)
    sending.send_due(clock=at(moment))
    assert heard(folder, "提醒您") == dict.fromkeys(people, 1)


@pytest.mark.django_db(transaction=True)
def test_a_new_time_while_the_reminders_leave_and_their_worker_dies(folder, tmp_path):
    """Who had the old reminder gets the change, who had not gets no old time any more; all get the new one once."""
    event, people = booked_by_many()
    moment, sent = event.starts_at - DAY, 3
    never = str(tmp_path / "never")
    worker = start(folder, now=moment.isoformat(), remind=event.pk, pause=[sent, never])
    go(worker)
    while sum(heard(folder, "提醒您").values()) < sent:
        assert worker.poll() is None
    event.refresh_from_db()
    event = move(event, event.starts_at + 2 * DAY, now=moment)
    worker.kill()
    worker.communicate()
    late = moment + runs.LOST_AFTER + timedelta(seconds=1)
    assert runs.settle_lost(now=late) == 1  # the one in its hand
    sending.send_due(clock=at(late))
    assert sum(heard(folder, "提醒您").values()) == sent
    assert heard(folder, "时间有变") == dict.fromkeys(people, 1)
    again = event.starts_at - DAY
    remind(event, again)
    sending.send_due(clock=at(again))
    new = heard(folder, "提醒您：《智能制造女科学家沙龙》将于 2026年11月28日")
    assert new == dict.fromkeys(people, 1)
