"""What some of an app's reading costs among many rows: own PostgreSQL, generated rows, a table against a floor of the same run."""

import json
import os
import shutil
import tempfile
from datetime import date
from pathlib import Path

from tools import owner, production
from tools.bootstrap import ROOT
from tools.say import line, step

QUIET = 1.0


def measure(name, command, size, title, goals):
    """Fill a database (durable, as in production) with the demo and `size` rows, time what `command` reads, keep the table.

    `name` is the target of the Makefile, `command` a management command: with `--grow` it makes rows, without it prints
    JSON {what: [median ms, p95 ms]}, the floor first. A load above one before the start is said.
    """
    load = os.getloadavg()[0]
    folder = Path(tempfile.mkdtemp(prefix=f"portal-{name}-"))
    folder.chmod(0o755)
    site = production.Site(folder)
    try:
        site.start_stores(DJANGO_SETTINGS_MODULE="tools.bench_settings")
        site.fill()
        with step(f"Making {size:,} rows"):
            site.manage(command, "--grow", str(size))
            owner.tell(site.env["DATABASE_OWNER_URL"], "VACUUM ANALYZE", "CHECKPOINT")
        with step("Measuring"):
            found = json.loads(site.manage(command))
    finally:
        site.stop()
        shutil.rmtree(folder, ignore_errors=True)
    words = table(name, title, found, goals, load)
    target = ROOT / "docs" / "benchmarks" / f"{date.today().isoformat()}-{name}.md"  # noqa: DTZ011
    target.write_text(words + "\n", encoding="utf-8")
    line(f"\n{words}\n\nKept in {target.relative_to(ROOT)}.")


def table(name, title, found, goals, load):
    """Return the figures as Markdown; × is the median against the floor."""
    floor = next(iter(found.values()))[0]
    busy = (
        " **Other work ran beside it: figures under load, no measurement.**" if load > QUIET else ""
    )
    out = [
        f"# {title}, {date.today().isoformat()}",  # noqa: DTZ011
        "",
        f"`make {name}`: {os.cpu_count()} cores, load {load:.1f} before the start; milliseconds in one process of "
        f"Django, × is the median against the floor.{busy}",
        "",
        "| | median | p95 | × | goal |",
        "|---|--:|--:|--:|---|",
    ]
    for what, (median, worst) in found.items():
        out.append(
            f"| {what} | {median:.1f} | {worst:.1f} | {median / floor:.0f} | {goals.get(what, '')} |"
        )
    return "\n".join(out)
