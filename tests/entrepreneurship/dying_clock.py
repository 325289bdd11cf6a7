"""A process in which the clock follows introductions, and which dies on the way (tests.forks)."""

import os
import signal
from datetime import datetime

import django

django.setup()

from django.utils import timezone  # noqa: E402

from entrepreneurship.finance import tasks  # noqa: E402
from privacy import audit  # noqa: E402

record = audit.record


def main(order):
    """Follow introductions at `order["now"]`; with `order["dies_at"]` die once so many rows are written, not committed."""
    moment, done = datetime.fromisoformat(order["now"]), []
    timezone.now = lambda: moment

    def record_and_die(action, *args, **about):
        entry = record(action, *args, **about)
        done.append(action)
        if len(done) == order["dies_at"]:
            os.kill(os.getpid(), signal.SIGKILL)
        return entry

    audit.record = record_and_die
    tasks.follow_referrals()
