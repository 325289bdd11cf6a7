"""Bases: what is offered while it is verified, what women ask, who answers by when, and who reads it."""

import json
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from entrepreneurship.bases import operations, queue, rules
from entrepreneurship.bases.models import Base, BaseRequest, BaseService
from kernel.errors import DomainError
from kernel.sweeps import sweep
from notices.models import Notice
from places.models import CalendarDays
from privacy.models import AuditEntry
from tests import factories
from tests.api.conftest import make_partner
from tests.entrepreneurship import make
from tests.waits import beside

NOW, DAY = make.NOW, timedelta(days=1)  # Monday 23 November 2026
KEPT = {"by": None, "now": NOW}
HOME = "/innovation/bases/"
database = pytest.mark.django_db


def clock(now):
    """What entrepreneurship.tasks.follow_base_requests does, at a moment."""
    today, rows = timezone.localdate(now), BaseRequest.objects
    sweep(rows.to_remind(today), operations.remind_owner, "request", now=now)
    sweep(rows.to_escalate(today), operations.escalate_request, "request", now=now)


def told(kind):
    return Notice.objects.filter(kind=f"entrepreneurship.{kind}").count()


def refused(operation, **given):
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        operation(**given, **KEPT)
    return refusal.value.code, refusal.value.field


# --- what is offered -------------------------------------------------------------------------------
@database
def test_a_service_vanishes_180_days_after_it_was_verified_without_any_job():
    one = make.service()
    day = NOW.date()
    shown = [
        BaseService.objects.offered(day + timedelta(days=n)).exists() for n in (0, 179, 180, 400)
    ]
    assert shown == [True, True, False, False]
    clerk = factories.staff("department_clerk")
    waits = [queue.to_verify(clerk, NOW + n * DAY).count for n in (0, 149, 150, 400)]
    assert waits == [0, 0, 1, 1]
    late = NOW + 200 * DAY
    assert isinstance(rules.why_not_service(one, late), DomainError)
    operations.verify_service(service=one, by=clerk, now=late)
    assert BaseService.objects.offered(timezone.localdate(late)).get().verified_by == clerk


@database
def test_a_service_is_ended_and_offered_again():
    one = make.service()
    operations.end_service(service=one, **KEPT)
    operations.end_service(service=one, **KEPT)
    assert not BaseService.objects.offered(NOW.date()).exists()
    other = make.service(one.base)
    assert refused(operations.restore_service, service=one) == ("service_twice", "title")
    operations.end_service(service=other, **KEPT)
    assert operations.restore_service(service=one, **KEPT).ended_at is None
    assert refused(operations.save_service, base=one.base, values=make.offer(cost=" ")) == (
        "service_incomplete",
        "cost",
    )


@database
def test_an_owner_is_staff_of_the_department_or_the_contact_of_the_unit():
    unit = factories.unit()
    contact = factories.user(unit=unit)
    contact.groups.set(Group.objects.filter(name="unit_contact"))
    base = make.base(unit=unit)
    elsewhere = factories.staff(department_code="science_innovation")
    for owner, code in ((None, "owner_missing"), (elsewhere, "owner_elsewhere")):
        answer = refused(operations.save_base, base=base, values={"owner": owner})
        assert answer == (code, "owner")
    assert operations.save_base(base=base, values={"owner": contact}, **KEPT).owner == contact


# --- she asks, the owner answers -------------------------------------------------------------------
@database
def test_her_request_is_answered_within_five_working_days_and_she_says_whether_it_helped():
    one = make.request()
    assert (one.due_on, told("base_asked")) == (date(2026, 11, 30), 1)
    assert refused(make_again, one=one) == ("asked_already", None)
    assert refused(operations.say_helped, request=one, helped="yes") == ("not_answered", None)
    answered = operations.answer_base_request(request=one, answer="一月起可以入驻。", **KEPT)
    operations.answer_base_request(request=one, answer="一月起可以入驻。", **KEPT)
    assert (answered.state, told("base_answered")) == ("answered", 1)
    assert refused(operations.answer_base_request, request=one, answer="不行") == ("not_open", None)
    assert refused(operations.say_helped, request=one, helped="maybe") == (
        "helped_missing",
        "helped",
    )
    said = operations.say_helped(request=one, helped="partly", words="工位有了，缺会议室", **KEPT)
    again = operations.reopen_base_request(request=said, words="还缺一个会议室", **KEPT)
    assert (again.state, again.helped, "会议室" in again.words) == ("open", "", True)
    operations.decline_base_request(request=again, reason="full", **KEPT)
    assert told("base_declined") == 1
    assert refused(operations.reopen_base_request, request=again, words="再试") == (
        "reopened_before",
        None,
    )


def make_again(*, one, by, now):
    return make.request(one.service, one.talent)


