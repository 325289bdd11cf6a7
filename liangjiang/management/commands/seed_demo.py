"""`manage.py seed_demo`: fill an empty development database with the demo world."""

import sys
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from liangjiang.demo import World
from talents.demo import add_talents


class Command(BaseCommand):
    """Build the small world once; `--talents N` adds N talents by bulk writes for scale work."""

    help = "Fill an empty development database with invented people, events and points."

    def add_arguments(self, parser):
        """Take --talents and --if-empty."""
        parser.add_argument("--talents", type=int, default=0, help="add this many talents in bulk")
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when anybody is there"
        )

    def handle(self, *args, talents=0, if_empty=False, **options):
        """Build what is missing; refuses to run in production."""
        if settings.PRODUCTION:
            raise CommandError("Demo data is for development: PORTAL_ENV is production.")
        if talents < 0:
            raise CommandError("--talents takes a number of people, 0 or more.")
        started = time.monotonic()
        if User.objects.exists():
            if not if_empty and not talents:
                raise CommandError(
                    "The database has people already; `make demo-reset` starts anew."
                )
        else:
            World(timezone.now(), self.say).build()
        if talents:
            add_talents(talents, now=timezone.now(), progress=lambda done: self.bar(done, talents))
        self.stdout.write(f"Demo data is ready ({time.monotonic() - started:.1f} s).")

    def say(self, text):
        """Name what is being made."""
        if self.verbosity > 0:
            self.stdout.write(f"  making {text} …")

    def execute(self, *args, **options):
        """Remember the verbosity for `say`."""
        self.verbosity = options["verbosity"]
        return super().execute(*args, **options)

    def bar(self, done, total):
        """Draw the progress bar on a terminal, a line every tenth elsewhere."""
        if sys.stdout.isatty():
            filled = 40 * done // total
            self.stdout.write(
                f"\r  [{'█' * filled}{'·' * (40 - filled)}] {done:,} / {total:,}", ending=""
            )
            if done == total:
                self.stdout.write("")
        elif done * 10 // total != (done - 5000) * 10 // total:
            self.stdout.write(f"  {done:,} / {total:,} talents")
