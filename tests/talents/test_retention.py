"""What the retention job does to a record as it grows old, field by field, and that it says so."""

import json

import pytest
from django.db import connection

from privacy import retention
from privacy.models import AuditEntry, RetentionRun
from talents import operations
from talents.career import operations as career
from talents.models import Evidence, Proposal, Talent
from tests.factories import NOW
from tests.privacy.test_audit import tamper
from tests.talents.outsiders import granted, imported, proposal, proved

pytestmark = pytest.mark.django_db
CLAIMED = {
    "full_name",
    "unit_text",
    "phone",
    "id_number",
    "code",
    "code_address",
    "address",
    "before",
}


def a_life():
    """A record with all that stands beside it: claimed, corrected, imported; an entry kept, one deleted, with files."""
    granted()
    operations.accept_proposal(proposal=proposal(), by=None, now=NOW)
    waits = proposal()
    imported()
    proved()
    career.delete_entry(entry=proved(), by=None, now=NOW)
    return waits


def age(days):
    """Make everything the app holds older: every moment in every table of it, append-only ones too."""
    for table, columns in _moments().items():
        older = ", ".join(
            f"{column} = {column} - make_interval(days => {days})" for column in columns
        )
        tamper(f"UPDATE {table} SET {older}")


def _moments():
    """Return {table: columns that hold moments}, and the day of a snapshot, which is not after its moment."""
    found = {"talents_careersnapshot": ["day"]}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE starts_with(table_name, 'talents_') AND data_type = 'timestamp with time zone'"
        )
        for table, column in cursor.fetchall():
            found.setdefault(table, []).append(column)
    return found


def held():
    """Return {(table, key): {column: value}} of every table of the app."""
    found = {}
    with connection.cursor() as cursor:
        tables = [
            t for t in connection.introspection.table_names(cursor) if t.startswith("talents_")
        ]
        for table in tables:
            cursor.execute(f'SELECT to_jsonb(t) FROM "{table}" t')
            for (row,) in cursor.fetchall():
                row = json.loads(row)
                key = row.get("id") or row.get("history_id") or row.get("talent_id")
                found[table, key] = row
    return found


def difference(before, after):
    """Return ({table: rows gone}, {table: columns that changed})."""
    gone, changed = {}, {}
    for (table, key), row in before.items():
        if (table, key) not in after:
            gone[table] = gone.get(table, 0) + 1
        elif columns := {c for c in row if row[c] != after[table, key][c]}:
            changed.setdefault(table, set()).update(columns)
    return gone, changed


def applied():
    """Apply the rules; what they did to the app's tables, and what they reported of the app's rules."""
    before = held()
    runs = retention.apply(now=NOW)
    said = {run.rule: run.done for run in runs if run.rule.startswith("talents.")}
    return *difference(before, held()), said


def test_each_field_goes_when_its_line_says_so_and_the_record_itself_never_by_age():
    waits = a_life()
    assert applied() == ({}, {}, {})
    files = Evidence.objects.count()
    age(days=31)
    gone, changed, said = applied()
    assert gone == {
        "talents_importrow": 2,
        "talents_careerentry": 1,
        "talents_historicalcareerentry": 1,
        "talents_evidence": 1,
        "talents_evidencepiece": 1,
    }
    assert (changed, files, Evidence.objects.count()) == ({}, 2, 1)
    assert said == {"talents.import_rows": 2, "talents.deleted_entries": 1}
    age(days=335)
    gone, changed, said = applied()
    assert gone == {}
    assert set(changed) == {"talents_claim", "talents_proposal"}
    assert changed["talents_claim"] <= {*CLAIMED, "id_number_index", "phone_index"}
    assert changed["talents_proposal"] == {
        f"{old}{name}" for old in ("", "old_") for name in ("full_name", "birth_month")
    }
    assert said == {"talents.claims": 1, "talents.proposals": 1}
    assert Proposal.objects.get(pk=waits.pk).full_name == "王晓敏"  # nobody has decided yet
    # Name, numbers, unit, career and snapshots stay as long as the account does.
    age(days=365 * 40)
    assert applied() == ({}, {}, {})
    assert Talent.objects.filter(state="verified").count() == Talent.objects.count()


def test_what_it_did_stands_in_the_log_and_on_the_auditors_page():
    a_life()
    age(days=366)
    applied()
    told = {
        e.detail["rule"]: e.detail
        for e in AuditEntry.objects.filter(action="privacy.apply_retention")
    }
    expected = {
        "talents.import_rows": 2,
        "talents.deleted_entries": 1,
        "talents.claims": 1,
        "talents.proposals": 1,
    }
    for rule, done in expected.items():
        assert told[rule] == {"rule": rule, "done": done, "failed": 0}
    runs = RetentionRun.objects.filter(rule__in=expected)
    assert {run.rule: (run.done, run.failed) for run in runs} == {
        rule: (done, 0) for rule, done in expected.items()
    }
