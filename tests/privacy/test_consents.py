"""Consent: one purpose at a time, every answer kept, effects in the same transaction."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel import portal
from kernel.errors import Conflict, Invalid, Refused
from privacy import consents, history, personal_data
from privacy.models import AuditEntry, Consent
from privacy.purposes import Purpose, purposes
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return factories.user("王小敏")


def grant(person, purpose="messages"):
    return consents.grant(user=person, purpose=purpose, by=person, now=NOW)


def withdraw(person, purpose="messages"):
    return consents.withdraw(user=person, purpose=purpose, by=person, now=NOW)


def answers(person):
    return list(
        Consent.objects.filter(user=person).order_by("id").values_list("purpose", "granted")
    )


def test_each_answer_is_a_row_and_repeating_one_adds_none(person):
    assert grant(person) == grant(person)
    withdraw(person)
    withdraw(person)
    grant(person)
    assert answers(person) == [("messages", True), ("messages", False), ("messages", True)]
    assert Consent.objects.granted_by(person, "messages")
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == [
        "privacy.grant_consent",
        "privacy.withdraw_consent",
        "privacy.grant_consent",
    ]


def test_purposes_are_independent_and_people_too(person):
    other = factories.user()
    grant(person, "talent_database")
    grant(person, "unit_sharing")
    withdraw(person, "unit_sharing")
    assert Consent.objects.granted_by(person, "talent_database")
    assert not Consent.objects.granted_by(person, "unit_sharing")
    assert not Consent.objects.granted_by(other, "talent_database")


def test_withdrawing_what_was_never_given_writes_nothing(person):
    assert withdraw(person) is None
    assert answers(person) == []


def test_agreeing_to_newer_words_is_a_row_of_its_own(person):
    grant(person)
    newer = replace(purposes()["messages"], version="2027-01")
    with portal.declared("test", portal.Declaration(purposes=(newer,))):
        assert grant(person).text_version == "2027-01"
    assert answers(person) == [("messages", True), ("messages", True)]


def test_an_unknown_purpose_is_refused(person):
    with pytest.raises(Invalid) as caught:
        grant(person, "everything")
    assert caught.value.code == "unknown_purpose"


def test_the_occasion_of_an_answer_is_read_in_words(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    sources = portal.merged("consent_sources")
    assert {code: str(words) for code, words in sources.items()} == {
        "web": "在“我的授权”页面",
        "signup": "注册时",
        "profile": "填写档案时",
        "claim": "认领档案时",
        "asking": "设置邀请意愿时",
        "booking": "报名时或在“我的报名”",
        "door": "活动现场，由工作人员询问",
        "story": "看故事稿时",
        "referral": "申请金融对接时",
        "transfer": "答复合作意向时",
    }
    for code in sources:
        woman = factories.user()
        consents.grant(user=woman, purpose="messages", by=woman, now=NOW, source=code)
    auditor = factories.staff("auditor")
    client.force_login(auditor, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("admin:privacy_consent_changelist"), {"source__exact": "claim"})
    assert [chip[1] for chip in page.context["cl"].chips] == ["认领档案时"]
    whole = client.get(reverse("admin:privacy_consent_changelist")).content.decode()
    assert {
        code: whole.count(f">{words}<") > 0 for code, words in sources.items()
    } == dict.fromkeys(sources, True)


def test_effects_run_once_for_each_change_and_can_stop_it(person):
    seen = []

    def note(*, user, granted, by, now):
        seen.append((user, granted, by, now))
        if not granted:
            raise Conflict("story_in_print", "事迹正在印刷，请联系工作人员。")

    with portal.declared("test", portal.Declaration(consent_effects={"publicity": note})):
        grant(person, "publicity")
        grant(person, "publicity")
        with pytest.raises(Conflict):
            withdraw(person, "publicity")
    assert seen == [(person, True, person, NOW), (person, False, person, NOW)]
    assert answers(person) == [("publicity", True)]


def test_the_purposes_in_the_order_people_read_them():
    assert list(purposes()) == [
        "talent_database",
        "identity_number",
        "unit_sharing",
        "messages",
        "public_page",
        "asking",
        "photo_site",
        "photo_press",
        "role_model_story",
        "role_model_photo",
        "publicity",
        "honour_roll",
        "finance_referral",
        "transfer_contact",
        "transfer_abroad",
        "association_office",
    ]
    assert [code for code, purpose in purposes().items() if purpose.each] == [
        "photo_site",
        "photo_press",
        "role_model_story",
        "role_model_photo",
        "finance_referral",
        "transfer_contact",
        "transfer_abroad",
    ]
    assert [code for code, purpose in purposes().items() if purpose.sensitive] == [
        "identity_number"
    ]


def test_she_sees_each_purpose_and_withdraws_with_a_confirmation(person, client):
    grant(person)
    client.force_login(person)
    html = client.get(reverse("my_consents")).content.decode()
    assert [str(purpose.label) in html for purpose in purposes().values()] == [True] * 16
    page = client.get(reverse("withdraw_consent", args=["messages"]))
    assert str(purposes()["messages"].withdrawal) in page.content.decode()
    assert answers(person) == [("messages", True)]
    answer = client.post(reverse("withdraw_consent", args=["messages"]), follow=True)
    assert "已撤回授权：通过短信或邮件提醒我办理的事项。" in answer.content.decode()
    client.post(reverse("grant_consent", args=["unit_sharing"]))
    assert answers(person) == [("messages", True), ("messages", False), ("unit_sharing", True)]
    assert client.get(reverse("grant_consent", args=["messages"])).status_code == 405
    assert client.post(reverse("grant_consent", args=["all"])).status_code == 404


def test_the_page_is_hers_alone_and_not_kept_by_caches(person, client):
    assert client.get(reverse("my_consents")).status_code == 302
    grant(person)
    other = factories.user("周敏")
    client.force_login(other)
    answer = client.get(reverse("my_consents"))
    assert answer.context["history"].count() == 0
    assert "no-store" in answer["Cache-Control"]


def test_the_page_takes_the_same_queries_with_one_answer_and_with_many(
    person, client, django_assert_num_queries
):
    client.force_login(person)
    address = reverse("my_consents")
    grant(person)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(address)
    for purpose in (code for code, said in purposes().items() if not said.each):
        grant(person, purpose)
    with django_assert_num_queries(len(one)):
        client.get(address)


def _at_once(function, times=4):
    start = threading.Barrier(times)

    def work():
        try:
            start.wait(10)
            function()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_leave_one_answer(person):
    _at_once(lambda: grant(person))
    assert answers(person) == [("messages", True)]


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_clicks_at_once_leave_several(person):
    together = threading.Barrier(4)

    def naive():
        if not Consent.objects.filter(user=person).exists():
            together.wait(10)  # all have looked before one writes
            factories.consent(person, "messages")

    _at_once(naive)
    assert len(answers(person)) == 4


# --- an agreement for one thing, given to somebody else (PIPL art. 23) ------------------------------
LOAN = "loan"
UNTIL = NOW + timedelta(days=3650)


@pytest.fixture
def handed_over():
    """Let an app hand data to a bank by one agreement each; yields what its effect was told."""
    told = []

    def effect(*, user, granted, by, now, about):
        told.append((about, granted))

    purpose = Purpose(
        LOAN, 99, "交给银行", "2026-11", "姓名", "请银行联系", "撤回", each="my_consents"
    )
    declared = portal.Declaration(
        purposes=(purpose,), consent_effects={LOAN: effect}, consent_sources={"loan": "对接时"}
    )
    with portal.declared("test", declared):
        yield told


def hand_over(person, about="K7MQ2RXW", recipient="两江科技银行"):
    return consents.note(
        user=person,
        purpose=LOAN,
        about=about,
        granted=True,
        by=person,
        now=NOW,
        source="loan",
        recipient=recipient,
        good_until=UNTIL,
    )


def test_who_receives_stands_in_the_row_and_in_the_logs_sentence(person, handed_over):
    given = hand_over(person)
    assert (given.recipient, given.good_until) == ("两江科技银行", UNTIL)
    entry = AuditEntry.objects.get(action="privacy.grant_consent")
    assert (
        history.lines([entry], reader=person)[0].details
        == "接收方：两江科技银行；来源：对接时；用途：交给银行"
    )
    titles = {str(group.title): group for group in personal_data.collect(person)}
    assert {"recipient", "good_until"} <= set(titles["个人信息授权"].fields)


def test_one_agreement_is_withdrawn_on_the_general_page_and_the_other_stands(
    client, person, handed_over
):
    given = hand_over(person)
    hand_over(person, "W4NTM9ZX", "嘉陵商业银行")
    client.force_login(person)
    page = client.get("/accounts/consents/").content.decode()
    assert (page.count("两江科技银行"), page.count("嘉陵商业银行")) == (2, 2)
    address = reverse("withdraw_one_consent", args=[LOAN, given.about])
    assert "两江科技银行" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert client.get(address).status_code == 404
    left = list(consents.standing(person, NOW).values_list("recipient", flat=True))
    assert left == ["嘉陵商业银行"]
    assert handed_over == [("K7MQ2RXW", True), ("W4NTM9ZX", True), ("K7MQ2RXW", False)]
    withdrawn = AuditEntry.objects.get(action="privacy.withdraw_consent")
    assert withdrawn.detail["recipient"] == "两江科技银行"


def test_an_agreement_ends_by_itself_and_nobody_else_withdraws_it(person, handed_over):
    hand_over(person)
    assert list(consents.standing(person, UNTIL - timedelta(seconds=1))) != []
    assert list(consents.standing(person, UNTIL)) == []
    about = {"user": person, "purpose": LOAN, "about": "K7MQ2RXW", "now": NOW}
    with pytest.raises(Refused):
        consents.withdraw_one(**about, by=factories.user())
    for wrong in ({"about": "NONE"}, {"purpose": "photo_site"}):
        with pytest.raises(Invalid):
            consents.withdraw_one(**about | wrong, by=person)
    assert handed_over == [("K7MQ2RXW", True)]
