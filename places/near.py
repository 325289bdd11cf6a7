"""What is near: positions as Chinese maps have them, distance in the database, addresses that open a map.

Somebody's own position comes in the body of a request, is used for one answer and kept nowhere.
"""

import re
from math import cos, pi, radians, sin, sqrt
from urllib.parse import urlencode

from django.db.models import Value
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt
from django.utils.translation import gettext as _

from kernel.errors import Invalid

EARTH = 6_371_008.8  # metres, mean radius
METRES_A_DEGREE = EARTH * pi / 180
# The ellipsoid and the shift that maps published in China use (GCJ-02).
AXIS, ECCENTRICITY = 6_378_245.0, 0.00669342162296594323
SOUTH, NORTH, WEST, EAST = 0.8293, 55.8271, 72.004, 137.8347


def in_china(latitude, longitude):
    """Tell whether a position lies where maps are shifted."""
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST


def as_maps_have_it(latitude, longitude):
    """Return a browser's position (WGS-84) as Chinese maps have it (GCJ-02); outside their bounds as it is."""
    if not in_china(latitude, longitude):
        return latitude, longitude
    north, east = _shift(longitude - 105.0, latitude - 35.0)
    flat = radians(latitude)
    magic = 1 - ECCENTRICITY * sin(flat) ** 2
    metres_north = AXIS * (1 - ECCENTRICITY) / (magic * sqrt(magic))
    metres_east = AXIS / sqrt(magic) * cos(flat)
    return (
        latitude + north * 180.0 / (metres_north * pi),
        longitude + east * 180.0 / (metres_east * pi),
    )


def _shift(x, y):
    """Return the shift in metres to the north and to the east, of degrees east and north of 105°, 35°."""
    both = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + both
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + both
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    return north, east


def nearest(rows, latitude, longitude, metres, to=""):
    """Return rows within so many metres of a position, with `metres` each, the nearest first.

    A box the index of positions knows comes first, the exact distance of what is in it after. `to` is the lookup
    that leads from a row to its Place ("place__").
    """
    up = metres / METRES_A_DEGREE
    aside = up / cos(radians(latitude))
    box = {
        f"{to}latitude__range": (latitude - up, latitude + up),
        f"{to}longitude__range": (longitude - aside, longitude + aside),
    }
    found = rows.filter(**box).annotate(metres=_distance(latitude, longitude, to))
    return found.filter(metres__lte=metres).order_by("metres", "pk")


def _distance(latitude, longitude, to):
    there = Radians(f"{to}latitude")
    half_up = Sin((there - radians(latitude)) / 2.0)
    half_aside = Sin((Radians(f"{to}longitude") - radians(longitude)) / 2.0)
    chord = Power(half_up, 2) + Value(cos(radians(latitude))) * Cos(there) * Power(half_aside, 2)
    return ASin(Least(Value(1.0), Sqrt(chord))) * Value(2 * EARTH)


def position_of(text):
    """Return (latitude, longitude) of what a map's picker copies, "106.5516,29.6140", in either order.

    In China a longitude is always above 72 and a latitude below 56, so that the order tells itself. Raises
    Invalid("position_unreadable").
    """
    numbers = re.findall(r"-?\d+(?:\.\d+)?", text)
    if len(numbers) == 2:
        latitude, longitude = sorted(map(float, numbers))
        if in_china(latitude, longitude):
            return round(latitude, 6), round(longitude, 6)
    sentence = _("请粘贴地图上复制的坐标，如“106.5516,29.6140”。")
    raise Invalid("position_unreadable", sentence, field="position")


def position_text(position):
    """Return a position as maps write it, longitude first; "" of none."""
    return f"{position[1]:.6f},{position[0]:.6f}" if position else ""


def metres_text(metres):
    """Return a distance in words: 350 米, 1.2 公里."""
    if metres < 995:
        return _("%(n)s 米") % {"n": round(metres / 10) * 10}
    return _("%(n)s 公里") % {"n": f"{metres / 1000:.1f}"}


def map_addresses(place):
    """Return (name of the map, address that opens a place in it) pairs; none of a place without a position."""
    if place.latitude is None:
        return []
    at, across = f"{place.latitude:.6f}", f"{place.longitude:.6f}"
    gaode = urlencode({"position": f"{across},{at}", "name": place.name, "coordinate": "gaode"})
    baidu = {"location": f"{at},{across}", "title": place.name, "content": place.address}
    baidu = urlencode(baidu | {"coord_type": "gcj02", "output": "html"})
    apple = urlencode({"ll": f"{at},{across}", "q": place.name})
    return [
        (_("高德地图"), f"https://uri.amap.com/marker?{gaode}"),
        (_("百度地图"), f"https://api.map.baidu.com/marker?{baidu}"),
        (_("苹果地图"), f"https://maps.apple.com/?{apple}"),
        (_("手机里的地图"), f"geo:{at},{across}"),
    ]
