"""`make bench-growth`: search, facets, lists and trends at ten thousand, a hundred thousand and a million women.

Starts its own PostgreSQL (durable, as in production), fills it with the demo and some thousands of women,
lets it grow by copying, and times at each size what the pages read, as the application's role. Takes about a
quarter of an hour; `BENCH_SIZES=10000,100000` ends sooner. One table in docs/benchmarks.
"""

import json
import os
import shutil
import tempfile
from datetime import date
from pathlib import Path

from tools import owner, production
from tools.bootstrap import ROOT
from tools.say import line, run, step

SIZES = [int(n) for n in os.environ.get("BENCH_SIZES", "10000,100000,1000000").split(",")]
DIFFERENT = 9_000  # women made one by one, before the rest are copies
GOALS = {
    "search: count and first page": "p95 ≤ 50 at 1,000,000",
    "shortlist: who is asked next": "p95 ≤ 80 at 1,000,000",
    "shortlist: of another department": "p95 ≤ 80 at 1,000,000",
    "suggestions: similar ones": "p95 ≤ 30 at 100,000",
    "list: count and first page": "flat",
    "list: a page in the middle, by keyset": "flat",
    "trends: kept, as the page reads them": "≤ 1,500",
}


def main():
    """Measure at each size, print the table and keep it."""
    load = os.getloadavg()[0]
    folder = Path(tempfile.mkdtemp(prefix="portal-growth-"))
    folder.chmod(0o755)
    site = production.Site(folder)
    try:
        site.start_stores(DJANGO_SETTINGS_MODULE="tools.bench_settings")
        site.fill()
        with step(f"Making {DIFFERENT:,} women"):
            site.manage("seed_demo", "--talents", str(DIFFERENT))
        found = {size: measure(site, size) for size in SIZES}
    finally:
        site.stop()
        shutil.rmtree(folder, ignore_errors=True)
    words = head(load) + table(found)
    target = ROOT / "docs" / "benchmarks" / f"{date.today().isoformat()}-growth.md"  # noqa: DTZ011
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(words + "\n", encoding="utf-8")
    line(f"\n{words}\n\nKept in {target.relative_to(ROOT)}.")


def measure(site, size):
    """Let the database grow to a size and return what was measured there."""
    with step(f"Growing to {size:,}"):
        site.manage("bench_growth", "--grow", str(size))
        owner.tell(site.env["DATABASE_OWNER_URL"], "VACUUM ANALYZE", "CHECKPOINT")
    with step(f"Measuring at {size:,}"):
        return json.loads(site.manage("bench_growth"))


def head(load):
    """Return the words above the table."""
    return (
        f"# Growth of the talent database, {date.today().isoformat()}\n\n"  # noqa: DTZ011
        f"`make bench-growth`: {os.cpu_count()} cores, load {load:.1f} before the start; milliseconds in one process of Django, "
        "median / 95th percentile; × is the median against the floor of the same size. Searches are nineteen queries "
        "(names, pinyin, initials, units, fields; rare, common and unknown), five times each.\n\n"
    )


def table(found):
    """Return the figures as Markdown."""
    sizes = list(found)
    first = found[sizes[0]]
    floor = next(iter(first))
    out = [
        "| | " + " | ".join(f"{size:,}" for size in sizes) + " | goal |",
        "|---|" + "--:|" * len(sizes) + "---|",
    ]
    for name in first:
        cells = [_cell(found[size][name], found[size][floor]) for size in sizes]
        out.append(f"| {name} | {' | '.join(cells)} | {GOALS.get(name, '')} |")
    return "\n".join(out)


def _cell(times, floor):
    return f"{times[0]:,.1f} / {times[1]:,.1f} (× {times[0] / floor[0]:,.0f})"


if __name__ == "__main__":
    run(main)
