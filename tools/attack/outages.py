"""What is lost in the middle: Redis emptied, hanging and gone, the database away, a disk that is really full."""

import os
import secrets
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress

import psycopg2
import redis
from django.db import connection

from events.models import Booking
from tools import owner, servers
from tools.attack import world
from tools.attack.browser import at_once
from tools.attack.cases import Outcome, case

PAGES = ("/me/", "/events/", "/events/mine/", "/points/", "/notices/")
PATIENCE = 5.0


class Load:
    """Six women who read their pages and book, over and over, until told to stop; each answer is kept."""

    def __init__(self, port):
        self.port, self.answers, self.stopped = port, [], threading.Event()
        self.women = [world.woman() for _ in range(6)]
        self.events = [world.event(capacity=50).code for _ in range(8)]
        browsers = [world.browser(port, woman.user) for woman in self.women]
        self.threads = [threading.Thread(target=self._live, args=[browser]) for browser in browsers]

    def _live(self, browser):
        booked = iter(self.events)
        while not self.stopped.is_set():
            for page in PAGES:
                self._ask(lambda page=page: browser.get(page))
            if code := next(booked, None):
                self._ask(
                    lambda code=code: browser.post(
                        f"/events/{code}/book/", {"key": secrets.token_urlsafe(16)}
                    )
                )

    def _ask(self, job):
        started = time.monotonic()
        try:
            answer = job()
            status = "signed out" if "/login/" in answer.location else answer.status
        except OSError:
            status = "no answer"
        self.answers.append((status, time.monotonic() - started))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        time.sleep(0.5)
        return self

    def __exit__(self, *_error):
        time.sleep(0.5)
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    @property
    def bad(self):
        """Return how many answers were not what was asked for."""
        return sum(status not in (200, 302) for status, _seconds in self.answers)

    def said(self):
        """Return the answers in words."""
        kinds = Counter(str(status) for status, _seconds in self.answers)
        slowest = max(seconds for _status, seconds in self.answers)
        return f"{dict(kinds)}, slowest {slowest:.1f} s"

    def booked(self):
        """Return how many bookings were kept."""
        return Booking.objects.filter(talent__in=self.women).count()


def under_load(port, disturb):
    """Let them live while `disturb()` does its worst; return the Load."""
    with Load(port) as load:
        disturb()
    return load


def ended(load, *, fine=lambda load: load.bad == 0):
    """Return the Outcome of a load; what it says in its figure."""
    slowest = max(seconds for _status, seconds in load.answers)
    return Outcome(
        len(load.answers),
        not fine(load) or slowest > PATIENCE,
        f"{load.said()}; {load.booked()} bookings kept",
    )


# --- Redis ----------------------------------------------------------------------------------------


def emptied(attack):
    """Return what empties Redis twenty times."""

    def disturb():
        with redis.Redis.from_url(attack.redis.url) as client:
            for _n in range(20):
                client.flushall()
                time.sleep(0.1)

    return disturb


@case
def redis_emptied(attack):
    """Lose what Redis holds, twenty times in two seconds. Nobody is signed out, no booking lost."""
    return ended(under_load(attack.port, emptied(attack)))


@redis_emptied.control
def _(attack):
    return ended(under_load(attack.unguarded, emptied(attack)))


def hanging(attack, seconds):
    """Return what stops the Redis process for a while, without ending it."""

    def disturb():
        pid = attack.redis_child.process.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            os.kill(pid, signal.SIGCONT)

    return disturb


@case
def redis_hanging(attack):
    """Let Redis hang for six seconds. Pages and bookings go on, none waits longer than five."""
    return ended(under_load(attack.port, hanging(attack, 6)))


@redis_hanging.control
def _(attack):
    return ended(under_load(attack.unguarded, hanging(attack, 3)))


def gone(attack):
    """Return what ends Redis and starts it again after two seconds."""

    def disturb():
        attack.end(attack.redis_child)
        time.sleep(2)
        attack.redis_child = attack.redis.start()
        attack.children.insert(1, attack.redis_child)

    return disturb


@case
def redis_gone(attack):
    """Lose Redis itself, and get it back. Pages and bookings go on throughout."""
    return ended(under_load(attack.port, gone(attack)))


@redis_gone.control
def _(attack):
    return ended(under_load(attack.unguarded, gone(attack)))


