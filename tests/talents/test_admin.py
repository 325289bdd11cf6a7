"""The clerks' pages: what waits, one record, decisions, numbers."""

from datetime import timedelta

import pytest
from django.urls import reverse

from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW
from tests.talents.imports import workbooks

pytestmark = pytest.mark.django_db
LIST = "admin:talents_talent_changelist"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    """Staff enter with a password alone; the second factor has tests of its own."""
    settings.STAFF_SECOND_FACTOR = False


def signed_in(client, *roles, **fields):
    """A member of staff, signed in."""
    person = factories.staff(*roles, **fields)
    client.force_login(person)
    return person


def waiting(name="王小敏", days=0, **fields):
    """A record handed in some days ago."""
    fields.setdefault("id_number", None)
    return factories.talent(
        full_name=name, state="submitted", submitted_at=NOW - timedelta(days=days), **fields
    )


def names(answer):
    """The names of a list, in its order."""
    return [talent.full_name for talent in answer.context["cl"].result_list]


def page(name, talent, *more):
    """The address of one of a record's pages."""
    return reverse(f"admin:talents_talent_{name}", args=[talent.pk, *more])


def test_the_queue_shows_what_waits_the_longest_first(client):
    signed_in(client, "department_clerk")
    waiting("等了几天的", days=5)
    waiting("等久的", days=9)
    waiting("新来的", days=1)
    factories.talent(full_name="已入库")
    factories.talent(full_name="还在填", state="draft")
    assert names(client.get(reverse(LIST))) == ["等久的", "等了几天的", "新来的"]
    everything = names(client.get(reverse(LIST), {"state__exact": "all"}))
    assert everything == ["已入库", "新来的", "等久的", "等了几天的"]


def test_a_search_looks_at_all_states(client):
    signed_in(client, "department_clerk")
    waiting("王小敏")
    factories.talent(full_name="李小敏")
    factories.talent(full_name="李小敏", state="draft")
    factories.talent(full_name="李小敏", department=factories.department("trade_union"))
    assert names(client.get(reverse(LIST), {"q": "小敏"})) == ["李小敏", "王小敏"]
    assert names(client.get(reverse(LIST), {"q": "小敏", "state__exact": "verified"})) == ["李小敏"]


def test_the_list_asks_the_same_for_one_row_and_for_three(client, django_assert_num_queries):
    signed_in(client, "department_clerk")
    counted = []
    for number in (1, 2):
        for _ in range(number):
            waiting(unit=factories.unit())
        client.get(reverse(LIST))
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse(LIST))
        counted.append(len(queries))
        assert not any("COUNT(*)" in q["sql"] and "LIMIT" not in q["sql"] for q in queries)
        assert not any('"id_number"' in q["sql"] for q in queries)
    assert counted[0] == counted[1]


def test_a_record_is_shown_masked_with_its_history(client):
    clerk = signed_in(client, "department_clerk")
    talent = waiting(id_number=workbooks.identity(), phone="14000008387", email="wang@example.cn")
    AuditEntry.objects.create(
        at=NOW,
        actor_id=clerk.pk,
        action="talents.return_with_reason",
        object_type="talents.talent",
        object_id=str(talent.pk),
        reason="请补充职称",
    )
    text = client.get(page("change", talent)).content.decode()
    shown = ["5001**********", "140****8387", "w***@example.cn", "请补充职称", "退回补充"]
    hidden = [workbooks.identity(), "14000008387", "wang@example.cn"]
    assert [word in text for word in shown + hidden] == [True] * 5 + [False] * 3


def test_a_record_is_verified_on_its_own_page(client):
    clerk = signed_in(client, "department_clerk")
    talent = waiting()
    address = page("verify", talent)
    assert client.get(address).status_code == 200
    talent.refresh_from_db()
    assert talent.state == "submitted"
    assert client.post(address, {"tier": "city"}).url == reverse(LIST)
    talent.refresh_from_db()
    assert (talent.state, talent.tier, talent.verified_by) == ("verified", "city", clerk)
    # A second click, a moment later; then what is no repeat; then another clerk.
    again = client.post(address, {"tier": "city"}, follow=True)
    assert [str(message) for message in again.context["messages"]] == [
        f"{talent.full_name} 的档案已入库，已通知本人。"
    ] * 2
    assert client.post(address, {"tier": ""}).status_code == 422
    signed_in(client, "department_clerk")
    answer = client.post(address, {"tier": "city"})
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (
        422,
        ["这份档案已由他人处理，请刷新列表。"],
    )


def test_a_record_is_returned_with_chosen_and_own_words(client):
    signed_in(client, "department_clerk")
    talent = waiting()
    address = page("send_back", talent)
    empty = client.post(address, {"reason": ""})
    assert (empty.status_code, empty.context["form"].errors["reason"]) == (
        422,
        ["请写明需要补充什么，至少四个字。"],
    )
    sent = {"common": ["unit_in_full"], "reason": "另附聘书。"}
    assert client.post(f"/en{address}", sent).url == "/en/admin/talents/talent/"
    assert client.post(f"/en{address}", sent).url == "/en/admin/talents/talent/"
    assert client.post(f"/en{address}", {"reason": "其他材料"}).status_code == 422
    talent.refresh_from_db()
    assert (talent.return_codes, talent.return_reason) == (["unit_in_full"], "另附聘书")
    told = Notice.objects.get(kind="talents.returned").context["reason"]
    assert told["zh-hans"] == "单位名称请写全称，与单位公章一致；另附聘书"
    assert told["en"] == talent.return_text  # the page was English


def test_a_number_is_shown_in_full_to_a_reviewer_with_a_reason(client):
    reviewer = signed_in(client, "department_reviewer")
    talent = waiting(phone="14000008387")
    address = page("reveal", talent)
    refused = client.post(address, {"field": "phone", "reason": "看"})
    assert (refused.status_code, "14000008387" in refused.content.decode()) == (422, False)
    answer = client.post(address, {"field": "phone", "reason": "核对证件复印件"})
    assert "14000008387" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    entry = AuditEntry.objects.get(action="privacy.reveal")
    assert (entry.actor_id, entry.reason, entry.detail) == (
        reviewer.pk,
        "核对证件复印件",
        {"field": "phone"},
    )
    client.force_login(factories.staff("department_clerk"))
    assert client.get(address).status_code == 403


def test_another_departments_clerk_gets_nothing(client):
    talent = waiting("王小敏", phone="14000008387")
    signed_in(client, "department_clerk", "department_reviewer", department_code="trade_union")
    assert names(client.get(reverse(LIST))) == []
    assert names(client.get(reverse(LIST), {"q": "小敏"})) == []
    assert client.get(page("change", talent)).url == reverse("admin:index")
    for name in ("verify", "send_back", "reveal"):
        assert client.get(page(name, talent)).status_code == 404
        data = {"tier": "", "reason": "核对证件复印件", "field": "phone"}
        assert client.post(page(name, talent), data).status_code == 404
    talent.refresh_from_db()
    assert (talent.state, AuditEntry.objects.filter(action="privacy.reveal").count()) == (
        "submitted",
        0,
    )


def test_nobody_without_the_right_sees_talents(client):
    signed_in(client, "points_clerk")
    assert client.get(reverse(LIST)).status_code == 403
