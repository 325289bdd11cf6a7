"""Days, months and years are those of Asia/Shanghai."""

from datetime import UTC, date, datetime

import pytest

from kernel import days

OCTOBER = date(2026, 10, 1)
LATE = datetime(2026, 10, 31, 16, tzinfo=UTC)  # 1 November 00:00 in Chongqing


def test_a_month_begins_and_ends_at_midnight_of_shanghai():
    assert days.month_bounds(OCTOBER) == (datetime(2026, 9, 30, 16, tzinfo=UTC), LATE)
    assert (days.month_of(LATE), days.midnight(LATE)) == (date(2026, 11, 1), LATE)


@pytest.mark.parametrize(
    ("count", "month"), [(-1, date(2026, 9, 1)), (-11, date(2025, 11, 1)), (3, date(2027, 1, 1))]
)
def test_months_before_and_after(count, month):
    assert days.months_after(OCTOBER, count) == month
    assert days.months_between(OCTOBER, month) == count


def test_a_year_begins_on_the_first_of_january_of_shanghai():
    new_year = datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert days.year_bounds(LATE) == (new_year, datetime(2026, 12, 31, 16, tzinfo=UTC))
    assert days.year_bounds(new_year)[0] == new_year


def test_a_month_after_the_31st_ends_on_the_last_day_of_a_shorter_month():
    january = datetime(2027, 1, 31, 2, tzinfo=UTC)
    assert days.end_of_day(january, months=1) == datetime(2027, 2, 28, 15, 59, 59, tzinfo=UTC)
    assert days.end_of_day(january, days=1) == datetime(2027, 2, 1, 15, 59, 59, tzinfo=UTC)
