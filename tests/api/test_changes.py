"""What a unit hears of when it asks only for what changed: people who agreed, and people who are gone."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Signal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from kernel.api.view import moment
from talents.models import SharedRecord, Talent
from tests import factories

LONG_AGO = factories.NOW - timedelta(days=400)


def shared(unit, **fields):
    """Return a person of the unit, verified long ago, who agrees to be shown to it."""
    talent = factories.talent(unit=unit, verified_at=LONG_AGO, updated_at=LONG_AGO, **fields)
    factories.consent(talent.user, "unit_sharing", at=LONG_AGO)
    return talent


def changes(partner, since, **query):
    """Return (codes of people, codes of tombstones) the unit hears of since the moment."""
    answer = partner.get("/talents/", {"updated_since": moment(since), **query})
    assert answer.status_code == 200, answer.content
    page = json.loads(answer.content)
    return [row["code"] for row in page["results"]], [row["code"] for row in page["removed"]]


def everybody(partner):
    """Return the codes of the whole list, which holds no tombstones."""
    page = json.loads(partner.get("/talents/").content)
    assert page["removed"] == []
    return [row["code"] for row in page["results"]]


@pytest.mark.django_db
def test_a_consent_newly_given_is_a_change(partner):
    talent = factories.talent(unit=partner.unit, verified_at=LONG_AGO, updated_at=LONG_AGO)
    since = timezone.now()
    assert changes(partner, since) == ([], [])
    factories.consent(talent.user, "unit_sharing", at=LONG_AGO)
    assert changes(partner, since) == ([talent.code], [])
    (row,) = json.loads(partner.get("/talents/").content)["results"]
    assert row["updated_at"] == moment(SharedRecord.objects.get().changed_at)
    assert changes(partner, timezone.now()) == ([], [])


def leave_by_withdrawal(talent):
    factories.consent(talent.user, "unit_sharing", granted=False)


def leave_the_database(talent):
    Talent.objects.filter(pk=talent.pk).update(state="draft")


def leave_the_unit(talent):
    talent.unit = factories.unit()
    talent.save()


def leave_unclaimed(talent):
    Talent.objects.filter(pk=talent.pk).update(user=None)


def leave_erased(talent):
    talent.delete()


def leave_erased_by_hand(talent):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM talents_talent WHERE id = %s", [talent.pk])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "leave",
    [
        leave_by_withdrawal,
        leave_the_database,
        leave_the_unit,
        leave_unclaimed,
        leave_erased,
        leave_erased_by_hand,
    ],
)
def test_who_is_gone_leaves_a_tombstone(partner, leave):
    talent, stays = shared(partner.unit), shared(partner.unit)
    since = timezone.now()
    code = talent.code
    assert set(everybody(partner)) == {code, stays.code}
    leave(talent)
    assert everybody(partner) == [stays.code]
    assert changes(partner, since) == ([], [code])
    assert changes(partner, timezone.now()) == ([], [])


@pytest.mark.django_db
def test_a_tombstone_holds_the_code_and_the_moment_alone(partner):
    talent = shared(partner.unit)
    leave_by_withdrawal(talent)
    page = json.loads(partner.get("/talents/", {"updated_since": moment(LONG_AGO)}).content)
    assert page == {
        "results": [],
        "removed": [
            {"code": talent.code, "removed_at": moment(SharedRecord.objects.get().changed_at)}
        ],
        "next": None,
    }


@pytest.mark.django_db
def test_who_comes_back_is_no_tombstone_any_more(partner):
    talent = shared(partner.unit)
    leave_by_withdrawal(talent)
    since = timezone.now()
    factories.consent(talent.user, "unit_sharing")
    assert changes(partner, since) == ([talent.code], [])
    assert changes(partner, LONG_AGO) == ([talent.code], [])


@pytest.mark.django_db
def test_filters_tell_nothing_of_who_has_withdrawn(partner):
    talent = shared(partner.unit, title_level="senior")
    leave_by_withdrawal(talent)
    Talent.objects.filter(pk=talent.pk).update(title_level="primary", updated_at=timezone.now())
    for level in ("senior", "primary", "none"):
        assert changes(partner, LONG_AGO, title_level=level) == ([], [talent.code])


@pytest.mark.django_db
def test_filters_still_narrow_people(partner):
    shared(partner.unit, title_level="senior")
    beginner = shared(partner.unit, title_level="primary")
    assert changes(partner, LONG_AGO, title_level="primary") == ([beginner.code], [])
    page = json.loads(partner.get("/talents/", {"title_level": "primary"}).content)
    assert [row["code"] for row in page["results"]] == [beginner.code]


@pytest.mark.django_db
def test_another_unit_hears_nothing(partner, other):
    talent = shared(partner.unit)
    leave_by_withdrawal(talent)
    assert changes(other, LONG_AGO) == ([], [])


@pytest.mark.django_db
def test_the_new_unit_hears_of_her_when_she_moves(partner, other):
    talent = shared(partner.unit)
    since = timezone.now()
    Talent.objects.filter(pk=talent.pk).update(unit=other.unit)
    assert changes(other, since) == ([talent.code], [])


@pytest.mark.django_db
def test_tombstones_page_with_people(partner):
    people = sorted((shared(partner.unit) for _ in range(5)), key=lambda talent: talent.code)
    gone = people[1::2]
    for talent in gone:
        leave_by_withdrawal(talent)
    address, seen, removed = f"/talents/?limit=2&updated_since={moment(LONG_AGO)[:19]}Z", [], []
    while address:
        page = json.loads(partner.get(address).content)
        seen += [row["code"] for row in page["results"]]
        removed += [row["code"] for row in page["removed"]]
        address = (page["next"] or "").partition("/api/v1")[2]
    assert seen == [talent.code for talent in people[::2]]
    assert removed == [talent.code for talent in gone]


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_is_not_overtaken_by_a_verification(partner):
    """Both in the same instant: whichever commits last sees the other."""
    talent = factories.talent(unit=partner.unit, state="submitted")
    factories.consent(talent.user, "unit_sharing")
    verified, withdrawing = Signal(), Signal()

    def verify():
        try:
            with transaction.atomic():
                Talent.objects.filter(pk=talent.pk).update(
                    state="verified", verified_at=timezone.now()
                )
                verified.set()
                withdrawing.wait(5)
                with connection.cursor() as cursor:  # gives the withdrawal time to come to the lock
                    cursor.execute("SELECT pg_sleep(0.3)")
        finally:
            connection.close()

    def withdraw():
        try:
            verified.wait(5)
            withdrawing.set()
            factories.consent(talent.user, "unit_sharing", granted=False)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for task in [pool.submit(verify), pool.submit(withdraw)]:
            task.result()
    assert SharedRecord.objects.get().shared is False
