"""The audit log and old answers go by rule: what is left is still proved, and nothing younger goes."""

import io
from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from django.utils import timezone

from privacy import audit, cutting, retention
from privacy.models import AuditBase, AuditEntry, AuditLink, Consent, RetentionRun
from tests import factories
from tests.privacy.test_audit import tamper

pytestmark = pytest.mark.django_db


def written(count, *, days_ago):
    """Write entries so many days ago; returns their numbers."""
    person, at = factories.user(), timezone.now() - timedelta(days=days_ago)
    return [audit.record("privacy.reveal", person, by=person, at=at).pk for _ in range(count)]


@pytest.fixture
def log(settings, tmp_path):
    """Three entries older than a year, noted outside, and two younger ones: their numbers."""
    settings.AUDIT_ANCHORS = tmp_path / "anchors"
    old = written(3, days_ago=400)
    audit.chain()
    young = written(2, days_ago=300)
    audit.chain()
    return old, young


def cut():
    """Cut by rule as of now; returns how many went."""
    return cutting.cut_log(timezone.now() - cutting.YEAR)


def kept():
    return list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))


def test_what_is_older_than_a_year_goes_and_the_rest_is_still_proved(log):
    old, young = log
    digest = AuditLink.objects.get(pk=old[-1]).digest
    assert cut() == 3
    assert kept() == young
    base = AuditBase.objects.get()
    assert (base.entry_id, base.digest, base.removed) == (old[-1], digest, 3)
    verdict = audit.verify()
    assert (verdict.holds, verdict.checked, verdict.anchored, verdict.base) == (True, 2, 2, old[-1])
    out = io.StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue().endswith(f"第 {old[-1]} 条及以前已按规则清理。\n")
    assert cut() == 0
    written(1, days_ago=0)
    assert (audit.chain(), audit.verify().checked) == (1, 3)


def test_it_is_cut_again_and_again_also_down_to_nothing(log):
    cut()
    tamper("UPDATE privacy_auditentry SET at = at - interval '1 year'")
    tamper("DELETE FROM privacy_auditlink")
    _without_anchors(audit.chain)
    assert (_without_anchors(cut), kept()) == (2, [])
    assert AuditBase.objects.count() == 2
    [new] = written(1, days_ago=0)
    assert (_without_anchors(audit.chain), _without_anchors(audit.verify).holds) == (1, True)
    assert kept() == [new]


def _without_anchors(do):
    """Do it as a portal whose noted heads were moved aside."""
    with override_settings(AUDIT_ANCHORS=None):
        return do()


def test_a_chunk_at_a_time_leaves_a_base_for_each(log, monkeypatch):
    monkeypatch.setattr(cutting, "CHUNK", 2)
    assert (cut(), AuditBase.objects.count(), audit.verify().holds) == (3, 2, True)


def test_an_old_entry_behind_a_young_one_stays():
    young = written(1, days_ago=3)
    old = written(1, days_ago=500)
    audit.chain()
    assert (cut(), kept()) == (0, young + old)


def test_what_has_no_link_yet_stays():
    old = written(2, days_ago=500)
    assert (cut(), kept()) == (0, old)


def test_nobody_cuts_earlier_by_asking_for_it(log):
    _old, young = log
    assert cutting.cut_log(timezone.now()) == 3
    assert kept() == young


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE privacy_auditbase SET digest = repeat('0', 64)", "base"),
        ("UPDATE privacy_auditbase SET removed = 2", "base"),
        ("UPDATE privacy_auditbase SET entry_id = entry_id + 1", "base"),
        ("DELETE FROM privacy_auditbase", "changed"),
        ("UPDATE privacy_auditentry SET reason = 'x' WHERE id = {first}", "changed"),
        ("DELETE FROM privacy_auditentry WHERE id = {first}", "missing"),
        (
            "INSERT INTO privacy_auditentry (id, at, action, object_type, object_id, reason, detail)"
            " VALUES ({gone}, now(), 'x', 'x', '1', '', '{{}}')",
            "inserted",
        ),
    ],
)
def test_what_is_tampered_with_afterwards_is_told(log, change, fault):
    old, young = log
    cut()
    tamper(change.format(first=young[0], gone=old[-1]))
    with pytest.raises(CommandError):
        call_command("verify_audit")
    assert audit.verify().fault == fault


def test_a_log_that_does_not_hold_is_evidence_and_stays(log, caplog):
    old, young = log
    tamper("UPDATE privacy_auditentry SET reason = 'x' WHERE id = %s", old[1])
    with pytest.raises(cutting.BrokenLog):
        cut()
    assert (kept(), AuditBase.objects.count()) == (old + young, 0)
    retention.apply(now=timezone.now())
    run = RetentionRun.objects.get(rule="privacy.audit")
    assert (run.done, run.failed) == (0, 1)
    assert "privacy.audit failed: BrokenLog" in caplog.text


def test_a_fault_in_what_is_younger_does_not_keep_old_entries(log):
    _old, young = log
    tamper("UPDATE privacy_auditentry SET reason = 'x' WHERE id = %s", young[0])
    assert (cut(), audit.verify().fault) == (3, "changed")


def test_the_nightly_job_says_what_it_did(log):
    retention.apply(now=timezone.now())
    run = RetentionRun.objects.get(rule="privacy.audit")
    assert (run.done, run.failed) == (3, 0)
    assert run.rule_text == "审计日志：1 年，之后从最早的删起，另留校验用的起点。"
    entry = AuditEntry.objects.get(action="privacy.apply_retention")
    assert entry.detail == {"rule": "privacy.audit", "done": 3, "failed": 0}


def answers(*decisions):
    """Write (purpose, granted, years ago) of one woman; returns the rows' numbers."""
    her, now = factories.user(), timezone.now()
    return [
        factories.consent(her, purpose, granted, now - relativedelta(years=years, days=1)).pk
        for purpose, granted, years in decisions
    ]


def test_answers_go_three_years_after_a_newer_one_took_their_place():
    rows = answers(
        ("messages", True, 6),  # replaced 4 years ago
        ("messages", False, 4),  # replaced 2 years ago
        ("messages", True, 2),
        ("unit_sharing", False, 9),  # the newest of its purpose
    )
    before = timezone.now() - relativedelta(years=3)
    assert cutting.cut_consents(before) == 1
    assert list(Consent.objects.order_by("pk").values_list("pk", flat=True)) == rows[1:]
    assert cutting.cut_consents(timezone.now()) == 0


def test_the_rows_cannot_be_removed_otherwise(log):
    cut()
    factories.consent(factories.user(), "messages")
    for table in ("privacy_auditbase", "privacy_auditentry", "privacy_consent"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
