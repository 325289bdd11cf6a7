"""A sending worker as a process of its own, to be killed: `python -m tests.notices.worker '{"folder": …}'`.

The one argument is JSON: `folder` the outbox, `now` its clock's moment; `die` = [what, how often, "before" or
"after"] says at which call the process kills itself as kill -9 does, `remind` is the key of
an event whose people are reminded first, `pause` = [how many messages, file] after how
many it waits for a file to appear; `broken` leaves out what a control does without; `limit` is how many deliveries
it claims at most.
"""

import json
import os
import signal
import sys
import time
from datetime import datetime
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402

from events import letters, operations  # noqa: E402
from events.models import Event  # noqa: E402
from kernel import gateways  # noqa: E402
from notices import runs, sending  # noqa: E402

CALLS = {
    "remind": (letters, "send"),  # inside the transaction of `operations.remind`
    "claim": (runs, "claim"),
    "send": (gateways.LocalSms, "send"),
    "move": (runs.Claimed, "move"),
    "finish": (runs, "finish"),
    "settle": (runs, "_settle"),  # inside the transaction of `finish`
}


def around(what, before=None, after=None):
    """Do something before or after each call of `what`, told how many there have been."""
    owner, name = CALLS[what]
    plain, count = getattr(owner, name), iter(range(1, 10_000))

    def watched(*args, **kwargs):
        number = next(count)
        if before:
            before(number)
        result = plain(*args, **kwargs)
        if after:
            after(number)
        return result

    setattr(owner, name, watched)


def die(what, number, when):
    """Kill this process at the call number `number` of `what`."""

    def kill(count):
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)

    around(what, **{when: kill})


def pause(number, file):
    """Wait for `file` once `number` messages have left, and what is in the worker's hand is noted or not."""

    def wait(count):
        while count == number and not Path(file).exists():
            time.sleep(0.02)

    around("send", after=wait)


def break_claim():
    """Take rows whether or not another worker has them.

    Two such workers may take the same rows from each other for ever: an order with it sets a `limit`, of several rounds.
    """
    runs.CLAIM = runs.CLAIM.replace("FOR UPDATE SKIP LOCKED", "").replace(
        "state = 'pending' AND", "state IN ('pending', 'sending') AND"
    )


def break_number():
    """Move no number."""
    runs.MOVE = runs.MOVE.replace("handed_over = %s", "handed_over = 0 * %s")


def break_journal():
    """Commit the number as everything else is committed, but without waiting for the disk."""
    runs.MOVE = f"SET LOCAL synchronous_commit TO OFF; {runs.MOVE}"


def main(order):
    """Send what is due and print how many went out."""
    settings.OUTBOX_DIR = Path(order["folder"])
    if order.get("broken"):
        globals()[f"break_{order['broken']}"]()
    if order.get("die"):
        die(*order["die"])
    if order.get("pause"):
        pause(*order["pause"])
    if order.get("slow"):
        around("send", after=lambda count: time.sleep(order["slow"]))
    print("ready", flush=True)
    sys.stdin.readline()
    now = datetime.fromisoformat(order["now"])
    if order.get("remind"):
        operations.remind(event=Event.objects.get(pk=order["remind"]), now=now)
    if order.get("settle"):
        print(runs.settle_lost(now=now), flush=True)
    print(sending.send_due(clock=lambda: now, limit=order.get("limit", 10_000)), flush=True)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
