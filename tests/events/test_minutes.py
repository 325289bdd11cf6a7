"""In and out: minutes inside, counted once, whatever was noted twice, late or not at all."""

from datetime import timedelta
from uuid import uuid4

import pytest

from events import minutes, operations
from events.models import Booking, Passage
from kernel.errors import Conflict, Invalid, Refused
from tests import factories

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def event():
    return factories.event(kind="training")  # 14:00 to 16:00 in Chongqing


@pytest.fixture
def start(event):
    return event.starts_at


@pytest.fixture
def booking(event):
    return factories.booking(event)


@pytest.fixture
def go(booking, event):
    """Return a function that lets her go in or out at a moment, noted then or later."""

    def step(way, at, noted_at=None, scan_id=None):
        operation = {"in": operations.check_in, "out": operations.check_out}[way]
        return operation(
            booking=booking, by=event.organiser, now=noted_at or at, at=at, scan_id=scan_id
        )

    return step


def inside(booking):
    return minutes.minutes_inside(Booking.objects.select_related("event").get(pk=booking.pk))


def noted(booking):
    return minutes.times_noted(Booking.objects.get(pk=booking.pk))


def test_leaving_and_coming_back_are_two_times_and_only_the_programme_counts(go, booking, start):
    go("in", start - 20 * MINUTE)
    go("out", start + 30 * MINUTE)
    go("in", start + 45 * MINUTE)
    go("out", start + 3 * HOUR)
    assert inside(booking) == 30 + 75
    assert len(noted(booking)) == 2


def test_several_helpers_count_her_once(go, booking, start):
    for minute in (0, 1, 2):
        go("in", start + minute * MINUTE)
    assert [go("out", start + m * MINUTE) for m in (60, 61)] == [True, False]
    assert (inside(booking), Passage.objects.count()) == (60, 2)
    assert booking.talent.points_account.balance == 10


@pytest.mark.parametrize(
    "order", [(0, 1, 2, 3), (0, 1, 3, 2), (0, 2, 1, 3), (2, 0, 3, 1), (2, 3, 0, 1)]
)
def test_what_phones_tell_late_and_out_of_order_comes_to_the_same(go, booking, start, order):
    steps = [("in", 0), ("out", 30), ("in", 40), ("out", 100)]
    for step in order:
        way, minute = steps[step]
        go(way, start + minute * MINUTE, noted_at=start + 3 * HOUR, scan_id=uuid4())
    assert inside(booking) == 90
    booking.refresh_from_db()
    assert booking.checked_in_at == start


def test_no_check_out_never_means_extra_hours(go, booking, event, start):
    go("in", start)
    assert inside(booking) == 0
    operations.check_out_all(event=event, by=event.organiser, now=start + HOUR)
    assert inside(booking) == 60


def test_a_salon_without_check_out_lasts_to_its_end_and_no_longer(go, booking, event, start):
    event.kind = "salon"
    event.save()
    go("in", start + 10 * MINUTE)
    assert inside(booking) == 110


def test_a_night_between_two_days_counts_nothing(start):
    event = factories.event(kind="salon", ends_at=start + timedelta(days=1, hours=2))
    booking, by = factories.booking(event), event.organiser
    operations.check_in(booking=booking, by=by, now=start)
    tomorrow = start + timedelta(days=1)
    arrival = operations.check_in(booking=booking, by=by, now=tomorrow)
    assert (arrival.again, inside(booking)) == (False, 0)
    operations.check_out(booking=booking, by=by, now=tomorrow + HOUR)
    assert inside(booking) == 60


def test_all_are_checked_out_at_once_and_back(event, start):
    women = [factories.booking(event) for _ in range(3)]
    for booking in women[:2]:
        operations.check_in(booking=booking, by=event.organiser, now=start)
    step, then = {"event": event, "by": event.organiser}, start + HOUR
    assert operations.check_out_all(**step, now=then) == 2
    assert operations.check_out_all(**step, now=then + MINUTE) == 0
    assert [inside(booking) for booking in women] == [60, 60, 0]
    assert operations.undo_check_out_all(**step, noted_at=then, now=then + MINUTE) == 2
    assert operations.undo_check_out_all(**step, noted_at=then, now=then + MINUTE) == 0
    assert [inside(booking) for booking in women] == [0, 0, 0]


def test_a_check_out_is_taken_back(go, booking, event, start):
    go("in", start)
    go("out", start + HOUR)
    step = {"booking": booking, "by": event.organiser, "now": start + HOUR}
    assert operations.undo_check_out(**step) is True
    assert operations.undo_check_out(**step) is False
    assert noted(booking) == [(start, None)]


def test_undoing_the_check_in_takes_all_times_back(go, booking, event, start):
    scan = uuid4()
    go("in", start, scan_id=scan)
    go("out", start + HOUR)
    operations.undo_check_in(booking=booking, by=event.organiser, now=start + HOUR)
    assert noted(booking) == []
    with pytest.raises(Conflict) as refused:  # the phone sends it again
        go("in", start, noted_at=start + HOUR, scan_id=scan)
    assert (refused.value.code, noted(booking)) == ("scan_taken_back", [])


