"""Counts that point at nobody."""

import json
import re
from datetime import UTC, datetime, timedelta
from itertools import product
from threading import Barrier, Thread

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from events.models import Booking
from privacy.disclosure import protect
from privacy.models import ReleasedTable
from privacy.release import release, release_total
from talents.models import Talent
from tests import factories

pytestmark = pytest.mark.django_db
IN_OCTOBER = datetime(2026, 10, 15, 4, tzinfo=UTC)


def test_small_cells_are_left_out_with_enough_company():
    # One small cell alone would be the total minus the rest, so the next smallest goes with it.
    assert protect({"a": 50, "b": 20, "c": 3}) == {"a": 50, "b": None, "c": None}
    # Two small cells that hold ten together need no company.
    assert protect({"a": 50, "b": 4, "c": 6}) == {"a": 50, "b": None, "c": None}
    # Two that hold fewer still do.
    assert protect({"a": 50, "b": 4, "c": 5}) == {"a": None, "b": None, "c": None}
    assert protect({"a": 50, "b": 10}) == {"a": 50, "b": 10}
    assert protect({"a": 0, "b": 12}) == {"b": 12}
    assert protect({"a": 9}) == {"a": None}
    assert protect({}) == {}


def test_no_left_out_cell_can_be_computed_from_the_total():
    """Every table of three cells up to 14: what is hidden is at least two cells of ten people."""
    for counts in product(range(15), repeat=3):
        table = dict(zip("abc", counts, strict=True))
        shown = protect(table)
        assert all(n is None or n >= 10 for n in shown.values())
        hidden = [code for code, n in shown.items() if n is None]
        left = sum(counts) - sum(n for n in shown.values() if n)
        if hidden and sum(counts) >= 10:
            alone = len([n for n in counts if n]) == 1
            assert alone or (len(hidden) >= 2 and left >= 10)


def read(partner):
    answer = partner.get("/statistics/")
    assert answer.status_code == 200
    return answer, json.loads(answer.content)


def test_statistics_count_verified_people_only(partner):
    for _ in range(11):
        factories.talent(title_level="senior", discipline="520", unit=partner.unit)
    factories.talent(title_level="primary", discipline="320")
    factories.talent(state="submitted", title_level="senior")
    _answer, shown = read(partner)
    assert shown["minimum_cell"] == 10
    assert shown["talents"]["total"] == 10
    assert shown["talents"]["title_level"] == {"senior": 10}
    assert shown["talents"]["unit_kind"] == {"enterprise": 10}
    assert shown["talents"]["industry"] == {"unspecified": 10}
    assert shown["events"] == {
        "held": 0,
        "upcoming": 0,
        "cancelled": 0,
        "booked": None,
        "attended": None,
    }
    assert shown["points"] == {"earned": None, "redeemed": None}


def test_who_left_the_district_is_not_counted(partner):
    for _ in range(9):
        factories.talent()
    for _ in range(5):
        factories.talent(moved_away_on=factories.NOW.date())
    assert read(partner)[1]["talents"]["total"] is None
    factories.talent()
    a_day_later()
    assert read(partner)[1]["talents"]["total"] == 10


def test_the_age_is_said_and_the_figures_are_counted_once_a_day(partner):
    first, shown = read(partner)
    assert first.headers["Age"] == "0"
    for _ in range(12):
        factories.talent()
    again, kept = read(partner)
    assert kept == shown
    assert again.headers["ETag"] == first.headers["ETag"]
    cache.clear()
    assert read(partner)[1]["talents"]["total"] is None
    a_day_later()
    assert read(partner)[1]["talents"]["total"] == 10


def a_day_later():
    """Let a day go by since the figures were last looked at."""
    cache.clear()
    for table in ReleasedTable.objects.all():
        ReleasedTable.objects.filter(pk=table.pk).update(
            looked_at=table.looked_at - timedelta(days=1)
        )


# --- an attacker who reads before and after one woman registers ------------------------------------


def outside(partner):
    """Return everything figures are read from outside: the API, the home page, the file for others."""
    a_day_later()
    answer = json.loads(partner.get("/statistics/").content)
    answer.pop("as_of")
    home = re.findall(r"<dd>\s*(\d+)\s*</dd>", Client().get("/").content.decode())
    return answer, home


