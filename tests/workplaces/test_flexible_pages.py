"""Flexible work in the browser: everybody's list, the contact's own, the admin, a unit's program."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kernel import public_pages
from tests import factories
from tests.api.conftest import make_partner
from tests.entrepreneurship.test_transfer_api import post
from tests.workplaces import make
from workplaces.flexible import operations
from workplaces.flexible.models import FlexibleOffer

pytestmark = pytest.mark.django_db
LIST = "/workplaces/flexible/"
MINE = f"{LIST}mine/"
ADMIN = "/admin/workplaces/flexibleoffer/"


def text(answer):
    return answer.content.decode()


def ago(days):
    return timezone.now() - timedelta(days=days)


# --- everybody -------------------------------------------------------------------------------------
def test_the_list_says_what_to_do_when_it_is_empty(client):
    assert "还没有单位登记弹性工作" in text(client.get(LIST))
    assert "没有找到" in text(client.get(LIST, {"q": "礼嘉"}))


def test_everybody_finds_by_kind_field_place_and_words(client):
    now = timezone.now()
    make.offer(now=now, posts="甲岗", kind="hours", discipline="520", district="悦来街道")
    make.offer(now=now, posts="乙岗", discipline="430", workload="每周四天", place="西部园区")
    make.offer(now=now, posts="丙岗", unit=factories.unit(name="两江示例研究院"))
    make.offer(now=ago(426), posts="丁岗")
    make.offer(now=now, posts="戊岗", valid_until=timezone.localdate() - timedelta(days=1))
    withdrawn = make.offer(now=now, posts="己岗")
    operations.withdraw_offer(offer=withdrawn, reason="不再实行了", by=None, now=now)

    def found(**asked):
        page = text(client.get(LIST, asked))
        return [name for name in "甲乙丙丁戊己" if f"{name}岗" in page]

    assert found() == ["甲", "乙", "丙"]
    assert found(kind="hours") == ["甲"]
    assert found(field="430") == ["乙", "丙"]  # 丙 is for every discipline
    assert found(place="悦来街道") == ["甲"]
    assert found(q="每周四天") == found(q="西部园区") == found(q="乙岗") == ["乙"]
    assert found(q="示例研究院") == ["丙"]
    assert found(kind="hours", field="430") == []
    assert found(kind="wrong") == found(place="没有的街道") == []
    assert client.get(withdrawn.get_absolute_url()).status_code == 404


def test_what_nobody_confirmed_for_a_year_says_so_with_its_date(client):
    made = make.offer(now=ago(366))
    assert "未复核（上次确认" in text(client.get(LIST))
    page = text(client.get(made.get_absolute_url()))
    assert "未复核：" in page
    assert "人力资源部" in page
    gone = make.offer(now=ago(426))
    assert client.get(gone.get_absolute_url()).status_code == 404


def counted(client, address, make_one):
    """Return how often a page asks with one row and with three."""
    counts = []
    for _number in range(3):
        make_one()
        public_pages.clear()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    return counts[0], counts[2]


def test_the_lists_ask_as_often_for_three_as_for_one(client, settings):
    one, three = counted(client, LIST, lambda: make.offer(now=timezone.now()))
    assert one == three
    contact = make.contact()
    client.force_login(contact)
    one, three = counted(client, MINE, lambda: make.offer(contact.unit, timezone.now()))
    assert one == three
    row = FlexibleOffer.objects.filter(unit=contact.unit).first()

    def change():
        values = {"how_many": row.changes.count()}
        operations.save_offer(offer=row, values=values, by=None, now=timezone.now())

    one, three = counted(client, f"{MINE}{row.pk}/", change)
    assert one == three
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(make.clerk())
    client.get(ADMIN)  # what the first page of a session asks
    one, three = counted(client, ADMIN, lambda: make.offer(now=timezone.now()))
    assert one == three


# --- the contact -----------------------------------------------------------------------------------
def typed(**values):
    blank = dict.fromkeys(operations.FIELDS, "")
    return blank | make.offered(valid_from="2025-01-05") | values


def test_a_contact_enters_corrects_confirms_undoes_withdraws_and_puts_back(client):
    contact = make.contact()
    client.force_login(contact)
    assert "还没有登记" in text(client.get(MINE))
    wrong = client.post(f"{MINE}new/", typed(phone="14000000001", posts="芯片设计岗"))
    assert (wrong.status_code, FlexibleOffer.objects.count()) == (422, 0)
    assert "这里不要写个人手机号" in text(wrong)
    assert "芯片设计岗" in text(wrong)
    late = client.post(f"{MINE}new/", typed(age_until=19))
    assert (late.status_code, FlexibleOffer.objects.count()) == (422, 0)
    client.post(f"{MINE}new/", typed())
    made = FlexibleOffer.objects.get()
    assert made.unit == contact.unit
    own = f"{MINE}{made.pk}/"
    client.post(f"{own}edit/", typed(pay="pro_rata"))
    assert "工资由“工资不变”改为“按工作量折算”。" in text(client.get(own))
    client.post(own, {"act": "confirm-1"})  # of a page opened before the change
    assert "您打开之后内容有改动" in text(client.get(own))
    client.post(own, {"act": "confirm-2"})
    assert "已确认，一年内有效。" in text(client.get(own))
    client.post(own, {"act": f"undo-{made.changes.order_by('-pk').first().pk}"})
    assert make.fresh(made).pay == "same"
    short = client.post(f"{own}withdraw/", {"reason": "不做"})
    assert (short.status_code, make.fresh(made).withdrawn_at) == (422, None)
    client.post(f"{own}withdraw/", {"reason": "今年不再实行"})
    assert "今年不再实行" in text(client.get(own))
    client.post(own, {"act": "back-0"})
    assert make.fresh(made).withdrawn_at is None
    codes = [client.post(own, {"act": act}).status_code for act in ("undo-x", "undo-0", "go-1", "")]
    assert codes == [404] * 4


def test_a_stranger_meets_nothing_of_another_unit(client):
    made = make.offer(now=timezone.now())
    client.force_login(make.contact())
    codes = [
        client.get(f"{MINE}{made.pk}/{page}").status_code for page in ("", "edit/", "withdraw/")
    ]
    assert codes == [404] * 3
    assert client.post(f"{MINE}{made.pk}/", {"act": "confirm-1"}).status_code == 404
    client.force_login(factories.talent().user)
    assert client.get(MINE).status_code == 403


# --- staff -----------------------------------------------------------------------------------------
def test_a_clerk_corrects_undoes_withdraws_puts_back_counts_and_writes_out(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    made = make.offer(now=ago(340))
    client.force_login(make.clerk())
    assert made.posts in text(client.get(ADMIN, {"confirm": "due"}))
    change = f"{ADMIN}{made.pk}/change/"
    client.post(change, typed(pay="pro_rata", unit=made.unit_id))
    assert make.fresh(made).pay == "pro_rata"
    page = text(client.get(f"{ADMIN}{made.pk}/undo/"))
    assert "工资由“工资不变”改为“按工作量折算”" in page
    stale = client.post(f"{ADMIN}{made.pk}/undo/", {"revision": 1})
    assert (stale.status_code, make.fresh(made).pay) == (422, "pro_rata")
    client.post(f"{ADMIN}{made.pk}/undo/", {"revision": 2})
    assert make.fresh(made).pay == "same"
    client.post(f"{ADMIN}{made.pk}/withdraw/", {"reason": "单位来电说已不再实行"})
    assert make.fresh(made).withdrawn_by_staff
    assert made.posts in text(client.get(ADMIN, {"shown": "withdrawn"}))
    client.post(f"{ADMIN}{made.pk}/put-back/", {})
    assert make.fresh(made).withdrawn_at is None
    client.post(f"{ADMIN}{made.pk}/confirm/", {"revision": 3})
    assert make.fresh(made).confirmed_on == timezone.localdate()
    page = text(client.get(f"{ADMIN}figures/"))
    assert "确认及时率" in page
    sheet = client.post(ADMIN, {"action": "write_out", "_selected_action": [made.pk]})
    assert sheet["Content-Type"].endswith("spreadsheetml.sheet")
    FlexibleOffer.objects.update(sweep_failures=5)
    assert made.posts in text(client.get(ADMIN, {"sweep": "set_aside"}))
    client.post(ADMIN, {"action": "try_again", "_selected_action": [made.pk]})
    assert make.fresh(made).sweep_failures == 0


# --- a unit's program ------------------------------------------------------------------------------
def test_a_program_enters_corrects_and_confirms_its_own_once():
    partner = make_partner(scopes=["flexible-work:read", "flexible-work:write"])
    other = make.offer()
    said = make.offered(valid_from="2025-01-05")
    said |= {"flexibility": said.pop("kind"), "field": "430"}
    for _twice in range(2):
        told = json.loads(post(partner, "/flexible-work/new/", said).content)
    (made,) = FlexibleOffer.objects.filter(unit=partner.unit)
    assert [told[name] for name in ("id", "flexibility", "field", "revision")] == [
        made.pk,
        "home",
        "430",
        1,
    ]
    listed = json.loads(partner.get("/flexible-work/").content)["results"]
    assert listed == [told]
    assert json.loads(partner.get("/flexible-work/?flexibility=hours").content)["results"] == []
    where = f"/flexible-work/{made.pk}"
    wrong = post(partner, f"{where}/edit/", said | {"phone": "14000000001"}, key="key-00000002")
    assert (wrong.status_code, json.loads(wrong.content)["code"]) == (422, "mobile_in_words")
    edited = post(partner, f"{where}/edit/", said | {"pay": "pro_rata"}, key="key-00000003")
    assert json.loads(edited.content)["revision"] == 2
    stale = post(partner, f"{where}/confirm/", {"revision": 1}, key="key-00000004")
    assert (stale.status_code, json.loads(stale.content)["code"]) == (409, "offer_changed")
    sure = post(partner, f"{where}/confirm/", {"revision": 2}, key="key-00000005")
    assert json.loads(sure.content)["confirmed_on"] == timezone.localdate().isoformat()
    for address, body in (("edit", said), ("confirm", {"revision": 1})):
        strange = f"/flexible-work/{other.pk}/{address}/"
        assert post(partner, strange, body, key="key-00000006").status_code == 404
    reads = make_partner(scopes=["flexible-work:read"], unit=partner.unit)
    assert post(reads, f"{where}/confirm/", {"revision": 2}).status_code == 403
