"""`manage.py load_world`: the steps of `make load` inside the portal; development only."""

import json
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from accounts.models import Department, User
from events.models import Event
from liangjiang.management.commands import bench_world
from privacy.models import Consent
from talents.models import Talent
from tools.load import witness

CHUNK = 2_000
RUSH, CONTROL, MIXED, OPENING = "LOADRUSH", "LOADFREE", "LOADMIX", "LOADOPEN"


class Command(BaseCommand):
    """Do one step and print its answer as JSON; `--watch` and `--unguard` need the role of the tables' owner."""

    help = "Prepare a development database for `make load`, and say how it ended."

    def add_arguments(self, parser):
        """Take the step; without one, the world is made."""
        parser.add_argument("--women", type=int, default=10_000)
        parser.add_argument("--visitors", type=int, default=500, help="women with sessions")
        parser.add_argument("--seats", type=int, default=100)
        parser.add_argument("--watch", action="store_true", help="note every change of seats")
        parser.add_argument("--unguard", action="store_true", help="drop the constraints")
        parser.add_argument("--check", help="how this event ended")
        parser.add_argument("--open-in", type=int, help="open the bookings in this many seconds")

    def handle(self, *args, women, visitors, seats, **options):
        """Do one step."""
        if settings.PRODUCTION:
            raise CommandError("The load needs a development database.")
        now = timezone.now()
        with connection.cursor() as cursor:
            if options["watch"]:
                answer = witness.watch(cursor)
            elif options["unguard"]:
                answer = witness.unguard()
            elif options["check"]:
                answer = ended(cursor, Event.objects.get(code=options["check"]))
            elif options["open_in"]:
                answer = open_in(options["open_in"], now)
            else:
                answer = make_world(women, visitors, seats, now)
        self.stdout.write(json.dumps(answer))


def make_world(count, visitors, seats, now):
    """Make women and the events they want; returns their ids, and Cookie headers of the first `visitors`."""
    women = [pk for start in range(0, count, CHUNK) for pk in make_women(start, count, now)]
    events = {
        code: bench_world.event(code, number, seats, now).pk
        for number, code in enumerate((RUSH, CONTROL, MIXED, OPENING))
    }
    visiting = User.objects.filter(talent__in=women[:visitors]).order_by("pk")
    return {
        "women": women,
        "events": events,
        "cookies": [bench_world.cookie(user) for user in visiting],
        "title": bench_world.TITLE,
    }


def make_women(start, end, now):
    """Make the women numbered from `start` on, a chunk at most; returns the ids of their records."""
    department = Department.objects.first()
    users = [
        User(code=f"LOAD{n:06d}", full_name="陈静宜", phone=f"1412{n:07d}", phone_verified=True)
        for n in range(start, min(start + CHUNK, end))
    ]
    for user in users:
        user.set_unusable_password()
    User.objects.bulk_create(users)
    Consent.objects.bulk_create(
        Consent(user=user, purpose="messages", granted=True, text_version="load", at=now)
        for user in users
    )
    made = {"state": "verified", "verified_at": now, "created_at": now, "updated_at": now}
    talents = [
        Talent(user=user, full_name=user.full_name, department=department, **made) for user in users
    ]
    return [talent.pk for talent in Talent.objects.bulk_create(talents)]


def open_in(seconds, now):
    """Have the bookings of the opening hour's event open that much later."""
    opens_at = now + timedelta(seconds=seconds)
    event = Event.objects.get(code=OPENING)
    event.booking_opens_at = opens_at
    event.save()
    return {"opens_at": opens_at.timestamp(), "path": f"/events/{event.code}/"}


def ended(cursor, event):
    """Return how an event ended, by its rows and by what the witness noted."""
    seated, waiting, in_order = bench_world.ended(event)
    changes, most, as_decided = witness.seen(cursor, event.pk)
    cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return {
        "seated": seated,
        "waiting": waiting,
        "in_order": in_order and as_decided,
        "most": most,
        "changes": changes,
        "deadlocks": cursor.fetchone()[0],
    }
