"""Trying to undo the monthly report: by subtraction, between two months, between two versions of one.

Staff of every department read it. The control of each attack is the same attack on the exact figures.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from kernel.portal import People, PeopleBy, Things
from privacy.models import ReleasedTable
from reports import figures
from reports.release import let_out
from talents.models import Talent
from tests import factories
from tests.care_points import make
from tests.reports.exact import exact_month

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 20, 2, tzinfo=UTC)
DAY = timedelta(days=1)
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
IN_OCTOBER, IN_NOVEMBER = (
    datetime(2026, 10, 15, 4, tzinfo=UTC),
    datetime(2026, 11, 15, 4, tzinfo=UTC),
)
# What one month tells otherwise than the next where nobody came and nobody went.
OF_THE_MONTH = {"trend", "new", "confirmed", "flows"}


def women(number, discipline, at=IN_OCTOBER):
    """Take in so many women of a discipline."""
    fields = {"discipline": discipline, "title_level": "senior", "verified_at": at, "user": None}
    return [factories.talent(full_name=f"王{n}", **fields) for n in range(number)]


def told(month, now=NOW):
    """Return what the report says of the women of the database."""
    return figures.monthly(month, now=now)["talents"]


def stock(found):
    """Return of the figures of a month those that stand."""
    return {name: figure for name, figure in found.items() if name not in OF_THE_MONTH}


def moved(before, after):
    """Return the numbers that are told otherwise the second time: {path: difference}."""
    pairs = {name: (before[name], after[name]) for name in before}
    for name in [name for name, (old, _new) in pairs.items() if isinstance(old, dict)]:
        old, new = pairs.pop(name)
        pairs |= {
            f"{name}.{code}": (old.get(code), new.get(code)) for code in old.keys() | new.keys()
        }
    return {path: (new or 0) - (old or 0) for path, (old, new) in pairs.items() if old != new}


# --- subtraction -----------------------------------------------------------------------------------


def left_for(code, total, cells, whole_tens, rest_is_empty):
    """Return the values below ten a cell that is not told may have.

    Arguments:
        whole_tens: a number that is told stands for itself and the nine above it; else for itself.
        rest_is_empty: the attacker knows that nobody is in the other cells that are not told.
    """
    loose = 9 if whole_tens else 0
    shown = [n for other, n in cells.items() if n and other != code]
    others = 0 if rest_is_empty else 9 * (len(cells) - len(shown) - 1)
    least = total - sum(n + loose for n in shown) - others
    return {n for n in range(10) if least <= n <= total + loose - sum(shown)}


def test_nine_women_of_one_discipline_are_not_found_by_subtraction():
    women(31, "520")
    women(9, "320")
    exact = exact_month(OCTOBER)["talents"]
    closed = exact["by_discipline"] | {"320": None}
    # Control: a small cell of exact figures that is closed is the total less the others.
    assert left_for("320", exact["total"], closed, whole_tens=False, rest_is_empty=True) == {9}
    found = told(OCTOBER)
    cells = found["by_discipline"]
    assert (found["total"], cells["520"], cells["320"]) == (40, 30, None)
    assert left_for("320", found["total"], cells, True, rest_is_empty=False) == set(range(10))
    # Whoever knows that there are no others learns that somebody is there, and nothing of how many.
    assert left_for("320", found["total"], cells, True, rest_is_empty=True) == set(range(1, 10))


def test_no_number_of_people_from_one_to_nine_is_told_anywhere():
    women(9, "320")
    women(4, "520", at=IN_NOVEMBER)
    held = factories.event(starts_at=IN_OCTOBER, capacity=20)
    for _ in range(9):
        factories.booking(held, now=IN_OCTOBER - DAY)
    make.give(factories.talent(), 50)
    exact = exact_month(OCTOBER)
    assert exact["talents"]["total"] == exact["events"]["booked"] == 9  # control
    for month in (OCTOBER, NOVEMBER):
        parts = figures.monthly(month, now=NOW)
        counted = figures.parts().items()
        of_people = {
            (app, name): parts[app][name]
            for app, part in counted
            for name, figure in part.monthly(IN_OCTOBER, IN_NOVEMBER).items()
            if not isinstance(figure, Things)
        }
        assert of_people
        for path, value in of_people.items():
            for number in numbers(value):
                assert number % 10 == 0 and number >= 10, path


def numbers(value):
    """Yield every number in a figure."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from numbers(one)
    elif value is not None and not isinstance(value, str):
        yield value


# --- two months, two versions ----------------------------------------------------------------------


@pytest.mark.parametrize("people", [0, 8, 12, 23])
def test_one_woman_who_joins_moves_nothing_between_two_months(people):
    women(people, "520")
    october = told(OCTOBER)
    women(1, "320", at=IN_NOVEMBER)
    exact = [exact_month(month)["talents"] for month in (OCTOBER, NOVEMBER)]
    assert moved(*map(stock, exact))["by_discipline.320"] == 1  # control
    november = told(NOVEMBER, NOW + DAY)
    assert moved(stock(october), stock(november)) == {}
    assert (november["new"], november["trend"][-1]) == (None, ["2026-11-01", None])
    assert november["trend"][-2] == october["trend"][-1]


