"""What `make bench` measures with: processor time of processes, wrk, and a small keep-alive client."""

import os
import queue
import re
import socket
import statistics
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tools.say import Stop

LUA = Path(__file__).with_name("bench_report.lua")
TICK = os.sysconf("SC_CLK_TCK")
# Two answers of one page differ by a cookie or a mask, an error page by far more.
SAME_SIZE = 0.1


@dataclass
class Figures:
    """What one load came to: times in milliseconds, processor time and bytes for each request."""

    rate: float
    p50: float
    p95: float
    cpu: float
    size: float
    wall: float = 0
    count: int = 0
    parts: dict = field(default_factory=dict)
    shares: dict = field(default_factory=dict)  # CPU-ms of web, database and cache apart


def middle(runs):
    """Return the Figures whose every number is the median of `runs` (Figures of the same load)."""
    numbers = ("rate", "p50", "p95", "cpu", "size", "wall", "count")
    medians = {name: statistics.median(getattr(run, name) for run in runs) for name in numbers}
    for group in ("parts", "shares"):
        names = getattr(runs[0], group)
        medians[group] = {n: statistics.median(getattr(r, group)[n] for r in runs) for n in names}
    return Figures(**medians)


@dataclass
class Answer:
    """One HTTP answer; `wire` is its size with the headers, `names` the headers in lower case."""

    status: int
    names: dict
    body: bytes
    wire: int


