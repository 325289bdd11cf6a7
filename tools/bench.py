"""`make bench`: measure the production server and keep one table in docs/benchmarks.

Starts its own PostgreSQL (durable, as in production) and Redis, fills them with the demo, starts
granian with two workers and drives it with wrk, and with signed-in clients of its own where each
request has to be another one. Beside every figure stands its ratio to a floor measured in the same
run, because only ratios travel between machines. CPU-ms is that of web, database and cache, apart, without the load;
trips are what PostgreSQL's own log counts for one request: each statement, BEGIN, COMMIT and SELECT 1.
Every cell is run three times and the median taken. Every answer is checked; everything started is ended
and removed.

`BENCH_SECONDS` (2) is the length of one run of a cell, `BENCH_TALENTS` the number of talents added before,
`BENCH_ONLY` a pattern for the names of the pages to be measured ("signed in|API"), `BENCH_LONG=1` adds the import of 20,000 rows and the sending of 10,000 reminders.
"""

import functools
import json
import os
import platform
import re
import secrets
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote

from tools import owner, production
from tools.bench_load import (
    Line,
    Meter,
    book_once,
    descendants,
    look_around,
    middle,
    post,
    pss_megabytes,
)
from tools.bootstrap import ROOT
from tools.say import Stop, line, run, step

SECONDS = int(os.environ.get("BENCH_SECONDS", "2"))
TALENTS = int(os.environ.get("BENCH_TALENTS", "0"))
LONG = os.environ.get("BENCH_LONG") == "1"
ONLY = os.environ.get("BENCH_ONLY", "")
RUNS = 3
COUNTED = 9  # requests one after the other whose trips are counted; more than there are web threads
WORKERS = 2
BOOKERS = 200
SEATS = 100
ROWS = 20_000
WORN = 20_000  # requests after which the workers are weighed
REMINDERS = 10_000
SEARCHES = 400
COMPRESSED = "Accept-Encoding: br, gzip"
WORDS = {
    "cpu": "CPU-ms ≤ {:g}",
    "ratio": "≤ {:g} × floor",
    "rate": "req/s ≥ {:,g}",
    "trips": "trips ≤ {:g}",
    "p50": "p50 ≤ {:g} ms at one client",
    "wall": "{:g} s in all",
}


@dataclass
class Row:
    """One line of the table: figures at one and at sixteen clients, its floor and its goals."""

    name: str
    one: object
    many: object
    floor: object = None
    trips: int | None = None
    goals: dict = field(default_factory=dict)

    @property
    def ratio(self):
        """Return the processor time as a multiple of the floor's, or None."""
        return self.many.cpu / self.floor.many.cpu if self.floor else None

    def judge(self):
        """Return the goals in words, and "yes" or which of them were missed."""
        values = {
            "cpu": self.many.cpu,
            "ratio": self.ratio,
            "rate": -self.many.rate,
            "trips": self.trips,
            "p50": self.one.p50,
        }
        missed = [
            name
            for name, goal in self.goals.items()
            if values[name] > (-goal if name == "rate" else goal)
        ]
        words = ", ".join(WORDS[name].format(goal) for name, goal in self.goals.items())
        return words, ("no: " + ", ".join(missed) if missed else "yes") if self.goals else ""


