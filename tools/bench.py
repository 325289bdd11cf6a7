"""`make bench`: measure the production server and keep one table in docs/benchmarks.

Starts its own PostgreSQL (durable, as in production) and Redis, fills them with the demo, starts
granian with two workers and drives it with wrk; bookings end to end are driven by signed-in clients
over HTTP. Beside every figure stands its ratio to a floor measured in the same run, because only
ratios travel between machines. CPU-ms counts web, database and cache processes together.
"""

import json
import os
import platform
import re
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from datetime import date
from pathlib import Path

from tools import processes, servers
from tools.bootstrap import ROOT, VENV
from tools.say import Stop, line, run, step

SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
WORKERS = 2
LUA = Path(__file__).with_name("bench_report.lua")
TICK = os.sysconf("SC_CLK_TCK")
BOOKERS = 200
SEATS = 100


def descendants(roots):
    """Return the process ids of `roots` and everything they started."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, todo = [], list(roots)
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo += parents.get(pid, [])
    return found


def cpu_seconds(roots):
    """Return the CPU time these processes have used so far, finished children included."""
    total = 0
    for pid in descendants(roots):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))
    return total / TICK


def pss_megabytes(pid):
    """Return a process's proportional share of memory."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+)", text, re.M)[1]) / 1024


class Bench:
    """The servers of one run and what was measured on them."""

    def __init__(self, folder):
        self.folder = folder
        self.children = []
        self.rows = []

    def start(self):
        """Start the databases and fill them, then the web server."""
        if not shutil.which("wrk"):
            raise Stop("wrk is not installed: `apt-get install wrk` (or your system's package).")
        postgres = servers.Postgres(
            self.folder / "data", secrets.token_hex(8), self.folder / "pg.log"
        )
        with step("Starting PostgreSQL and Redis"):
            postgres.create()
            self.children.append(postgres.start())
            redis = servers.Redis(secrets.token_hex(8), self.folder / "redis.log")
            self.children.append(redis.start())
        self.port = servers.free_port()
        self.site = f"http://127.0.0.1:{self.port}"
        self.env = os.environ | {
            "PORTAL_ENV": "development",
            "DJANGO_SETTINGS_MODULE": "tools.bench_settings",
            "DATABASE_URL": postgres.url,
            "REDIS_URL": redis.url,
            "SECRET_KEY": secrets.token_hex(32),
            "FIELD_KEYS": f"k1:{secrets.token_hex(16)}",
            "INDEX_KEY": secrets.token_hex(32),
            "SITE_URL": self.site,
            "OUTBOX_DIR": str(self.folder / "outbox"),
        }
        with step("Migrating and filling with the demo"):
            self.manage("migrate", "-v0")
            self.manage("seed_demo", "-v0")
            self.manage("collectstatic", "--noinput", "-v0", "--ignore", "src")
            answer = self.manage("bench_world", "--bookers", str(BOOKERS), "--seats", str(SEATS))
            self.world = json.loads(answer)
        with step(f"Starting granian with {WORKERS} workers"):
            self.start_web()

    def manage(self, *command):
        """Run a management command and return what it printed."""
        done = subprocess.run(
            [sys.executable, ROOT / "manage.py", *command],
            env=self.env, cwd=ROOT, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise Stop(f"{done.stderr[-3000:]}\n\nmanage.py {command[0]} failed.")
        return done.stdout

    def start_web(self):
        """Start the production server and wait for it."""
        web = processes.start(
            "web",
            [VENV / "bin" / "granian", "--interface", "wsgi", "liangjiang.wsgi:application",
             "--host", "127.0.0.1", "--port", str(self.port), "--workers", str(WORKERS),
             "--no-ws", "--backpressure", "32", "--log-level", "warning"],
            log=self.folder / "web.log", env=self.env, cwd=ROOT,
        )  # fmt: skip
        self.children.append(web)
        self.web = web.process.pid
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{self.site}/readyz", timeout=2).read()  # noqa: S310
                return
            except OSError:
                time.sleep(0.1)
        raise Stop(f"{processes.tail(self.folder / 'web.log')}\n\nThe web server did not answer.")

    def cpu(self):
        """Return CPU seconds of web, database and cache so far."""
        return cpu_seconds([child.process.pid for child in self.children])

    def load(self, path, clients, headers=()):
        """Drive one address with wrk; returns a dict of figures."""
        command = ["wrk", "-t", "1" if clients == 1 else "2", "-c", str(clients), "-s", str(LUA)]
        for header in headers:
            command += ["-H", header]
        url = f"{self.site}{path}"
        subprocess.run([*command, "-d", "1s", url], capture_output=True)
        before = self.cpu()
        done = subprocess.run([*command, "-d", f"{SECONDS}s", url], capture_output=True, text=True)
        used = self.cpu() - before
        found = re.search(r"RESULT (\S+) (\S+) (\S+) (\S+) (\S+) (\S+)", done.stdout)
        if not found:
            raise Stop(f"{done.stdout}{done.stderr}\n\nwrk could not measure {path}.")
        requests, micros, p50, p95, bad, size = map(float, found.groups())
        if bad or not requests:
            raise Stop(f"{path} answered {bad:.0f} of {requests:.0f} requests with an error.")
        return {
            "rate": requests / (micros / 1e6), "p50": p50 / 1000, "p95": p95 / 1000,
            "cpu": used / requests * 1000, "bytes": size / requests,
        }  # fmt: skip

    def measure(self, name, path, floor=None, headers=(), queries=None):
        """Measure one address at 1 and 16 clients and keep the row."""
        with step(f"{name} ({path})"):
            one, many = self.load(path, 1, headers), self.load(path, 16, headers)
        self.rows.append((name, one, many, floor, queries))
        return many

    def pages(self):
        """Measure what people and partners read."""
        empty = self.measure("floor: empty view", "/floor/empty")
        template = self.measure("floor: 20 KB template", "/floor/template", empty)
        rows = self.measure("floor: json_agg of 50", "/floor/json", empty, queries=1)
        queries = self.world["queries"]
        gzip = ("Accept-Encoding: br, gzip",)
        for name, path, cookie in (
            ("home page", "/", False),
            ("event list", "/events/", False),
            ("event page", f"/events/{self.world['event']}/", False),
            ("event list, signed in", "/events/", True),
            ("dashboard, signed in", "/me/", True),
        ):
            headers = (*gzip, f"Cookie: {self.world['cookies'][0]}") if cookie else gzip
            self.measure(name, path, template, headers, queries.get(name))
        token = (f"Authorization: Bearer {self.world['token']}",)
        self.measure("API, 50 events", "/api/v1/events/?limit=50", rows, token, queries.get("API"))

    def bookings(self):
        """Let 200 signed-in women book 100 seats: one client alone, then sixteen at once."""
        results = {}
        for clients in (1, 16):
            event = self.world["rush"][str(clients)]
            with step(f"booking end to end, {clients} at once"):
                results[clients] = self.rush(event, clients)
        self.rows.append(("booking end to end", results[1], results[16], None, None))
        self.rush_text = (
            f"{BOOKERS} people at 16 on {SEATS} seats: {results[16]['wall']:.2f} s, "
            f"{results[16]['done']} answered; {self.manage('bench_world', '--check').strip()}"
        )

    def rush(self, event, clients):
        """Read the event page, post the booking, follow to the result, for every woman."""
        todo = list(enumerate(self.world["cookies"]))
        times, posts, lock, sizes = [], [], threading.Lock(), []

        def work():
            while True:
                with lock:
                    if not todo:
                        return
                    _number, cookie = todo.pop()
                started = time.perf_counter()
                post, size = self.book_once(event, cookie)
                with lock:
                    times.append((time.perf_counter() - started) * 1000)
                    posts.append(post * 1000)
                    sizes.append(size)

        before, started = self.cpu(), time.perf_counter()
        threads = [threading.Thread(target=work) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wall = time.perf_counter() - started
        cuts = statistics.quantiles(times, n=20)
        return {
            "rate": len(times) / wall, "p50": cuts[9], "p95": cuts[18],
            "cpu": (self.cpu() - before) / len(times) * 1000, "bytes": statistics.mean(sizes),
            "wall": wall, "done": len(times), "post": statistics.median(posts),
        }  # fmt: skip

    def book_once(self, event, cookie):
        """One woman's booking; returns (seconds of the POST, bytes read)."""
        import http.client

        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        link.request("GET", f"/events/{event}/", headers={"Cookie": cookie})
        answer = link.getresponse()
        page = answer.read()
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        action = re.search(rb'<form[^>]*action="([^"]*/book/)"', page)
        key = re.search(rb'name="key"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="key"', page)
        csrf = re.search(r"csrftoken=([^;]+)", answer.getheader("Set-Cookie") or cookie)
        if answer.status != 200 or not token or not action:
            raise Stop(f"The event page offered no booking form (HTTP {answer.status}).")
        body = f"csrfmiddlewaretoken={token[1].decode()}"
        if key:
            body += f"&key={(key[1] or key[2]).decode()}"
        headers = {
            "Cookie": f"{cookie}; csrftoken={csrf[1]}" if csrf else cookie,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        started = time.perf_counter()
        link.request("POST", action[1].decode(), body, headers)
        answer = link.getresponse()
        answer.read()
        seconds = time.perf_counter() - started
        if answer.status != 302:
            raise Stop(f"A booking was answered with HTTP {answer.status}.")
        link.request("GET", answer.getheader("Location"), headers={"Cookie": cookie})
        after = link.getresponse().read()
        link.close()
        return seconds, len(page) + len(after)

    def memory(self):
        """Return megabytes (PSS) of each web worker."""
        workers = [pid for pid in descendants([self.web]) if pid != self.web]
        return sorted(pss_megabytes(pid) for pid in workers)[-WORKERS:]

    def table(self):
        """Return the report as Markdown."""
        floors = {id(row[2]): row[0] for row in self.rows}
        out = [
            "| work | req/s ×1 | p50 ms ×1 | req/s ×16 | p50 ms ×16 | p95 ms ×16 | CPU-ms ×16 "
            "| of floor | queries | bytes |",
            "|---|---|---|---|---|---|---|---|---|---|",
        ]
        for name, one, many, floor, queries in self.rows:
            ratio = (
                "" if not floor else f"{many['cpu'] / floor['cpu']:.2f} × {floors[id(floor)][7:]}"
            )
            shown = "" if queries is None else queries
            out.append(
                f"| {name} | {one['rate']:,.0f} | {one['p50']:.2f} | {many['rate']:,.0f} "
                f"| {many['p50']:.2f} | {many['p95']:.2f} | {many['cpu']:.2f} | {ratio} | {shown} "
                f"| {many['bytes']:,.0f} |"
            )
        booking = self.rows[-1][1]
        out += [
            "",
            f"Booking POST alone, one client: p50 {booking['post']:.2f} ms. {self.rush_text}.",
            f"Memory of the web workers (PSS): {', '.join(f'{m:.0f} MB' for m in self.memory())}.",
        ]
        return "\n".join(out)


def main():
    """Run everything, print the table and keep it."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    folder.chmod(0o755)
    bench = Bench(folder)
    try:
        bench.start()
        bench.pages()
        bench.bookings()
        table = bench.table()
    finally:
        processes.stop(bench.children[::-1], patience=5)
        shutil.rmtree(folder, ignore_errors=True)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    head = (
        f"# Benchmark of {date.today().isoformat()}\n\n"  # noqa: DTZ011
        f"`make bench` at {commit}: {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"granian with {WORKERS} workers, durable PostgreSQL, {SECONDS} s for each cell; load "
        "generator and servers share the cores.\n\n"
    )
    target = ROOT / "docs" / "benchmarks" / f"{date.today().isoformat()}.md"  # noqa: DTZ011
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(head + table + "\n", encoding="utf-8")
    line(f"\n{table}\n\nKept in {target.relative_to(ROOT)}.")


if __name__ == "__main__":
    run(main)
