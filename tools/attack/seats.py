"""One event from all sides in one moment: booked, given back, handed on, named for, made larger, its kept seats moved."""

import os
import secrets
import signal
import threading
from contextlib import suppress

from django.db import connections
from django.urls import reverse
from django.utils import timezone

from events import operations
from events.models import HELD_STATES, Booking, Transfer
from kernel.errors import DomainError
from tests import factories
from tools.attack import world
from tools.attack.browser import at_once, broken_down
from tools.attack.cases import Outcome, case
from tools.attack.memory import largest
from tools.attack.races import again_and_again, deadlocks

ROUNDS = 4


class Crowd:
    """An event of twelve seats, two of them kept for a unit, with who sits, who waits and who comes anew."""

    def __init__(self, port):
        self.port, self.now = port, timezone.now()
        self.event = world.event(capacity=12, offer_hours=24, starts_at=self.now + 9 * DAY)
        self.unit = factories.unit()
        unit = {"kind": "unit", "unit": self.unit, "seats": 2}
        self.pool = operations.add_pool(event=self.event, by=None, now=self.now, **unit)
        self.booked = [
            factories.booking(self.event, self.woman(n), now=self.now) for n in range(18)
        ]
        self.new = [self.woman(n) for n in range(12)]

    def woman(self, number):
        """Return a woman, every second one of the unit and agreeing that it reads her."""
        if number % 2:
            return world.woman()
        talent = world.woman(unit=self.unit)
        factories.consent(talent.user, "unit_sharing")
        return talent

    def press(self, talent, path, form=None):
        """Return the job of a woman who presses a button until she is answered."""
        hers = world.browser(self.port, talent.user)
        return lambda: again_and_again(hers, path, form or {})

    def does(self, operation, **arguments):
        """Return the job of staff or a unit; what a rule refuses is an answer."""

        def job():
            try:
                with suppress(DomainError):
                    operation(**arguments, now=timezone.now())
            finally:
                connections.close_all()

        return job

    def women_s_jobs(self):
        """Return jobs of those who book, twice with one key, give back, and hand on to two colleagues at once."""
        path, jobs = f"/events/{self.event.code}/book/", []
        for talent in self.new[:8]:
            form = {"key": secrets.token_urlsafe(16)}
            jobs += [self.press(talent, path, form) for _ in range(2)]
        for booking in self.booked[::3]:
            give_back = reverse("cancel_booking", args=[booking.code])
            jobs.append(self.press(booking.talent, give_back))
        for booking in self.booked[1::3] + self.booked[:2]:
            with suppress(DomainError):
                link = operations.hand_on(booking=booking, by=booking.talent.user, now=self.now)
                where = reverse("handed_on", args=[link.pk, link.secret])
                jobs += [self.press(talent, where) for talent in (*self.new[8:10], self.woman(0))]
        return jobs

    def staff_s_jobs(self):
        """Return jobs of staff and of the unit."""
        event, staff = {"event": self.event}, {"by": None}
        codes = [talent.code for talent in self.new if talent.unit_id]
        jobs = [
            self.does(operations.change_capacity, capacity=n, **event, **staff) for n in (15, 13)
        ]
        jobs += [self.does(operations.edit_pool, pool=self.pool, seats=n, **staff) for n in (4, 2)]
        for number in range(3):
            named = {"unit_id": self.unit.pk, "codes": codes[:: 1 - 2 * (number % 2)]}
            jobs.append(self.does(operations.name_people, key=f"people-{number}", **event, **named))
        jobs += [self.does(operations.set_guests, women=n, men=0, **event, **staff) for n in (1, 0)]
        return [*jobs, self.does(operations.open_pool, pool=self.pool, **staff)]

    def answers_to_offers(self):
        """Return jobs of those a seat is kept for: accept, twice, or give it up."""
        jobs, offered = [], self.event.bookings.offered().select_related("talent__user")
        for number, booking in enumerate(offered):
            name = "cancel_booking" if number % 3 == 0 else "accept_offer"
            path = reverse(name, args=[booking.code])
            jobs += [self.press(booking.talent, path) for _ in range(2)]
        return [*jobs, self.does(operations.expire_offers, event=self.event)]