def descendants(roots):
    """Return the process ids of `roots` and everything they started."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    pids, todo = [], list(roots)
    while todo:
        pid = todo.pop()
        pids.append(pid)
        todo += parents.get(pid, [])
    return pids


def cpu_seconds(roots):
    """Return the processor time these processes have used so far, finished children included."""
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


class Line:
    """One keep-alive connection; cheap, because it shares the processors with what it measures."""

    def __init__(self, port):
        self.port = port
        self.link = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        self.link.close()

    def ask(self, path, *, headers=(), body=None):
        """GET `path`, or POST the form `body` (text); returns an Answer."""
        lines = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1"]
        lines += [f"Host: 127.0.0.1:{self.port}", *headers]
        if body is not None:
            lines += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
            ]
        self.link.sendall(("\r\n".join(lines) + "\r\n\r\n" + (body or "")).encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head, _, content = received.partition(b"\r\n\r\n")
        first, *header_lines = head.decode("latin-1").split("\r\n")
        names = {}
        for header_line in header_lines:
            name, _, value = header_line.partition(":")
            names.setdefault(name.lower(), []).append(value.strip())
        length = int(names.get("content-length", ["0"])[0])
        while len(content) < length:
            content += self._receive()
        return Answer(int(first.split()[1]), names, content, len(head) + 4 + length)

    def _receive(self):
        data = self.link.recv(65536)
        if not data:
            raise Stop("The web server closed a connection in the middle of an answer.")
        return data


def cookies_after(cookie, answer):
    """Return the value of the Cookie header a browser that sent `cookie` sends after this Answer."""
    held = dict(one.split("=", 1) for one in cookie.split("; "))
    for line in answer.names.get("set-cookie", []):
        name, _, value = line.partition(";")[0].partition("=")
        held[name] = value
    return "; ".join(f"{name}={value}" for name, value in held.items())


def look_around(web, woman):
    """Have a woman read 我的, as she did when she signed in: her browser holds since then what the portal gave it.

    Without that each of her requests would give it all again: the token's cookie, the browser's and the form keeper's.
    """
    page = web.ask("/me/", headers=[f"Cookie: {woman['cookie']}"])
    if page.status != 200:
        raise Stop(f"/me/ answered HTTP {page.status}.")
    woman["cookie"] = cookies_after(woman["cookie"], page)


def book_once(web, event, woman):
    """Read an event's page on a Line, send its form, follow to the answer; returns (bytes, seconds of the POST).

    `woman` holds the Cookie header's value that signs her in (`cookie`); her headers and her CSRF token are left in it.
    """
    page = web.ask(f"/events/{event}/", headers=[f"Cookie: {woman['cookie']}"])
    form = re.search(rb'<form[^>]*action="([^"]*/book/)".*?</form>', page.body, re.S)
    if page.status != 200 or not form:
        raise Stop(f"The event page offered no booking form (HTTP {page.status}).")
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', form[0])[1].decode()
    key = re.search(rb'name="key" value="([^"]+)"', form[0])[1].decode()
    cookie = cookies_after(woman["cookie"], page)
    woman["headers"], woman["token"] = [f"Cookie: {cookie}"], token
    started = time.perf_counter()
    sent = post(web, woman, form[1].decode(), f"key={key}")
    seconds = time.perf_counter() - started
    headers = [f"Cookie: {cookies_after(cookie, sent)}"]
    after = web.ask(sent.names["location"][0], headers=headers)
    if after.status != 200 or not (
        "签到码" in after.body.decode() or "候补" in after.body.decode()
    ):
        raise Stop("The page after a booking does not show it.")
    return page.wire + sent.wire + after.wire, seconds


def post(web, woman, path, form):
    """Send a form on a Line as this woman; stop unless it is answered with a redirect."""
    body = f"csrfmiddlewaretoken={woman['token']}&{form}"
    answer = web.ask(path, headers=woman["headers"], body=body)
    if answer.status != 302 or "/login" in answer.names["location"][0]:
        raise Stop(f"{path} was answered with HTTP {answer.status}, no redirect.")
    return answer


class Meter:
    """Loads one site and says what each request cost `roots` ({name: process id}) in processor time."""

    def __init__(self, port, roots, seconds):
        self.port, self.roots, self.seconds = port, roots, seconds

    def used(self):
        """Return {name: processor seconds used so far} of the roots."""
        return {name: cpu_seconds([pid]) for name, pid in self.roots.items()}

    def look(self, path, headers, must):
        """Ask once and stop unless the answer is 200 and holds the text `must`; returns it."""
        line = Line(self.port)
        plain = line.ask(path, headers=[h for h in headers if "Accept-Encoding" not in h])
        answer = line.ask(path, headers=headers)
        line.close()
        if plain.status != 200 or answer.status != 200:
            raise Stop(f"{path} answered HTTP {plain.status}, not a page to be measured.")
        if must.encode() not in plain.body:
            raise Stop(f"{path} answered without “{must}”: not the page to be measured.")
        return answer

    def wrk(self, path, clients, *, headers=(), tokens=(), must=""):
        """Drive one address with wrk; every answer must be a 200 of the size of the one looked at.

        Of `tokens` each request takes the next one.
        """
        looked = self.look(path, headers, must)
        environ = {**os.environ, "TOKENS": " ".join(tokens)}
        command = ["wrk", "-t", str(min(clients, 2)), "-c", str(clients), "-s", str(LUA)]
        for header in headers:
            command += ["-H", header]
        url = f"http://127.0.0.1:{self.port}{path}"
        subprocess.run([*command, "-d", "1s", url], capture_output=True, env=environ)
        before = self.used()
        process = subprocess.run(
            [*command, "-d", f"{self.seconds}s", url], capture_output=True, text=True, env=environ
        )
        after = self.used()
        match = re.search(r"RESULT (\S+) (\S+) (\S+) (\S+) (\S+) (\S+)", process.stdout)
        if not match:
            raise Stop(f"{process.stdout}{process.stderr}\n\nwrk could not measure {path}.")
        count, micros, p50, p95, bad, size = map(float, match.groups())
        if bad:
            raise Stop(f"{path} answered {bad:.0f} of {count:.0f} requests with an error.")
        if not count:
            raise Stop(f"{path} answered nothing in {self.seconds} s: set BENCH_SECONDS higher.")
        if abs(size / count - looked.wire) > SAME_SIZE * looked.wire + 64:
            raise Stop(
                f"{path} answered {size / count:.0f} bytes on average where the page has "
                f"{looked.wire}: not every answer was the page."
            )
        self.look(path, headers, must)
        shares = {name: (after[name] - before[name]) / count * 1000 for name in after}
        return Figures(
            rate=count / (micros / 1e6),
            p50=p50 / 1000,
            p95=p95 / 1000,
            cpu=sum(shares.values()),
            size=size / count,
            count=int(count),
            shares=shares,
        )

    def each(self, jobs, clients, work):
        """Let `clients` threads do `work(line, job)` for every job once; returns Figures.

        `work` returns (bytes, {part: seconds}); what it raises stops the run.
        """
        todo, results, faults = queue.SimpleQueue(), [], []
        for job in jobs:
            todo.put(job)

        def client():
            line = Line(self.port)
            try:
                while not faults:
                    job = todo.get_nowait()
                    started = time.perf_counter()
                    size, parts = work(line, job)
                    results.append((time.perf_counter() - started, size, parts))
            except queue.Empty:
                pass
            except Exception as fault:
                faults.append(fault)
            finally:
                line.close()

        threads = [threading.Thread(target=client) for _ in range(clients)]
        before, started = self.used(), time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wall, after = time.perf_counter() - started, self.used()
        if faults:
            raise faults[0]
        shares = {name: (after[name] - before[name]) / len(results) * 1000 for name in after}
        cuts = statistics.quantiles([seconds for seconds, _size, _parts in results], n=20)
        names = results[0][2]
        return Figures(
            rate=len(results) / wall,
            p50=cuts[9] * 1000,
            p95=cuts[18] * 1000,
            cpu=sum(shares.values()),
            shares=shares,
            size=statistics.mean(size for _seconds, size, _parts in results),
            wall=wall,
            count=len(results),
            parts={n: statistics.median(r[2][n] for r in results) * 1000 for n in names},
        )
