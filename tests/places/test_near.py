"""Positions as Chinese maps have them, and what is near."""

from math import acos, cos, radians, sin

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kernel.errors import Invalid, Refused
from places import near, operations
from places.models import Place
from tests import factories
from tests.factories import NOW
from tests.places import make

pytestmark = pytest.mark.django_db

# 两江新区管委会 and places around it, as a Chinese map has them.
HERE = (29.6140, 106.5516)
SQUARE = (29.6150, 106.5516)


def apart(one, other):
    """Return the metres between two positions by another formula: the spherical law of cosines."""
    (up, across), (up2, across2) = (tuple(map(radians, each)) for each in (one, other))
    inside = sin(up) * sin(up2) + cos(up) * cos(up2) * cos(across2 - across)
    return acos(min(1.0, inside)) * near.EARTH


def at(position, **fields):
    """Return a place at a position."""
    return make.place(latitude=position[0], longitude=position[1], **fields)


def test_a_phones_position_is_turned_into_what_chinese_maps_have():
    # A point published with both readings: Tiananmen's 39.90734, 116.39089 (WGS-84) is 39.90874, 116.39713.
    latitude, longitude = near.as_maps_have_it(39.90734, 116.39089)
    assert (round(latitude, 4), round(longitude, 4)) == (39.9087, 116.3971)
    assert near.as_maps_have_it(51.5, -0.12) == (51.5, -0.12)


def test_the_nearest_come_first_and_what_is_too_far_does_not():
    far, close, middle = (
        at((29.70, 106.55), name="远"),
        at(SQUARE, name="近"),
        at((29.62, 106.56), name="中"),
    )
    make.place(name="没有坐标")
    found = list(near.nearest(Place.objects.all(), *HERE, 5000))
    assert [row.pk for row in found] == [close.pk, middle.pk]
    assert [round(row.metres) for row in found] == [
        round(apart(HERE, row.position)) for row in (close, middle)
    ]
    assert far.pk not in [row.pk for row in found]


def test_the_corner_of_the_box_is_farther_than_the_circle():
    at((29.6140 + 0.0088, 106.5516 + 0.0101), name="角上")  # 980 m up, 976 m aside
    assert list(near.nearest(Place.objects.all(), *HERE, 1000)) == []
    assert near.nearest(Place.objects.all(), *HERE, 1500).count() == 1


def test_what_is_near_is_found_by_the_index():
    Place.objects.bulk_create(
        Place(
            name=f"场所{n}",
            address="路",
            phone="023",
            latitude=29 + n / 5000,
            longitude=106 + n / 5000,
        )
        for n in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE places_place")
    with CaptureQueriesContext(connection) as taken:
        list(near.nearest(Place.objects.all(), *HERE, 1000))
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + taken.captured_queries[0]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "place_position" in plan


@pytest.mark.parametrize("text", ["106.5516,29.6140", "29.6140, 106.5516", "106.5516 29.6140"])
def test_a_position_is_read_in_either_order(text):
    assert near.position_of(text) == HERE


@pytest.mark.parametrize("text", ["", "106.5516", "两江新区", "1,2", "106.55,29.61,3"])
def test_what_is_no_position_is_refused(text):
    with pytest.raises(Invalid) as refused:
        near.position_of(text)
    assert refused.value.code == "position_unreadable"


@pytest.mark.parametrize(
    "fields", [{"latitude": 29.6}, {"longitude": 106.5}, {"latitude": 91, "longitude": 106.5}]
)
def test_half_a_position_or_one_elsewhere_cannot_be_stored(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.place(**fields)


def test_a_map_opens_at_the_place_and_none_where_there_is_no_position():
    assert make.place().maps == []
    links = dict(at(HERE, name="示例小屋").maps)
    assert links["高德地图"].endswith(
        "position=106.551600%2C29.614000&name=%E7%A4%BA%E4%BE%8B%E5%B0%8F%E5%B1%8B&coordinate=gaode"
    )
    assert links["手机里的地图"] == "geo:29.614000,106.551600"


def test_distances_in_words():
    assert [near.metres_text(n) for n in (4, 347, 994, 1240)] == [
        "0 米",
        "350 米",
        "990 米",
        "1.2 公里",
    ]


def test_a_units_contact_keeps_its_own_places_and_no_others():
    unit = factories.unit()
    hers = factories.user("冯联系", unit=unit)
    hers.groups.set(type(hers).groups.rel.model.objects.filter(name="unit_contact"))
    given = {"name": "小屋", "address": "路", "phone": "023-1", "weekly": [[]] * 7}
    place = operations.save_place(place=None, unit=unit, by=hers, now=NOW, **given)
    assert (place.unit, place.verified_at) == (unit, None)
    operations.save_place(place=place, by=hers, now=NOW, phone="023-2")
    for refused in (
        lambda: operations.save_place(place=make.place(), by=hers, now=NOW, phone="023-2"),
        lambda: operations.save_place(place=None, by=hers, now=NOW, **given | {"name": "别处"}),
        lambda: operations.verify_place(place=place, by=hers, now=NOW),
    ):
        with pytest.raises(Refused):
            refused()
    theirs = make.place(name="没有单位的场所")
    assert theirs in Place.objects.to_verify(NOW)
    assert place not in Place.objects.to_verify(NOW)