# --- the database ------------------------------------------------------------------------------------


def wait_for_database(attack):
    """Return when the database takes connections again; OperationalError after half a minute."""
    for _n in range(60):
        with suppress(psycopg2.OperationalError):
            psycopg2.connect(attack.env["DATABASE_URL"]).close()
            return
        time.sleep(0.5)
    raise psycopg2.OperationalError("the database did not come back")


@case
def database_restarted(attack):
    """Crash the database (kill -9 of a server process, so that all start anew). 503 meanwhile, back by itself."""

    def disturb():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        os.kill(pid, signal.SIGKILL)
        connection.close()
        time.sleep(1)
        wait_for_database(attack)
        time.sleep(1)

    load = under_load(attack.port, disturb)
    attack.lost = Counter(status for status, _seconds in load.answers)
    last = [status for status, _seconds in load.answers[-20:]]
    kept = load.booked()
    acknowledged = attack.lost[302]
    odd = [status for status in attack.lost if status not in (200, 302, 503)]
    broken = bool(odd) or any(status not in (200, 302) for status in last) or kept < acknowledged
    return Outcome(
        len(load.answers),
        broken,
        f"{load.said()}; {acknowledged} bookings said, {kept} kept; the last 20 well",
    )


@database_restarted.control
def _(attack):
    return Outcome(0, attack.lost[503] > 0, f"it was away: {attack.lost[503]} answers 503")


@contextmanager
def small_volume(attack):
    """Yield the folder of a file system of two megabytes that PostgreSQL may use; None where none can be mounted."""
    folder = attack.folder / "small"
    folder.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True
        ).returncode
    )
    try:
        if mounted:
            place = folder / "space"
            place.mkdir()
            uid, gid = servers.unprivileged_user()
            os.chown(folder, uid, gid)
            os.chown(place, uid, gid)
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", folder], capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def filled_up(attack, folder):
    """Move notices, which each booking writes, to the small volume, fill it, book until it refuses, make room, book again."""
    owner.tell(
        attack.env["DATABASE_OWNER_URL"],
        f"CREATE TABLESPACE small LOCATION '{folder / 'space'}'",
        "ALTER TABLE notices_notice SET TABLESPACE small",
        "VACUUM FULL notices_notice",  # no room left in pages that are there already
    )
    stuffing = folder / "stuffing"
    try:
        event = world.event(capacity=500)
        jobs = []
        for _n in range(120):
            browser = world.browser(attack.port, world.woman().user)
            jobs.append(
                lambda b=browser: b.post(
                    f"/events/{event.code}/book/", {"key": secrets.token_urlsafe(16)}
                )
            )
        with suppress(OSError):
            stuffing.write_bytes(b"\0" * (4 << 20))
        answers = at_once(jobs[:110], 4)
        stuffing.unlink()
        after = at_once(jobs[110:], 4)
        event.refresh_from_db()
        return answers, after, event
    finally:
        stuffing.unlink(missing_ok=True)
        owner.tell(
            attack.env["DATABASE_OWNER_URL"],
            "ALTER TABLE notices_notice SET TABLESPACE pg_default",
            "DROP TABLESPACE small",
        )


@case
def disk_full(attack):
    """Fill a volume that bookings need. What cannot be kept is 503 and leaves nothing; with room again it goes on."""
    with small_volume(attack) as folder:
        if folder is None:
            attack.full = 1
            return Outcome(
                0, False, "NOT TRIED: no file system can be mounted here (root is needed)"
            )
        answers, after, event = filled_up(attack, folder)
    kinds = Counter("no answer" if isinstance(a, Exception) else a.status for a in answers)
    attack.full = kinds[503]
    well = sum(not isinstance(a, Exception) and a.status == 302 for a in [*answers, *after])
    kept = Booking.objects.filter(event=event).count()
    broken = (
        bool(set(kinds) - {302, 503})
        or kept != well
        or event.seats_taken != kept
        or any(a.status != 302 for a in after)
    )
    return Outcome(
        len(answers) + len(after),
        broken,
        f"{dict(kinds)}, then {len(after)} go through; {well} said, {kept} kept",
    )


@disk_full.control
def _(attack):
    return Outcome(0, attack.full > 0, f"it was full: {attack.full} answers 503")