@pytest.mark.parametrize("people", [0, 8, 12, 23])
def test_one_woman_more_moves_nothing_between_two_versions_of_a_month(people):
    women(people, "520")
    first, exact = told(OCTOBER), exact_month(OCTOBER)["talents"]
    late = women(1, "320")
    assert moved(exact, exact_month(OCTOBER)["talents"])["by_discipline.320"] == 1  # control
    assert told(OCTOBER, NOW + DAY) == first
    Talent.objects.filter(pk=late[0].pk).update(state="draft", verified_at=None)
    assert told(OCTOBER, NOW + 2 * DAY) == first


def test_on_the_border_of_a_ten_one_woman_moves_nothing_by_going():
    twenty = women(20, "520")
    october = told(OCTOBER)
    assert (october["total"], october["by_discipline"]["520"]) == (20, 20)
    Talent.objects.filter(pk=twenty[0].pk).update(state="draft", verified_at=None)
    assert moved(stock(october), stock(told(NOVEMBER, NOW + DAY))) == {}
    assert exact_month(NOVEMBER)["talents"]["total"] == 19  # control
    # Nor when most have gone: the last one who goes does not make it vanish.
    Talent.objects.filter(pk__in=[woman.pk for woman in twenty[1:]]).update(
        state="draft", verified_at=None
    )
    gone = told(date(2026, 12, 1), NOW + 2 * DAY)
    assert (gone["total"], gone["by_discipline"]["520"]) == (10, 10)


def test_months_keep_the_rule_between_them_in_whatever_order_they_are_asked_for():
    women(19, "520")
    women(1, "520", at=IN_NOVEMBER)
    november = told(NOVEMBER)
    assert november["total"] == 20
    october = told(OCTOBER)
    assert moved(stock(november), stock(october)) == {}
    # Control: a month that knows of no other.
    ReleasedTable.objects.all().delete()
    assert told(OCTOBER)["total"] == 10


def test_what_is_told_moves_by_ten_women_at_least():
    women(12, "520")
    october = told(OCTOBER)
    women(10, "320", at=IN_NOVEMBER)
    november = told(NOVEMBER)
    assert moved(stock(october), stock(november)) == {
        "total": 10,
        "by_title.senior": 10,
        "by_discipline.320": 10,
        "by_education.unspecified": 10,
        "by_department.区妇联": 10,
    }
    assert (november["new"], november["trend"][-1]) == (10, ["2026-11-01", 10])


# --- what women have and do ------------------------------------------------------------------------


def test_points_move_when_ten_women_stand_behind_them():
    for _ in range(10):
        make.give(factories.talent(), 50, now=IN_OCTOBER)
    one = factories.talent()
    make.give(one, 1000, now=IN_NOVEMBER)

    def outstanding(month):
        return figures.monthly(month, now=NOW)["care_points"]["outstanding"]

    assert [outstanding(month) for month in (OCTOBER, NOVEMBER)] == [500, 500]
    assert exact_month(NOVEMBER)["care_points"]["outstanding"] == 1500  # control
    assert figures.monthly(NOVEMBER, now=NOW)["care_points"]["earned"] is None
    for _ in range(9):
        make.give(factories.talent(), 100, now=IN_NOVEMBER)
    ReleasedTable.objects.filter(month=NOVEMBER).delete()
    assert outstanding(NOVEMBER) == 2400
    # The month before asked for after it, by the women between the two.
    ReleasedTable.objects.filter(month=OCTOBER).delete()
    assert outstanding(OCTOBER) == 500


def test_one_woman_with_many_seats_is_not_told():
    one = factories.talent()
    for _ in range(12):
        held = factories.event(starts_at=IN_OCTOBER, capacity=20)
        factories.booking(held, one, now=IN_OCTOBER - DAY)
    assert exact_month(OCTOBER)["events"]["booked"] == 12  # control
    assert figures.monthly(OCTOBER, now=NOW)["events"]["booked"] is None
    for _ in range(9):
        factories.booking(held, now=IN_OCTOBER - DAY)
    later = figures.monthly(OCTOBER, now=NOW + DAY)["events"]
    assert (later["booked"], later["capacity"]) == (20, 240)


# --- what an app forgets ---------------------------------------------------------------------------


def test_a_figure_that_is_declared_as_nothing_is_refused():
    def out(**counted):
        return let_out("t", counted, month=OCTOBER, now=NOW)

    assert out(held=Things(3), came=People(12)) == {"held": 3, "came": 10}
    for forgotten in (3, {"a": 3}, None, [3], PeopleBy({"a": 12}, ("a",), of="nothing")):
        with pytest.raises(TypeError):
            out(held=Things(3), women=forgotten)


TOLD = ("total", "women")


def test_what_is_told_exactly_is_what_the_programme_offers():
    """Whoever adds a figure here says that no woman can move it by what she is or does."""
    exactly = {
        app: {
            name
            for name, figure in part.monthly(IN_OCTOBER, IN_NOVEMBER).items()
            if isinstance(figure, Things)
        }
        for app, part in figures.parts().items()
    }
    assert {app: names for app, names in exactly.items() if names} == {
        "events": {"held", "womens_track", "cancelled", "capacity", "by_kind", "by_measure"},
        "advisory": {"consultations"},
        # Women's share is what an association's own lists say on a day, entered by one person and confirmed by another.
        "networks": {
            "associations",
            "overdue",
            *(f"{rung}_{of}" for rung in ("council", "standing", "leader") for of in TOLD),
        },
    }
