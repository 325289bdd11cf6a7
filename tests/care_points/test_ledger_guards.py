"""The database keeps the ledger honest against hand-written SQL."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from care_points import operations
from care_points.models import AccountKind, Entry, PointsAccount, Transfer
from tests import factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def refusal(*statements):
    """Run the statements as one transaction; return the error's first words."""
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        for statement, *values in statements:
            cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(error.value).splitlines()[0]


@pytest.fixture
def account():
    talent = factories.talent()
    make.give(talent, 10)
    return talent.points_account


def test_a_balance_below_zero_is_refused(account):
    issuance = PointsAccount.objects.system(AccountKind.ISSUANCE)
    entry = "INSERT INTO care_points_entry (transfer_id, account_id, amount) VALUES (%s, %s, %s)"
    with transaction.atomic():
        transfer = Transfer(kind="expired", key="raw:1", at=NOW)
        with pytest.raises(DatabaseError) as error, transaction.atomic():
            transfer.save()
            with connection.cursor() as cursor:
                cursor.execute(entry, [transfer.pk, issuance.pk, 11])
                cursor.execute(entry, [transfer.pk, account.pk, -11])
    assert 'violates check constraint "points_balance_not_negative"' in str(error.value)
    account.refresh_from_db()
    assert account.balance == 10


def test_a_balance_cannot_be_set_by_hand(account):
    message = refusal(
        ("UPDATE care_points_pointsaccount SET balance = 1000 WHERE id = %s", account.pk)
    )
    assert message == "care points: a balance moves with entries only"


def test_an_account_cannot_open_with_points():
    talent = factories.talent()
    message = refusal(
        (
            "INSERT INTO care_points_pointsaccount (code, kind, talent_id, balance)"
            " VALUES ('X', 'talent', %s, 5)",
            talent.pk,
        )
    )
    assert message == "care points: an account opens with a balance of 0"


@pytest.mark.parametrize("amounts", [[], [(0, 5)], [(0, 5), (1, -4)]])
def test_a_transfer_that_does_not_sum_to_zero_is_refused(account, amounts):
    accounts = [account, PointsAccount.objects.system(AccountKind.ISSUANCE)]
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        transfer = Transfer.objects.create(kind="earned", key="raw:2", at=NOW)
        for index, amount in amounts:
            Entry.objects.create(transfer=transfer, account=accounts[index], amount=amount)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    total = sum(amount for _, amount in amounts) if amounts else "<NULL>"
    message = f"care points: transfer {transfer.pk} has {len(amounts)} entries that sum to {total}"
    assert str(error.value).splitlines()[0] == message


def test_a_later_entry_cannot_unbalance_an_old_transfer(account):
    redeemed = PointsAccount.objects.system(AccountKind.REDEEMED)
    transfer = Transfer.objects.get()
    message = refusal(
        (
            "INSERT INTO care_points_entry (transfer_id, account_id, amount) VALUES (%s, %s, 3)",
            transfer.pk,
            redeemed.pk,
        )
    )
    assert message == f"care points: transfer {transfer.pk} has 3 entries that sum to 3"


@pytest.mark.parametrize("table", ["care_points_entry", "care_points_transfer"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_the_ledger_is_append_only(account, table, statement):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or TRUNCATE fails for pending events
    verb = statement.split()[0]
    message = refusal((statement.format(table),))
    where = message.rpartition(" ")[2].rstrip(")")
    assert (message, where in ("care_points_entry", "care_points_transfer")) == (
        f"care points: the ledger is append-only ({verb} on {where})",
        True,
    )
    assert (Transfer.objects.count(), Entry.objects.count()) == (1, 2)


@pytest.mark.parametrize("kind", ["redeemed", "returned", "reversed"])
def test_a_transfer_without_its_cause_is_refused(kind):
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        Transfer.objects.create(kind=kind, key="raw:3", at=NOW)
    assert 'violates check constraint "transfer_names_its_cause"' in str(error.value)


@pytest.mark.parametrize("cause", ["hours", "redemption", "reverses", "key"])
def test_one_cause_moves_points_once(cause):
    """The constraint of each cause refuses a second transfer, whoever writes it."""
    talent = factories.talent()
    earned = make.give(talent, 100)
    hours = operations.record_hours(
        talent=talent,
        activity="科普讲座",
        starts_at=NOW - timedelta(hours=3),
        half_hours=2,
        by=factories.staff("department_clerk"),
        now=NOW,
    )
    reviewer = factories.staff("department_reviewer")
    paid = {
        "hours": operations.confirm_hours(hours=hours, by=reviewer, now=NOW),
        "redemption": Transfer.objects.get(redemption=make.redeem(talent, make.service())),
        "reverses": operations.reverse(transfer=earned, by=None, now=NOW),
        "key": earned,
    }[cause]
    again = {"kind": paid.kind, "key": "raw:4", "at": NOW} | {cause: getattr(paid, cause)}
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        Transfer.objects.create(**again)
    column = cause if cause == "key" else f"{cause}_id"
    assert f"Key ({column})=" in str(error.value)
    assert "already exists" in str(error.value)


def test_system_accounts_exist_once_and_keep_no_balance():
    issuance = PointsAccount.objects.system(AccountKind.ISSUANCE)
    assert (issuance.balance, PointsAccount.objects.system(AccountKind.ISSUANCE)) == (
        None,
        issuance,
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        PointsAccount.objects.create(kind=AccountKind.ISSUANCE, balance=None)


def test_every_entry_knows_the_balance_it_left():
    talent = factories.talent()
    make.give(talent, 10)
    make.give(talent, 7)
    steps = Entry.objects.filter(account=talent.points_account).order_by("id")
    assert list(steps.values_list("amount", "balance_after")) == [(10, 10), (7, 17)]