def test_she_who_did_not_come_cannot_leave(go, booking, start):
    with pytest.raises(Conflict) as refused:
        go("out", start)
    assert refused.value.code == "not_inside"


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (-5 * MINUTE, -5 * MINUTE),
        (5 * MINUTE, timedelta()),  # not in the future
    ],
)
def test_a_scans_own_time_counts_where_it_can_be(booking, event, start, ahead, expected):
    step = {"booking": booking, "by": event.organiser, "now": start}
    operations.check_in(**step, at=start + ahead)
    assert Passage.objects.get().at == start + expected


@pytest.mark.parametrize("way", ["in", "out"])
def test_a_scan_of_the_day_before_stays_refused_when_it_is_sent_on_the_day(go, event, start, way):
    scan, yesterday = uuid4(), start - 24 * HOUR
    for sent in (yesterday, start):
        with pytest.raises(Conflict) as refused:
            go(way, yesterday, noted_at=sent, scan_id=scan)
        assert (refused.value.code, Passage.objects.count()) == ("door_not_open", 0)


def test_a_scan_counts_on_its_own_day_of_a_long_event(start):
    event = factories.event(starts_at=start, ends_at=start + timedelta(days=3))
    booking = factories.booking(event)
    late = start + timedelta(days=2)
    operations.check_in(booking=booking, by=event.organiser, now=late, at=start)
    assert Passage.objects.get().at == start


def test_staff_put_times_right_and_back(go, booking, event, start):
    go("in", start)
    step = {"booking": booking, "by": event.organiser, "now": start + 3 * HOUR}
    times = [(start + HOUR, start + 2 * HOUR), (start, start + 30 * MINUTE)]
    operations.correct_times(**step, times=times, reason="手机没电，同事证明")
    operations.correct_times(**step, times=times, reason="手机没电，同事证明")
    assert (inside(booking), Passage.objects.count()) == (90, 5)
    assert operations.undo_correction(**step) is True
    assert operations.undo_correction(**step) is False
    assert noted(booking) == [(start, None)]


@pytest.mark.parametrize(
    ("times", "code"),
    [
        ([], "times_missing"),
        ([(60, 30)], "times_reversed"),
        ([(0, 600)], "times_in_future"),
        ([(-2000, 30)], "times_outside"),
    ],
)
def test_times_that_cannot_be_are_refused(go, booking, event, start, times, code):
    go("in", start)
    moments = [(start + a * MINUTE, start + b * MINUTE) for a, b in times]
    step = {"booking": booking, "by": event.organiser, "now": start + 3 * HOUR}
    with pytest.raises(Invalid) as refused:
        operations.correct_times(**step, times=moments, reason="手机没电，同事证明")
    assert refused.value.code == code


def test_nobody_notes_her_own_times(start):
    event = factories.event(kind="training")
    talent = factories.talent(user=event.organiser)
    booking = factories.booking(event, talent)
    operations.check_in(booking=booking, by=None, now=start)
    own = {"booking": booking, "by": event.organiser, "now": start + HOUR}
    with pytest.raises(Refused):
        operations.check_out(**own)
    with pytest.raises(Refused):
        operations.correct_times(**own, times=[(start, start + HOUR)], reason="我一直都在")
    assert operations.check_out_all(event=event, by=event.organiser, now=start + HOUR) == 0


def test_minutes_of_each_session_and_side_by_side_ones_once(go, booking, event, start):
    for title, room, begin, end in (
        ("甲", "一", 0, 60),
        ("乙", "二", 30, 90),
        ("丙", "一", 100, 120),
    ):
        event.sessions.create(
            title=title, room=room, starts_at=start + begin * MINUTE, ends_at=start + end * MINUTE
        )
    go("in", start + 10 * MINUTE)
    go("out", start + 110 * MINUTE)
    assert inside(booking) == 80 + 10
    by_session = minutes.minutes_by_session(Booking.objects.get())
    assert [(s.title, m) for s, m in by_session.items()] == [("甲", 50), ("乙", 60), ("丙", 10)]


def test_the_latest_step_is_undone_one_after_the_other(go, booking, event, start):
    for way, minute in (("in", 0), ("out", 30), ("in", 40)):
        go(way, start + minute * MINUTE)
    stages = []
    for _ in range(4):
        operations.undo_latest(booking=booking, by=event.organiser, now=start + HOUR)
        stages.append(noted(booking))
    assert stages == [[(start, start + 30 * MINUTE)], [(start, None)], [], []]


def test_of_several_events_what_overlaps_counts_once(go, booking, event, start):
    """A programme adds up times, not minutes: two events at a time taught her once."""
    go("in", start)
    go("out", start + 60 * MINUTE)
    other = factories.booking(
        factories.event(kind="training", starts_at=start + 30 * MINUTE), booking.talent
    )
    operations.check_in(
        booking=other, by=other.event.organiser, now=start + 40 * MINUTE, at=start + 40 * MINUTE
    )
    operations.check_out(booking=other, by=other.event.organiser, now=start + 90 * MINUTE)
    both = [Booking.objects.get(pk=one.pk) for one in (booking, other)]
    assert [minutes.minutes_inside(one) for one in both] == [60, 50]
    times = minutes.merged([span for one in both for span in minutes.times_counted(one)])
    assert minutes.whole_minutes(times) == 90
