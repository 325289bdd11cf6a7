"""Snapshots: one for each change of a record in the database, never changed, never in the future."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from talents import operations
from talents.models import CareerSnapshot, Talent
from tests import factories
from tests.factories import NOW
from tests.talents.test_operations import submitted

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def shown(talent, *names):
    """Return the named columns of a record's snapshots, the oldest first."""
    return list(talent.snapshots.order_by("pk").values_list(*names))


def test_a_record_that_waits_has_none_and_one_that_is_verified_has_one():
    talent = submitted()
    assert shown(talent, "state") == []
    operations.verify(talent=talent, tier="district", by=None, now=NOW)
    assert shown(talent, "day", "state", "was_state", "tier", "was_tier") == [
        (TODAY, "verified", "", "district", "")
    ]


def test_a_change_of_jobs_says_where_she_is_and_where_she_was():
    hospital = factories.unit("重庆示例医院", kind="hospital")
    talent = factories.talent(unit=factories.unit(), title_level="intermediate")
    old = talent.unit_id
    values = {"unit": hospital, "unit_text": "", "position": "主任", "title_level": "senior"}
    operations.save_step(user=talent.user, step=2, values=values, by=talent.user, now=NOW)
    names = ("unit_id", "was_unit_id", "unit_kind", "position", "title_level", "was_title_level")
    assert shown(talent, *names, "source")[1:] == [
        (hospital.pk, old, "hospital", "主任", "senior", "intermediate", "self")
    ]


def test_what_a_snapshot_does_not_show_makes_none():
    talent = factories.talent()
    values = {"research_fields": ["机器人"]}
    operations.save_step(user=talent.user, step=3, values=values, by=talent.user, now=NOW)
    assert shown(talent, "state") == [("verified",)]


def test_leaving_and_coming_back_are_told():
    talent = factories.talent()
    for granted in (False, True):
        operations.on_database_consent(user=talent.user, granted=granted, by=talent.user, now=NOW)
    assert shown(talent, "state", "was_state") == [
        ("verified", ""),
        ("left", "verified"),
        ("verified", "left"),
    ]


def test_who_works_elsewhere_has_left_for_trends():
    talent = factories.talent()
    Talent.objects.filter(pk=talent.pk).update(moved_away_on=TODAY, updated_at=NOW)
    Talent.objects.filter(pk=talent.pk).update(moved_away_on=None, updated_at=NOW)
    assert shown(talent, "state", "was_state")[1:] == [
        ("moved_away", "verified"),
        ("verified", "moved_away"),
    ]


def test_many_written_at_once_are_told_as_well():
    rows = [factories.talent(user=None) for _number in range(2)]
    Talent.objects.filter(pk__in=[row.pk for row in rows]).update(tier="national", updated_at=NOW)
    assert [shown(row, "tier", "was_tier") for row in rows] == [[("", ""), ("national", "")]] * 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE talents_careersnapshot SET tier = 'national'",
        "DELETE FROM talents_careersnapshot",
        "TRUNCATE talents_careersnapshot",
    ],
)
def test_nobody_changes_or_removes_one(statement):
    factories.talent()
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert CareerSnapshot.objects.count() == 1


def test_they_go_with_their_record():
    factories.talent()
    gone = factories.talent(user=None)
    gone.delete()
    assert CareerSnapshot.objects.exclude(talent=gone.pk).count() == 1
    assert CareerSnapshot.objects.filter(talent=gone.pk).count() == 0


def test_none_is_in_the_future():
    talent = factories.talent()
    with pytest.raises(IntegrityError, match="snapshot_not_in_future"), transaction.atomic():
        CareerSnapshot.objects.create(
            talent=talent,
            day=timezone.localdate() + timedelta(days=2),
            department_id=talent.department_id,
            state="verified",
            source="staff",
        )


def test_a_clock_that_runs_ahead_keeps_nobody_from_saving():
    talent = factories.talent(updated_at=NOW + timedelta(days=4000), verified_at=NOW)
    Talent.objects.filter(pk=talent.pk).update(tier="city", updated_at=NOW + timedelta(days=4000))
    assert talent.snapshots.latest("pk").day <= timezone.localdate()


def test_the_way_back_of_the_migration_runs():
    """In a transaction that is taken back: the tests after this one need the triggers."""
    migration = import_module("talents.migrations.0003_snapshots")
    with connection.cursor() as cursor, transaction.atomic():
        for statements in (migration.NO_SNAPSHOTS, migration.SNAPSHOTS):
            cursor.execute(statements)
    factories.talent(tier="city")
    assert CareerSnapshot.objects.get().tier == "city"
