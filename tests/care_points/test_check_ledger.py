"""The check of the ledger finds what somebody with the database's keys has bent, keeps it and tells those who keep the points."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from care_points import operations, queue, tasks
from care_points.models import Entry, LedgerCheck, Transfer
from kernel.errors import Refused
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def run(*options):
    """Return (exit code, what was printed)."""
    out = StringIO()
    try:
        call_command("check_ledger", *options, stdout=out)
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


# --- every night and on demand, kept and told ------------------------------------------------------
NIGHT = NOW.replace(hour=18)  # 2:00 in Chongqing


def at(moment, monkeypatch):
    monkeypatch.setattr(tasks.timezone, "now", lambda: moment)
    tasks.check_ledger()


def test_the_clock_checks_once_in_a_night_and_never_by_day(talent, monkeypatch):
    at(NOW, monkeypatch)  # noon
    assert LedgerCheck.objects.count() == 0
    for minutes in (0, 10, 20):
        at(NIGHT + timedelta(minutes=minutes), monkeypatch)
    at(NIGHT + timedelta(days=1), monkeypatch)
    assert (
        list(LedgerCheck.objects.order_by("pk").values_list("sound", "transfers", "asked_by"))
        == [(True, 2, None)] * 2
    )


def test_who_keeps_or_audits_the_points_asks_for_one_and_two_asks_are_one():
    clerk, auditor = factories.staff("points_clerk"), factories.staff("auditor")
    first = operations.ask_check(by=clerk, now=NOW)
    assert operations.ask_check(by=auditor, now=NOW) == first
    with pytest.raises(Refused):
        operations.ask_check(by=factories.staff("department_clerk"), now=NOW)
    tasks.check_ledger()
    first.refresh_from_db()
    assert (first.sound, LedgerCheck.objects.count()) == (True, 1)
    verbs = ["care_points.ask_check", "care_points.check_ledger"]
    entries = AuditEntry.objects.filter(action__in=verbs).order_by("pk")
    assert list(entries.values_list("action", "actor_id")) == [
        (verbs[0], clerk.pk),
        (verbs[1], None),
    ]


def test_what_does_not_add_up_is_kept_stands_in_the_queue_and_is_told(talent, client):
    cast = {role: factories.staff(role) for role in ("points_clerk", "auditor", "administrator")}
    factories.staff("department_clerk")
    assert queue.unsound_ledger(cast["points_clerk"], NOW).count == 0
    bend(
        "UPDATE care_points_pointsaccount SET balance = 999 WHERE id = %s", talent.points_account.pk
    )
    check = operations.run_check(check=operations.ask_check(by=None, now=NOW), now=NOW)
    assert (check.sound, check.wrong_accounts) == (False, [talent.points_account.pk])
    told = Notice.objects.filter(kind="care_points.ledger_unsound")
    assert set(told.values_list("recipient", flat=True)) == {person.pk for person in cast.values()}
    line = queue.unsound_ledger(cast["points_clerk"], NOW)
    assert (line.count, line.urgent, line.since) == (1, True, NOW)
    client.force_login(cast["auditor"])
    page = client.get(reverse("admin:care_points_ledgercheck_change", args=[check.pk]))
    assert f"余额不符的账户 {talent.points_account.pk}" in page.content.decode()
    # Put right, and found so: the line goes, the finding stays.
    bend(
        "UPDATE care_points_pointsaccount SET balance = 20 WHERE id = %s", talent.points_account.pk
    )
    operations.run_check(check=operations.ask_check(by=None, now=NOW), now=NOW)
    assert queue.unsound_ledger(cast["points_clerk"], NOW).count == 0
    assert LedgerCheck.objects.filter(sound=False).count() == 1


def test_the_button_asks_and_the_worker_answers(talent, client):
    client.force_login(factories.staff("points_clerk"))
    address = reverse("admin:care_points_ledgercheck_add")
    assert "逐笔核对全部流水" in client.get(address).content.decode()
    assert LedgerCheck.objects.count() == 0
    assert client.post(address).status_code == 302
    assert LedgerCheck.objects.get().state == "waiting"
