"""The head of the chain is noted outside the table: cutting and linking anew is noticed."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from privacy import anchors, audit
from privacy.models import AuditLink
from tests import factories
from tests.privacy.test_audit import tamper, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def ids(settings, tmp_path):
    """Eight entries, noted after the fourth and the eighth."""
    settings.AUDIT_ANCHORS = tmp_path / "anchors"
    person = factories.user()
    first = write(4, person)
    audit.chain()
    second = write(4, person)
    audit.chain()
    return first + second


def link_anew():
    """What somebody with the tables' owner and the key can do: throw the chain away and write it again."""
    tamper("DELETE FROM privacy_auditlink")
    with override_settings(AUDIT_ANCHORS=None):
        audit.chain()


def test_heads_are_noted_as_the_chain_has_them(ids):
    heads = list(AuditLink.objects.filter(pk__in=[ids[3], ids[7]]).values_list("pk", "digest"))
    assert list(anchors.noted()) == heads


def test_an_untouched_chain_agrees_with_its_noted_heads(ids):
    verdict = audit.verify()
    assert (verdict.holds, verdict.checked, verdict.anchored) == (True, 8, 2)
    out = io.StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue().strip().endswith("与库外留存的摘要一致：2 处。")


def test_an_end_cut_off_is_noticed(ids):
    """Entries and links alike: what is left agrees with itself."""
    tamper("DELETE FROM privacy_auditlink WHERE entry_id > %s", ids[5])
    tamper("DELETE FROM privacy_auditentry WHERE id > %s", ids[5])
    verdict = audit.verify()
    assert (verdict.entry_id, verdict.fault, verdict.anchored) == (ids[7], "missing", 1)


def test_a_chain_written_again_is_noticed(ids):
    tamper("UPDATE privacy_auditentry SET reason = 'x' WHERE id = %s", ids[1])
    link_anew()
    verdict = audit.verify()
    assert (verdict.entry_id, verdict.fault) == (ids[3], "rewritten")
    with pytest.raises(CommandError, match=f"第 {ids[3]} 条的摘要与库外留存的不符"):
        call_command("verify_audit", stdout=io.StringIO())


def test_a_noted_entry_taken_out_of_a_chain_written_again_is_noticed(ids):
    tamper("DELETE FROM privacy_auditentry WHERE id = %s", ids[3])
    link_anew()
    assert (audit.verify().entry_id, audit.verify().fault) == (ids[3], "missing")


def test_the_control_without_noted_heads_both_pass(ids, settings):
    settings.AUDIT_ANCHORS = None
    tamper("DELETE FROM privacy_auditentry WHERE id = %s", ids[3])
    link_anew()
    assert audit.verify().holds


def test_half_a_line_and_one_out_of_turn_are_passed_over(ids, settings):
    with settings.AUDIT_ANCHORS.open("a") as lines:
        lines.write(f"2026-01-01T00:00:00+00:00 {ids[0]} {'0' * 64}\n2026-01-01T0")
    assert audit.verify().holds
