"""The admin of people, units, consents and the audit log."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Unit, User
from privacy.models import AuditEntry
from tests import factories
from tests.accounts.test_operations import USCC

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _relaxed(settings):
    settings.STAFF_SECOND_FACTOR = False


def enter(client, *roles, **fields):
    person = factories.staff(*roles, **fields)
    client.force_login(person)
    return person


def changelist(client, model, query=""):
    return client.get(reverse(f"admin:{model}_changelist") + query)


def names(answer):
    return {str(row) for row in answer.context["cl"].result_list}


def test_the_list_masks_phones_and_shows_no_password_hash(client):
    enter(client, "administrator")
    person = factories.user("周敏", phone="13812345678", password="两江Camellia2026")
    html = changelist(client, "accounts_user").content.decode()
    assert "138****5678" in html and "13812345678" not in html
    page = client.get(reverse("admin:accounts_user_change", args=[person.pk])).content.decode()
    assert "138****5678" in page and "13812345678" not in page
    assert "md5$" not in page and "pbkdf2" not in page and 'name="password"' not in page


def test_a_whole_number_finds_its_owner_without_standing_in_an_address(client):
    enter(client, "administrator")
    person = factories.user("周敏", phone="13812345678")
    address = reverse("admin:accounts_user_by_phone")
    answer = client.post(address, {"phone": "138-1234-5678"})
    assert answer["Location"] == reverse("admin:accounts_user_change", args=[person.pk])
    answer = client.post(address, {"phone": "13899998888"})
    assert "您能查看的账号里没有这个手机号。" in answer.content.decode()
    answer = client.post(address, {"phone": "1381234"})
    assert "请填写完整的 11 位手机号。" in answer.content.decode()
    assert names(changelist(client, "accounts_user", "?q=1381234")) == set()
    enter(client, "department_clerk")
    assert client.post(address, {"phone": "13812345678"}).status_code == 403


def test_clerks_see_no_accounts_and_auditors_change_none(client):
    enter(client, "department_clerk")
    assert changelist(client, "accounts_user").status_code == 403
    enter(client, "auditor")
    person = factories.user("周敏")
    address = reverse("admin:accounts_user_change", args=[person.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"full_name": "x"}).status_code == 403
    assert client.get(reverse("admin:accounts_user_add")).status_code == 403


def test_an_administrator_adds_a_clerk(client):
    enter(client, "administrator")
    data = {
        "full_name": "李干事",
        "phone": "138 1234 5678",
        "department": factories.department().pk,
        "unit": "",
        "roles": ["department_clerk"],
    }
    answer = client.post(reverse("admin:accounts_user_add"), data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    user = User.objects.get_by_phone("13812345678")
    assert (user.full_name, user.is_staff) == ("李干事", True)
    assert list(user.groups.values_list("name", flat=True)) == ["department_clerk"]


def test_what_is_refused_is_undone_as_a_whole_and_kept_in_the_form(client):
    enter(client, "administrator")
    person = factories.user("周敏")
    address = reverse("admin:accounts_user_change", args=[person.pk])
    data = {"full_name": "周小敏", "is_active": "on", "roles": ["department_clerk"]}
    answer = client.post(address, data)
    assert answer.status_code == 200
    assert "请先选择她所在的部门，再分配角色。" in answer.content.decode()
    assert 'value="周小敏"' in answer.content.decode()
    assert User.objects.get(pk=person.pk).full_name == "周敏"


def test_nobody_raises_herself_in_the_admin(client):
    me = enter(client, "administrator")
    address = reverse("admin:accounts_user_change", args=[me.pk])
    data = {
        "full_name": me.full_name,
        "department": me.department_id,
        "is_active": "on",
        "roles": ["administrator", "auditor"],
        "is_superuser": "on",
    }
    answer = client.post(address, data)
    assert "不能修改自己的部门、角色或状态" in answer.content.decode()
    me = User.objects.get(pk=me.pk)
    assert (me.is_superuser, list(me.groups.values_list("name", flat=True))) == (
        False,
        ["administrator"],
    )


def test_is_superuser_is_not_a_field(client):
    enter(client, "administrator")
    person = factories.user("周敏")
    address = reverse("admin:accounts_user_change", args=[person.pk])
    data = {"full_name": "周敏", "is_active": "on", "is_superuser": "on", "is_staff": "on"}
    assert client.post(address, data).status_code == 302
    person = User.objects.get(pk=person.pk)
    assert (person.is_superuser, person.is_staff) == (False, False)


def test_a_number_is_revealed_for_a_reason_that_stays(client):
    me = enter(client, "administrator")
    person = factories.user("周敏", phone="13812345678")
    address = reverse("admin:accounts_user_reveal", args=[person.pk])
    assert "13812345678" not in client.get(address).content.decode()
    answer = client.post(address, {"reason": "核对"})
    assert "请写明查看理由，至少四个字。" in answer.content.decode()
    answer = client.post(address, {"reason": "本人来电核实身份"})
    assert "13812345678" in answer.content.decode()
    entry = AuditEntry.objects.get(action="privacy.reveal")
    assert (entry.actor_id, entry.object_id) == (me.pk, str(person.pk))
    enter(client, "auditor")
    answer = client.post(address, {"reason": "本人来电核实身份"})
    assert "13812345678" not in answer.content.decode()


def test_a_units_code_is_checked_in_the_form(client):
    enter(client, "department_clerk")
    data = {"name": "重庆示例有限公司", "kind": "enterprise", "is_partner": "on"}
    answer = client.post(reverse("admin:accounts_unit_add"), data | {"uscc": USCC[:-1] + "0"})
    assert "统一社会信用代码不正确" in answer.content.decode()
    assert Unit.objects.count() == 0
    answer = client.post(reverse("admin:accounts_unit_add"), data | {"uscc": USCC})
    assert answer.status_code == 302
    assert Unit.objects.get().uscc == USCC


def test_departments_can_only_be_looked_at(client):
    enter(client, "administrator")
    assert changelist(client, "accounts_department").status_code == 200
    address = reverse("admin:accounts_department_change", args=[factories.department().pk])
    assert client.post(address, {"name": "x"}).status_code == 403
    assert client.get(reverse("admin:accounts_department_add")).status_code == 403


@pytest.mark.parametrize("model", ["privacy_consent", "privacy_auditentry"])
def test_consents_and_the_log_are_for_auditors_and_read_only(client, model):
    person = enter(client, "auditor")
    factories.consent(person, "messages")
    assert changelist(client, model).status_code == 200
    changelist(client, model)
    row = changelist(client, model).context["cl"].result_list[0]
    address = reverse(f"admin:{model}_change", args=[row.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {}).status_code == 403
    assert client.get(reverse(f"admin:{model}_add")).status_code == 403
    assert client.get(reverse(f"admin:{model}_delete", args=[row.pk])).status_code == 403
    enter(client, "administrator")
    assert changelist(client, model).status_code == 403


def test_reading_the_log_is_itself_recorded_without_what_was_searched(client):
    me = enter(client, "auditor")
    changelist(client, "privacy_auditentry", "?q=周敏")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id, entry.detail) == (
        "privacy.read_audit",
        me.pk,
        {"filters": ["q"]},
    )


@pytest.mark.parametrize("model", ["accounts_user", "accounts_unit"])
def test_lists_take_the_same_queries_with_one_row_and_with_three(
    client, model, django_assert_num_queries
):
    enter(client, "administrator")

    def more():
        factories.staff("department_clerk", "auditor", unit=factories.unit())

    more()
    changelist(client, model)
    with CaptureQueriesContext(connection) as one:
        changelist(client, model)
    more()
    more()
    with django_assert_num_queries(len(one)):
        answer = changelist(client, model)
    assert re.search(r"重庆示例\d+有限公司", answer.content.decode())


@pytest.mark.parametrize("column", ["password", "phone_index", "code", "date_joined"])
def test_a_list_is_filtered_by_what_it_offers_and_no_other_column(client, column):
    enter(client, "auditor")
    person = factories.user("周敏", password="两江Camellia2026")
    value = str(getattr(person, column))
    answer = changelist(client, "accounts_user", f"?{column}__startswith={value[:3]}")
    assert answer.status_code == 400
    assert changelist(client, "accounts_user", "?is_active__exact=1").status_code == 200


def test_a_key_is_not_found_by_the_digest_of_its_secret(client):
    enter(client, "auditor")
    assert (
        changelist(client, "partners_partnerkey", "?client_secret__startswith=p").status_code == 400
    )
    assert changelist(client, "partners_partnerkey", "?unit__kind__exact=bank").status_code == 200


def test_whoever_may_not_see_numbers_cannot_try_them_and_each_try_is_recorded(client):
    person = factories.user("周敏", phone="13812345678")
    address = reverse("admin:accounts_user_by_phone")
    enter(client, "auditor")
    assert client.post(address, {"phone": "13812345678"}).status_code == 403
    clerk = enter(client, "administrator")
    client.post(address, {"phone": "13812345678"})
    client.post(address, {"phone": "13899998888"})
    tries = AuditEntry.objects.filter(action="accounts.find_by_phone", actor_id=clerk.pk)
    assert list(tries.order_by("pk").values_list("object_id", "detail__found")) == [
        (str(person.pk), True),
        (str(clerk.pk), False),
    ]


def test_the_admin_shows_the_portals_own_models_only():
    own = {
        "privacy",
        "accounts",
        "notices",
        "partners",
        "talents",
        "care_points",
        "places",
        "events",
        "calls",
        "advisory",
        "entrepreneurship",
        "networks",
        "outreach",
        "workplaces",
        "role_models",
        "honours",
        "cloud_home",
        "reports",
    }
    assert {model._meta.app_label for model in admin.site._registry} == own


def test_a_clerk_does_not_open_the_keys_of_a_unit(client):
    enter(client, "department_clerk")
    unit = factories.unit(is_partner=False)
    data = {"name": "重庆新名有限公司", "uscc": "", "kind": unit.kind, "is_partner": "on"}
    address = reverse("admin:accounts_unit_change", args=[unit.pk])
    assert client.post(address, data).status_code == 302
    unit.refresh_from_db()
    assert (unit.name, unit.is_partner) == ("重庆新名有限公司", False)
    assert (
        client.post(reverse("admin:accounts_unit_add"), data | {"name": "新单位"}).status_code
        == 302
    )
    assert Unit.objects.get(name="新单位").is_partner is False
    enter(client, "administrator")
    client.post(address, data)
    unit.refresh_from_db()
    assert unit.is_partner is True
