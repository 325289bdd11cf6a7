"""A private service: once redeemed nobody but herself reads its name; emergency numbers stand first."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from care_points.models import Appointment, Service
from tests import factories
from tests.care_points import make

pytestmark = pytest.mark.django_db
CANARIES = ("离婚陪伴咨询", "苏咨询师")
NUMBERS = ["110", "120", "12338", "12356"]


def booked(operator, **fields):
    """Return the Redemption of a private service with a counsellor, booked for next Wednesday."""
    made = make.timed(station=make.station(operator), title=CANARIES[0], **fields)
    made.monthly_quota = None
    made.save()
    make.provider(made, name=CANARIES[1])
    now = timezone.now()
    today = timezone.localdate(now)
    day = today + timedelta(days=(2 - today.weekday()) % 7 or 7)  # a Wednesday
    woman = factories.talent()
    make.give(woman, 200)
    return make.book(woman, made, f"{day} 10:00", now=now)


def told(client, address):
    """Return which of the canaries a page shows that opens."""
    page = client.get(address)
    assert page.status_code == 200, address
    return [word for word in CANARIES if word in page.content.decode()]


def admin_pages(voucher):
    base = "/admin/care_points"
    one = voucher.appointment
    return [
        f"{base}/redemption/",
        f"{base}/redemption/{voucher.pk}/change/",
        f"{base}/redemption/{voucher.pk}/history/",
        f"{base}/appointment/",
        f"{base}/appointment/{one.pk}/change/",
        f"{base}/appointment/{one.pk}/history/",
        f"{base}/transfer/",
        f"{base}/pointsaccount/",
        "/admin/privacy/auditentry/",
    ]


def test_no_page_of_staff_tells_a_superuser_what_she_asked_for(client, operator):
    voucher = booked(operator, private=True)
    client.force_login(factories.user(is_staff=True, is_superuser=True))
    assert [page for page in admin_pages(voucher) if told(client, page)] == []


def test_the_counsellors_name_does_not_find_her(client, operator):
    voucher = booked(operator, private=True)
    client.force_login(factories.user(is_staff=True, is_superuser=True))
    address = "/admin/care_points/appointment/?q="
    found = [
        voucher.code in client.get(f"{address}{word}").content.decode()
        for word in (voucher.code, CANARIES[1])
    ]
    assert found == [True, False]


@pytest.mark.parametrize(("private", "seen"), [(True, []), (False, list(CANARIES))])
def test_the_desk_reads_one_neutral_word(client, operator, private, seen):
    voucher = booked(operator, private=private)
    start = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
    Appointment.objects.filter(pk=voucher.appointment.pk).update(
        starts_at=start,
        ends_at=start + timedelta(minutes=50),
        busy_until=start + timedelta(hours=1),
    )
    client.force_login(operator)
    assert told(client, "/points/station/") == seen
    page = client.get("/points/station/").content.decode()
    assert ("关爱服务" in page) is private


@pytest.mark.parametrize("private", [True, False])
def test_emergency_numbers_stand_before_everything_else_on_each_page(client, operator, private):
    voucher = booked(operator, private=private)
    client.force_login(voucher.talent.user)
    service = f"/points/services/{voucher.service_id}"
    own = f"/points/vouchers/{voucher.pk}"
    for address in (
        f"{service}/",
        f"{service}/times/",
        f"{service}/redeem/",
        f"{own}/",
        f"{own}/cancel/",
    ):
        page = client.get(address, follow=True).content.decode()
        before = page[page.index("<main") : page.index("<h1")]
        assert [n for n in NUMBERS if f'href="tel:{n}"' in before] == (
            NUMBERS if private else []
        ), address


def test_a_private_service_is_never_a_seat_of_an_event():
    service = make.service()
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(pk=service.pk).update(
            private=True, delivery="event", event_code="ABCDEFGH"
        )
