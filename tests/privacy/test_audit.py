"""The audit chain: what verify_audit says of a log that was tampered with, and of many writers."""

import io
import json
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from privacy import audit, crypto
from privacy.models import AuditEntry, AuditLink
from tests import factories
from tests.factories import NOW


def write(count, person):
    return [audit.record("privacy.reveal", person, by=person, at=NOW, n=n).pk for n in range(count)]


def test_a_verb_that_no_app_declares_is_refused_and_a_declared_one_has_words(db):
    with pytest.raises(KeyError):
        audit.record("privacy.look_around", factories.user(), by=None, at=NOW)
    assert (AuditEntry.objects.count(), str(audit.words("privacy.reveal"))) == (0, "查看完整号码")


def tamper(statement, *params):
    """Do what only the owner of the tables can: switch the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, params)
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.fixture
def chained(db):
    ids = write(5, factories.user())
    assert audit.chain() == 5
    assert audit.chain() == 0
    return ids


def test_an_untouched_log_holds(chained, db):
    write(2, factories.user())
    verdict = audit.verify()
    assert (verdict.holds, verdict.checked, verdict.pending) == (True, 5, 2)
    out = io.StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue().startswith("审计日志完好：已核对 5 条，另有 2 条等待入链；")


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'x'",
        "actor_id = actor_id + 1",
        "at = at + interval '1 second'",
        "detail = '{}'",
        "object_id = '9'",
        "action = 'test.other'",
    ],
)
def test_a_changed_entry_is_named(chained, change):
    tamper(f"UPDATE privacy_auditentry SET {change} WHERE id = %s", chained[2])
    out = io.StringIO()
    with pytest.raises(CommandError, match=f"第 {chained[2]} 条与链上的摘要不符") as caught:
        call_command("verify_audit", "--json", stdout=out)
    assert caught.value.returncode == 1
    answer = json.loads(out.getvalue())
    assert (answer["holds"], answer["entry_id"], answer["fault"]) == (False, chained[2], "changed")


def test_a_removed_entry_is_named(chained):
    tamper("DELETE FROM privacy_auditentry WHERE id = %s", chained[1])
    verdict = audit.verify()
    assert (verdict.entry_id, verdict.fault) == (chained[1], "missing")


def test_an_entry_slipped_in_is_named(chained):
    tamper("DELETE FROM privacy_auditentry WHERE id = %s", chained[1])
    tamper("DELETE FROM privacy_auditlink WHERE entry_id = %s", chained[1])
    verdict = audit.verify()
    assert (verdict.entry_id, verdict.fault) == (chained[2], "changed")
    tamper(
        "INSERT INTO privacy_auditentry (id, at, action, object_type, object_id, reason, detail)"
        " VALUES (%s, now(), 'x', 'y', '1', '', '{}')",
        chained[1],
    )
    verdict = audit.verify()
    assert (verdict.entry_id, verdict.fault) == (chained[1], "inserted")


def test_the_chain_cannot_be_made_again_without_the_key(chained, settings):
    tamper("UPDATE privacy_auditentry SET reason = 'x' WHERE id = %s", chained[2])
    key = settings.AUDIT_KEY
    settings.AUDIT_KEY = "11" * 32  # what an intruder in the database has to guess
    tamper("DELETE FROM privacy_auditlink")
    audit.chain()
    settings.AUDIT_KEY = key
    assert audit.verify().entry_id == chained[0]


def test_the_look_up_key_may_change_while_the_chain_holds(chained, settings):
    settings.INDEX_KEY = "22" * 32
    assert audit.verify().holds


def _naive_chain():
    """The control: link whatever is visible, without waiting for writers still at work."""
    last = AuditLink.objects.order_by("-pk").first()
    digest, after = (last.digest, last.pk) if last else ("", 0)
    for entry in AuditEntry.objects.filter(pk__gt=after).order_by("pk"):
        digest = crypto.keyed_digest(digest, audit._canonical(entry), key=crypto.AUDIT)
        AuditLink.objects.create(entry_id=entry.pk, digest=digest)


def _late_writer(person, chain):
    """Take an id, let a later entry commit and `chain` run, then commit the earlier entry."""
    written, go_on = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                audit.record("privacy.reveal", person, by=person, at=NOW)
                written.set()
                go_on.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(10)
    audit.record("privacy.reveal", person, by=person, at=NOW)
    chain()
    go_on.set()
    thread.join(10)
    audit.chain()
    return audit.verify()


@pytest.mark.django_db(transaction=True)
def test_an_entry_committed_late_is_still_in_the_chain():
    verdict = _late_writer(factories.user(), audit.chain)
    assert (verdict.holds, verdict.checked, verdict.pending) == (True, 2, 0)


@pytest.mark.django_db(transaction=True)
def test_control_chaining_without_waiting_loses_the_late_entry():
    verdict = _late_writer(factories.user(), _naive_chain)
    assert verdict.fault == "inserted"


@pytest.mark.django_db(transaction=True)
def test_many_writers_and_two_chainers_at_once_leave_one_chain():
    person = factories.user()

    def work(function, times):
        try:
            for _ in range(times):
                function()
        finally:
            connection.close()

    def write_one():
        audit.record("privacy.reveal", person, by=person, at=NOW)

    threads = [threading.Thread(target=work, args=(write_one, 25)) for _ in range(4)]
    threads += [threading.Thread(target=work, args=(audit.chain, 10)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    audit.chain()
    verdict = audit.verify()
    assert (verdict.holds, verdict.checked, verdict.pending) == (True, 100, 0)
