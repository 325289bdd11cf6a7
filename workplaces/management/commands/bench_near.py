"""What `make near` measures: finding mothers' rooms near a position among many; prints JSON."""

import json
from random import Random

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.models import Unit
from kernel.timed import timed
from places.models import Place
from workplaces.rooms import views
from workplaces.rooms.models import Room, RoomState, RoomTier

CHUNK = 2_000
# As wide as the New Area is, with half of the rooms in its middle.
MIDDLE, WIDE, CLOSE = (29.64, 106.56), 0.20, 0.03


class Command(BaseCommand):
    """Fill the portal with generated rooms, or time what is read of them."""

    help = __doc__

    def add_arguments(self, parser):
        """Take how many there shall be, or the order to measure."""
        parser.add_argument("--grow", type=int, default=0, help="rooms there shall be")

    def handle(self, *args, grow, **options):
        """Do one of both."""
        if grow:
            _grow(grow)
            self.stdout.write("{}")
        else:
            self.stdout.write(json.dumps(measured()))


def _grow(rows):
    random, units = Random(7), list(Unit.objects.all())
    now, tier = timezone.now(), RoomTier.objects.first()
    for start in range(Room.objects.count(), rows, CHUNK):
        places = Place.objects.bulk_create(
            _place(number, random) for number in range(start, min(start + CHUNK, rows))
        )
        Room.objects.bulk_create(
            Room(
                unit=random.choice(units),
                place=place,
                is_public=True,
                state=RoomState.LISTED,
                tier=tier,
                checked_on=timezone.localdate(now),
                applied_at=now,
            )
            for place in places
        )


def _place(number, random):
    latitude, longitude = _around(random, CLOSE if number % 2 else WIDE)
    return Place(
        name=f"生成的妈咪小屋{number}",
        address=f"示例路 {number} 号",
        phone="023-67000000",
        weekly=[[[540, 1050]]] * 5 + [[], []],
        latitude=latitude,
        longitude=longitude,
    )


def _around(random, wide):
    return tuple(middle + random.uniform(-wide, wide) for middle in MIDDLE)


def measured():
    """Return {what: [median ms, 95th percentile ms]}."""
    random, key = Random(11), Room.objects.order_by("pk").values_list("pk", flat=True)[0]
    # In the middle, anywhere, and in a town without a room.
    asked = [_around(random, CLOSE) for _ in range(10)]
    asked += [_around(random, WIDE) for _ in range(10)] + [(30.9, 108.4)]
    return {
        "floor: one room by its key": timed(
            [lambda: Room.objects.filter(pk=key).values_list("pk").get()]
        ),
        "near: the answer she reads": timed([_near(*position) for position in asked]),
    }


def _near(latitude, longitude):
    return lambda: views.near_her(latitude, longitude)
