"""The audit log as auditors read it: verbs in words, choices that cost nothing, every reading recorded."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from privacy import audit, tasks
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LOG = "/admin/privacy/auditentry/"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def enter(client, *roles):
    client.force_login(factories.staff(*roles), backend="django.contrib.auth.backends.ModelBackend")


def test_who_may_not_read_the_log_leaves_no_entry_of_having_read_it(client):
    enter(client, "administrator")
    audit.record("privacy.reveal", factories.user(), by=None, at=NOW)
    entry = AuditEntry.objects.get()
    for address in (LOG, reverse("admin:privacy_auditentry_change", args=[entry.pk])):
        assert client.get(address).status_code == 403
    assert list(AuditEntry.objects.all()) == [entry]


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "查看完整号码"), ("/en", "Viewed a number in full")]
)
def test_verbs_stand_in_words_and_one_nobody_declares_any_more_as_it_is(client, prefix, words):
    person = factories.user()
    audit.record("privacy.reveal", person, by=None, at=NOW)
    AuditEntry.objects.create(
        at=NOW, action="privacy.look_around", object_type="accounts.user", object_id=str(person.pk)
    )
    enter(client, "auditor")
    page = client.get(prefix + LOG)
    shown = [
        str(page.context["cl"].model_admin.verb(entry)) for entry in page.context["cl"].result_list
    ]
    assert shown[1:] == ["privacy.look_around", words]
    panel = client.get(prefix + LOG, headers={"HX-Request": "true", "HX-Target": "filters"})
    assert f">{words}</option>" in "".join(panel.content.decode().split("\n"))


def test_the_filters_offer_what_is_declared_without_asking_the_log(client):
    person = factories.user()
    for action in ("privacy.reveal", "accounts.set_phone"):
        audit.record(action, person, by=None, at=NOW)
    enter(client, "auditor")
    with CaptureQueriesContext(connection) as sent:
        page = client.get(f"{LOG}?action=privacy.reveal&object_type=accounts.user")
    assert [entry.action for entry in page.context["cl"].result_list] == ["privacy.reveal"]
    assert [query["sql"] for query in sent if "DISTINCT" in query["sql"]] == []
    assert client.get(f"{LOG}?object_type=talents.talent").context["cl"].result_count == 0


def entries(page):
    return page.context["cl"].result_list


def test_the_log_reads_as_sentences_with_names_and_links_for_who_may_follow_them(client):
    clerk = factories.staff("department_clerk", full_name="陈晓岚")
    talent = factories.talent(full_name="王小敏")
    audit.record(
        "talents.correct", talent, by=clerk, at=NOW, reason="本人来电", fields=["position"]
    )
    audit.record("accounts.change_user", talent.user, by=clerk, at=NOW, fields=["full_name"])
    audit.record("talents.import_talent", talent, by=None, at=NOW)
    enter(client, "auditor")
    page = client.get(LOG)
    told = [strip_tags(entry.line.full) for entry in entries(page)]
    # An auditor reads accounts, not records.
    assert told[1:] == [
        f"系统 名单导入建档：女性科技人才 {talent.code}",
        "陈晓岚 修改账号：用户 王小敏 · 姓名",
        f"陈晓岚 更正档案：女性科技人才 {talent.code} · 职务 · 理由：本人来电",
    ]
    assert reverse("admin:accounts_user_change", args=[talent.user.pk]) in page.content.decode()
    assert reverse("admin:talents_talent_change", args=[talent.pk]) not in page.content.decode()


def test_a_ticket_is_not_in_the_log(client):
    booking = factories.booking(factories.event())
    enter(client, "auditor")
    html = client.get(LOG).content.decode()
    assert f"报名 {booking.pk}" in html
    assert booking.code not in html


def test_the_log_is_narrowed_to_a_person_by_name_by_code_or_by_a_click(client):
    clerk, other = factories.staff(full_name="陈晓岚"), factories.staff(full_name="赵一")
    for person in (clerk, other):
        audit.record("privacy.reveal", factories.user(), by=person, at=NOW)
    enter(client, "auditor")
    for query in ({"q": "陈晓岚"}, {"q": clerk.code.lower()}, {"actor_id": clerk.pk}):
        assert {entry.actor_id for entry in entries(client.get(LOG, query))} == {clerk.pk}
    chips = client.get(LOG, {"actor_id": clerk.pk}).context["cl"].chips
    assert [(str(name), str(value)) for name, value, _without in chips] == [("操作人", "陈晓岚")]


def test_a_page_of_the_log_costs_the_same_however_many_entries(client):
    enter(client, "auditor")
    counted = []
    for _round in range(2):
        for _each in range(3):
            audit.record("accounts.change_user", factories.user(), by=factories.staff(), at=NOW)
        client.get(LOG)
        with CaptureQueriesContext(connection) as sent:
            client.get(LOG)
        counted.append(len(sent))
    assert counted[0] == counted[1]


VERIFY = LOG + "verify/"


def test_the_log_is_verified_by_a_button_and_the_verdict_is_kept(client):
    enter(client, "administrator")
    assert client.get(VERIFY).status_code == 403
    enter(client, "auditor")
    audit.record("privacy.reveal", factories.user(), by=None, at=NOW)
    assert "还没有校验过" in client.get(VERIFY).content.decode()
    for _again in range(2):
        assert client.post(VERIFY).url == VERIFY
    assert AuditEntry.objects.filter(action="privacy.ask_verification").count() == 1
    page = client.get(VERIFY)
    assert page.headers["Refresh"] == "3"
    tasks.verify_audit()
    tasks.verify_audit()  # nobody asked again
    assert AuditEntry.objects.filter(action="privacy.verify_audit").count() == 1
    page = client.get(VERIFY)
    assert "Refresh" not in page.headers
    assert "没有发现改动" in page.content.decode()


def test_a_changed_entry_is_named(client):
    entry = audit.record("privacy.reveal", factories.user(), by=None, at=NOW, reason="核对证件")
    audit.chain()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE privacy_auditentry SET reason = '' WHERE id = %s", [entry.pk])
        cursor.execute("SET session_replication_role = DEFAULT")
    enter(client, "auditor")
    client.post(VERIFY)
    tasks.verify_audit()
    html = client.get(VERIFY).content.decode()
    assert reverse("admin:privacy_auditentry_change", args=[entry.pk]) in html
    assert "内容被改动" in html


def test_an_entry_tells_in_words_what_it_keeps_beside_its_sentence(client):
    talent = factories.talent()
    audit.record(
        "talents.correct",
        talent,
        by=None,
        at=NOW,
        fields=["position"],
        tier=["reserve", "city"],
        count=3,
        had_seat=True,
        copy="9f2c",
    )
    enter(client, "auditor")
    page = client.get(
        reverse("admin:privacy_auditentry_change", args=[AuditEntry.objects.get().pk])
    )
    shown = page.content.decode()
    assert "人才层次：储备 → 市级<br>职务<br>数量：3" in shown
    assert [code in shown for code in ("had_seat", "9f2c", "{&quot;")] == [False] * 3
