"""The small world: departments' staff, units, some 200 women, some 30 events, bookings, points.

Each app brings its own part (kernel.portal, field `demo`): `make(world)` writes people and records and
plans what is to happen, `finish(world)` is called when all has happened. History is made by the same
operations that make the present, told the time it happened at. Everything is drawn from one seeded
generator.

What a part leaves for the parts of higher apps it sets on the world: `units`, `staff`, `departments`
(accounts), `talents`, `members` (talents).
"""

from datetime import datetime, time, timedelta
from importlib import import_module
from random import Random

from django.db import transaction
from django.utils import timezone

from kernel import portal


class World:
    """Builds the demo once; `say(text)` is told what is being made.

    `women` are how many it has, and a tenth as many events are over: tests make a small one.
    """

    def __init__(self, now, say=lambda text: None, women=200):
        self.now = now
        self.say = say
        self.women = women
        self.random = Random(2022)
        self.timeline = []

    def build(self):
        """Make everything in one transaction: half a world is worse than none."""
        named = [declared.demo for declared in portal.declarations().values() if declared.demo]
        parts = [import_module(name) for name in named]
        with transaction.atomic():
            for part in parts:
                if hasattr(part, "make"):
                    part.make(self)
            self.live()
            for part in reversed(parts):  # the outbox is settled when nothing more is said
                if hasattr(part, "finish"):
                    part.finish(self)

    def at(self, moment, act, *args):
        """Put one act on the timeline; it is told the world first and the moment last."""
        self.timeline.append((moment, len(self.timeline), act, args))

    def live(self):
        """Let everything happen in the order of time, so that ledger and queue read like life."""
        self.say("a year of bookings, check-ins and points")
        for moment, _number, act, args in sorted(self.timeline, key=lambda entry: entry[:2]):
            act(self, *args, moment)

    def days(self, count, hour=10):
        """Return the moment `count` days from today at `hour` in Chongqing."""
        day = timezone.localdate(self.now) + timedelta(days=count)
        return timezone.make_aware(datetime.combine(day, time(hour)))
