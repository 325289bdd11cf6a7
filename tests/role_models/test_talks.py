"""Talks: a unit asks, staff put it to a woman who is willing, she decides, an event is made of it."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Event, Speaker
from kernel.errors import Conflict, Invalid, Refused
from notices.models import Notice
from role_models import operations
from role_models.models import TalkInvitation, TalkRequest
from role_models.tasks import remind_of_talks
from talents.asking.models import Asked, AskedAnswer
from tests import factories
from tests.api.conftest import make_partner
from tests.role_models import make
from tests.role_models.outsiders import event_fields
from tests.talents.asking import make as asking

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def kinds():
    return list(Notice.objects.order_by("pk").values_list("kind", flat=True))


def typed(now, **values):
    """Return what a browser sends."""
    sent = make.wish(now, **values)
    return {name: str(value) for name, value in sent.items() if value not in (None, False)}


def test_from_the_units_page_to_an_event_and_she_is_not_named_before_she_accepts(client):
    now = timezone.now()
    contact, clerk = make.contact(), factories.staff("department_clerk", full_name="李干事")
    her = make.willing(now=now)
    client.force_login(contact)
    refused = client.post("/stories/talks/new/", typed(now, place=""))
    assert (refused.status_code, "请填写地点" in refused.content.decode()) == (422, True)
    client.post("/stories/talks/new/", typed(now))
    client.post("/stories/talks/new/", typed(now))  # the button pressed twice
    talk = TalkRequest.objects.get()
    here = f"/stories/talks/{talk.code}/"
    client.force_login(clerk)
    admin = f"/admin/role_models/talkrequest/{talk.pk}"
    assert "林老师 023-0000-0001" in client.get(f"{admin}/change/").content.decode()
    sent = client.post(f"{admin}/invite/", {"talent": her.pk})
    assert sent.status_code == 302
    client.force_login(contact)
    page = client.get(here).content.decode()
    assert ("苏晴" in page, "正在联系主讲人" in page, "待安排" in page) == (False, True, True)
    client.force_login(her.user)
    invitation = TalkInvitation.objects.get()
    asked = f"/stories/talks/mine/{invitation.pk}/"
    assert "023-0000-0001" not in client.get(asked).content.decode()
    client.post(asked, {"accept": "1", "contact": "微信 suqing-test"})
    client.force_login(contact)
    page = client.get(here).content.decode()
    assert ("苏晴" in page, "微信 suqing-test" in page, her.user.phone in page) == (
        True,
        True,
        False,
    )
    client.force_login(clerk)
    day = f"{talk.first_day:%Y-%m-%d}"
    plan = {
        "title": "怎样选专业",
        "kind": "talk",
        "summary": "一讲",
        "venue": "礼堂",
        "capacity": "200",
    }
    plan |= {"starts_at_0": day, "starts_at_1": "14:00", "ends_at_0": day, "ends_at_1": "15:30"}
    assert client.post(f"{admin}/plan/", plan).status_code == 302
    event = Event.objects.get()
    assert (event.state, event.measure, Speaker.objects.get().talent) == ("draft", 6, her)
    talk.refresh_from_db()
    assert (talk.state, talk.event) == ("planned", event)
    assert kinds() == [
        "role_models.talk_asked",
        "role_models.talk_accepted",
        "role_models.talk_agreed",
        "role_models.talk_planned",
    ]


def test_a_decline_needs_no_reason_tells_the_unit_nothing_and_is_undone_by_staff():
    talk = make.asked_talk(by=make.contact())
    invitation, clerk = talk.invitations.get(), factories.staff("department_clerk")
    operations.decline_talk(invitation=invitation, by=invitation.talent.user, now=NOW)
    talk.refresh_from_db()
    assert (talk.state, talk.told_state) == ("received", "received")
    assert kinds() == ["role_models.talk_asked"]  # nobody asked her by name: the system did
    with pytest.raises(Conflict) as refusal:
        operations.invite_speaker(request=talk, talent=invitation.talent, by=clerk, now=NOW)
    assert refusal.value.code == "asked_before"
    operations.ask_again(request=talk, by=clerk, now=NOW)
    operations.accept_talk(invitation=invitation, contact="", by=None, now=NOW)
    operations.decline_talk(invitation=invitation, by=None, now=NOW)  # she changes her mind
    invitation.refresh_from_db()
    assert (invitation.state, kinds()[-1]) == ("declined", "role_models.talk_declined")


def test_only_who_is_willing_is_asked_and_one_at_a_time():
    talk, clerk = make.talk(), factories.staff("department_clerk")
    with pytest.raises(Conflict) as refusal:
        operations.invite_speaker(request=talk, talent=asking.woman(), by=clerk, now=NOW)
    assert refusal.value.code == "not_willing"
    online = make.willing(on_site=False, online=True)
    with pytest.raises(Conflict) as refusal:
        operations.invite_speaker(request=talk, talent=online, by=clerk, now=NOW)
    assert refusal.value.code == "other_way"
    operations.invite_speaker(request=talk, talent=make.willing(), by=clerk, now=NOW)
    with pytest.raises(IntegrityError, match="talk_invitation_one_open"), transaction.atomic():
        TalkInvitation.objects.create(
            request=talk, talent=factories.talent(), asked_at=NOW, answer_by=NOW
        )
    with pytest.raises(Conflict):
        operations.invite_speaker(request=talk, talent=make.willing(), by=clerk, now=NOW)


def test_withdrawing_lets_her_off_and_forgets_how_to_reach_her():
    contact = make.contact()
    talk = make.accepted_talk(by=contact, contact="微信 suqing-test")
    operations.withdraw_request(request=talk, by=contact, now=NOW)
    invitation = TalkInvitation.objects.get()
    assert (invitation.state, invitation.contact) == ("cancelled", None)
    assert kinds()[-1] == "role_models.talk_off"
    with pytest.raises(Conflict):
        operations.accept_talk(invitation=invitation, contact="", by=None, now=NOW)


def test_a_refusal_says_why_and_is_undone():
    talk, clerk = make.talk(by=make.contact()), factories.staff("department_clerk")
    with pytest.raises(Invalid):
        operations.refuse_request(request=talk, reason="", by=clerk, now=NOW)
    operations.refuse_request(request=talk, reason="近期都不方便", by=clerk, now=NOW)
    operations.reopen_request(request=talk, by=clerk, now=NOW)
    talk.refresh_from_db()
    assert (talk.state, talk.refuse_reason) == ("received", "")
    assert kinds() == ["role_models.talk_refused", "role_models.talk_reopened"]


def test_a_plan_is_parted_from_its_event_and_made_anew():
    talk, organiser = make.accepted_talk(), factories.staff("event_organiser")
    operations.plan_talk(request=talk, fields=event_fields(), by=organiser, now=NOW)
    with pytest.raises(Conflict) as refusal:
        operations.withdraw_request(request=talk, by=None, now=NOW)
    assert refusal.value.code == "planned"
    operations.unplan_talk(request=talk, by=organiser, now=NOW)
    operations.plan_talk(request=talk, fields=event_fields(), by=organiser, now=NOW)
    assert Event.objects.count() == 2


def test_staff_are_reminded_once_of_what_waits():
    clerk = factories.staff("department_clerk")
    factories.staff("department_clerk", department_code="science_innovation")
    long_ago = NOW - timedelta(days=30)
    make.talk(now=long_ago)
    late = make.talk(now=long_ago)
    operations.invite_speaker(request=late, talent=make.willing(), by=clerk, now=long_ago)
    remind_of_talks()
    remind_of_talks()
    told = Notice.objects.filter(recipient=clerk).values_list("kind", flat=True)
    assert sorted(told) == ["role_models.talk_unanswered", "role_models.talk_waits"]
    assert (
        not Notice.objects.filter(kind="role_models.talk_waits").exclude(recipient=clerk).exists()
    )


def test_another_unit_and_another_woman_find_nothing(client):
    talk = make.accepted_talk(by=make.contact())
    client.force_login(make.contact())
    assert client.get(f"/stories/talks/{talk.code}/").status_code == 404
    client.force_login(factories.talent().user)
    assert client.get(f"/stories/talks/{talk.code}/").status_code == 403
    mine = f"/stories/talks/mine/{talk.invitations.get().pk}/"
    assert client.get(mine).status_code == 404
    former = make.contact(factories.unit(is_partner=False))
    client.force_login(former)
    assert "不是合作单位" in client.get("/stories/talks/").content.decode()


def test_her_willingness_is_hers_to_give_and_take(client):
    her = factories.talent()
    client.force_login(her.user)
    refused = client.post("/stories/talks/mine/", {"topics": "芯片"})
    assert (refused.status_code, "至少选一种方式" in refused.content.decode()) == (422, True)
    client.post("/stories/talks/mine/", {"topics": "芯片", "on_site": "on"})
    her.refresh_from_db()
    assert her.talk_offer.topics == "芯片"
    client.post("/stories/talks/mine/stop/")
    assert "我愿意" in client.get("/stories/talks/mine/").content.decode()


# --- the API --------------------------------------------------------------------------------------
def post(partner, path, body, key):
    """Send a body with the partner's token."""
    headers = {"Authorization": f"Bearer {partner.token}", "Idempotency-Key": key}
    return Client().post(f"/api/v1{path}", json.dumps(body), "application/json", headers=headers)


