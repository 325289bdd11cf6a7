"""A unit confirms its people in one table: its own, those who agree, once for each key."""

import json
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kernel.errors import DomainError
from notices.models import Notice
from privacy.models import AuditEntry
from talents import operations
from talents.models import Proposal, UnitConfirmation
from tests import factories
from tests.api.conftest import make_partner
from tests.factories import NOW

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
            "proposed": 1,
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
        ({"people": [{"code": "A", "answer": "correct", "position": "主任"}]}, 422, "invalid"),
        ({"people": [{"code": "A", "answer": "left", "position": "主任"}]}, 422, "invalid"),
        ({"people": [{"code": "A", "answer": "changed", "unit_name": "示例"}]}, 422, "invalid"),
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


# --- what the unit says instead, for a clerk to decide ---------------------------------------------
def say(partner, talent, answer, key, **values):
    """Send a table of one person; returns its JSON."""
    person = {"code": talent.code, "answer": answer} | values
    return send(partner, [], key=key, body={"people": [person]})[1]


def waiting(talent):
    """The (label, old, new) of what waits about a record."""
    return [
        [(str(label), old, new) for label, old, new in proposal.rows]
        for proposal in operations.waiting_proposals(talent)
    ]


def test_what_changed_is_proposed_and_written_by_a_clerks_decision_alone(unit):
    talent = person(
        unit, position="工程师", professional_title="工程师", title_level="intermediate"
    )
    new = {"position": "主任", "professional_title": "高级工程师"}
    assert say(unit, talent, "changed", "table-0001", **new)["proposed"] == 1
    assert say(unit, talent, "changed", "table-0002", **new)["proposed"] == 1
    rows = [("职务", "工程师", "主任"), ("职称", "工程师", "高级工程师")]
    assert waiting(talent) == [rows]
    talent.refresh_from_db()
    assert (talent.position, operations.open_proposal(talent)) == ("工程师", None)
    proposal, clerk = Proposal.objects.get(), factories.staff("department_clerk")
    with pytest.raises(DomainError) as refusal:
        operations.withdraw_proposal(proposal=proposal, by=talent.user, now=NOW)
    assert refusal.value.code == "not_yours"
    operations.accept_proposal(proposal=proposal, by=clerk, now=NOW)
    talent.refresh_from_db()
    assert (talent.position, talent.title_level) == ("主任", "associate_senior")
    assert talent.facts["position"][0] == "unit"
    assert [entry.name for entry in talent.career.all()] == ["工程师"]
    notice = Notice.objects.get(kind="talents.corrected")
    assert notice.context["fields"]["zh-hans"] == "职务、职称"


def test_who_left_is_proposed_without_the_unit_and_the_job_becomes_her_past(unit):
    talent = person(unit, position="工程师")
    answer = say(unit, talent, "left", "table-0001", unit_name="重庆新示例公司")
    assert (answer["asked"], answer["proposed"]) == (1, 1)
    old = unit.unit.name
    assert waiting(talent) == [[("单位", old, "重庆新示例公司"), ("职务", "工程师", "")]]
    operations.accept_proposal(proposal=Proposal.objects.get(), by=None, now=NOW)
    talent.refresh_from_db()
    assert (talent.unit_id, talent.unit_text, talent.position) == (None, "重庆新示例公司", "")
    assert [(e.organisation, e.name) for e in talent.career.all()] == [(old, "工程师")]


def test_a_later_answer_replaces_it_and_still_correct_takes_it_back(unit):
    talent = person(unit, position="工程师")
    say(unit, talent, "changed", "table-0001", position="主任")
    say(unit, talent, "left", "table-0002")
    assert waiting(talent) == [
        [("单位", unit.unit.name, "已离开，新单位未填"), ("职务", "工程师", "")]
    ]
    assert say(unit, talent, "correct", "table-0003")["proposed"] == 0
    states = list(Proposal.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["replaced", "withdrawn"]


def test_what_she_changed_meanwhile_is_not_overwritten(unit):
    talent = person(unit, position="工程师")
    say(unit, talent, "changed", "table-0001", position="主任")
    operations.save_step(
        user=talent.user, step=2, values={"position": "所长"}, by=talent.user, now=NOW
    )
    with pytest.raises(DomainError) as refusal:
        operations.accept_proposal(proposal=Proposal.objects.get(), by=None, now=NOW)
    assert refusal.value.code == "record_changed"
    operations.refuse_proposal(
        proposal=Proposal.objects.get(), reason="本人已更正", by=None, now=NOW
    )
    assert not Notice.objects.filter(kind="talents.change_refused").exists()


def test_her_own_proposal_and_her_units_stand_beside_each_other(unit, client, settings):
    settings.STAFF_SECOND_FACTOR = False
    talent = person(unit, position="工程师")
    say(unit, talent, "changed", "table-0001", position="主任")
    operations.save_step(
        user=talent.user, step=1, values={"full_name": "王晓敏"}, by=talent.user, now=NOW
    )
    assert operations.open_proposal(talent).changed == ["full_name"]
    client.force_login(talent.user)
    assert "工程师 → 主任" in client.get(reverse("profile_confirm")).text
    client.force_login(factories.staff("department_clerk"))
    page = client.get(reverse("admin:talents_proposal_changelist")).text
    for words in ("职务 工程师 → 主任", unit.unit.name, "姓名 王小敏 → 王晓敏"):
        assert words in page
    its = Proposal.objects.get(unit=unit.unit)
    page = client.get(reverse("admin:talents_proposal_change", args=[its.pk])).text
    assert ("职务 工程师 → 主任" in page, "单位报来更正" in page) == (True, True)
    page = client.get(reverse("admin:talents_talent_change", args=[talent.pk])).text
    assert f"{unit.unit.name}报来更正，等待核对。" in page


def statements_of(partner, people, key, position):
    """Let a unit say another position of these people; returns how many statements its table took."""
    said = [{"code": p.code, "answer": "changed", "position": position} for p in people]
    with CaptureQueriesContext(connection) as statements:
        answer = send(partner, [], key=key, body={"people": said})[1]
    assert answer["proposed"] == len(people)
    return len(statements)


def test_a_table_of_changes_costs_the_same_for_one_and_for_three(unit):
    people = [person(unit, position="工程师") for _number in range(5)]
    statements_of(unit, people[:1], "warm-0001", "主任")
    new = [
        statements_of(unit, few, f"new-0{len(few)}-1", "主任") for few in (people[1:2], people[2:])
    ]
    other = [
        statements_of(unit, few, f"new-0{len(few)}-2", "所长") for few in (people[1:2], people[2:])
    ]
    assert (new[0], other[0]) == (new[1], other[1])
    states = Proposal.objects.filter(talent__in=people[1:]).values_list("state", flat=True)
    assert Counter(states) == {"replaced": 4, "waiting": 4}