@database
@pytest.mark.parametrize(
    ("given", "told_"),
    [
        ({"words": " "}, ("words_missing", "words")),
        ({"words": "多" * 1001}, ("words_long", "words")),
        ({"contact": ""}, ("contact_missing", "contact")),
    ],
)
def test_an_empty_or_endless_request_is_one_sentence_and_no_row(given, told_):
    service = make.service()
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        make.request(service, **given)
    assert ((refusal.value.code, refusal.value.field), BaseRequest.objects.count()) == (told_, 0)


@database
def test_she_asks_for_her_own_venture_only():
    foreign = make.venture()
    assert refused(
        operations.ask_base,
        service=make.service(),
        talent=make.woman(),
        words="工位",
        contact="x@example.cn",
        venture=foreign,
    ) == ("venture_foreign", "venture")


@database
def test_the_owner_is_reminded_the_day_before_and_the_lead_told_the_day_after():
    one = make.request()
    lead = factories.staff("department_reviewer")
    seen = []
    for days in (0, 5, 6, 7, 8, 9, 30):
        clock(NOW + days * DAY)
        seen.append((told("base_due"), told("base_overdue")))
    assert seen == [(0, 0), (0, 0), (1, 0), (1, 0), (1, 1), (1, 1), (1, 1)]
    assert Notice.objects.get(kind="entrepreneurship.base_overdue").recipient == lead
    assert queue.overdue(lead, NOW + 8 * DAY).count == 1
    operations.withdraw_base_request(request=one, **KEPT)
    assert queue.overdue(lead, NOW + 8 * DAY).count == 0


@database
def test_a_day_made_free_moves_the_day_it_is_due_later_and_none_earlier():
    one = make.request()
    CalendarDays.objects.create(
        first_day=date(2026, 11, 26),
        last_day=date(2026, 11, 27),
        name="活动日",
        source="通知",
        is_off=True,
    )
    operations.move_due(now=NOW)
    assert make.fresh(one).due_on == date(2026, 12, 2)
    CalendarDays.objects.all().delete()
    operations.move_due(now=NOW)
    assert make.fresh(one).due_on == date(2026, 12, 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_lock", [True, False])
def test_two_who_answer_at_once_answer_once(with_lock, monkeypatch):
    """The control reads the request without its lock: she is told twice, once that it works and once that it does not."""
    one = make.request()
    if not with_lock:
        rows = BaseRequest.objects.select_related("base", "service", "talent__user", "owner")
        monkeypatch.setattr(operations, "locked_request", lambda found: rows.get(pk=found.pk))

    def answer():
        operations.answer_base_request(request=one, answer="可以", **KEPT)

    def decline():
        operations.decline_base_request(request=one, reason="full", **KEPT)

    met = beside(answer, decline)
    assert (met, told("base_declined")) == (("not_open", 0) if with_lock else (None, 1))


@database
def test_what_ended_always_says_when_and_why():
    one = make.request()
    for change in ({"state": "declined"}, {"state": "answered"}, {"helped": "yes"}):
        with pytest.raises(DatabaseError, match="base_request"), transaction.atomic():
            BaseRequest.objects.filter(pk=one.pk).update(**change)


# --- pages -----------------------------------------------------------------------------------------
@database
def test_everybody_reads_the_bases_and_she_asks_on_her_phone(client):
    service = make.service(now=timezone.now())
    assert "首年免租工位" in client.get(HOME).content.decode()
    assert "第一年免费" in client.get(service.base.get_absolute_url()).content.decode()
    ask = f"{HOME}services/{service.pk}/ask/"
    given = {"words": "想用两个工位", "contact": "zhou@example.cn", "venture": ""}
    assert client.post(ask, given).status_code == 302
    assert BaseRequest.objects.count() == 0  # she signs in first, what she typed comes back
    her = make.woman()
    client.force_login(her.user)
    assert client.post(ask, given | {"contact": ""}).status_code == 422
    sent = client.post(ask, given, follow=True)
    assert "五个工作日内答复" in next(str(m) for m in sent.context["messages"])
    one = BaseRequest.objects.get()
    client.force_login(make.woman().user)
    assert client.get(one.get_absolute_url()).status_code == 404
    assert client.get(f"{HOME}answer/{one.code}/").status_code == 404
    owner = service.base.owner
    client.force_login(owner)
    where = f"{HOME}answer/{one.code}/"
    assert "想用两个工位" in client.get(where).content.decode()
    assert client.post(where, {"act": "answer", "answer-answer": " "}).status_code == 422
    assert client.post(where, {"act": "answer", "answer-answer": "可以"}).status_code == 302
    client.force_login(her.user)
    helped = {"act": "helped", "helped-helped": "yes", "helped-words": "谢谢"}
    assert client.post(one.get_absolute_url(), helped).status_code == 302
    again = {"act": "reopen", "reopen-words": "还缺会议室"}
    assert client.post(one.get_absolute_url(), again).status_code == 302
    assert client.post(one.get_absolute_url(), {"act": "withdraw"}).status_code == 302
    assert make.fresh(one).state == "withdrawn"
    assert client.post(one.get_absolute_url(), {"act": "erase"}).status_code == 404


@database
def test_lists_ask_as_much_for_three_as_for_one(client):
    owner, her = factories.staff("department_clerk"), make.woman()
    asked = {}
    for count in (1, 3):
        for _number in range(Base.objects.count(), count):
            one = make.request(make.service(make.base(owner=owner), timezone.now()), her)
        for person, address in (
            (None, HOME),
            (her.user, f"{HOME}requests/"),
            (owner, f"{HOME}answer/"),
        ):
            client.logout()
            if person:
                client.force_login(person)
            client.get(f"{address}?warm={count}")
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"{address}?n={count}").status_code == 200
            asked.setdefault(address, set()).add(len(queries))
    assert ({address: len(n) for address, n in asked.items()}, one.base.name) == (
        dict.fromkeys(asked, 1),
        Base.objects.order_by("-pk")[0].name,
    )


