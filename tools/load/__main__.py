"""`make load`: ten thousand attempts on a hundred seats, controls, comings and goings, the hour bookings open.

Starts its own PostgreSQL (durable, as in production), Redis and granian with two workers, and prints a table that is
kept in docs/benchmarks. Exit code 1 where a promise did not hold. `LOAD_ATTEMPTS` (10000) and `LOAD_READERS` (1000)
make it smaller. Everything started is ended and removed. On the way it takes guards away and a trigger in, in
the scratch database alone (tools.load.witness).
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from datetime import date
from pathlib import Path

from tools import production
from tools.bootstrap import PYTHON, ROOT
from tools.load.opening import Opening, allow_connections
from tools.say import Stop, line, run, step

ATTEMPTS = int(os.environ.get("LOAD_ATTEMPTS", "10000"))
READERS = int(os.environ.get("LOAD_READERS", "1000"))
SEATS, BOOKERS = 100, 200
SIGNED_IN = READERS // 4
BEFORE, AFTER = 10, 15  # seconds the readers are there before bookings open, and after
MIXED = {"women": 400, "rounds": 200}  # for each of sixteen processes
CONTROL = 400  # attempts without the lock
WORKERS = 2
GUARDED = {"confirmed", "waitlisted", "given_back"}


class Load(production.Site):
    """The servers of one run, and the lines of its table."""

    def __init__(self, folder):
        super().__init__(folder)
        self.facts = []

    def start(self):
        """Start the databases, and make the women and the events they want."""
        allow_connections()
        self.start_stores()
        self.fill()
        count = max(ATTEMPTS, SIGNED_IN + BOOKERS)
        with step(f"Making {count:,} women"):
            self.world = self.ask(
                *("--women", count, "--visitors", SIGNED_IN + BOOKERS, "--seats", SEATS)
            )
            self.ask("--watch", owner=True)

    def ask(self, *options, owner=False):
        """Do one step of `manage.py load_world`, as the tables' `owner` where asked; return its answer."""
        role = {"DATABASE_URL": self.env["DATABASE_OWNER_URL"]} if owner else {}
        return json.loads(self.manage("load_world", *map(str, options), **role))

    def rush(self, code, women, **order):
        """Let sixteen processes at the event `code` for these women; returns what tools.load.rush prints."""
        order["event"] = self.world["events"][code]
        process = subprocess.run(
            [PYTHON, "-m", "tools.load.rush", json.dumps(order)],
            env=self.env, cwd=ROOT, input="\n".join(map(str, women)), capture_output=True, text=True,
        )  # fmt: skip
        if process.returncode:
            raise Stop(f"{process.stderr[-3000:]}\n\nThe sixteen processes did not end well.")
        return json.loads(process.stdout)

    def fact(self, name, value, *, holds=None):
        """Keep one line of the table; `holds` tells whether its promise did, None: it makes none."""
        self.facts.append((name, value, {None: "", True: "yes", False: "**no**"}[holds]))

    # --- what is tried -------------------------------------------------------------------------
    def attempts(self):
        """Ten thousand attempts on a hundred seats."""
        with step(f"{ATTEMPTS:,} attempts by 16 processes on {SEATS} seats"):
            found = self.rush("LOADRUSH", self.world["women"][:ATTEMPTS])
            end = self.ask("--check", "LOADRUSH", owner=True)
        answers, waiting = found["answers"], ATTEMPTS - SEATS
        name = f"{ATTEMPTS:,} attempts by 16 processes on {SEATS} seats"
        exact = answers == {"confirmed": SEATS, "waitlisted": waiting}
        self.fact(f"{name}: answered", said(answers), holds=exact)
        self.fact(
            "the rows afterwards",
            f"{end['seated']:,} seated, {end['waiting']:,} waiting",
            holds=(end["seated"], end["waiting"]) == (SEATS, waiting),
        )
        self.fact(
            "queue in the order of the decisions; places lost to somebody who asked later",
            f"{'yes' if end['in_order'] else 'no'}; {found['overtaken']}",
            holds=end["in_order"] and not found["overtaken"],
        )
        self.fact(
            "deadlocks the database counted", f"{end['deadlocks']}", holds=not end["deadlocks"]
        )
        self.fact(
            "wall time, one attempt",
            f"{found['seconds']:.1f} s ({ATTEMPTS / found['seconds']:,.0f} a second), p50 {found['p50']:.1f}, "
            f"p95 {found['p95']:.1f} ms",
        )

    def mixed(self):
        """Bookings and cancellations at once, each moment looked at."""
        women, rounds = self.world["women"][: MIXED["women"]], MIXED["rounds"]
        with step(f"{16 * rounds:,} bookings and cancellations by 16 processes"):
            found = self.rush("LOADMIX", women, rounds=rounds)
            end = self.ask("--check", "LOADMIX", owner=True)
        self.fact(
            f"{16 * rounds:,} bookings and cancellations mixed, {MIXED['women']} women: answered",
            said(found["answers"]),
            holds=found["answers"].keys() <= GUARDED,
        )
        self.fact(
            f"most seats held at any of {end['changes']:,} moments; nobody waits while one is free",
            f"{end['most']} of {SEATS}; {end['seated']:,} seated, {end['waiting']:,} waiting",
            holds=end["most"] == SEATS and (end["seated"] == SEATS or not end["waiting"]),
        )

    def opening(self):
        """A thousand on the page, two hundred book."""
        with step(f"Starting granian with {WORKERS} workers"):
            self.start_web(WORKERS)
        cookies = self.world["cookies"]
        when = self.ask("--open-in", BEFORE)
        with step(f"{READERS:,} people on the event's page while {BOOKERS} book"):
            opening = Opening(self.port, when["path"], "LOADOPEN", self.world["title"])
            found = opening.run(
                readers=READERS,
                signed_in=cookies[:SIGNED_IN],
                booking=cookies[SIGNED_IN : SIGNED_IN + BOOKERS],
                opens_at=when["opens_at"] + 1,
                until=time.time() + BEFORE + AFTER,
            )
            end = self.ask("--check", "LOADOPEN", owner=True)
        faults = "; ".join(f"{count} × {fault}" for fault, count in found.faults.items())
        self.fact(
            f"{READERS:,} people on the event's page ({SIGNED_IN} signed in) while {BOOKERS} book: errors",
            faults or "0",
            holds=not faults,
        )
        for name, value in found.facts.items():
            self.fact(name, value)
        self.fact(
            f"{BOOKERS} bookings on {SEATS} seats",
            f"{end['seated']} seated, {end['waiting']} waiting",
            holds=(end["seated"], end["waiting"], end["in_order"])
            == (SEATS, BOOKERS - SEATS, True),
        )

    def control(self):
        """The same attempts with lock and constraints taken away: the run that has to go wrong."""
        with step(f"Control: {CONTROL} attempts without lock and constraints"):
            self.ask("--unguard", owner=True)
            found = self.rush("LOADFREE", self.world["women"][:CONTROL], unlocked=True)
            end = self.ask("--check", "LOADFREE", owner=True)
        self.fact(
            f"control: {CONTROL} attempts without lock and constraints oversell",
            f"{end['seated']} seated on {SEATS} seats; answered: {said(found['answers'])}",
            holds=end["seated"] > SEATS,
        )

    def table(self):
        """Return the report as Markdown."""
        lines = ["| what | measured | holds |", "|---|---|---|"]
        return "\n".join([*lines, *(f"| {' | '.join(fact)} |" for fact in self.facts)])

    @property
    def holds(self):
        """Tell whether every promise did."""
        return not any("no" in holds for _name, _value, holds in self.facts)


