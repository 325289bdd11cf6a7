"""Sixteen processes want the seats of one event at once: `python -m tools.load.rush '{"event": 1, …}'`.

The one argument is JSON: `event` its id, or a list of ids, which each process's women want in turn; `now` the moment of all attempts (a timestamp), the real one where left out;
`unlocked` leaves the event's lock out, for controls; `rounds` makes it a coming and going: each process books and gives
back that often, for women of its own. The women's ids come on the input, one a line.

Prints one JSON object: `answers` counts what was answered (confirmed, waitlisted, given_back, a domain error's code, the
name of the constraint or the error that refused), `overtaken` how many were decided in another order than they were
asked in, where one had her answer before the other asked; `seconds` in all, `p50` and `p95` of one attempt in ms.
"""

import json
import os
import statistics
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from random import Random

import django

PROCESSES = 16


def without_lock():
    """Make the operation read the event like anybody else, and dawdle before it writes."""
    from events.operations import locking

    read, _lock, _of = locking.WITH_TALENT.partition("FOR NO KEY UPDATE")
    locking.WITH_TALENT = read.replace(
        "WHERE", "WHERE (SELECT pg_sleep(0.05)::text) IS NOT NULL AND", 1
    )


def attempt(act):
    """Return what came of `act()` as a word, and the Booking, or None where it was refused."""
    from django.db import Error, IntegrityError

    from kernel.errors import DomainError

    try:
        booking = act()
    except DomainError as error:
        return error.code, None
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name, None
    except Error as error:
        return type(error.__cause__).__name__, None
    return booking.state, booking


def timed(act):
    """Return (what came of `act()`, when it began and ended, the place in the queue or 0, the Booking or None)."""
    began = time.perf_counter()  # one clock for all processes of a machine
    answer, booking = attempt(act)
    return answer, began, time.perf_counter(), booking.place if booking else 0, booking


def rushing(wanted, talents, now, rounds, number):
    """Yield what each of these women gets, once; of several events they want the first, the second … in turn."""
    from events import operations
    from talents.models import Talent

    for at, pk in enumerate(talents):
        event = wanted[at % len(wanted)]
        talent = Talent.objects.select_related("user").get(pk=pk)
        her = {"event": event, "talent": talent, "by": talent.user, "now": now}
        yield timed(lambda her=her: operations.book(**her))


def coming_and_going(wanted, talents, now, rounds, number):
    """Yield what comes of `rounds` bookings and cancellations of these women, in an order drawn by `number`."""
    (event,) = wanted
    from events import operations
    from talents.models import Talent

    random, held = Random(number), {}
    women = {t.pk: t for t in Talent.objects.select_related("user").filter(pk__in=talents)}
    for _ in range(rounds):
        pk = random.choice(list(women))
        her = {"by": women[pk].user, "now": now}
        if booking := held.pop(pk, None):
            _answer, *when, _place, _booking = timed(
                lambda b=booking, her=her: operations.cancel_booking(booking=b, **her)
            )
            yield "given_back" if _booking else _answer, *when, 0, None
        else:
            found = timed(
                lambda pk=pk, her=her: operations.book(event=event, talent=women[pk], **her)
            )
            held[pk] = found[-1]
            yield found


def overtaken(rows):
    """Count those who got a later place than somebody who asked only after they had their answer.

    `rows` are (began, ended, place) of bookings.
    """
    begun, ended = sorted(rows), sorted(rows, key=lambda row: row[1])
    count = best = index = 0
    for began, _ended, place in begun:
        while ended[index][1] < began:
            best = max(best, ended[index][2])
            index += 1
        count += place < best
    return count


def figures(lines, seconds):
    """Return what is printed, from one line for each attempt: "answer began ended place"."""
    rows = [line.split() for line in lines]
    times = [(float(ended) - float(began)) * 1000 for _answer, began, ended, _place in rows]
    placed = [(float(b), float(e), int(place)) for _answer, b, e, place in rows if int(place)]
    cuts = statistics.quantiles(times, n=20)
    return {
        "answers": Counter(row[0] for row in rows),
        "overtaken": overtaken(placed),
        "seconds": seconds,
        "p50": cuts[9],
        "p95": cuts[18],
    }


def main(order, talents):
    """Fork, let all begin at the same moment, print the figures."""
    django.setup()
    from django.db import connection
    from django.urls import reverse
    from django.utils import timezone

    import notices.tasks  # noqa: F401  (loaded once, not in each of the sixteen)
    from events.models import Event

    reverse("events")
    if order.get("unlocked"):
        without_lock()
    now = datetime.fromtimestamp(order["now"], UTC) if "now" in order else timezone.now()
    rounds = order.get("rounds")
    work = coming_and_going if rounds else rushing
    go_read, go_write = os.pipe()
    said_read, said_write = os.pipe()
    for number in range(PROCESSES):
        if os.fork() == 0:
            os.close(go_write)
            keys = order["event"]
            keys = keys if isinstance(keys, list) else [keys]
            wanted = [Event.objects.get(pk=key) for key in keys]
            os.write(said_write, b"ready\n")
            os.read(go_read, 1)  # returns when the parent closes the other end
            for answer, began, ended, place, _booking in work(
                wanted, talents[number::PROCESSES], now, rounds, number
            ):
                os.write(said_write, f"{answer} {began} {ended} {place}\n".encode())
            connection.close()
            os._exit(0)
    os.close(said_write)
    lines = os.fdopen(said_read)
    for _ in range(PROCESSES):
        next(lines)
    began = time.perf_counter()
    os.close(go_write)
    print(json.dumps(figures(list(lines), time.perf_counter() - began)))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), [int(line) for line in sys.stdin])