def test_a_units_program_asks_once_for_each_key_and_reads_its_own_alone():
    partner = make_partner(scopes=["talks:read", "talks:request"])
    body = make.wish(timezone.now())
    body = {name: str(value) for name, value in body.items() if value is not None}
    body |= {"people": 200, "online": False}
    key = "school-2026-001"
    answers = [post(partner, "/talk-requests/new/", body, key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    talk = TalkRequest.objects.get()
    other = post(partner, "/talk-requests/new/", body | {"people": 20}, key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    make.talk()
    listed = partner.get("/talk-requests/").json()["results"]
    assert [row["code"] for row in listed] == [talk.code]
    operations.invite_speaker(request=talk, talent=make.willing(), by=None, now=NOW)
    told = partner.get(f"/talk-requests/{talk.code}/").json()
    assert (told["progress"], told["speaker"]) == ("received", "")
    assert partner.get("/talk-requests/?progress=received").json()["results"] == listed
    operations.accept_talk(
        invitation=talk.invitations.get(), contact="微信 suqing-test", by=None, now=NOW
    )
    told = partner.get(f"/talk-requests/{talk.code}/").json()
    assert (told["progress"], told["speaker"], told["speaker_contact"]) == (
        "accepted",
        "苏晴",
        "微信 suqing-test",
    )
    gone = post(partner, f"/talk-requests/{talk.code}/withdraw/", {}, "school-w-001")
    assert gone.json()["progress"] == "withdrawn"
    stranger = make_partner(scopes=["talks:read", "talks:request"])
    assert stranger.get(f"/talk-requests/{talk.code}/").status_code == 404
    reader = make_partner(scopes=["talks:read"])
    assert post(reader, "/talk-requests/new/", body, key).status_code == 403


def test_lists_ask_as_much_for_three_as_for_one(client):
    def queries(ask):
        ask()
        with CaptureQueriesContext(connection) as asked:
            assert ask().status_code == 200
        return len(asked)

    partner = make_partner(scopes=["talks:read"])
    contact, clerk = make.contact(partner.unit), factories.staff("department_clerk")
    her, choosing = make.willing(), make.talk()
    pages = (
        (contact, "/stories/talks/"),
        (clerk, "/admin/role_models/talkrequest/"),
        (clerk, f"/admin/role_models/talkrequest/{choosing.pk}/invite/"),
        (her.user, "/stories/talks/mine/"),
    )

    def counts():
        found = [queries(lambda: partner.get("/talk-requests/"))]
        for person, address in pages:
            client.force_login(person)
            found.append(queries(lambda address=address: client.get(address)))
        return found

    def add(topic):
        talk = make.talk(by=contact, topic=topic)
        operations.invite_speaker(request=talk, talent=her, by=None, now=NOW)
        make.willing(factories.talent(unit=factories.unit()))

    add("一")
    one = counts()
    add("二")
    add("三")
    assert counts() == one


def test_who_is_not_willing_any_more_is_not_asked_again():
    talk, clerk = make.asked_talk(), factories.staff("department_clerk")
    invitation = talk.invitations.get()
    her = {"by": invitation.talent.user, "now": NOW}
    operations.decline_talk(invitation=invitation, **her)
    operations.stop_offering(talent=invitation.talent, **her)
    with pytest.raises(Conflict) as refusal:
        operations.ask_again(request=talk, by=clerk, now=NOW)
    assert refusal.value.code == "not_willing"
    make.willing(invitation.talent, on_site=False, online=True)
    with pytest.raises(Conflict) as refusal:
        operations.ask_again(request=talk, by=clerk, now=NOW)
    assert refusal.value.code == "other_way"


# --- asking (talents.asking) ----------------------------------------------------------------------
def test_each_time_she_is_asked_is_on_record_with_what_became_of_it():
    talk = make.asked_talk()
    invitation, clerk = talk.invitations.get(), factories.staff("department_clerk")
    about = {"by": clerk, "now": NOW}
    operations.decline_talk(invitation=invitation, by=invitation.talent.user, now=NOW)
    operations.ask_again(request=talk, **about)
    operations.accept_talk(invitation=invitation, contact="", by=None, now=NOW)
    operations.take_back_invitation(request=talk, **about)
    asked = Asked.objects.get()
    assert (asked.talent, asked.kind, asked.department) == (
        invitation.talent,
        "talk",
        talk.department,
    )
    said = AskedAnswer.objects.filter(asked=asked).values_list("answer", flat=True)
    assert list(said) == ["declined", "again", "accepted", "withdrawn"]


def test_what_she_says_about_being_asked_holds_for_talks(client):
    talk, clerk = make.talk(), factories.staff("department_clerk")
    her = make.willing()
    asking.wish(her, chosen=[])
    client.force_login(her.user)
    page = client.get("/stories/talks/mine/").content.decode()
    assert "本人没有选择接受这一类邀请" in page
    with pytest.raises(Conflict) as refusal:
        operations.invite_speaker(request=talk, talent=her, by=clerk, now=NOW)
    assert refusal.value.code == "not_wished"
    make.willing(her)  # saying so on the page of talks says it there too
    operations.invite_speaker(request=talk, talent=her, by=clerk, now=NOW)


def test_another_department_asks_whom_it_found_by_her_own_word(client):
    clerk = factories.staff("department_clerk")
    elsewhere = factories.department("science_innovation")
    agreed, silent = (
        make.willing(factories.talent(full_name=name, department=elsewhere))
        for name in ("安同意", "安沉默")
    )
    factories.consent(agreed.user, "asking")
    talk = make.talk()
    client.force_login(clerk)
    page = client.get(f"/admin/role_models/talkrequest/{talk.pk}/invite/").content.decode()
    assert ("安同意" in page, "安沉默" in page) == (True, False)
    with pytest.raises(Refused):
        operations.invite_speaker(request=talk, talent=silent, by=clerk, now=NOW)
    operations.invite_speaker(request=talk, talent=agreed, by=clerk, now=NOW)
