"""Emergency numbers: kept by staff, checked twice a year, never none on a page."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from care_points import emergency, operations
from care_points.models import EmergencyNumber
from kernel.errors import DomainError
from tests import factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return factories.staff("points_clerk")


def shown(client):
    service = make.private()
    page = client.get(f"/points/services/{service.pk}/").content.decode()
    return [one.number for one in emergency.numbers() if f'href="tel:{one.number}"' in page]


def test_what_staff_save_stands_on_the_page_and_counts_as_checked(client, clerk):
    number = EmergencyNumber.objects.get(number="12338")
    assert number.checked_on is None
    saved = operations.save_number(entry=number, hours="每天 9:00-21:00", by=clerk, now=NOW)
    assert (saved.checked_on, saved.checked_by) == (NOW.date(), clerk)
    assert shown(client) == ["110", "120", "12338", "12356"]
    page = client.get(f"/points/services/{make.private().pk}/").content.decode()
    assert "每天 9:00-21:00" in page


def test_a_number_that_is_added_or_hidden(client, clerk):
    EmergencyNumber.objects.filter(number="110").update(active=False)
    assert shown(client) == ["120", "12338", "12356"]


def test_the_form_adds_one(client, clerk):
    client.force_login(clerk)
    fields = {"number": "023-12345678", "name": "区妇联值班", "order": 5, "active": "on"}
    answer = client.post("/admin/care_points/emergencynumber/add/", fields)
    assert answer.status_code == 302
    assert emergency.numbers()[0].number == "023-12345678"


@pytest.mark.parametrize("wrong", ["", "12", "110 转 2", "tel:110", "１１０", "-110"])
def test_wrong_numbers_are_refused_in_a_sentence(client, clerk, wrong):
    client.force_login(clerk)
    fields = {"number": wrong, "name": "值班", "order": 5, "active": "on"}
    answer = client.post("/admin/care_points/emergencynumber/add/", fields)
    assert (answer.status_code, EmergencyNumber.objects.count()) == (200, 4)


def test_the_database_refuses_what_is_no_number():
    with pytest.raises(IntegrityError), transaction.atomic():
        EmergencyNumber.objects.create(number="javascript", name="值班")


def test_the_last_one_stays(clerk):
    first, *others = EmergencyNumber.objects.all()
    for one in others:
        operations.save_number(entry=one, active=False, by=clerk, now=NOW)
    with pytest.raises(DomainError) as refusal:
        operations.save_number(entry=first, active=False, by=clerk, now=NOW)
    assert refusal.value.code == "last_number"


def test_a_table_that_was_emptied_shows_those_of_the_beginning():
    EmergencyNumber.objects.all().delete()
    assert [one.number for one in emergency.numbers()] == ["110", "120", "12338", "12356"]


def test_what_nobody_checked_for_half_a_year_waits_in_the_queue(clerk):
    assert EmergencyNumber.objects.to_check(NOW).count() == 4
    for one in EmergencyNumber.objects.all():
        operations.save_number(entry=one, by=clerk, now=NOW)
    assert EmergencyNumber.objects.to_check(NOW + timedelta(days=180)).count() == 0
    assert EmergencyNumber.objects.to_check(NOW + timedelta(days=182)).count() == 4
