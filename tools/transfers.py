"""`make transfers`: search and matching among 50,000 profiles of technology, each against a floor of the same run.

Starts its own PostgreSQL (durable, as in production), fills it with the demo and generated profiles, and times what the
pages and the weekly job read, as the application's role. `TRANSFERS=10000` is quicker. A load above one before the start is
said: such figures are no measurement.
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

SIZE = int(os.environ.get("TRANSFERS", "50000"))
GOALS = {"search: a page of the list": "p95 ≤ 20", "matching one profile": "≤ 300"}
QUIET = 1.0


def main():
    """Measure, print the table and keep it."""
    load = os.getloadavg()[0]
    folder = Path(tempfile.mkdtemp(prefix="portal-transfers-"))
    folder.chmod(0o755)
    site = production.Site(folder)
    try:
        site.start_stores(DJANGO_SETTINGS_MODULE="tools.bench_settings")
        site.fill()
        with step(f"Making {SIZE:,} profiles"):
            site.manage("bench_transfers", "--grow", str(SIZE))
            owner.tell(site.env["DATABASE_OWNER_URL"], "VACUUM ANALYZE", "CHECKPOINT")
        with step("Measuring"):
            found = json.loads(site.manage("bench_transfers"))
    finally:
        site.stop()
        shutil.rmtree(folder, ignore_errors=True)
    words = table(found, load)
    target = ROOT / "docs" / "benchmarks" / f"{date.today().isoformat()}-transfers.md"  # noqa: DTZ011
    target.write_text(words + "\n", encoding="utf-8")
    line(f"\n{words}\n\nKept in {target.relative_to(ROOT)}.")


def table(found, load):
    """Return the figures as Markdown; × is the median against the floor."""
    floor = next(iter(found.values()))[0]
    busy = (
        " **Other work ran beside it: figures under load, no measurement.**" if load > QUIET else ""
    )
    out = [
        f"# Search and matching among {SIZE:,} profiles, {date.today().isoformat()}",  # noqa: DTZ011
        "",
        f"`make transfers`: {os.cpu_count()} cores, load {load:.1f} before the start; milliseconds in one process of "
        f"Django, × is the median against the floor.{busy}",
        "",
        "| | median | p95 | × | goal |",
        "|---|--:|--:|--:|---|",
    ]
    for name, (median, worst) in found.items():
        goal = GOALS.get(name, "")
        out.append(f"| {name} | {median:.1f} | {worst:.1f} | {median / floor:.0f} | {goal} |")
    return "\n".join(out)


if __name__ == "__main__":
    run(main)
