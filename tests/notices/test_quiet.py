"""SMS and mail do not wake anybody: what is due at night leaves by day, and what cannot wait leaves all the same."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from kernel import gateways
from notices import kinds, operations, quiet, sending
from notices.models import Delivery, Notice
from tests import factories
from tests.factories import NOW
from tests.notices.test_sending import at

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORDS = {"title": "沙龙", "when": NOW, "venue": "A座", "how": "签到码在“我的报名”里。"}


def clock(text, day=0):
    """Return a moment by Shanghai's clock, on the day of NOW or `day` days after it."""
    hour, minute = map(int, text.split(":"))
    return NOW.astimezone(SHANGHAI).replace(hour=hour, minute=minute) + timedelta(days=day)


TODAY, TOMORROW = clock("10:00"), clock("10:00", 1)


@pytest.mark.parametrize(
    ("due", "queued", "essential", "needed_by", "leaves"),
    [
        (clock("09:00"), TODAY, False, None, clock("09:00")),
        (clock("21:59"), TODAY, False, None, clock("21:59")),
        # planned for the night: the nearer of evening and morning
        (clock("22:00"), TODAY, False, None, clock("21:00")),
        (clock("02:59", 1), TODAY, False, None, clock("21:00")),
        (clock("03:01", 1), TODAY, False, None, clock("09:00", 1)),
        # too late in the morning
        (clock("08:00", 1), TODAY, False, clock("09:00", 1), clock("09:00", 1)),
        (clock("08:00", 1), TODAY, False, clock("08:59", 1), clock("21:00")),
        # queued at night
        (clock("23:00"), clock("23:00"), False, None, clock("09:00", 1)),
        (clock("23:00"), clock("23:00"), False, clock("08:30", 1), None),
        (clock("02:00", 1), clock("02:00", 1), True, clock("08:30", 1), clock("02:00", 1)),
        (clock("02:00", 1), clock("02:00", 1), True, clock("09:00", 1), clock("09:00", 1)),
        (clock("02:00", 1), clock("02:00", 1), True, None, clock("02:00", 1)),
    ],
)
def test_when_a_message_leaves(due, queued, essential, needed_by, leaves):
    assert quiet.leaves_at(due, queued, essential=essential, needed_by=needed_by) == leaves


@pytest.mark.parametrize(
    ("due", "now", "essential", "good_until", "until"),
    [
        (clock("21:00"), clock("21:59"), False, None, None),
        (clock("21:00"), clock("22:00"), False, None, clock("09:00", 1)),
        (clock("23:00"), clock("23:10"), False, None, None),  # was to leave at night
        (clock("21:00"), clock("22:00"), True, None, None),
        (clock("21:00"), clock("22:00"), True, clock("09:00", 2), None),
        (clock("21:00"), clock("22:00"), True, clock("09:01", 2), clock("09:00", 1)),
    ],
)
def test_what_comes_up_late_waits_for_the_morning(due, now, essential, good_until, until):
    held = quiet.held_until(due, now, essential=essential, good_until=good_until)
    assert held == until


@pytest.mark.parametrize(
    ("due", "later", "again"),
    [
        (clock("21:00"), clock("21:32"), clock("21:32")),
        (clock("21:50"), clock("22:22"), clock("09:00", 1)),
        (clock("23:00"), clock("23:32"), clock("23:32")),
    ],
)
def test_a_second_try_wakes_nobody_either(due, later, again):
    assert quiet.retry_at(due, later) == again


def willing():
    """Return a user who agreed to messages."""
    person = factories.user()
    factories.consent(person, "messages")
    return person


def queue(kind, person, now, **fields):
    """Queue a letter at `now`; returns the notice."""
    words = {name: WORDS[name] for name in kinds.kind(kind).placeholders}
    (notice,) = operations.queue_all(
        [operations.Letter(kind, person, "1", words, **fields)], at=now
    )
    return notice


def moments(notice):
    """Return when the inbox shows it, and when its SMS or mail leaves."""
    rows = Notice.objects.filter(pk=notice.pk)
    return rows.values_list("due_at", flat=True).get(), list(
        notice.deliveries.values_list("due_at", flat=True)
    )


@pytest.mark.django_db
def test_the_inbox_shows_at_once_what_her_phone_gets_in_the_morning():
    night = clock("23:00")
    notice = queue("events.booked", willing(), night)
    assert moments(notice) == (night, [clock("09:00", 1)])


@pytest.mark.django_db
def test_what_was_planned_for_the_night_comes_at_one_moment_everywhere():
    notice = queue("events.reminder_day", willing(), NOW, due_at=clock("23:00"))
    assert moments(notice) == (clock("21:00"), [clock("21:00")])


@pytest.mark.django_db
def test_what_would_come_too_late_is_in_the_inbox_alone():
    night = clock("23:00")
    notice = queue("events.booked", willing(), night, good_until=clock("08:00", 1))
    assert moments(notice) == (night, [])


@pytest.mark.django_db
def test_a_sender_that_was_away_in_the_evening_sends_nothing_at_night(settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path
    queue("events.reminder_day", willing(), NOW, due_at=clock("21:00"))
    assert sending.send_due(clock=at(clock("02:00", 1))) == 0
    rows = Delivery.objects.values_list("state", "due_at", "attempts")
    assert (list(rows), gateways.outbox()) == ([("pending", clock("09:00", 1), 0)], [])
    assert sending.send_due(clock=at(clock("08:59", 1))) == 0
    assert sending.send_due(clock=at(clock("09:00", 1))) == 1


@pytest.mark.django_db
def test_what_has_to_be_known_before_the_morning_leaves_at_night(settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path
    night = clock("23:00")
    queue("events.promoted", factories.user(), night, needed_by=clock("08:00", 1))
    assert sending.send_due(clock=at(night)) == 1


@pytest.mark.django_db
def test_what_became_untrue_while_a_worker_had_it_does_not_leave_after_it_died():
    """The run is found dead and given back; its notice was overtaken meanwhile."""
    person = willing()
    queue("events.reminder_day", person, NOW)
    Delivery.objects.update(state="sending")
    operations.overtake_all(to=[person], kinds=["events.reminder_day"], about=[1], at=NOW)
    Delivery.objects.update(state="pending")
    assert sending.send_due(clock=at(NOW)) == 0
    assert list(Delivery.objects.values_list("state", "error_code")) == [("dropped", "withdrawn")]
