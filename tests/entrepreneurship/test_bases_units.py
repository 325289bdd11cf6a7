"""Bases as partner units' programs answer them, and what is left of a woman's requests."""

import json

import pytest

from entrepreneurship.bases import operations, personal_data
from entrepreneurship.bases.models import BaseRequest
from kernel.portal import Person
from notices.models import Notice
from privacy.models import AuditEntry
from talents.operations import merging
from tests import factories
from tests.api.conftest import make_partner
from tests.entrepreneurship import make
from tests.entrepreneurship.test_bases import DAY, KEPT, NOW
from tests.entrepreneurship.test_transfer_api import post

pytestmark = pytest.mark.django_db
SCOPES = ["bases:read", "bases:answer"]


def asked_of(partner):
    """Return a request to a base of a partner's unit."""
    return make.request(make.service(make.base(unit=partner.unit, owner=factories.staff())))


def said(answer):
    return answer.status_code, json.loads(answer.content).get("code")


# --- a unit's program -------------------------------------------------------------------------------
def test_a_program_answers_once_and_she_is_told_once():
    partner = make_partner(scopes=SCOPES)
    one = asked_of(partner)
    where = f"/base-requests/{one.code}/answer/"
    for _twice in range(2):
        answer = post(partner, where, {"answer": "一月四日起可以入驻"})
        told = json.loads(answer.content)
        assert (answer.status_code, told["request_state"]) == (200, "answered")
        # Who asked, and what, is read by the other address, which puts the reading on record.
        assert {"name", "words", "contact"} & set(told) == set()
    other = {"answer": "改口：不行"}
    assert said(post(partner, where, other)) == (422, "idempotency_key_reused")
    assert said(post(partner, where, other, key="key-00000002")) == (409, "not_open")
    decline = f"/base-requests/{one.code}/decline/"
    assert said(post(partner, decline, {"reason": "full"})) == (409, "not_open")
    assert make.fresh(one).answer == "一月四日起可以入驻"
    assert Notice.objects.filter(kind="entrepreneurship.base_answered").count() == 1
    entries = AuditEntry.objects.filter(action="entrepreneurship.answer_base_request")
    assert entries.count() == 1


def test_a_program_declines_for_a_listed_reason_alone():
    partner = make_partner(scopes=SCOPES)
    one = asked_of(partner)
    where = f"/base-requests/{one.code}/decline/"
    assert post(partner, where, {"reason": "我不想"}).status_code == 422
    assert post(partner, where, {}).status_code == 422
    assert make.fresh(one).state == "open"
    answer = json.loads(post(partner, where, {"reason": "full", "answer": "三月有空位"}).content)
    kept = make.fresh(one)
    assert (answer["request_state"], kept.answer, kept.decline_reason) == (
        "declined",
        "三月有空位",
        "full",
    )


@pytest.mark.parametrize("act", ["answer", "decline"])
def test_who_may_not_answer_writes_nothing(act):
    owner = make_partner(scopes=SCOPES)
    one, body = asked_of(owner), {"answer": "可以", "reason": "full"}
    where = f"/base-requests/{one.code}/{act}/"
    reads_only = make_partner(scopes=["bases:read"], unit=owner.unit)
    answers = [
        post(partner, where, body).status_code
        for partner in (make_partner(scopes=SCOPES), reads_only)
    ]
    assert (answers, make.fresh(one).state) == ([404, 403], "open")
    for wrong in ({}, {"answer": " ", "reason": ""}, {"answer": "长" * 1001, "reason": "full"}):
        assert post(owner, where, wrong).status_code == 422
    assert make.fresh(one).state == "open"


def test_what_she_took_back_the_unit_reads_no_more(client):
    partner = make_partner(scopes=SCOPES)
    one = asked_of(partner)
    operations.withdraw_base_request(request=one, **KEPT)
    told = json.loads(partner.get(f"/base-requests/{one.code}/").content)
    assert (told["request_state"], told["words"], told["contact"]) == ("withdrawn", "", "")
    answer = f"/base-requests/{one.code}/answer/"
    assert said(post(partner, answer, {"answer": "可以"})) == (409, "not_open")
    client.force_login(one.owner)
    page = client.get(f"/innovation/bases/answer/{one.code}/").content.decode()
    assert (one.words in page, one.contact in page) == (False, False)


# --- she ----------------------------------------------------------------------------------------------
def test_her_copy_has_what_she_asked_and_what_was_answered_and_nobody_elses():
    her = make.woman()
    one = make.request(talent=her)
    operations.answer_base_request(request=one, answer="一月起可以入驻", **KEPT)
    make.request()
    (group,) = personal_data.collect(her.user)
    rows = list(group.rows)
    assert [(row.words, row.contact, row.answer) for row in rows] == [
        (one.words, one.contact, "一月起可以入驻")
    ]


def test_erased_nothing_she_wrote_is_left_and_what_waits_is_taken_back():
    her = make.woman()
    waits, ended = make.request(talent=her), make.request(talent=her)
    operations.answer_base_request(request=ended, answer="可以", **KEPT)
    operations.say_helped(request=ended, helped="no", words="太远了", **KEPT)
    other = make.request()
    person = Person(her.user, (her,), "x")
    assert len(personal_data.lost(person, NOW)) == 1
    for _twice in range(2):
        personal_data.erase(person, NOW)
    rows = BaseRequest.objects.filter(talent=her).order_by("pk")
    found = rows.values_list("state", "words", "contact", "answer", "helped_words", "helped")
    assert list(found) == [
        ("withdrawn", None, None, None, None, ""),
        ("answered", None, None, None, None, "no"),
    ]
    assert (make.fresh(other).words, make.fresh(waits).owner) == (other.words, waits.owner)


def test_a_year_after_the_end_only_how_it_ended_is_left():
    one, waits = make.request(), make.request()
    operations.answer_base_request(request=one, answer="可以", **KEPT)
    assert not personal_data.old_requests(NOW).exists()
    rows = personal_data.old_requests(NOW + DAY)
    assert list(rows) == [one]
    assert personal_data.drop_words(rows) == 1
    assert not personal_data.old_requests(NOW + DAY).exists()
    one = make.fresh(one)
    assert (one.state, one.words, one.contact, one.answer) == ("answered", None, None, None)
    assert make.fresh(waits).words == waits.words


def test_two_records_become_one_and_what_both_wait_for_stays_where_it_was():
    keep, lose = make.woman(), make.woman(user=None)
    service, other = make.service(), make.service()
    both = [make.request(service, keep), make.request(service, lose)]
    alone = make.request(other, lose)
    merging.merge_records(keep=keep, lose=lose, reason="电话核实是同一人", **KEPT)
    whose = [make.fresh(one).talent_id for one in (*both, alone)]
    assert whose == [keep.pk, lose.pk, keep.pk]
