"""A unit's program brings its people forward: those it reads, each once, all or none, hers to decide."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from calls import nominating_rules, operations
from calls.api import NominationList, NominationOut
from calls.models import Nomination
from notices.models import Notice
from partners import answers
from partners.models import KeptAnswer
from privacy import consents
from privacy.models import AuditEntry
from tests import factories
from tests.api.conftest import make_partner
from tests.calls import make

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def unit():
    """A partner unit whose program may nominate."""
    return make_partner(scopes=["calls:nominate"])


def person(partner, **fields):
    """Return somebody of the unit who agrees to be shown to it."""
    talent = factories.talent(unit=partner.unit, **fields)
    factories.consent(talent.user, "unit_sharing")
    return talent


def unit_call(now, **fields):
    return make.call(now, **{"sources": ["unit"]} | fields)


def post(partner, path, body, key="table-0001"):
    """Send a body with the partner's token; returns (status, JSON)."""
    headers = {"Authorization": f"Bearer {partner.token}", "Idempotency-Key": key}
    answer = Client().post(f"/api/v1{path}", json.dumps(body), "application/json", headers=headers)
    return answer.status_code, json.loads(answer.content)


def send(partner, call, codes, key="table-0001", reason=make.GROUNDS):
    people = [{"code": code, "reason": reason} for code in codes]
    return post(partner, f"/calls/{call.code}/nominations/", {"people": people}, key)


def asked(number, unknown=()):
    return 200, {"asked": number, "unknown": sorted(unknown)}


def told(talent):
    rows = Notice.objects.filter(recipient=talent.user).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_those_the_unit_reads_are_told_and_the_others_are_unknown_alike(unit, now):
    call, her = unit_call(now), person(unit)
    silent, elsewhere = factories.talent(unit=unit.unit), factories.talent()
    gone = person(unit, moved_away_on=timezone.localdate(now))
    others = [silent.code, elsewhere.code, gone.code, "NOBODY"]
    assert send(unit, call, [her.code, *others]) == asked(1, others)
    nomination = Nomination.objects.get()
    assert (nomination.talent, nomination.unit, nomination.nominator) == (her, unit.unit, None)
    assert (nomination.phone, nomination.reason) == (None, make.GROUNDS)  # it knows no number
    assert (told(her), told(silent), told(elsewhere)) == (["calls.nominated"], [], [])
    entry = AuditEntry.objects.get(action="calls.nominate")
    assert (entry.object_id, entry.actor_id) == (str(nomination.pk), None)
    about = {"nomination": nomination, "talent": her, "by": her.user, "now": now}
    assert operations.agree_to_nomination(**about).source == "unit"


def test_the_same_key_is_answered_the_same_and_takes_no_other_table(unit, now):
    call, her, other = unit_call(now), person(unit), person(unit)
    first = send(unit, call, [her.code, "NOBODY"])
    consents.withdraw(user=her.user, purpose="unit_sharing", by=her.user, now=now)
    assert first == send(unit, call, [her.code, "NOBODY"]) == asked(1, ["NOBODY"])
    assert send(unit, call, [her.code], "table-0002") == asked(0, [her.code])
    for codes, reason in (
        ([other.code], make.GROUNDS),
        ([her.code, "NOBODY"], "换了一个推荐理由。。"),
    ):
        status, said = send(unit, call, codes, reason=reason)
        assert (status, said["code"]) == (422, "idempotency_key_reused")
    status, said = send(unit, unit_call(now), [her.code, "NOBODY"])
    assert (status, said["code"]) == (422, "idempotency_key_reused")
    assert (Nomination.objects.count(), told(her)) == (1, ["calls.nominated"])
    another = make_partner(scopes=["calls:nominate"])  # a key of the same name is its own
    assert send(another, call, [person(another).code]) == asked(1)


