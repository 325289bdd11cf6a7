"""Places are kept by staff: saved, checked, days that are not as usual; each with a trace and undone."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kernel.errors import Conflict, Invalid
from places import operations, queue
from places.hours import parse_week
from places.models import OtherHours, Place
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW
from tests.places.make import place

pytestmark = pytest.mark.django_db
WEEK = "周一至周五 9:00-17:30"
DAY = date(2026, 12, 1)


def test_a_place_is_added_changed_and_checked():
    clerk = factories.staff("points_clerk")
    fields = {"name": "人和妇女之家", "address": "人和大道10号", "phone": "023-1"}
    made = operations.save_place(place=None, weekly=parse_week(WEEK), by=clerk, now=NOW, **fields)
    assert (made.verified_at, made.verified_by) == (NOW, clerk)
    operations.save_place(place=made, by=clerk, now=NOW, phone="023-2")
    later = NOW + timedelta(days=300)
    assert Place.objects.to_verify(later).get() == made
    assert queue.to_verify(clerk, later).count == 1
    operations.verify_place(place=made, by=clerk, now=later)
    assert Place.objects.to_verify(later).exists() is False
    with pytest.raises(Conflict) as refused:
        operations.save_place(place=None, by=clerk, now=NOW, **fields)
    assert (refused.value.code, Place.objects.count()) == ("place_there_already", 1)
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "detail")) == [
        ("places.add_place", {"fields": ["address", "name", "phone", "weekly"]}),
        ("places.change_place", {"fields": ["phone"]}),
        ("places.verify_place", {}),
    ]


def test_other_hours_are_entered_once_and_taken_back():
    clerk, there = factories.staff("points_clerk"), place()
    two_days = {"first_day": DAY, "last_day": DAY + timedelta(days=1), "spans": [], "by": clerk}
    other = operations.add_other_hours(place=there, reason="盘点", now=NOW, **two_days)
    wrong = [
        ({"first_day": DAY, "last_day": DAY}, "days_entered"),
        ({"first_day": DAY, "last_day": DAY - timedelta(days=1)}, "days_backwards"),
        ({"first_day": date(2026, 1, 1), "last_day": date(2026, 1, 2)}, "days_past"),
        ({"first_day": DAY, "last_day": DAY + timedelta(days=400)}, "days_too_many"),
    ]
    for given, code in wrong:
        with pytest.raises((Conflict, Invalid)) as refused:
            operations.add_other_hours(place=there, reason="搬家", now=NOW, **two_days | given)
        assert (refused.value.code, OtherHours.objects.count()) == (code, 1)
    for _ in range(2):
        operations.drop_other_hours(other=other, by=clerk, now=NOW)
    assert OtherHours.objects.count() == 0
    assert AuditEntry.objects.filter(action="places.drop_other_hours").count() == 1


def test_the_database_refuses_two_words_about_one_day_and_a_week_of_six():
    there = place()
    there.other_hours.create(first_day=DAY, last_day=DAY, reason="盘点")
    for wrong in (
        lambda: there.other_hours.create(first_day=DAY, last_day=DAY, reason="搬家"),
        lambda: Place.objects.filter(pk=there.pk).update(weekly=[[]] * 6),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_staff_keep_a_place_in_the_admin(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(factories.staff("points_clerk"))
    body = {"name": "礼嘉妇女之家", "address": "礼白路2号", "phone": "023-1", "active": "on"}
    wrong = client.post("/admin/places/place/add/", body | {"weekly": "周八 9:00-10:00"})
    errors = wrong.context["adminform"].form.errors
    assert list(errors["weekly"]) == [
        "第 1 行看不懂：请写“周一至周五 9:00-12:00，13:30-17:30”，每行几天。"
    ]
    assert Place.objects.count() == 0
    client.post("/admin/places/place/add/", body | {"weekly": WEEK})
    there = Place.objects.get()
    page = f"/admin/places/place/{there.pk}"
    assert "周一至周五 9:00–17:30" in client.get(f"{page}/change/").content.decode()
    soon = timezone.localdate() + timedelta(days=5)
    days = {"first_day": str(soon), "last_day": str(soon), "spans": "", "reason": "盘点"}
    client.post(f"{page}/other-hours/", days)
    other = there.other_hours.get()
    assert (other.first_day, other.spans, other.reason) == (soon, [], "盘点")
    undo = f"{page}/other-hours/{other.pk}/"
    assert undo in client.get(f"{page}/change/").content.decode()
    client.post(undo)
    client.post(f"{page}/verify/")
    assert (
        there.other_hours.count(),
        client.get("/admin/places/place/?verified=no").status_code,
    ) == (0, 200)
