"""Sixteen processes spend from one balance at once: exactly what it holds is spent.

Three runs: the portal as it is; without the account's lock, where the database's CHECK alone still
keeps the balance from falling below zero but refuses with an error instead of a sentence; without
lock and constraint, where the balance is overspent. The last two show that the first could fail.
"""

import subprocess
import sys

import pytest
from django.db import connection
from django.utils import timezone

from care_points.models import PointsAccount, Redemption, Transfer
from care_points.reconciliation import reconcile
from tests import factories
from tests.care_points import make
from tests.processes import environment, python

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
talent_id, service_id, locked, same_key, spenders, other_id = [int(n) for n in sys.argv[1:]]
if not locked:
    def unlocked(talent):
        account = PointsAccount.objects.get(talent=talent)
        time.sleep(0.05)
        return account
    ledger.lock_account = unlocked

def spend(number):
    asked = other_id if other_id and number % 2 else service_id
    talent, service = Talent.objects.get(pk=talent_id), Service.objects.get(pk=asked)
    try:
        voucher = operations.redeem(
            talent=talent, service=service, by=None, now=datetime.now(timezone.utc),
            idempotency_key="same" if same_key else f"key{number}", expected_cost=service.cost)
    except DomainError as error:
        return f"{asked}:{error.code}:{error.status}" if other_id else error.code
    except IntegrityError as error:
        return "points_balance_not_negative" if "points_balance" in str(error) else str(error)
    return f"{asked}:{voucher.pk}" if same_key else "spent"

go_read, go_write = os.pipe()
said_read, said_write = os.pipe()
for number in range(spenders):
    if os.fork() == 0:
        os.close(go_write)
        connection.ensure_connection()
        os.write(said_write, b"ready\\n")
        os.read(go_read, 1)  # returns when the parent closes the other end: all at once
        os.write(said_write, (spend(number) + "\\n").encode())
        os._exit(0)
os.close(said_write)
lines = os.fdopen(said_read)
for _ in range(spenders):
    assert next(lines) == "ready\\n"
os.close(go_write)
print("".join(lines), end="")
"""


def spend_at_once(talent, service, *, locked=True, same_key=False, spenders=SPENDERS, other=None):
    """Let so many processes redeem at the same moment, every second one the `other` service; returns their answers, sorted.

    With one key for all an answer names the service asked for and the voucher.
    """
    flags = [
        str(int(n))
        for n in (talent.pk, service.pk, locked, same_key, spenders, (other and other.pk) or 0)
    ]
    run = python(GROUP, *flags)
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


def test_fifty_requests_with_one_key_spend_once(cast):
    talent, service = cast
    answers = spend_at_once(talent, service, same_key=True, spenders=50)
    assert answers == [f"{service.pk}:{Redemption.objects.get().pk}"] * 50
    assert (make.balance(talent), Transfer.objects.filter(kind="redeemed").count()) == (40, 1)
    assert reconcile().sound


def test_fifty_requests_with_one_key_for_two_services_are_one_voucher_and_422(cast):
    """Whichever comes first has it; who asks for the other with its key is refused, in the same moment too."""
    talent, service = cast
    other = make.service(cost=10)
    answers = spend_at_once(talent, service, same_key=True, spenders=50, other=other)
    voucher = Redemption.objects.get()
    lost = ({service.pk, other.pk} - {voucher.service_id}).pop()
    theirs = [f"{voucher.service_id}:{voucher.pk}"] * 25
    assert answers == sorted(theirs + [f"{lost}:idempotency_key_reused:422"] * 25)
    assert (make.balance(talent), Transfer.objects.filter(kind="redeemed").count()) == (40, 1)


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


# --- killed in the middle -------------------------------------------------------------------------------
IN_THE_MIDDLE = """
import sys, django
django.setup()
from datetime import datetime, timezone
import notices.tasks
from accounts.models import User
from care_points import letters, operations
from care_points.models import Service
from talents.models import Talent

def wait(letter, now):  # the last step of both, inside the transaction
    print("in", flush=True)
    sys.stdin.readline()

letters.send = wait
what, one, other = sys.argv[1], *map(int, sys.argv[2:4])
now = datetime.now(timezone.utc)
if what == "redeem":
    operations.redeem(talent=Talent.objects.get(pk=one), service=Service.objects.get(pk=other), by=None, now=now,
                      idempotency_key="killed", expected_cost=10)
else:
    operations.fulfil(code=sys.argv[4], by=User.objects.get(pk=one), now=now)
"""


def in_the_middle(what, *arguments, kill):
    """Have a process redeem or fulfil, and kill it with -9, or let it go on, when all is written and nothing committed."""
    process = subprocess.Popen(
        [sys.executable, "-c", IN_THE_MIDDLE, what, *map(str, arguments)],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "in\n"
    if kill:
        process.kill()
    else:
        process.stdin.write("\n")
        process.stdin.flush()
    process.communicate(timeout=60)
    return process.returncode


def test_killed_while_redeeming_leaves_neither_voucher_nor_points_spent(cast):
    talent, service = cast
    assert in_the_middle("redeem", talent.pk, service.pk, kill=True) == -9
    assert (make.balance(talent), Redemption.objects.count()) == (50, 0)
    # The control: the same process that is let go on leaves both. The key is as good as new.
    assert in_the_middle("redeem", talent.pk, service.pk, kill=False) == 0
    assert (make.balance(talent), Redemption.objects.get().idempotency_key) == (40, "killed")
    assert reconcile().sound


def test_killed_while_fulfilling_leaves_the_voucher_as_it_was(cast):
    talent, _service = cast
    operator = factories.user()
    service = make.service(cost=10, station=make.station(operator))
    voucher = make.redeem(talent, service, now=timezone.now())
    assert in_the_middle("fulfil", operator.pk, 0, voucher.code, kill=True) == -9
    voucher.refresh_from_db()
    assert (voucher.state, make.balance(talent)) == ("reserved", 40)
    assert in_the_middle("fulfil", operator.pk, 0, voucher.code, kill=False) == 0
    voucher.refresh_from_db()
    assert (voucher.state, make.balance(talent)) == ("fulfilled", 40)
    assert reconcile().sound