def test_each_once_for_a_call_by_page_and_by_program(unit, now):
    call, her, contact = unit_call(now), person(unit), make.contact(unit.unit)
    by_page = operations.nominate(
        call=call,
        unit=unit.unit,
        full_name=her.full_name,
        phone=her.user.phone,
        reason=make.GROUNDS,
        by=contact,
        now=now,
    )
    assert send(unit, call, [her.code]) == asked(1)
    assert list(Nomination.objects.all()) == [by_page]
    status, said = post(unit, f"/nominations/{by_page.code}/take-back/", {})
    assert (status, said["status"]) == (200, "taken_back")
    assert send(unit, call, [her.code], "table-0002") == asked(1)
    assert send(unit, call, [her.code], "table-0003") == asked(1)
    again = Nomination.objects.standing().get()
    assert told(her) == ["calls.nominated", "calls.nomination_taken_back", "calls.nominated"]
    made = operations.nominate(  # and the page finds what the program wrote
        call=call,
        unit=unit.unit,
        full_name=her.full_name,
        phone=her.user.phone,
        reason=make.GROUNDS,
        by=contact,
        now=now,
    )
    assert made == again


def test_who_was_named_before_she_came_is_not_named_twice(unit, now):
    call = unit_call(now)
    about = {"call": call, "unit": unit.unit, "reason": make.GROUNDS, "now": now}
    early = operations.nominate(
        full_name="林晚来", phone="14055550001", by=make.contact(unit.unit), **about
    )
    user = factories.user("林晚来", phone="14055550001")
    her = person(unit, full_name="林晚来", user=user)
    assert (early.talent, send(unit, call, [her.code])) == (None, asked(1))
    assert nominating_rules.of_woman(her) == list(Nomination.objects.all()) == [early]


def test_whom_a_unit_named_both_ways_reads_it_once(unit, now):
    call, her = unit_call(now), person(unit)
    about = {"call": call, "unit": unit.unit, "reason": make.GROUNDS, "now": now}
    operations.nominate(
        full_name=her.full_name, phone="14055550009", by=make.contact(unit.unit), **about
    )
    send(unit, call, [her.code])
    her.user.phone = "14055550009"  # she takes the number her unit had of her
    her.user.save()
    by_code = Nomination.objects.get(talent=her)
    assert nominating_rules.of_woman(her) == [by_code]
    assert operations.agree_to_nomination(nomination=by_code, talent=her, by=None, now=now)


def test_all_are_written_or_none(unit, now):
    call = unit_call(now)
    people = [person(unit) for _each in range(2)]
    for number in range(nominating_rules.MOST_BY_UNIT - 1):
        Nomination.objects.create(
            call=call, unit=unit.unit, phone=f"139123400{number:02d}", made_at=now
        )
    status, said = send(unit, call, [one.code for one in people])
    assert (status, said["code"]) == (409, "too_many_nominations")
    assert (Nomination.objects.count(), KeptAnswer.objects.count()) == (49, 0)
    assert [told(one) for one in people] == [[], []]
    assert send(unit, call, [people[0].code]) == asked(1)  # nothing was used up


@pytest.mark.parametrize(
    ("fields", "body", "code"),
    [
        ({"sources": ["self"]}, {}, "source_closed"),
        ({"opens_at": timezone.now() + DAY}, {}, "call_coming"),
        ({}, {"people": []}, "invalid"),
        ({}, {"people": [{"code": "A", "reason": "她很好"}]}, "invalid"),
        ({}, {"people": [{"code": "A", "reason": " " * 20}]}, "invalid"),
        ({}, {"people": [{"code": "A", "reason": "好" * 501}]}, "invalid"),
        ({}, {"people": [{"code": "A", "reason": make.GROUNDS}] * 2}, "invalid"),
        ({}, {"people": [{"code": f"A{n}", "reason": make.GROUNDS} for n in range(51)]}, "invalid"),
    ],
)
def test_what_is_wrong_is_refused_and_writes_nothing(unit, now, fields, body, code):
    call = unit_call(now, **fields)
    sent = {"people": [{"code": person(unit).code, "reason": make.GROUNDS}]} | body
    _status, said = post(unit, f"/calls/{call.code}/nominations/", sent)
    assert (said["code"], Nomination.objects.count()) == (code, 0)
    assert KeptAnswer.objects.count() == 0


