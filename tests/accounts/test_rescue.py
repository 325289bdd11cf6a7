"""An administrator helps somebody back in: audited, told to the person, never for herself."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from accounts import rescue
from kernel import gateways
from kernel.errors import Conflict, Invalid, Refused
from notices import watch
from notices.models import Notice
from privacy import limits
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
WHY = "本人持身份证到场"
NEW = "13900001111"


@pytest.fixture
def outbox(settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path
    return gateways.outbox


def told():
    watch.tell(now=NOW)
    watch.tell(now=NOW)  # once, however often it looks
    return [(n.recipient, n.kind) for n in Notice.objects.order_by("pk")]


def test_a_phone_is_replaced_and_both_numbers_are_told(outbox, django_capture_on_commit_callbacks):
    boss, person = factories.staff("administrator"), factories.user(phone="13800002222")
    with django_capture_on_commit_callbacks(execute=True):
        rescue.replace_phone(user=person, phone="+86 139-0000-1111", reason=WHY, by=boss, now=NOW)
    person.refresh_from_db()
    assert (person.phone, person.phone_verified) == (NEW, True)
    entry = AuditEntry.objects.get(action="accounts.replace_phone")
    assert (entry.actor_id, entry.reason, entry.detail) == (boss.pk, WHY, {})
    assert [message["to"] for message in outbox()] == ["13800002222"]
    assert told() == [(person, "notices.phone_replaced")]


def test_the_same_number_again_changes_and_tells_nothing(django_capture_on_commit_callbacks):
    boss, person = factories.staff("administrator"), factories.user()
    rescue.replace_phone(user=person, phone=person.phone, reason=WHY, by=boss, now=NOW)
    assert AuditEntry.objects.count() == 0
    assert told() == []


def test_who_may_not_and_what_cannot_be():
    boss, person = factories.staff("administrator"), factories.user()
    root = factories.user(is_staff=True, is_superuser=True)
    taken = factories.user(phone=NEW)

    def replace(user=person, phone="13900003333", reason=WHY, by=boss):
        rescue.replace_phone(user=user, phone=phone, reason=reason, by=by, now=NOW)

    for error, code, call in (
        (Refused, "own_account", lambda: replace(user=boss)),
        (Refused, "superuser", lambda: replace(user=root)),
        (Refused, "not_allowed", lambda: replace(by=factories.staff("auditor"))),
        (Invalid, "phone_invalid", lambda: replace(phone="139")),
        (Invalid, "reason_missing", lambda: replace(reason="要")),
        (Conflict, "phone_taken", lambda: replace(phone=taken.phone)),
    ):
        with pytest.raises(error) as refused:
            call()
        assert refused.value.code == code
    assert AuditEntry.objects.count() == 0


def test_a_second_factor_is_reset_once_and_she_is_told():
    boss, person = factories.staff("administrator"), factories.staff("department_clerk")
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=person, type=kind, data={})
    for _again in range(2):
        rescue.reset_second_factor(user=person, reason=WHY, by=boss, now=NOW)
    assert Authenticator.objects.filter(user=person).count() == 0
    entry = AuditEntry.objects.get(action="accounts.reset_second_factor")
    assert entry.detail == {"kinds": ["recovery_codes", "totp"]}
    assert told() == [(person, "notices.factor_reset")]


def test_the_buttons_are_there_for_who_may(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    boss, person = factories.staff("administrator"), factories.user()
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("admin:accounts_user_change", args=[person.pk])
    address = reverse("admin:accounts_user_replace_phone", args=[person.pk])
    assert address in client.get(page).content.decode()
    assert client.post(address, {"phone": NEW, "reason": WHY}).url == page
    own = reverse("admin:accounts_user_change", args=[boss.pk])
    assert "更换手机号" not in client.get(own).content.decode()
    client.force_login(factories.staff("auditor"))
    assert client.post(address, {"phone": "13900004444", "reason": WHY}).status_code == 403


def test_auditors_and_administrators_are_told_of_an_alert_and_the_person_is_not():
    boss, auditor = factories.staff("administrator"), factories.staff("auditor")
    limits.alert("reveals", by=boss, now=NOW, count=51)
    assert told() == [(auditor, "notices.alert")]
    notice = Notice.objects.get()
    assert notice.context["what"]["zh-hans"] == "一小时内查看完整号码超过 50 次"
    assert notice.body.startswith("李干事一小时内")


def test_an_alert_nobody_declares_holds_up_no_other():
    auditor = factories.staff("auditor")
    person = factories.staff()
    limits.alert("of_an_app_that_is_gone", by=person, now=NOW, count=1)
    limits.alert("reveals", by=person, now=NOW, count=51)
    assert told() == [(auditor, "notices.alert")] * 2


def test_the_button_says_that_a_second_person_is_only_asked(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    boss, colleague = factories.staff("administrator"), factories.staff("department_clerk")
    factories.staff("auditor")
    client.force_login(boss)
    words = {}
    for user in (factories.user(), colleague):
        page = client.get(reverse("admin:accounts_user_reset_second_factor", args=[user.pk]))
        words[user] = "提交申请" in page.content.decode()
    assert list(words.values()) == [False, True]