class Bench(production.Site):
    """The servers of one run and what was measured on them."""

    def __init__(self, folder):
        super().__init__(folder)
        self.rows = []
        self.facts = []

    # --- starting ------------------------------------------------------------------------------
    def start(self):
        """Start the databases and fill them, then the web server."""
        self.start_stores(DJANGO_SETTINGS_MODULE="tools.bench_settings")
        self.fill()
        if TALENTS:
            with step(f"Adding {TALENTS:,} talents"):
                self.manage("seed_demo", "--talents", str(TALENTS))
        with step(f"Making {BOOKERS} women with sessions"):
            self.world = self.ask("--bookers", BOOKERS, "--seats", SEATS)
        with step("Tidying the tables up"):
            self.tidy()
        with step(f"Starting granian with {WORKERS} workers"):
            self.web = self.start_web(WORKERS).process.pid
        database, cache = self.database_child.process.pid, self.redis_child.process.pid
        roots = {"web": self.web, "database": database, "cache": cache}
        self.meter = Meter(self.port, roots, SECONDS)
        web = Line(self.port)
        for woman in self.world["women"]:
            look_around(web, woman)
        web.close()

    def ask(self, *options):
        """Do one step of `manage.py bench_world` and return its answer."""
        return json.loads(self.manage("bench_world", *map(str, options)))

    def tidy(self):
        """Have the database's own housekeeping done now, not in the middle of a cell."""
        self.tell("VACUUM ANALYZE", "CHECKPOINT")

    def tell(self, *statements):
        """Run statements as the database's owner, each by itself."""
        owner.tell(self.env["DATABASE_OWNER_URL"], *statements)

    def trips(self, work, jobs):
        """Return how often one `work(line, job)` goes to PostgreSQL: the median of `jobs`, one after the other.

        The median, because a web thread's first request connects, and every half second one asks for
        the content's version or the seats.
        """
        self.tell("ALTER SYSTEM SET log_statement = 'all'", "SELECT pg_reload_conf()")
        time.sleep(0.3)
        log, web, counts = self.folder / "pg.log", Line(self.port), []
        for job in jobs:
            before = log.stat().st_size
            work(web, job)
            counts.append(log.read_bytes()[before:].count(b"LOG:  statement: "))
        web.close()
        self.tell("ALTER SYSTEM RESET log_statement", "SELECT pg_reload_conf()")
        time.sleep(0.3)
        return round(statistics.median(counts))

    # --- pages ---------------------------------------------------------------------------------
    def read(self, name, path, *, must, headers=(), tokens=(), floor=None, **goals):
        """Measure one address at 1 and 16 clients and keep the row; returns it."""
        if not (name.startswith("floor") or re.search(ONLY, name)):
            return None

        def ask(web, _job):
            web.ask(path, headers=headers)

        with step(name):
            load = functools.partial(
                self.meter.wrk, path, headers=headers, tokens=tokens, must=must
            )
            loads = [middle([load(n) for _ in range(RUNS)]) for n in (1, 16)]
            row = Row(name, *loads, floor, self.trips(ask, range(COUNTED)), goals)
        self.rows.append(row)
        return row

    def wear(self):
        """Answer twenty thousand requests, every kind of page in turn and a member of staff in forty, and weigh the workers."""
        world, pages = self.world, {}
        for page in world["pages"]:
            pages.setdefault(page["reader"], []).append(quote(page["path"], safe="/?&="))

        def ask(web, job):
            reader, path, number = job
            headers = [COMPRESSED]
            if reader == "woman":
                headers.append(f"Cookie: {world['women'][number % BOOKERS]['cookie']}")
            elif reader in world["others"]:
                headers.append(f"Cookie: {world['others'][reader]}")
            elif reader == "partner":
                headers = [
                    f"Authorization: Bearer {world['tokens'][number % len(world['tokens'])]}"
                ]
            answer = web.ask(path, headers=headers)
            if answer.status != 200:
                raise Stop(f"{path} answered HTTP {answer.status}.")
            return answer.wire, {}

        common = [(reader, path) for reader in pages if reader != "clerk" for path in pages[reader]]
        jobs = []
        while len(jobs) < WORN:
            number = len(jobs)
            if number % 40 == 39:
                jobs.append(("clerk", pages["clerk"][number % len(pages["clerk"])], number))
            else:
                jobs.append((*common[number % len(common)], number))
        with step(f"{WORN:,} requests"):
            self.meter.each(jobs, 16, ask)
        self.memory(f"memory of each web worker (PSS) after {WORN:,} requests", most=90)

    def pages(self):
        """Measure what people, staff and partners read: the pages the apps declare."""
        world, read = self.world, self.read
        empty = read("floor: empty view", "/floor/empty", must="ok")
        template = read("floor: 16 KB template", "/floor/template", must="沙龙", floor=empty)
        rows = read("floor: json_agg of 50", "/floor/json", must="salon", floor=empty)
        readers = {
            "anybody": {"headers": [COMPRESSED], "floor": template},
            "woman": {
                "headers": [COMPRESSED, f"Cookie: {world['women'][0]['cookie']}"],
                "floor": template,
            },
            "partner": {
                "headers": [f"Authorization: Bearer {world['tokens'][0]}"],
                "floor": rows,
                "tokens": world["tokens"],
            },
        }
        for other, cookie in world["others"].items():
            readers[other] = {"headers": [COMPRESSED, f"Cookie: {cookie}"]}
        for page in world["pages"]:
            path = quote(page["path"], safe="/?&=")
            reader = readers[page["reader"]]
            read(page["name"], path, must=page["must"], **reader, **page["goals"])

    def weight(self):
        """Weigh a first visit: the page and what it names, compressed."""
        web = Line(self.port)
        page = web.ask("/events/", headers=[COMPRESSED])
        text = web.ask("/events/").body.decode()
        named = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', text))
        named = {n for n in named if not n.endswith((".png", ".webmanifest"))}
        sizes = [page.wire] + [web.ask(n, headers=[COMPRESSED]).wire for n in sorted(named)]
        web.close()
        self.fact(
            "weight of a cold event list", f"{sum(sizes) / 1024:.1f} KB in {len(sizes)} requests",
            "≤ 30 KB, ≤ 5 requests", sum(sizes) <= 30 * 1024 and len(sizes) <= 5,
        )  # fmt: skip

    def fact(self, name, value, goal, reached):
        """Keep one line of the second table; `reached` is None where there is no goal."""
        self.facts.append((name, value, goal, {None: "", True: "yes", False: "no"}[reached]))

    # --- bookings and vouchers -----------------------------------------------------------------
    def bookings(self):
        """Let 200 signed-in women book 100 seats: one client alone, then sixteen at once."""
        women, rush = self.world["women"], self.world["rush"]

        def load(clients, event):
            return self.meter.each(women, clients, functools.partial(self.book, event))

        loads = []
        for clients in (1, 16):
            with step(f"booking end to end, {clients} at once"):
                loads.append(middle([load(clients, event) for event in rush[str(clients)]]))
        work = functools.partial(self.book, *rush["0"])
        trips = self.trips(work, women[:COUNTED])
        row = Row("booking end to end, 3 requests", *loads, trips=trips, goals={"cpu": 10})
        self.rows.append(row)
        ended = self.ask("--check")["rush"]
        complete = ended == [[SEATS, BOOKERS - SEATS, True]] * RUNS
        self.fact(
            f"{BOOKERS} people at 16 on {SEATS} seats, pages included",
            f"{row.many.wall:.2f} s, nobody lost and queue in order: {'yes' if complete else ended}",
            "≤ 1.2 s, nobody lost, queue in order",
            complete and row.many.wall <= 1.2,
        )

    def book(self, event, web, woman):
        """Book for a woman end to end, as Meter.each counts it."""
        size, seconds = book_once(web, event, woman)
        return size, {"post": seconds}

    def posts(self):
        """Measure the POST alone: each woman books, and redeems, once in each run."""
        world, events = self.world, self.world["posts"]

        def floor(web, job):
            code, woman = job
            answer = web.ask(f"/floor/book/{code}/{woman['talent']}", body="")
            if answer.status != 302:
                raise Stop(f"The floor of booking answered HTTP {answer.status}.")
            return answer.wire, {}

        def book(web, job):
            code, woman = job
            form = f"key={secrets.token_urlsafe(16)}"
            return post(web, woman, f"/events/{code}/book/", form).wire, {}

        def redeem(web, job):
            _code, woman = job
            form = f"key={secrets.token_hex(10).upper()}&cost={world['cost']}"
            path = f"/points/services/{world['service']}/redeem/"
            return post(web, woman, path, form).wire, {}

        def measure(name, kind, work, under=None, **goals):
            def load(clients, code):
                return self.meter.each([(code, woman) for woman in world["women"]], clients, work)

            with step(name):
                loads = [middle([load(n, code) for code in events[f"{kind}{n}"]]) for n in (1, 16)]
                counted = [(*events[f"{kind}0"], woman) for woman in world["women"][:COUNTED]]
                row = Row(name, *loads, under, self.trips(work, counted), goals)
            self.rows.append(row)
            return row

        before = self.ask("--check")
        bottom = measure("floor: booking in one statement", "FLOOR", floor)
        measure("booking POST", "BOOK", book, bottom, cpu=4)
        measure("redeem POST", "BOOK", redeem, bottom, cpu=6)
        ended = self.ask("--check")
        booked = {
            len(codes): {ended["bookings"].get(code) for code in codes} for codes in events.values()
        }
        sold = ended["vouchers"] - before["vouchers"]
        if booked != {RUNS: {BOOKERS}, 1: {COUNTED}} or sold != 2 * RUNS * BOOKERS + COUNTED:
            raise Stop(f"Bookings or vouchers were lost: {booked}, {sold}.")

    # --- the database, the worker --------------------------------------------------------------
    def searches(self):
        """Time the name search in the database."""
        with step(f"{SEARCHES} name searches in the database"):
            timing = self.ask("--search", SEARCHES)
        self.fact(
            f"talent search in the database, {timing['rows']:,} rows, 2–4 characters",
            f"p50 {timing['p50']:.1f}, p95 {timing['p95']:.1f}, max {timing['max']:.1f} ms",
            "p50 ≤ 3, p95 ≤ 20, max ≤ 60 ms",
            timing["p50"] <= 3 and timing["p95"] <= 20 and timing["max"] <= 60,
        )

    def memory(self, name, most=None):
        """Weigh the web workers; `most` is the goal in MB."""
        workers = [pid for pid in descendants([self.web]) if pid != self.web]
        sizes = sorted(pss_megabytes(pid) for pid in workers)[-WORKERS:]
        self.fact(
            name, " and ".join(f"{size:.0f} MB" for size in sizes),
            f"≤ {most} MB" if most else "", max(sizes) <= most if most else None,
        )  # fmt: skip

    def imports(self):
        """Import a large form as the worker does."""
        form = self.folder / "form.xlsx"
        with step(f"import of {ROWS:,} rows"):
            self.ask("--form", form, "--rows", ROWS)
            result = self.ask("--import-form", form)
        if result["state"] != "done" or result["counts"].get("create", 0) != ROWS:
            raise Stop(f"The import did not write every row: {result}.")
        self.fact(
            f"import of {ROWS:,} rows",
            f"{result['seconds']:.0f} s, {result['peak']:.0f} MB at most",
            "≤ 60 s, ≤ 300 MB", result["seconds"] <= 60 and result["peak"] <= 300,
        )  # fmt: skip

    def reminders(self):
        """Send due reminders through the outbox and Celery; each message is a file of its own."""
        worker = self.launch("worker", "sh", ROOT / "deploy" / "worker")
        with step(f"sending {REMINDERS:,} reminders"):
            while " ready." not in worker.log.read_text():
                time.sleep(0.2)
            self.ask("--reminders", REMINDERS)
            for _ in range(60):
                time.sleep(2)
                states = self.ask("--pending")
                if not states.keys() & {"pending", "sending"}:
                    break
        texts = [json.loads(path.read_text()) for path in self.outbox.glob("*.json")]
        reminders = sorted((t["at"], t["body"]) for t in texts if "沙龙之" in t["body"])
        first, last = (datetime.fromisoformat(reminders[n][0]) for n in (0, -1))
        rate = len(reminders) / (last - first).total_seconds()
        once = (
            len(reminders)
            == len({body for _at, body in reminders})
            == states.get("sent")
            == REMINDERS
        )
        self.fact(
            f"{REMINDERS:,} due reminders through outbox and Celery",
            f"{rate:,.0f} a second, exactly once: {'yes' if once else f'no ({states})'}",
            "≥ 2,000 a second, exactly once", once and rate >= 2000,
        )  # fmt: skip

    # --- the report ----------------------------------------------------------------------------
    def table(self):
        """Return the report as Markdown."""
        out = [
            "| work | req/s ×1 | p50 ms ×1 | req/s ×16 | p50 ms ×16 | p95 ms ×16 | CPU-ms ×16 "
            "| web | database | cache | × floor | trips | bytes | goal | reached |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|---|",
        ]
        for row in self.rows:
            one, many = row.one, row.many
            ratio = f"{row.ratio:.2f}" if row.ratio else ""
            apart = " | ".join(f"{many.shares[name]:.2f}" for name in ("web", "database", "cache"))
            goal, reached = row.judge()
            out.append(
                f"| {row.name} | {one.rate:,.0f} | {one.p50:.2f} | {many.rate:,.0f} "
                f"| {many.p50:.2f} | {many.p95:.2f} | {many.cpu:.2f} | {apart} | {ratio} | {row.trips} "
                f"| {many.size:,.0f} | {goal} | {reached} |"
            )
        out += ["", "| besides | measured | goal | reached |", "|---|---|---|---|"]
        out += [f"| {' | '.join(fact)} |" for fact in self.facts]
        return "\n".join(out)