@database
def test_her_department_answers_and_hands_over_in_the_admin(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    one, clerk = make.request(), factories.staff("department_clerk")
    client.force_login(clerk)
    admin = f"/admin/entrepreneurship/baserequest/{one.pk}"
    assert "两人团队" in client.get(f"{admin}/change/").content.decode()
    assert client.post(f"{admin}/route/", {"owner": clerk.pk}).status_code == 302
    assert make.fresh(one).owner == clerk
    assert client.post(f"{admin}/reply/", {"answer": "可以入驻"}).status_code == 302
    assert make.fresh(one).answer == "可以入驻"
    service = f"/admin/entrepreneurship/baseservice/{one.service_id}"
    for page in ("verify", "end", "restore"):
        assert client.post(f"{service}/{page}/").status_code == 302
    client.force_login(factories.staff("department_clerk", department_code="science_innovation"))
    assert client.get(f"{admin}/reply/").status_code == 404
    assert client.get(f"{service}/change/").status_code == 200  # one list for all departments
    before = BaseService.objects.get().verified_on
    client.post(f"{service}/end/")
    assert BaseService.objects.get().ended_at is None
    assert BaseService.objects.get().verified_on == before


@database
def test_the_form_of_a_base_names_who_may_own_it_and_nobody_else(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    unit, her = factories.unit(), make.woman(full_name="卫柳岸")
    contact = factories.user("单联系", unit=unit)
    contact.groups.set(Group.objects.filter(name="unit_contact"))
    one, clerk = make.base(unit=unit, owner=contact), factories.staff("department_clerk")
    client.force_login(clerk)
    for address, named in (("add/", False), (f"{one.pk}/change/", True)):
        form = client.get(f"/admin/entrepreneurship/base/{address}").content.decode()
        assert (her.full_name in form, clerk.full_name in form) == (False, True)
        assert (contact.full_name in form) is named


# --- partner units ---------------------------------------------------------------------------------
@database
def test_a_unit_reads_and_answers_what_its_own_bases_are_asked():
    partner = make_partner(scopes=["bases:read", "bases:answer"])
    mine = make.base(unit=partner.unit, owner=factories.staff())
    one = make.request(make.service(mine))
    other = make.request()
    rows = json.loads(partner.get("/base-requests/").content)["results"]
    assert ([row["code"] for row in rows], "words" in rows[0]) == ([one.code], False)
    assert AuditEntry.objects.filter(action="entrepreneurship.read_base_request").count() == 0
    read = json.loads(partner.get(f"/base-requests/{one.code}/").content)
    assert (read["words"], read["contact"]) == (one.words, one.contact)
    assert AuditEntry.objects.filter(action="entrepreneurship.read_base_request").count() == 1
    assert partner.get(f"/base-requests/{other.code}/").status_code == 404
    assert make_partner(scopes=["events:read"]).get("/base-requests/").status_code == 403


@database
def test_a_unit_answers_once_for_each_key_and_its_answer_names_nobody():
    partner = make_partner(scopes=["bases:answer"])
    one = make.request(make.service(make.base(unit=partner.unit, owner=factories.staff())))
    where = f"/api/v1/base-requests/{one.code}/answer/"

    def sent(words, key="key-00000001"):
        headers = {"Authorization": f"Bearer {partner.token}", "Idempotency-Key": key}
        body = json.dumps({"answer": words})
        return Client().post(where, body, content_type="application/json", headers=headers)

    first, again = sent("可以入驻"), sent("可以入驻")
    assert (first.status_code, json.loads(first.content)) == (200, json.loads(again.content))
    assert set(json.loads(first.content)) == {
        "code",
        "base",
        "service",
        "request_state",
        "asked_at",
        "due_on",
    }
    assert json.loads(sent("别的话").content)["code"] == "idempotency_key_reused"
    other = sent("别的话", "key-00000002")
    assert (other.status_code, json.loads(other.content)["code"]) == (409, "not_open")
    assert make.fresh(one).answer == "可以入驻"