DAY = timezone.timedelta(days=1)


def _mixed(jobs):
    """Return jobs in an order of chance, so that they meet anew each time."""
    return sorted(jobs, key=lambda job: secrets.randbelow(1 << 30))


def from_all_sides(port, between=lambda: None):
    """Let a crowd act in one moment, then answer what it was offered; return (answers, what is wrong)."""
    crowd = Crowd(port)
    jobs = _mixed(crowd.women_s_jobs() + crowd.staff_s_jobs())
    threading.Timer(0.3, between).start()
    answers = at_once(jobs, 16)
    answers += at_once(_mixed(crowd.answers_to_offers()), 8)
    wrong = wrong_with(crowd.event)
    call_off = crowd.does(operations.cancel_event, event=crowd.event, reason="暴雨", by=None)
    answers += at_once(_mixed([*crowd.women_s_jobs(), call_off]), 16)
    failed = [type(answer).__name__ for answer in answers if isinstance(answer, Exception)]
    return answers, wrong or wrong_with(crowd.event) or ", ".join(failed)


def wrong_with(event):
    """Return what is wrong with an event's seats, "" where all is exact."""
    event.refresh_from_db()
    held = event.bookings.filter(state__in=HELD_STATES).count()
    waiting = event.bookings.in_queue().count()
    if (event.seats_taken, event.waiting) != (held, waiting):
        return f"counted {event.seats_taken} and {event.waiting}, there are {held} and {waiting}"
    kept = 0
    for pool in event.pools.all():
        taken = event.bookings.filter(state__in=HELD_STATES, pool=pool).count()
        if taken != pool.taken:
            return f"a pool counts {pool.taken}, there are {taken}"
        kept += 0 if pool.opened_at else max(pool.seats - taken, 0)
    if event.kept != kept or held + kept + event.guests_women > event.capacity:
        return f"{held} sit, {kept} ({event.kept}) kept, on {event.capacity} seats"
    active = Booking.objects.active().filter(event=event).values_list("talent", flat=True)
    if len(active) != len(set(active)):
        return "a woman has two"
    if event.is_cancelled and active:
        return f"{len(active)} are booked on a cancelled event"
    given = Transfer.objects.filter(booking__event=event, accepted_at__isnull=False)
    if given.exclude(booking__state="handed_on").exists():
        return "handed on and kept"
    moved = operations.promote(event=event, by=None, now=timezone.now())
    return f"{len(moved)} waited beside a free seat" if moved else ""


@case
def seats_from_all_sides(attack):
    """Book, give back, hand on, name, enlarge, keep and open seats in one moment, a web process killed: all exact."""
    before, tried, faults, wrong = deadlocks(), 0, 0, []
    for number in range(ROUNDS):
        kill = (lambda: os.kill(largest(attack.web), signal.SIGKILL)) if number == 1 else None
        answers, found = from_all_sides(attack.port, kill or (lambda: None))
        tried += len(answers)
        faults += broken_down([answer for answer in answers if answer is not None])
        wrong += [found] if found else []
    met = deadlocks() - before
    return Outcome(
        tried,
        bool(wrong) or faults > 0 or met > 0,
        f"{'; '.join(wrong) or 'all exact'}, {faults} faults, {met} deadlocks",
    )


@seats_from_all_sides.control
def _(attack):
    tried, faults, wrong = 0, 0, []
    for _n in range(ROUNDS):
        answers, found = from_all_sides(attack.unguarded)
        tried += len(answers)
        faults += broken_down([answer for answer in answers if answer is not None])
        wrong += [found] if found else []
    figure = f"without the event's lock: {'; '.join(wrong) or 'exact'}, {faults} faults"
    return Outcome(tried, bool(wrong) or faults > 0, figure)
