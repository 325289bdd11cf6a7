"""Counts that point at nobody."""

import json
from itertools import product

import pytest
from django.core.cache import cache

from privacy.disclosure import protect, protect_total
from tests import factories

pytestmark = pytest.mark.django_db


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
        if hidden and protect_total(sum(counts)) is not None:
            alone = len([n for n in counts if n]) == 1
            assert alone or (len(hidden) >= 2 and left >= 10)


def test_totals_below_ten_are_left_out():
    assert [protect_total(n) for n in (0, 1, 9, 10)] == [0, None, None, 10]


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
    assert shown["talents"]["total"] == 12
    assert shown["talents"]["title_level"] == {"senior": None, "primary": None}
    assert shown["talents"]["unit_kind"] == {"enterprise": None, "unspecified": None}
    assert shown["talents"]["industry"] == {"unspecified": 12}
    assert shown["events"] == {
        "held": 0,
        "upcoming": 0,
        "cancelled": 0,
        "booked": 0,
        "attended": 0,
    }
    assert shown["points"] == {"earned": 0, "redeemed": 0}


def test_the_age_is_said_and_the_figures_are_counted_once_an_hour(partner):
    first, shown = read(partner)
    assert first.headers["Age"] == "0"
    for _ in range(12):
        factories.talent()
    again, kept = read(partner)
    assert kept == shown
    assert again.headers["ETag"] == first.headers["ETag"]
    cache.clear()
    assert read(partner)[1]["talents"]["total"] == 12
