"""Two clerks who record hours for the same women, each in an order of her own, do not lock each other up."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from care_points import hours_admin, ledger
from care_points.models import PointsAccount, ServiceHours
from kernel import outages
from tests import factories
from tests.factories import NOW


@pytest.fixture
def slowly(monkeypatch):
    """Let each account be held for a while before the next is asked for."""
    plain = ledger.lock_account

    def lock_account(talent):
        account = plain(talent)
        time.sleep(0.2)
        return account

    monkeypatch.setattr(ledger, "lock_account", lock_account)


def record_at_once(orders):
    """Record hours in one thread for each of `orders`; returns how many fell to a deadlock."""
    clerks = [factories.staff("department_clerk") for _ in orders]
    begin, fallen = threading.Barrier(len(orders)), []

    def record(day, people, clerk):
        begin.wait()
        try:
            hours_admin._record_hours(
                people=people,
                activity="科普讲座",
                starts_at=NOW - timedelta(days=day),
                hours=2,
                by=clerk,
                now=NOW,
            )
        except OperationalError as error:
            fallen.append(outages.is_deadlock(error))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=record, args=(day, people, clerk))
        for day, (people, clerk) in enumerate(zip(orders, clerks, strict=True), start=1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sum(fallen)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("as_typed", "fallen", "recorded"), [(False, 0, 6), (True, 1, 3)])
def test_accounts_are_locked_in_key_order_whatever_was_typed(
    slowly, monkeypatch, as_typed, fallen, recorded
):
    """Locked in the order they were typed, one of the two falls: the control."""
    if as_typed:
        monkeypatch.setattr(hours_admin, "sorted", lambda people, key: people, raising=False)
    women = [factories.talent() for _ in range(3)]
    for woman in women:
        PointsAccount.objects.of(woman)
    assert record_at_once([women, women[::-1]]) == fallen
    assert ServiceHours.objects.count() == recorded
