"""Private services: once redeemed nothing of it links with her but the sealed key in the counsellor's case."""

import json
from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.contrib import admin
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from care_points import operations, personal_data
from care_points.models import PrivateCase, Redemption, Service
from care_points.operations import cases
from notices.models import Notice
from privacy import retention
from privacy.models import AuditEntry
from tests import everything, factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
SERVICE, COUNSELLOR = "离婚陪伴咨询", "苏咨询师"
NUMBERS = ["110", "120", "12338", "12356"]


def next_wednesday():
    today = timezone.localdate(timezone.now())
    return today + timedelta(days=(2 - today.weekday()) % 7 or 7)


class Booked:
    """A woman with a counselling voucher and a time, and one with the ordinary twin, at one station."""

    def __init__(self, operator):
        now = timezone.now()
        self.station = make.station(operator)
        self.service = make.private(station=self.station, title=SERVICE)
        self.counsellor = factories.user("苏梅")
        self.provider = make.provider(self.service, name=COUNSELLOR, user=self.counsellor)
        self.twin = Service.objects.get(station=self.station, private=False)
        self.ordinary = make.timed(station=self.station, title="阳台种植指导", cost=25)
        make.provider(self.ordinary, name="范园艺师")
        self.her, self.other = (
            factories.talent(full_name="许清"),
            factories.talent(full_name="罗安"),
        )
        for talent in (self.her, self.other):
            make.give(talent, 200, now=now)
        day = next_wednesday()
        self.voucher, self.case = make.case(self.her, self.service, f"{day} 10:00", now=now)
        self.plain = make.redeem(self.other, self.twin, now=now)
        self.timed = make.book(self.other, self.ordinary, f"{day} 11:00", now=now)


@pytest.fixture
def booked(operator):
    return Booked(operator)


