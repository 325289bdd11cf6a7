"""Her unit stands for her: on paper a clerk holds, or through the API, and what a unit may learn by it."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from kernel.errors import DomainError
from notices.models import Notice
from talents import checks, operations
from talents.models import Endorsement
from tests import factories
from tests.api.conftest import make_partner, problem
from tests.factories import NOW
from tests.talents.test_admin import page, signed_in

pytestmark = pytest.mark.django_db
PAPER = "盖章的推荐表"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    """Staff enter with a password alone; the second factor has tests of its own."""
    settings.STAFF_SECOND_FACTOR = False


@pytest.fixture
def partner():
    """A partner unit with all scopes."""
    return make_partner()


def waiting(unit, **fields):
    """A record handed in that names the unit."""
    return factories.talent(**{"unit": unit, "state": "submitted", "submitted_at": NOW} | fields)


def put(partner, talent, endorsed=True, full_name=None, code=None, body=None):
    """Say through the API that a unit stands for her, or no more."""
    said = {"full_name": full_name or talent.full_name, "endorsed": endorsed}
    return Client().put(
        f"/api/v1/talents/{code or talent.code}/endorsement/",
        json.dumps(said) if body is None else body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {partner.token}"},
    )


def code_of(operation, **arguments):
    """The code of a refusal."""
    with pytest.raises(DomainError) as refused:
        operation(now=NOW, **arguments)
    return refused.value.code


# --- on paper --------------------------------------------------------------------------------------
def test_a_clerk_writes_down_the_units_paper_and_takes_it_back(client):
    staff = signed_in(client, "department_clerk")
    talent = waiting(factories.unit("重庆示例大学"))
    assert page("endorse", talent) in client.get(page("change", talent)).text
    dossier = client.post(page("endorse", talent), {"reason": PAPER}, follow=True).text
    assert "重庆示例大学于" in dossier
    assert f"推荐，依据：{PAPER}" in dossier
    assert page("take_back", talent) in dossier
    (notice,) = Notice.objects.filter(kind="talents.endorsed")
    assert notice.recipient == talent.user
    given = {"talent": talent, "by": staff}
    assert code_of(operations.endorse, reason=PAPER, **given) == "already_endorsed"
    client.post(page("take_back", talent), {"reason": "单位来函撤回"})
    assert list(Endorsement.objects.standing()) == []
    assert code_of(operations.take_back_endorsement, reason="再撤一次", **given) == "not_endorsed"
    operations.endorse(reason=PAPER, now=NOW, **given)
    assert (Endorsement.objects.count(), Endorsement.objects.standing().count()) == (2, 1)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"unit": None, "unit_text": "某研究所"}, "unit_unknown"),
        ({"state": "draft", "submitted_at": None}, "not_in_scope"),
    ],
)
def test_what_is_not_endorsed(fields, code):
    talent = waiting(**{"unit": factories.unit()} | fields)
    given = {"talent": talent, "reason": PAPER, "by": factories.staff("department_clerk")}
    assert code_of(operations.endorse, **given) == code


def test_it_counts_for_the_unit_she_is_with():
    talent, staff = waiting(factories.unit()), factories.staff("department_clerk")
    operations.endorse(talent=talent, reason=PAPER, by=staff, now=NOW)

    def said():
        return [check.text for check in checks.about(talent, staff) if PAPER in check.text]

    assert len(said()) == 1
    talent.unit = factories.unit()
    talent.save()
    assert said() == []


def test_the_database_keeps_one_that_stands_and_a_reason_of_each_clerk():
    talent, unit = factories.talent(), factories.unit()
    first = {"talent": talent, "unit": unit, "at": NOW}
    Endorsement.objects.create(**first)
    for fields in ({}, {"unit": factories.unit(), "by": factories.staff()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Endorsement.objects.create(**first | fields)


# --- by the unit itself ----------------------------------------------------------------------------
def test_a_unit_stands_for_its_woman_and_takes_it_back(partner):
    talent = waiting(partner.unit)
    for _again in range(2):
        answer = put(partner, talent)
        assert (answer.status_code, json.loads(answer.content)) == (
            200,
            {"code": talent.code, "endorsed": True},
        )
    assert Endorsement.objects.standing().count() == 1
    for _again in range(2):
        assert put(partner, talent, endorsed=False).status_code == 200
    assert Endorsement.objects.standing().count() == 0


def test_a_unit_that_changes_its_mind_all_day_is_stopped_and_she_is_told_once(partner):
    talent = waiting(partner.unit)
    given = [put(partner, talent, endorsed=n % 2 == 0).status_code for n in range(6)]
    assert given == [200] * 6
    assert problem(put(partner, talent)) == (409, "endorsed_too_often")
    assert (Endorsement.objects.count(), Notice.objects.filter(recipient=talent.user).count()) == (
        3,
        1,
    )
    Endorsement.objects.update(at=NOW - timedelta(days=400))
    assert put(partner, talent).status_code == 200


@pytest.mark.parametrize(
    ("fields", "answer", "status"),
    [
        ({}, None, 200),  # handed in, names the unit, never asked
        ({}, True, 200),
        ({}, False, 404),  # she said no
        ({"state": "returned", "return_reason": "缺单位"}, None, 200),
        ({"state": "verified"}, True, 200),
        ({"state": "verified"}, None, 404),  # in the database the unit reads who agreed, no more
        ({"state": "verified"}, False, 404),
        ({"state": "verified", "moved_away_on": NOW.date()}, True, 404),
        ({"state": "draft", "submitted_at": None}, None, 404),
        ({"state": "left", "verified_at": NOW}, True, 404),
        ({"user": None, "state": "verified"}, None, 404),
    ],
)
def test_whom_a_unit_may_stand_for(partner, fields, answer, status):
    talent = waiting(partner.unit, **fields)
    if answer is not None:
        factories.consent(talent.user, "unit_sharing", granted=answer)
    given = put(partner, talent)
    assert given.status_code == status
    if status == 404:
        assert problem(given) == (404, "not_found")


def test_what_a_unit_does_not_know_it_does_not_learn(partner):
    """A wrong name, another unit's woman, one who said no and nobody at all are answered with the same bytes."""
    unit = factories.unit()
    refused = waiting(partner.unit)
    factories.consent(refused.user, "unit_sharing", granted=False)
    answers = {
        put(partner, waiting(partner.unit), full_name="李四").content,
        put(partner, waiting(unit)).content,
        put(partner, refused).content,
        put(partner, refused, code="NOBODYATALL").content,
    }
    assert (len(answers), Endorsement.objects.count()) == (1, 0)


def test_a_key_without_the_scope_is_refused():
    reader = make_partner(scopes=["talents:read"])
    assert problem(put(reader, waiting(reader.unit))) == (403, "insufficient_scope")


def test_a_body_that_makes_no_sense_is_said_so(partner):
    talent = waiting(partner.unit)
    assert problem(put(partner, talent, body="{")) == (400, "malformed_json")
    assert problem(put(partner, talent, body="{}"))[1] == "invalid"
    get = partner.get(f"/talents/{talent.code}/endorsement/")
    assert problem(get) == (405, "method_not_allowed")


def test_two_records_become_one_with_one_endorsement():
    unit = factories.unit()
    lose, keep = waiting(unit), factories.talent(user=None, unit=unit, source="import")
    for talent in (lose, keep):
        operations.endorse(talent=talent, reason=PAPER, by=None, now=NOW)
    operations.merge_records(keep=keep, lose=lose, reason="电话核实是同一人", by=None, now=NOW)
    assert keep.endorsements.standing().count() == 1
