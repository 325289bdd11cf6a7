"""Free times against a model that looks at each minute, and at each thing that takes a time away."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from care_points import operations, slots
from care_points.models import Leave
from places.hours import parse_week
from tests.care_points import make
from tests.factories import NOW

EACH = settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
DAY = 144  # a day in steps of ten minutes


def spans(most):
    """A few spans of a day, in order, none overlapping."""
    edges = st.lists(st.integers(0, DAY), max_size=2 * most, unique=True).map(sorted)
    return edges.map(lambda cut: [tuple(cut[n : n + 2]) for n in range(0, len(cut) - 1, 2)])


def naive(working, off, busy, length, gap):
    """Look at every minute of every time of the grid."""

    def inside(minute, stretches):
        return any(a <= minute < b for a, b in stretches)

    found = []
    for begin, end in working:
        for start in range(begin, end, length + gap):
            lasts, held = range(start, start + length), range(start, start + length + gap)
            if (
                all(begin <= minute < end for minute in lasts)
                and not any(inside(minute, off) for minute in lasts)
                and not any(inside(minute, busy) for minute in held)
            ):
                found.append(start)
    return found


@EACH
@given(spans(3), spans(2), spans(4), st.integers(1, 12), st.integers(0, 4))
def test_free_starts_are_those_of_a_model_that_looks_at_each_minute(work, off, busy, length, gap):
    assert slots.free_starts(work, off, busy, length, gap) == naive(work, off, busy, length, gap)


@EACH
@given(spans(3), spans(3))
def test_both_are_the_minutes_that_lie_in_each(first, second):
    minutes = {m for a, b in slots.both(first, second) for m in range(a, b)}
    assert minutes == {
        m
        for m in range(DAY)
        if any(a <= m < b for a, b in first) and any(a <= m < b for a, b in second)
    }


def times(service, day, now=NOW, **asked):
    """The free times of a day as 9:00, …."""
    found = slots.free_times(service, day, day, now, **asked).get(day, {})
    return [
        f"{start.astimezone(make.slot('2026-11-24 09:00').starts_at.tzinfo):%H:%M}"
        for start in found
    ]


TUESDAY = date(2026, 11, 24)


@pytest.mark.django_db
def test_what_takes_a_time_away(woman):
    service = make.timed()
    teacher = make.provider(service)
    place = service.station.place
    assert times(service, TUESDAY) == ["09:00", "10:00", "11:00", "14:00", "15:00", "16:00"]
    make.book(woman, service, "2026-11-24 10:00")
    assert times(service, TUESDAY) == ["09:00", "11:00", "14:00", "15:00", "16:00"]
    Leave.objects.create(
        provider=teacher,
        starts_at=make.slot("2026-11-24 15:30").starts_at,
        ends_at=make.slot("2026-11-24 16:10").starts_at,
        reason="培训",
    )
    assert times(service, TUESDAY) == ["09:00", "11:00", "14:00"]
    other = place.other_hours.create(
        first_day=TUESDAY, last_day=TUESDAY, spans=[[540, 660]], reason="盘点"
    )
    assert times(service, TUESDAY) == ["09:00"]
    other.delete()
    assert times(service, TUESDAY, now=make.slot("2026-11-24 09:00").starts_at) == [
        "11:00",
        "14:00",
    ]
    assert times(service, date(2026, 11, 28)) == []  # a Saturday
    assert times(service, date(2026, 10, 1), now=make.slot("2026-09-20 09:00").starts_at) == []
    teacher.vetted_until = TUESDAY - timedelta(days=1)
    teacher.save()
    assert times(service, TUESDAY) == []


@pytest.mark.django_db
def test_a_time_that_cannot_be_had_is_refused_in_a_sentence_and_leaves_nothing(woman):
    service, other = make.timed(), make.timed()
    teacher, stranger = make.provider(service), make.provider(other)
    friend = make.factories.talent()
    make.give(friend, 100)
    make.book(friend, service, "2026-11-24 09:00")
    for at, whom, code in (
        ("2026-11-24 09:00", None, "slot_taken"),
        ("2026-11-20 09:00", None, "slot_past"),
        ("2026-11-24 09:10", None, "slot_unavailable"),
        ("2026-11-24 20:00", None, "slot_closed"),
        ("2026-11-28 09:00", None, "slot_closed"),
        ("2027-11-24 09:00", None, "slot_too_far"),
        ("2026-11-24 10:00", stranger, "slot_unavailable"),
    ):
        with pytest.raises(operations.spending.DomainError) as refused:
            make.book(woman, service, at, whom)
        assert (refused.value.code, make.balance(woman)) == (code, 100)
    with pytest.raises(operations.spending.DomainError) as refused:
        make.redeem(woman, service)
    assert (refused.value.code, woman.redemptions.count()) == ("slot_missing", 0)
    teacher.user = woman.user  # nobody is booked with herself
    teacher.save()
    with pytest.raises(operations.spending.DomainError) as refused:
        make.book(woman, service, "2026-11-24 10:00")
    assert refused.value.code == "slot_unavailable"
    assert teacher.appointments.count() == 1


@pytest.mark.django_db
def test_any_provider_means_the_one_with_the_fewest_that_month(woman):
    service = make.timed(cost=1)
    first, second = make.provider(service), make.provider(service)
    busy = make.provider(service, weekly="周五 9:00-10:00")
    booked = [
        make.book(woman, service, at).appointment.provider
        for at in ("2026-11-24 09:00", "2026-11-24 10:00", "2026-11-25 09:00", "2026-11-25 09:00")
    ]
    assert booked == [first, second, first, second]
    assert make.book(woman, service, "2026-11-27 09:00").appointment.provider == busy
    assert parse_week("周五 9:00-10:00") == busy.weekly