@pytest.mark.parametrize("people", [0, 8, 12, 23])
def test_one_woman_who_registers_moves_nothing_outside(partner, people):
    for _ in range(people):
        factories.talent(title_level="senior", discipline="520")
    before, raw = outside(partner), Talent.objects.verified().count()
    # A field of her own: an empty cell must not appear either.
    joiner = factories.talent(title_level="primary", discipline="320", full_name="新来")
    after = outside(partner)
    assert after == before
    assert Talent.objects.verified().count() == raw + 1  # control: the count itself moved
    Talent.objects.filter(pk=joiner.pk).update(state="draft", verified_at=None)
    assert outside(partner) == before


def test_a_figure_moves_once_ten_joined_and_stays_when_one_of_them_leaves(partner):
    women = [factories.talent(title_level="senior") for _ in range(19)]
    assert outside(partner)[0]["talents"]["total"] == 10
    women.append(factories.talent(title_level="senior"))
    assert outside(partner)[0]["talents"]["total"] == 20
    for left, released in ((1, 20), (9, 20), (10, 10)):
        gone = [woman.pk for woman in women[:left]]
        Talent.objects.filter(pk__in=gone).update(state="draft", verified_at=None)
        assert outside(partner)[0]["talents"]["title_level"] == {"senior": released}


def test_no_difference_of_figures_moves_by_fewer_than_ten():
    """Ten join one cell and one another: an exact total less the first part would give the one away."""
    days = (factories.NOW + timedelta(days=n) for n in range(100))
    shown = []
    for a, b in ((60, 40), (70, 41), (79, 41), (80, 49), (80, 50)):
        now = next(days)
        cells = release("t.cells", {"a": a, "b": b}, now=now)
        total = release_total("t.total", a + b, now=now)
        shown.append((total, total - cells["a"], total - cells["a"] - cells["b"]))
    assert shown == [(100, 40, 0), (110, 40, 0), (120, 50, 10), (120, 40, 0), (130, 50, 0)]


def test_a_figure_of_few_people_does_not_move_however_large_it_is():
    """One woman earns a thousand points; ten women earn them together."""
    now, people = factories.NOW, {"n": 12}

    def released(points, day):
        at = now + timedelta(days=day)
        return release_total("t.points", points, now=at, behind=lambda since: people["n"])

    assert released(500, 0) == 500
    people["n"] = 1
    assert released(1500, 1) == 500
    people["n"] = 9
    assert released(1800, 2) == 500
    people["n"] = 10
    assert released(1805, 3) == 1800


def test_seats_and_points_ask_who_stands_behind_them(partner):
    held = [factories.event(starts_at=IN_OCTOBER, capacity=30) for _ in range(12)]
    eager = factories.talent()
    for event in held:
        factories.booking(event, talent=eager, now=IN_OCTOBER - timedelta(days=2))
    assert Booking.objects.count() == 12
    assert outside(partner)[0]["events"]["booked"] is None
    for _ in range(9):
        factories.booking(held[0], now=IN_OCTOBER - timedelta(days=2))
    assert outside(partner)[0]["events"]["booked"] == 20


@pytest.mark.django_db(transaction=True)
def test_two_releases_at_once_move_a_figure_once():
    """Four threads hold other counts against one figure; the control looks without the lock."""

    def moves(look):
        start, seen = Barrier(4), []

        def run(count):
            try:
                seen.append(look(start, count))
            finally:
                connection.close()

        threads = [Thread(target=run, args=[count]) for count in (20, 30, 40, 50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return len(set(seen))

    def released(start, count):
        start.wait(timeout=20)
        return release_total("t.race", count, now=factories.NOW)

    def without_lock(start, count):
        table = ReleasedTable.objects.get_or_create(name="t.loose")[0]
        fresh = table.looked_at is None
        start.wait(timeout=20)
        if fresh:
            ReleasedTable.objects.filter(pk=table.pk).update(looked_at=factories.NOW)
        return count if fresh else None

    ReleasedTable.objects.create(name="t.loose")
    assert moves(without_lock) == 4
    assert moves(released) == 1
