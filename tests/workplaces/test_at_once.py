"""A unit's contact and a clerk at one moment, each race with a control."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from tests.waits import beside
from tests.workplaces import make
from workplaces.childcare import operations as childcare
from workplaces.flexible import operations
from workplaces.flexible.models import FlexibleOffer

pytestmark = pytest.mark.django_db(transaction=True)
NOW = make.NOW
TODAY = timezone.localdate(NOW)


@pytest.fixture
def unlocked(monkeypatch):
    """Leave every lock of an operation out: the control."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *args, **more: rows)


def undo_beside_confirm():
    """A clerk undoes a change while the contact confirms what it said; returns (what she met, confirmed on)."""
    change = make.changed_offer(pay="pro_rata")
    FlexibleOffer.objects.update(confirmed_on=TODAY - timedelta(days=200))
    read = make.fresh(change.offer).revision
    met = beside(
        lambda: operations.undo_offer_change(change=change, by=None, now=NOW),
        lambda: operations.confirm_offer(
            offer=FlexibleOffer.objects.get(pk=change.offer_id), revision=read, by=None, now=NOW
        ),
    )
    kept = make.fresh(change.offer)
    assert kept.pay == "same"
    return met, kept.confirmed_on


def test_nobody_confirms_a_text_that_is_being_undone():
    assert undo_beside_confirm() == ("offer_changed", TODAY - timedelta(days=200))


def test_without_the_lock_she_would(unlocked):
    assert undo_beside_confirm() == (None, TODAY)


def save_beside_undo():
    """The contact corrects while a clerk undoes the change before; returns (what the clerk met, pay, phone)."""
    change = make.changed_offer(pay="pro_rata")
    offer = make.fresh(change.offer)
    met = beside(
        lambda: operations.save_offer(
            offer=offer, values={"phone": "023-67000077"}, by=None, now=NOW
        ),
        lambda: operations.undo_offer_change(change=change, by=None, now=NOW),
    )
    kept = make.fresh(offer)
    return met, kept.pay, kept.phone


def test_a_correction_is_not_lost_to_an_undo():
    assert save_beside_undo() == ("not_latest", "pro_rata", "023-67000077")


def test_without_the_lock_it_would_be_lost(unlocked):
    assert save_beside_undo() == (None, "same", "023-67000001")


# --- nurseries -------------------------------------------------------------------------------------
def price_beside_free_places():
    """The contact says how many places are free while a clerk corrects the price; returns (met, free, price)."""
    row = make.klass()
    met = beside(
        lambda: childcare.state_free(klass=row, free=4, by=None, now=NOW),
        lambda: childcare.save_class(
            nursery=row.nursery, klass=row, values={"price": 2000}, by=None, now=NOW
        ),
    )
    kept = make.fresh(row)
    return met, kept.free, kept.price


def test_free_places_are_not_lost_to_a_correction():
    assert price_beside_free_places() == (None, 4, 2000)


def test_without_the_lock_they_would_be(unlocked):
    assert price_beside_free_places() == (None, None, 2000)
