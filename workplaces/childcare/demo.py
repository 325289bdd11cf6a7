"""Nurseries of the demo (liangjiang.demo): eight, confirmed and not, with places free, none, and old."""

from datetime import timedelta

from django.utils import timezone

from workplaces.childcare import operations
from workplaces.childcare.models import NurseryClass

# Name, street, registered number, subsidised, days since it was confirmed, its classes:
# (name, band, places, carers, price, free, days since that was said; None: never said).
NURSERIES = (
    ("礼嘉阳光托育园", "礼嘉街道", 1, True, 20, (("小一班", "toddler", 15, 3, 2600, 4, 3), ("大一班", "older", 20, 3, 2200, 0, 3))),
    ("照母山科创托育中心", "天宫殿街道", 2, True, 60, (("乳儿班", "infant", 9, 3, 3600, 1, 12),)),
    ("悦来会展城托育园", "悦来街道", 3, False, 90, (("混合班", "mixed", 18, 4, 3000, 6, 45),)),
    ("鱼复智造托育中心", "鱼嘴镇", 4, True, 200, (("小班", "toddler", 12, 3, 1800, 2, 25),)),
    ("水土高新托育园", "水土街道", 5, True, 345, (("大班", "older", 20, 3, 1600, 3, 60),)),
    ("康美街道社区托育点", "康美街道", 6, True, 380, (("混合班", "mixed", 16, 3, 1200, None, None),)),
    ("金山职工子女托育园", "金山街道", 7, False, 10, (("小班", "toddler", 15, 3, 3200, 5, 1),)),
    ("人和湖畔托育中心", "人和街道", 8, False, 2, ()),
)  # fmt: skip
UNCHECKED = 8  # whose registration waits for the department


def make(world):
    """Put them on the timeline."""
    for row in NURSERIES:
        world.at(world.days(-row[4]), _open, row)
    for row in NURSERIES:
        for number, klass in enumerate(row[5]):
            if klass[5] is not None:
                world.at(world.days(-klass[6]), _state, row, number)


def _unit(world, number):
    """Return the unit a nursery is of: the contact of the demo keeps three."""
    return world.units[0 if number in (1, 5, 6) else number % len(world.units)]


def _open(world, row, moment):
    name, district, number, subsidised, _days, classes = row
    values = {
        "name": name,
        "district": district,
        "address": f"{district}示例路 {number} 号",
        "phone": f"023-6700{number:04d}",
        "registration": f"渝两江托备〔2025〕{number:03d} 号",
        "registered_on": timezone.localdate(moment) - timedelta(days=90),
        "subsidised": subsidised,
        "subsidy": "区里按托位补贴，直接减在费用里" if subsidised else "",
        "is_open": True,
    }
    by = world.staff["DEMOCLERK"]
    made = operations.save_nursery(unit=_unit(world, number), values=values, by=by, now=moment)
    if number != UNCHECKED:
        operations.check_registration(nursery=made, by=by, now=moment)
    for title, band, capacity, carers, price, *_free in classes:
        said = {
            "name": title,
            "band": band,
            "capacity": capacity,
            "carers": carers,
            "price": price,
        }
        operations.save_class(nursery=made, values=said, by=by, now=moment)


def _state(world, row, number, moment):
    title, free = row[5][number][0], row[5][number][5]
    klass = NurseryClass.objects.select_related("nursery").get(nursery__name=row[0], name=title)
    operations.state_free(klass=klass, free=free, by=world.staff["DEMOCLERK"], now=moment)