def said(answers):
    """Return what was answered, as words."""
    return ", ".join(f"{count:,} {answer}" for answer, count in sorted(answers.items()))


def head(load):
    """Return the words above the table: where and how it was measured."""
    return (
        f"# Load of {date.today().isoformat()}\n\n"  # noqa: DTZ011
        f"`make load`: {os.cpu_count()} cores, load {load:.1f} before the start, durable PostgreSQL, deploy/web with "
        f"{WORKERS} workers for the pages. Load and servers share the cores.\n\n"
    )


def end(number, frame):
    """End the run the same way for SIGTERM, a closed terminal and Ctrl-C."""
    raise KeyboardInterrupt


def main():
    """Try everything, print the table and keep it; returns 1 where a promise did not hold."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    before = os.getloadavg()[0]
    folder = Path(tempfile.mkdtemp(prefix="portal-load-"))
    folder.chmod(0o755)
    load = Load(folder)
    try:
        load.start()
        load.attempts()
        load.mixed()
        load.opening()
        load.control()
    finally:
        load.stop()
        shutil.rmtree(folder, ignore_errors=True)
    words = head(before) + load.table()
    target = ROOT / "docs" / "benchmarks" / f"{date.today().isoformat()}-load.md"  # noqa: DTZ011
    target.write_text(words + "\n", encoding="utf-8")
    line(f"\n{words}\n\nKept in {target.relative_to(ROOT)}.")
    return 0 if load.holds else 1


if __name__ == "__main__":
    run(main)
