"""A process in which a reviewer hands in her scores, and which dies on the way (tests.forks)."""

import os
import signal
from datetime import datetime

import django

django.setup()

from calls import operations  # noqa: E402
from calls.models import Assignment, Reviewer  # noqa: E402
from privacy import audit  # noqa: E402


def _die(*args, **about):
    """Tell how many sheets this transaction has written, and end as kill -9 does."""
    print(Assignment.objects.exclude(handed_in_at=None).count(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


def main(order):
    """Hand in for `order["reviewer"]`; `order["killed"]`: "before the audit", "after the commit" or "never"."""
    if order["killed"] == "before the audit":
        audit.record = _die
    reviewer = Reviewer.objects.get(pk=order["reviewer"])
    operations.hand_in(reviewer=reviewer, by=None, now=datetime.fromisoformat(order["now"]))
    if order["killed"] == "after the commit":
        os.kill(os.getpid(), signal.SIGKILL)
