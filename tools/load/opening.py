"""The hour bookings open: a thousand people on an event's page over real HTTP, two hundred of whom book at once.

Each is a thread with a connection of her own. A reader loads the page, looks at it for some seconds and loads it again;
one who books loads it when bookings open, sends its form and reads where she is led.
"""

import resource
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from tools.bench_load import Line, book_once
from tools.say import Stop

COMPRESSED = "Accept-Encoding: br, gzip"
LOOKS = (2, 8)  # seconds between two loads of the page by one reader
STACK = 256 * 1024  # a thread's: what a thousand of them take is address space alone
NEEDED_FILES = 4096


@dataclass
class Found:
    """What was measured: milliseconds of each page and each booking, and everything that was no answer."""

    pages: list = field(default_factory=list)
    bookings: list = field(default_factory=list)
    faults: Counter = field(default_factory=Counter)
    seconds: float = 0

    @property
    def facts(self):
        """Return {name: words} of it."""
        return {
            "pages": f"{len(self.pages):,}, {len(self.pages) / self.seconds:,.0f} a second",
            "page": spread(self.pages),
            "booking, three requests": spread(self.bookings),
        }


def spread(times):
    """Return "p50 …, p95 …, longest …" of milliseconds."""
    cuts = statistics.quantiles(times, n=20)
    return f"p50 {cuts[9]:,.0f}, p95 {cuts[18]:,.0f}, longest {max(times):,.0f} ms"


def allow_connections(needed=NEEDED_FILES):
    """Let this process, and the servers it starts, hold a connection for everybody."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard not in (resource.RLIM_INFINITY,) and hard < needed:
        raise Stop(f"A process may open {hard} files here, and the load needs {needed}.")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, needed), hard))


class Opening:
    """One run against the web server at `port`: `title` stands on the page at `path` of the event `code`.

    A reader looks at it for between `looks` seconds.
    """

    def __init__(self, port, path, code, title, looks=LOOKS):
        self.port, self.path, self.code, self.title = port, path, code, title.encode()
        self.looks = looks
        self.found = Found()

    def run(self, *, readers, signed_in, booking, opens_at, until):
        """Let `readers` read from now on, of whom `signed_in` (Cookie headers) are signed in, and `booking` book.

        `opens_at` and `until` are timestamps. Returns Found.
        """
        threading.stack_size(STACK)
        cookies = [*signed_in, *[None] * (readers - len(signed_in))]
        threads = [
            threading.Thread(target=self._guarded, args=(self._read, number, cookie, until))
            for number, cookie in enumerate(cookies)
        ]
        threads += [
            threading.Thread(target=self._guarded, args=(self._book, number, cookie, opens_at))
            for number, cookie in enumerate(booking)
        ]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.found.seconds = time.perf_counter() - began
        return self.found

    def _guarded(self, work, *args):
        try:
            work(*args)
        except (Stop, OSError) as fault:
            self.found.faults[f"{type(fault).__name__}: {fault}"] += 1

    def _read(self, number, cookie, until):
        """Load the page again and again, the first time some seconds after the others."""
        random = Random(number)
        headers = [f"Cookie: {cookie}"] if cookie else []
        time.sleep(random.uniform(0, self.looks[1]))
        line = Line(self.port)
        while time.time() < until:
            began = time.perf_counter()
            page = line.ask(self.path, headers=headers)
            self.found.pages.append((time.perf_counter() - began) * 1000)
            if page.status != 200 or self.title not in page.body:
                self.found.faults[f"HTTP {page.status}"] += 1
            time.sleep(random.uniform(*self.looks))
        line.close()

    def _book(self, number, cookie, opens_at):
        """Book as soon as one can."""
        line = Line(self.port)
        time.sleep(max(0, opens_at - time.time()))
        began = time.perf_counter()
        book_once(line, self.code, {"cookie": cookie})
        self.found.bookings.append((time.perf_counter() - began) * 1000)
        line.close()
