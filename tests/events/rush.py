"""Sixteen processes book one event for many women at once; run by test_rush as a program.

Arguments: event id, how ("locked" or "unlocked"), then the talents' ids. Prints one answer a line:
confirmed, waitlisted, a domain error's code or the name of the constraint that refused.
"""

import os
import sys
import time
from datetime import UTC, datetime

import django

PROCESSES = 16


def without_lock():
    """Make the operation read the event like anybody else, and dawdle before it writes."""
    from events.operations import locking

    read, _lock, _of = locking.WITH_TALENT.partition("FOR NO KEY UPDATE")
    locking.WITH_TALENT = read.replace(
        "WHERE", "WHERE (SELECT pg_sleep(0.05)::text) IS NOT NULL AND", 1
    )


def book(event, talent_id, now):
    """Book for one woman and return what came of it."""
    from django.db import IntegrityError

    from events import operations
    from kernel.errors import DomainError
    from talents.models import Talent

    talent = Talent.objects.select_related("user").get(pk=talent_id)
    try:
        return operations.book(event=event, talent=talent, by=talent.user, now=now).state
    except DomainError as error:
        return error.code
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name


def main(event_id, how, *talents):
    """Fork, let all begin at the same moment, print every answer."""
    django.setup()
    from django.db import connection
    from django.urls import reverse

    import notices.tasks  # noqa: F401  (loaded once, not in each of the sixteen)
    from events.models import Event

    reverse("events")
    if how == "unlocked":
        without_lock()
    now = datetime.fromtimestamp(float(os.environ["RUSH_NOW"]), UTC)
    go_read, go_write = os.pipe()
    said_read, said_write = os.pipe()
    for number in range(PROCESSES):
        if os.fork() == 0:
            os.close(go_write)
            event = Event.objects.get(pk=event_id)
            os.write(said_write, b"ready\n")
            os.read(go_read, 1)  # returns when the parent closes the other end
            for talent in talents[number::PROCESSES]:
                os.write(said_write, f"{book(event, talent, now)}\n".encode())
            connection.close()
            os._exit(0)
    os.close(said_write)
    lines = os.fdopen(said_read)
    for _ in range(PROCESSES):
        next(lines)
    began = time.perf_counter()
    os.close(go_write)
    answers = list(lines)
    print(f"{time.perf_counter() - began:.2f} s for {len(talents)}", file=sys.stderr)
    print("".join(answers), end="")


if __name__ == "__main__":
    main(*sys.argv[1:])
