"""Nurseries in the browser: everybody's list, the contact's own, the admin, a unit's program."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories
from tests.api.conftest import make_partner
from tests.entrepreneurship.test_transfer_api import post
from tests.workplaces import make
from workplaces.childcare import operations
from workplaces.childcare.models import Nursery, NurseryClass, NurseryRule

pytestmark = pytest.mark.django_db
LIST = "/workplaces/nurseries/"
MINE = f"{LIST}mine/"


def text(answer):
    return answer.content.decode()


# --- everybody -------------------------------------------------------------------------------------
def test_the_list_says_what_to_do_when_it_is_empty(client):
    assert "还没有公布托育机构" in text(client.get(LIST))
    assert "没有找到" in text(client.get(LIST, {"q": "礼嘉"}))


def test_everybody_finds_by_band_words_subsidy_and_free_places(client):
    now = timezone.now()
    one = make.nursery(now=now, name="甲园", district="悦来街道", subsidised=True)
    two = make.nursery(now=now, name="乙园", subsidised=False)
    make.klass(one, now, free=3)
    make.klass(two, now - timedelta(days=40), band="older", free=5)
    make.unchecked(now=now, name="丙园")
    make.nursery(now=now - timedelta(days=366), name="丁园")

    def found(**asked):
        page = text(client.get(LIST, asked))
        return [name for name in ("甲园", "乙园", "丙园", "丁园") if name in page]

    assert found() == ["甲园", "乙园"]
    assert found(q="悦来") == ["甲园"]
    assert found(band="older") == ["乙园"]
    assert found(subsidised="on") == ["甲园"]
    assert found(free="on") == ["甲园"]
    assert found(band="older", free="on") == []
    assert found(band="wrong") == []
    page = text(client.get(two.get_absolute_url()))
    assert "请电话询问" in page
    assert "未核实" in page


def test_what_is_not_shown_is_not_there_and_what_is_old_says_so(client):
    hidden = make.unchecked()
    assert client.get(hidden.get_absolute_url()).status_code == 404
    old = make.nursery(now=timezone.now() - timedelta(days=366))
    assert "没有人确认过" in text(client.get(old.get_absolute_url()))


def test_the_list_asks_as_often_for_three_as_for_one(client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from kernel import public_pages

    counts = []
    for _number in range(3):
        make.klass(make.nursery(now=timezone.now()), timezone.now(), free=1)
        public_pages.clear()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(LIST)
        counts.append(len(asked))
    assert counts[0] == counts[2]


# --- the contact -----------------------------------------------------------------------------------
def typed(**values):
    return {
        "name": "礼嘉阳光托育园",
        "district": "礼嘉街道",
        "address": "示例路 1 号",
        "phone": "023-67000001",
        "registration": "渝托备 1",
        "registered_on": "2025-01-05",
        "subsidised": "on",
        "is_open": "on",
    } | values


def test_a_contact_enters_corrects_undoes_and_reads_what_was_changed(client):
    contact = make.contact()
    client.force_login(contact)
    assert "还没有登记" in text(client.get(MINE))
    wrong = client.post(f"{MINE}new/", typed(registered_on="2999-01-01"))
    assert (wrong.status_code, Nursery.objects.count()) == (422, 0)
    assert "备案日期不能晚于今天" in text(wrong)
    assert "礼嘉阳光托育园" in text(wrong)
    client.post(f"{MINE}new/", typed())
    nursery = Nursery.objects.get()
    assert nursery.unit == contact.unit
    own = f"{MINE}{nursery.pk}/"
    large = {"name": "小一班", "band": "toddler", "capacity": 16, "carers": 4, "price": 2600}
    answer = client.post(f"{own}classes/new/", large)
    assert (answer.status_code, NurseryClass.objects.count()) == (422, 0)
    assert "每班最多 15 人" in text(answer)
    client.post(f"{own}classes/new/", large | {"capacity": 15})
    row = NurseryClass.objects.get()
    answer = client.post(f"{own}classes/{row.pk}/free/", {"free": 16})
    assert (answer.status_code, make.fresh(row).free) == (422, None)
    assert "空余托位不能多于班额 15 个" in text(answer)
    client.post(f"{own}classes/{row.pk}/free/", {"free": 4})
    client.post(f"{own}classes/{row.pk}/", large | {"capacity": 15, "price": 2000})
    client.post(f"{own}edit/", typed(phone="023-67000009"))
    page = text(client.get(own))
    assert "公开的电话由“023-67000001”改为“023-67000009”。" in page
    assert "的每月费用（元）由“2600”改为“2000”。" in page
    change = nursery.changes.filter(klass=None).order_by("-pk").first()
    client.post(own, {"act": f"undo-{change.pk}"})
    assert make.fresh(nursery).phone == "023-67000001"
    client.post(own, {"act": f"end-{row.pk}"})
    assert make.fresh(row).ended_at is not None
    client.post(own, {"act": f"restore-{row.pk}"})
    assert make.fresh(row).ended_at is None
    assert client.post(own, {"act": "undo-x"}).status_code == 404
    assert client.post(own, {"act": "confirm"}).status_code == 302


def test_a_stranger_meets_nothing_of_another_unit(client):
    nursery = make.nursery(now=timezone.now())
    row = make.klass(nursery, timezone.now())
    client.force_login(make.contact())
    pages = ["", "edit/", "classes/new/", f"classes/{row.pk}/", f"classes/{row.pk}/free/"]
    codes = [client.get(f"{MINE}{nursery.pk}/{page}").status_code for page in pages]
    assert codes == [404] * 5
    client.force_login(factories.talent().user)
    assert client.get(MINE).status_code == 403


# --- staff -----------------------------------------------------------------------------------------
def test_a_clerk_checks_states_and_counts(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    nursery = make.unchecked(now=timezone.now())
    row = make.klass(nursery, timezone.now())
    client.force_login(make.clerk())
    admin = "/admin/workplaces"
    assert nursery.name in text(client.get(f"{admin}/nursery/", {"check": "waiting"}))
    client.post(f"{admin}/nursery/{nursery.pk}/verify/", {})
    assert make.fresh(nursery).registration_checked_on == timezone.localdate()
    answer = client.post(f"{admin}/nurseryclass/{row.pk}/state/", {"free": 13})
    assert (answer.status_code, make.fresh(row).free) == (422, None)
    client.post(f"{admin}/nurseryclass/{row.pk}/state/", {"free": 5})
    assert make.fresh(row).free == 5
    change = row.changes.order_by("-pk").first()
    assert "空余托位" in text(client.get(f"{admin}/nurseryclass/{row.pk}/undo/"))
    client.post(f"{admin}/nurseryclass/{row.pk}/undo/", {"change": change.pk})
    assert make.fresh(row).free is None
    twice = client.post(f"{admin}/nurseryclass/{row.pk}/undo/", {"change": change.pk})
    assert (twice.status_code, make.fresh(row).free) == (422, None)
    operations.save_nursery(nursery=nursery, values={"phone": "023-9"}, by=None, now=timezone.now())
    assert "由“023-67000001”改为“023-9”" in text(client.get(f"{admin}/nursery/{nursery.pk}/undo/"))
    client.post(f"{admin}/nursery/{nursery.pk}/undo/", {})
    assert make.fresh(nursery).phone == "023-67000001"
    rule = NurseryRule.objects.get(band="mixed")
    client.post(f"{admin}/nurseryrule/{rule.pk}/compare/", {})
    assert make.fresh(rule).checked_on == timezone.localdate()
    page = text(client.get(f"{admin}/nursery/figures/"))
    assert "确认及时率" in page
    assert "100%" in page
    for name in ("nursery", "nurseryclass", "nurseryrule"):
        assert client.get(f"{admin}/{name}/").status_code == 200
    assert client.get(f"{admin}/nursery/{nursery.pk}/change/").status_code == 200
    sheet = client.post(
        f"{admin}/nursery/", {"action": "write_out", "_selected_action": [nursery.pk]}
    )
    assert sheet["Content-Type"].endswith("spreadsheetml.sheet")


# --- a unit's program ------------------------------------------------------------------------------
def test_a_program_reads_its_own_and_states_free_places_once():
    partner = make_partner(scopes=["nurseries:read", "nurseries:write"])
    row = make.klass(make.nursery(partner.unit))
    other = make.klass()
    listed = json.loads(partner.get("/nursery-classes/").content)["results"]
    assert [one["id"] for one in listed] == [row.pk]
    where = f"/nursery-classes/{row.pk}/free/"
    for _twice in range(2):
        told = json.loads(post(partner, where, {"free": 4}).content)
    today = timezone.localdate()
    assert (told["free"], told["free_on"]) == (4, today.isoformat())
    assert row.changes.count() == 2
    above = post(partner, where, {"free": 13}, key="key-00000002")
    assert (above.status_code, make.fresh(row).free) == (422, 4)
    assert json.loads(above.content)["code"] == "free_above"
    assert post(partner, f"/nursery-classes/{other.pk}/free/", {"free": 1}).status_code == 404
    reads = make_partner(scopes=["nurseries:read"], unit=partner.unit)
    assert post(reads, where, {"free": 1}).status_code == 403
