"""How long some work takes, for the commands that `make` measures with."""

import statistics
import time


def timed(works, runs=5):
    """Return [median, 95th percentile] in ms over all works (functions), each run so often once the cache is warm."""
    times = []
    for work in works:
        work()
        for _run in range(runs):
            begun = time.perf_counter()
            work()
            times.append((time.perf_counter() - begun) * 1000)
    times.sort()
    return [statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.95))]]