def head(load):
    """Return the words above the table: where and how it was measured."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    talents = f", {TALENTS:,} talents added" if TALENTS else ""
    return (
        f"# Benchmark of {date.today().isoformat()}\n\n"  # noqa: DTZ011
        f"`make bench` at {commit or 'no commit'}: {os.cpu_count()} cores, load {load:.1f} before "
        f"the start, Python {platform.python_version()}, deploy/web with {WORKERS} workers, durable "
        f"PostgreSQL, median of {RUNS} runs of {SECONDS} s for each cell{talents}. Load and servers share the cores. The "
        "API is read with fifty keys in turn, each below its limit of 600 requests a minute.\n\n"
        "×1 and ×16 are clients at once; CPU-ms is the processor time of web, database and cache for "
        "one request, then each of them; trips are statements, BEGIN, COMMIT and SELECT 1; × floor is that against the floor of the same kind: the template for pages, "
        "json_agg for the API, one statement for bookings and vouchers; bytes are on the wire, "
        "headers included, compressed where the client may.\n\n"
    )


def end(number, frame):
    """End the run the same way for SIGTERM, a closed terminal and Ctrl-C."""
    raise KeyboardInterrupt


def main():
    """Run everything, print the table and keep it."""
    if not Path("/proc/self/smaps_rollup").exists():
        raise Stop("The benchmark reads /proc and runs on Linux only.")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    load = os.getloadavg()[0]
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    folder.chmod(0o755)
    bench = Bench(folder)
    try:
        bench.start()
        if not ONLY:
            bench.wear()
        bench.pages()
        bench.weight()
        bench.bookings()
        bench.posts()
        bench.memory("the same at the end of the benchmark")
        if TALENTS:
            bench.searches()
        if LONG:
            bench.imports()
            bench.reminders()
        table = bench.table()
    finally:
        bench.stop()
        shutil.rmtree(folder, ignore_errors=True)
    target = ROOT / "docs" / "benchmarks" / f"{date.today().isoformat()}.md"  # noqa: DTZ011
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(head(load) + table + "\n", encoding="utf-8")
    line(f"\n{table}\n\nKept in {target.relative_to(ROOT)}.")


if __name__ == "__main__":
    run(main)
