"""Sixteen processes spend from one balance at once: exactly what it holds is spent.

Three runs: the portal as it is; without the account's lock, where the database's CHECK alone still
keeps the balance from falling below zero but refuses with an error instead of a sentence; without
lock and constraint, where the balance is overspent. The last two show that the first could fail.
"""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from care_points.models import PointsAccount, Redemption
from care_points.reconciliation import reconcile
from tests import factories
from tests.care_points import make

SPENDERS = 16
GROUP = """
import os, sys, time, django
django.setup()
from datetime import datetime, timezone
from django.db import IntegrityError, connection
from django.urls import reverse
import notices.tasks
from care_points import ledger, operations
from care_points.models import PointsAccount, Service
from kernel.errors import DomainError
from talents.models import Talent

reverse("points")  # load the addresses once, not in each of the sixteen
talent_id, service_id, locked, same_key = [int(n) for n in sys.argv[1:]]
if not locked:
    def unlocked(talent):
        account = PointsAccount.objects.get(talent=talent)
        time.sleep(0.05)
        return account
    ledger.lock_account = unlocked

def spend(number):
    talent, service = Talent.objects.get(pk=talent_id), Service.objects.get(pk=service_id)
    try:
        operations.redeem(
            talent=talent, service=service, by=None, now=datetime.now(timezone.utc),
            idempotency_key="same" if same_key else f"key{number}", expected_cost=service.cost)
    except DomainError as error:
        return error.code
    except IntegrityError as error:
        return "points_balance_not_negative" if "points_balance" in str(error) else str(error)
    return "spent"

go_read, go_write = os.pipe()
said_read, said_write = os.pipe()
for number in range(16):
    if os.fork() == 0:
        os.close(go_write)
        connection.ensure_connection()
        os.write(said_write, b"ready\\n")
        os.read(go_read, 1)  # returns when the parent closes the other end: all at once
        os.write(said_write, (spend(number) + "\\n").encode())
        os._exit(0)
os.close(said_write)
lines = os.fdopen(said_read)
for _ in range(16):
    assert next(lines) == "ready\\n"
os.close(go_write)
print("".join(lines), end="")
"""


def spend_at_once(talent, service, *, locked=True, same_key=False):
    """Let 16 processes redeem at the same moment; returns their answers, sorted."""
    url = settings.DATABASE_URL.rsplit("/", 1)[0] + "/" + connection.settings_dict["NAME"]
    flags = [str(int(n)) for n in (talent.pk, service.pk, locked, same_key)]
    run = subprocess.run(
        [sys.executable, "-c", GROUP, *flags],
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    return sorted(run.stdout.split())


@pytest.fixture
def cast(transactional_db):
    """A woman with points for exactly five redemptions, and the service."""
    talent = factories.talent()
    make.give(talent, 50)
    service = make.service(cost=10)
    return talent, service


def test_sixteen_at_once_spend_exactly_what_there_is(cast):
    talent, service = cast
    assert spend_at_once(talent, service) == ["not_enough_points"] * 11 + ["spent"] * 5
    assert (make.balance(talent), Redemption.objects.count()) == (0, 5)
    assert reconcile().sound


def test_sixteen_clicks_of_one_button_spend_once(cast):
    talent, service = cast
    assert spend_at_once(talent, service, same_key=True) == ["spent"] * SPENDERS
    assert (make.balance(talent), Redemption.objects.count()) == (40, 1)
    assert reconcile().sound


def test_without_the_lock_the_constraint_still_holds(cast):
    """The control of the lock: the same run without it meets the database's refusal.

    The statement's lines may then be numbered in another order than they were booked, which the
    reconciliation reports; the balance itself is exact.
    """
    talent, service = cast
    outcomes = spend_at_once(talent, service, locked=False)
    assert outcomes.count("spent") == 5
    assert outcomes.count("points_balance_not_negative") > 0
    assert (make.balance(talent), Redemption.objects.count()) == (0, 5)


def test_without_lock_and_constraint_the_balance_is_overspent(cast):
    """The control of the constraint: without it too, the same run spends what is not there."""
    talent, service = cast
    constraint = next(
        c for c in PointsAccount._meta.constraints if c.name == "points_balance_not_negative"
    )
    with connection.schema_editor() as editor:
        editor.remove_constraint(PointsAccount, constraint)
    try:
        outcomes = spend_at_once(talent, service, locked=False)
        overspent = make.balance(talent)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET portal.allow_purge = 'on'")
            cursor.execute("TRUNCATE care_points_pointsaccount CASCADE")
            cursor.execute("RESET portal.allow_purge")
        with connection.schema_editor() as editor:
            editor.add_constraint(PointsAccount, constraint)
    assert outcomes.count("spent") > 5
    assert overspent == 50 - 10 * outcomes.count("spent")
