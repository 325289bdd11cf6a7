"""The most memory any process of a group held while something was done."""

import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from tools.bench_load import descendants


@contextmanager
def watched(*children):
    """Yield a dict that gets "peak" (MB of the largest process below `children`) and "seconds"."""
    roots, seen, done = [child.process.pid for child in children], {"peak": 0}, threading.Event()
    for pid in descendants(roots):
        _forget_peak(pid)

    def watch():
        while not done.is_set():
            for pid in descendants(roots):
                seen["peak"] = max(seen["peak"], _peak(pid))
            done.wait(0.02)

    watcher, started = threading.Thread(target=watch), time.monotonic()
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()
        seen["seconds"] = time.monotonic() - started


def _forget_peak(pid):
    with suppress(OSError):
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def _peak(pid):
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next(
        (int(line.split()[1]) >> 10 for line in text.splitlines() if line.startswith("VmHWM")), 0
    )


def largest(child):
    """Return the process below `child` that holds most memory: one of its workers."""
    return max(
        (pid for pid in descendants([child.process.pid]) if pid != child.process.pid), key=_peak
    )