def test_what_is_not_the_units_is_not_there(unit, now):
    call = unit_call(now)
    foreign = make.nomination(call, unit=factories.unit(), now=now)
    own = make.nomination(call, unit=unit.unit, now=now)
    rows = unit.get("/nominations/").json()["results"]
    assert [row["code"] for row in rows] == [own.code]
    status, said = post(unit, f"/nominations/{foreign.code}/take-back/", {})
    assert (status, said["code"]) == (404, "not_found")
    by_herself = make.nomination(make.call(now, sources=["third"]), now=now)
    assert post(unit, f"/nominations/{by_herself.code}/take-back/", {})[0] == 404
    draft = make.draft(now, sources=["unit"])
    assert send(unit, draft, [person(unit).code])[0] == 404
    reader = make_partner(unit=unit.unit, scopes=["talents:read"])
    assert send(reader, call, ["A"])[1]["code"] == "insufficient_scope"
    assert reader.get("/nominations/").status_code == 403
    no_key = post(unit, f"/calls/{call.code}/nominations/", {"people": []}, "short")
    assert no_key[1]["code"] == "idempotency_key_missing"


def test_the_list_says_what_its_page_says_and_nothing_of_her_answer(unit, now):
    call = unit_call(now)
    rows = [make.nomination(call, person(unit), unit.unit, now=now) for _each in range(3)]
    before = unit.get("/nominations/").json()
    for row, act in zip(
        rows, (operations.agree_to_nomination, operations.decline_nomination), strict=False
    ):
        act(nomination=row, talent=row.talent, by=None, now=now)
    assert unit.get("/nominations/").json() == before
    operations.take_nomination_back(nomination=rows[0], by=None, now=now)
    found, path = [], "/nominations/?limit=2"
    while path:
        page = unit.get(path).json()
        found += page["results"]
        path = page["next"] and page["next"].partition("/api/v1")[2]
    assert [row["code"] for row in found] == sorted(row.code for row in rows)
    states = {row["code"]: row["status"] for row in found}
    assert states == {row.code: "taken_back" if row == rows[0] else "standing" for row in rows}
    standing = unit.get(f"/nominations/?status=standing&call={call.code}").json()["results"]
    assert {row["code"] for row in standing} == {row.code for row in rows[1:]}
    assert unit.get("/nominations/?call=OTHER").json()["results"] == []
    assert unit.get("/nominations/?answer=agreed").status_code == 400
    (columns,) = Nomination.objects.filter(pk=rows[1].pk).values_list(*NominationList.columns)
    assert set(NominationList.represent(columns)) == set(NominationOut().fields)


def test_reading_costs_the_same_for_one_and_for_three(unit, now, django_assert_num_queries):
    call = unit_call(now)
    make.nomination(call, unit=unit.unit, now=now)
    with django_assert_num_queries(2):  # the token, the list
        unit.get("/nominations/")
    for _each in range(2):
        make.nomination(call, unit=unit.unit, now=now)
    with django_assert_num_queries(2):
        assert len(unit.get("/nominations/").json()["results"]) == 3


def test_what_was_answered_forgets_her_code_when_she_is_erased_and_goes_after_a_month(unit, now):
    send(unit, unit_call(now), ["ABCDE", "FGHIJ"])
    assert answers.forget_codes(["ABCDE"], "unknown") == 1
    assert KeptAnswer.objects.get().answer == {"asked": 0, "unknown": ["FGHIJ"]}
    assert answers.old(now - 30 * DAY).count() == 0
    assert answers.old(now + DAY).count() == 1
