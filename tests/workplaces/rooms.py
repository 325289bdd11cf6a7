"""Mothers' rooms as the tests need them."""

import io
from datetime import timedelta

from django.utils import timezone
from PIL import Image

from tests import factories
from tests.workplaces import make
from workplaces.rooms import operations
from workplaces.rooms.models import RoomCriterion

NOW = make.NOW
TODAY = timezone.localdate(NOW)
HERE = (29.6140, 106.5516)
_numbers = iter(range(1, 100000))


def said(**values):
    """Return what a unit types of a room."""
    number = next(_numbers)
    return {
        "name": f"示例妈咪小屋{number}",
        "address": "礼嘉街道示例路 1 号 3 楼",
        "phone": "023-67000001",
        "weekly": [[[540, 1020]]] * 5 + [[], []],
        "closed_on_holidays": True,
        "latitude": HERE[0],
        "longitude": HERE[1],
        "is_public": True,
        "who_may": "前台登记后领钥匙",
    } | values


def applied(unit=None, now=NOW, **values):
    """Return a room that waits for its visit."""
    unit = unit or factories.unit()
    return operations.save_room(unit=unit, values=said(**values), by=None, now=now)


def codes(pluses=0):
    """Return the codes of all musts and of so many pluses."""
    found = RoomCriterion.objects.in_force(TODAY).order_by("pk")
    musts = found.filter(must=True).values_list("code", flat=True)
    return [*musts, *found.filter(must=False).values_list("code", flat=True)[:pluses]]


def room(unit=None, now=NOW, pluses=0, days=0, **values):
    """Return a room that is shown, visited so many days ago."""
    found = applied(unit, now, **values)
    visit = operations.visit_room(
        room=found,
        visited_on=timezone.localdate(now) - timedelta(days=days),
        met=codes(pluses),
        by=factories.staff("department_clerk"),
        now=now,
    )
    return visit.room


def picture():
    """Return the bytes of a photo that says where it was taken."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Phone"
    Image.new("RGB", (60, 40), "#cfd8c8").save(out, "JPEG", exif=exif)
    return out.getvalue()


def photo(room, now=NOW):
    """Return a photo of the latest visit of a room."""
    visit = operations.correct_visit(
        visit=room.visits.first(),
        visited_on=timezone.localdate(now),
        met=codes(),
        photos=[("小屋.jpg", picture())],
        reason="补传照片",
        by=factories.staff("department_clerk"),
        now=now,
    )
    return visit.photos.get()


def woman():
    """Return a woman with an account."""
    return factories.talent().user


def fresh(row):
    """Return a row as it is stored now."""
    return type(row).objects.get(pk=row.pk)