def row(table, pk, key="id"):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" WHERE "{key}" = %s', [pk])
        names = [column.name for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


VARIES = {
    "id", "code", "talent_id", "idempotency_key", "sealed_service",
}  # fmt: skip


def test_her_voucher_looks_like_every_other_in_the_database(booked):
    hers, other = (row("care_points_redemption", one.pk) for one in (booked.voucher, booked.plain))
    differ = {name for name in hers if hers[name] != other[name]}
    assert differ - {"made_at"} == VARIES
    assert len(hers["sealed_service"]) == len(other["sealed_service"])


def test_nothing_of_her_stands_in_her_case(booked):
    stored = row("care_points_privatecase", booked.case.pk, "number")
    assert set(stored) == {
        "number",
        "service_id",
        "provider_id",
        "starts_at",
        "ends_at",
        "busy_until",
        "held",
        "state",
        "weeks_waited",
        "told",
        "voucher",
        "voucher_index",
    }
    assert booked.voucher.code not in str(stored)
    assert booked.case.voucher_id == booked.voucher.pk


def test_no_table_outside_the_seal_links_her_with_the_service(booked):
    """Every row that names the service or its counsellor names nothing of hers, and the other way round."""
    told = {SERVICE, COUNSELLOR, booked.case.number}
    keys = {booked.voucher.code, booked.her.code, "许清"}
    for table, text in everything.tables():
        for line in text.splitlines():
            found = [word for word in told if word in line], [key for key in keys if key in line]
            assert not all(found), table


def test_the_walk_over_tables_would_find_an_ordinary_link(booked):
    """The control: an event's seat or a note that names both is found by the same walk."""
    AuditEntry.objects.create(
        at=NOW, action="care_points.redeem", object_type="x", object_id="1", reason=f"{SERVICE}许清"
    )
    found = [
        table
        for table, text in everything.tables()
        for line in text.splitlines()
        if SERVICE in line and "许清" in line
    ]
    assert found == ["privacy_auditentry"]


def pages_about(booked, voucher):
    lists = [
        f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for model in admin.site._registry
    ]
    one, account = voucher.pk, voucher.talent.points_account.pk
    base = "/admin/care_points"
    return [
        *lists,
        f"{base}/redemption/{one}/change/",
        f"{base}/redemption/{one}/history/",
        f"{base}/pointsaccount/{account}/change/",
        f"/admin/talents/talent/{voucher.talent_id}/change/",
        f"/admin/talents/talent/{voucher.talent_id}/history/",
        f"{base}/transfer/report/",
        "/admin/",
        "/points/station/",
        "/points/provider/",
        f"/points/vouchers/{one}/",
        f"/points/cases/{booked.case.pk}/",
    ]


def links(client, addresses, keys, words):
    """Return the pages that open and show both one of her `keys` and one of the `words`."""
    found = []
    for address in addresses:
        page = client.get(address)
        if page.status_code == 200:
            text = page.getvalue().decode(errors="replace")
            if any(key in text for key in keys) and any(word in text for word in words):
                found.append(address)
    return found


ROLES = [
    "points_clerk",
    "auditor",
    "administrator",
    "department_clerk",
    "department_reviewer",
    "event_organiser",
    "superuser",
    "operator",
    "another woman",
]


@pytest.mark.parametrize("role", ROLES)
def test_no_page_of_anybody_else_links_her_with_it(booked, operator, role):
    who = {
        "operator": lambda: operator,
        "superuser": lambda: factories.user(is_staff=True, is_superuser=True),
        "another woman": lambda: booked.other.user,
    }
    user = who[role]() if role in who else factories.staff(role)
    client = Client()
    client.force_login(user)
    hers = {booked.voucher.code, booked.her.code, "许清", "许*"}
    told = {SERVICE, COUNSELLOR, booked.case.number}
    about = pages_about(booked, booked.voucher)
    assert links(client, about, hers, told) == []
    if role in ("points_clerk", "superuser"):  # the control: an ordinary appointment is found
        others = {booked.timed.code, booked.other.code}
        assert links(client, about, others, {"范园艺师"}) == ["/admin/care_points/appointment/"]


def test_redis_the_outbox_and_the_log_say_nothing(booked, caplog):
    client = Client()
    client.force_login(booked.her.user)
    for address in ("/points/", "/me/", f"/points/vouchers/{booked.voucher.pk}/"):
        client.get(address)
    store = redis.Redis.from_url(settings.REDIS_URL)
    kept = b"\n".join(store.dump(key) or b"" for key in store.scan_iter()).decode(errors="replace")
    words = (SERVICE, COUNSELLOR, booked.case.number)
    assert [word for word in words if word in kept + caplog.text] == []
    told = Notice.objects.filter(recipient=booked.her.user)
    kinds = list(told.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["care_points.earned", "care_points.redemption_made"]
    texts = json.dumps(list(told.values()), default=str, ensure_ascii=False)
    assert [word for word in words if word in texts] == []


def test_what_she_did_with_the_case_is_in_no_log(booked):
    assert not AuditEntry.objects.filter(object_type="care_points.privatecase").exists()
    about = AuditEntry.objects.filter(object_id=str(booked.voucher.pk), action__contains="redeem")
    assert [entry.detail for entry in about] == [{"points": 30}]


def test_her_statement_card_and_copy_are_neutral(booked):
    client = Client()
    client.force_login(booked.her.user)
    for address in ("/points/", "/points/statement/", "/me/"):
        page = client.get(address, follow=True).content.decode()
        assert [word for word in (SERVICE, COUNSELLOR) if word in page] == [], address
    text = "\n".join(
        str(getattr(item, name if isinstance(name, str) else name[0], ""))
        for group in personal_data.collect(booked.her.user)
        for item in group.rows
        for name in group.fields
    )
    assert booked.voucher.code in text
    assert [word for word in (SERVICE, COUNSELLOR, booked.case.number) if word in text] == []


def test_the_desk_reads_the_same_words_of_every_voucher(booked, operator):
    client = Client()
    client.force_login(operator)
    shown = []
    for voucher in (booked.voucher, booked.plain):
        page = client.post("/points/station/check/", {"code": voucher.code}).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        name = voucher.talent.masked_name
        shown.append(main.replace(voucher.code, "CODE").replace(name, "NAME"))
    assert "爱心加油站服务（30 积分）" in shown[0]
    without_token = [[line for line in text.splitlines() if "csrf" not in line] for text in shown]
    assert without_token[0] == without_token[1]


def test_she_alone_reads_what_it_is_and_emergency_numbers_stand_first(booked):
    client = Client()
    client.force_login(booked.her.user)
    own = f"/points/vouchers/{booked.voucher.pk}"
    for address in (
        f"{own}/",
        f"{own}/cancel/",
        f"{own}/time/",
        f"/points/services/{booked.service.pk}/",
        f"/points/services/{booked.service.pk}/redeem/",
        f"/points/vouchers/{booked.plain.pk}/",
    ):
        if address.endswith(f"{booked.plain.pk}/"):
            client.force_login(booked.other.user)
        page = client.get(address).content.decode()
        before = page[page.index("<main") : page.index("<h1")]
        assert [n for n in NUMBERS if f'href="tel:{n}"' in before] == NUMBERS, address
    client.force_login(booked.her.user)
    page = client.get(f"{own}/").content.decode()
    assert SERVICE in page[page.index("<details") :]
    assert SERVICE not in page[: page.index("<details")]  # she shows this page at the desk


def test_an_ordinary_service_has_no_emergency_numbers_in_the_catalogue(booked, client):
    page = client.get(f"/points/services/{booked.twin.pk}/").content.decode()
    assert "tel:12338" not in page


def test_a_private_service_is_never_a_seat_of_an_event():
    service = make.service()
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(pk=service.pk).update(
            private=True, delivery="event", event_code="ABCDEFGH"
        )


def test_after_ninety_days_nobody_can_open_it(booked):
    later = booked.case.ends_at + timedelta(days=91)
    operations.close_case(
        case=booked.case, came=True, by=booked.counsellor, now=booked.case.ends_at
    )
    Redemption.objects.filter(pk=booked.voucher.pk).update(
        state="fulfilled", fulfilled_at=F("made_at"), fulfilled_by=booked.counsellor
    )
    retention.apply(now=later - timedelta(days=2))
    assert PrivateCase.objects.get().voucher_id == booked.voucher.pk
    runs = retention.apply(now=later)
    assert {"care_points.private_cases", "care_points.services_of_vouchers"} >= {
        run.rule for run in runs if run.rule.startswith("care_points")
    }
    case = PrivateCase.objects.get()
    assert (case.voucher, case.voucher_index, case.state) == (None, None, "came")
    assert cases.why_not_open(case, booked.counsellor).code == "link_destroyed"
    assert Redemption.objects.get(pk=booked.voucher.pk).service is None
    sealed = [text for place, text in everything.opened() if "rivateCase" in place]
    assert sealed == []
    client = Client()
    client.force_login(booked.her.user)
    assert client.get(f"/points/vouchers/{booked.voucher.pk}/").status_code == 200
