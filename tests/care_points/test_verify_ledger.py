"""`manage.py verify_ledger` finds what somebody with the database's keys has bent."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from care_points.models import Entry, Transfer
from tests import factories
from tests.care_points import make

pytestmark = pytest.mark.django_db


def run(*options):
    """Return (exit code, what was printed)."""
    out = StringIO()
    try:
        call_command("verify_ledger", *options, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue().strip()
    return 0, out.getvalue().strip()


@pytest.fixture
def talent():
    woman = factories.talent()
    make.give(woman, 50)
    make.redeem(woman, make.service())
    return woman


def bend(statement, *values):
    """Write past the guards, as somebody who owns the tables could."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = 'origin'")


def test_a_sound_ledger_is_one_sentence(talent):
    assert run() == (0, "对账无误：2 笔流水收支相抵，3 个账户余额与分录一致。")
    assert json.loads(run("--json")[1]) == {
        "sound": True,
        "transfers": 2,
        "accounts": 3,
        "unbalanced_transfers": [],
        "wrong_accounts": [],
        "wrong_entries": [],
    }


def test_a_bent_balance_is_found(talent):
    account = talent.points_account
    bend("UPDATE care_points_pointsaccount SET balance = 999 WHERE id = %s", account.pk)
    assert run() == (
        1,
        f"对账有误：收支不抵的流水 无，余额不符的账户 {account.pk}，逐笔余额不符的分录 无。"
        "请停止兑换并联系管理员。",
    )


def test_a_bent_entry_is_found_from_three_sides(talent):
    entry = Entry.objects.filter(account=talent.points_account).order_by("id").first()
    bend("UPDATE care_points_entry SET amount = 60 WHERE id = %s", entry.pk)
    code, printed = run("--json")
    result = json.loads(printed)
    mine = list(Entry.objects.filter(account=talent.points_account).order_by("id"))
    assert (code, result["sound"]) == (1, False)
    assert result["unbalanced_transfers"] == [entry.transfer_id]
    assert result["wrong_accounts"] == [talent.points_account.pk]
    assert result["wrong_entries"] == [e.pk for e in mine]


def test_a_removed_entry_is_found(talent):
    transfer = Transfer.objects.get(kind="redeemed")
    bend("DELETE FROM care_points_entry WHERE transfer_id = %s AND amount > 0", transfer.pk)
    assert json.loads(run("--json")[1])["unbalanced_transfers"] == [transfer.pk]
