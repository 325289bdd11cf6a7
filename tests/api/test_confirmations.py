"""A unit confirms its people in one table: its own, those who agree, once for each key."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from privacy.models import AuditEntry
from talents.models import UnitConfirmation
from tests import factories
from tests.api.conftest import make_partner

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


@pytest.fixture
def unit():
    """A partner unit that may confirm."""
    partner = make_partner(scopes=["talents:confirm"])
    partner.fetch()
    return partner


def person(partner, **fields):
    """Return somebody of the unit who agrees to be shown to it."""
    talent = factories.talent(unit=partner.unit, **fields)
    factories.consent(talent.user, "unit_sharing")
    return talent


def send(partner, people, key="table-0001", as_of=None, body=None):
    """Send a table; returns the answer and its JSON."""
    sent = {
        "as_of": (as_of or TODAY()).isoformat(),
        "people": [{"code": code, "answer": answer} for code, answer in people],
    } | (body or {})
    headers = {"Authorization": f"Bearer {partner.token}", "Idempotency-Key": key}
    answer = Client().post(
        "/api/v1/talents/confirmations/", json.dumps(sent), "application/json", headers=headers
    )
    return answer, json.loads(answer.content)


def test_what_is_right_is_stood_for_and_of_the_rest_the_women_are_asked(unit):
    later = timezone.now() + timedelta(days=200)
    right, changed, left = (person(unit, confirm_from=later) for _number in range(3))
    silent = factories.talent(unit=unit.unit)
    elsewhere = factories.talent()
    table = [(right.code, "correct"), (changed.code, "changed"), (left.code, "left")]
    table += [(silent.code, "correct"), (elsewhere.code, "correct"), ("NOBODY", "correct")]
    answer, said = send(unit, table)
    assert (answer.status_code, said) == (
        200,
        {
            "confirmed": 1,
            "asked": 2,
            "unknown": sorted([silent.code, elsewhere.code, "NOBODY"]),
        },
    )
    for talent in (right, changed, left, silent):
        talent.refresh_from_db()
    assert (right.confirmed_by, timezone.localdate(right.confirmed_at)) == ("unit", TODAY())
    assert right.confirm_from > later
    assert [t.confirm_from <= timezone.now() for t in (changed, left)] == [True, True]
    assert (silent.confirmed_at, changed.unit_id) == (None, unit.unit.pk)
    verbs = AuditEntry.objects.filter(
        action__in=["talents.confirm_people", "talents.question_people"]
    )
    assert verbs.count() == 3


def test_a_repeated_request_changes_nothing_and_another_table_is_refused(unit):
    talent = person(unit)
    first, said = send(unit, [(talent.code, "correct")])
    again, the_same = send(unit, [(talent.code, "correct")])
    assert (first.status_code, again.status_code, said) == (200, 200, the_same)
    assert AuditEntry.objects.filter(action="talents.confirm_people").count() == 1
    other, said = send(unit, [(talent.code, "left")])
    assert (other.status_code, said["code"]) == (422, "idempotency_key_reused")
    assert UnitConfirmation.objects.count() == 1


def test_another_units_key_of_the_same_name_is_its_own(unit):
    other = make_partner(scopes=["talents:confirm"])
    other.fetch()
    for partner in (unit, other):
        assert send(partner, [(person(partner).code, "correct")])[1]["confirmed"] == 1


def test_what_she_confirmed_later_stays(unit):
    yesterday = timezone.now() - timedelta(hours=1)
    talent = person(unit, confirmed_at=yesterday, confirmed_by="self")
    send(unit, [(talent.code, "correct")], as_of=TODAY() - timedelta(days=30))
    talent.refresh_from_db()
    assert (talent.confirmed_at, talent.confirmed_by) == (yesterday, "self")


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"as_of": TODAY() + timedelta(days=1)}, 422, "in_future"),
        ({"as_of": TODAY() - timedelta(days=400)}, 422, "too_old"),
        ({"key": "short"}, 400, "idempotency_key_missing"),
        ({"people": []}, 422, "invalid"),
        ({"people": [{"code": "A", "answer": "maybe"}]}, 422, "invalid"),
        ({"people": [{"code": "A", "answer": "left"}] * 2}, 422, "invalid"),
    ],
)
def test_what_is_wrong_is_refused(unit, more, status, code):
    more = dict(more)
    body = {"people": more.pop("people")} if "people" in more else {}
    answer, said = send(unit, [("K7MQ2RXW4N", "correct")], **more, body=body)
    assert (answer.status_code, said["code"]) == (status, code)
    assert UnitConfirmation.objects.count() == 0


def test_reading_is_another_scope():
    partner = make_partner(scopes=["talents:read"])
    partner.fetch()
    answer, said = send(partner, [(person(partner).code, "correct")])
    assert (answer.status_code, said["code"]) == (403, "insufficient_scope")


def test_a_long_table_costs_the_same(unit, django_assert_max_num_queries):
    people = [(person(unit).code, "correct") for _number in range(12)]
    send(unit, people[:1], key="warm-0001")
    with django_assert_max_num_queries(20):
        send(unit, people)
