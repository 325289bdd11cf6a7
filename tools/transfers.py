"""`make transfers`: search and matching among 50,000 profiles of technology (tools.grown). `TRANSFERS=10000` is quicker."""

import os

from tools import grown
from tools.say import run

SIZE = int(os.environ.get("TRANSFERS", "50000"))
GOALS = {"search: a page of the list": "p95 ≤ 20", "matching one profile": "≤ 300"}


def main():
    """Measure, print the table and keep it."""
    title = f"Search and matching among {SIZE:,} profiles"
    grown.measure("transfers", "bench_transfers", SIZE, title, GOALS)


if __name__ == "__main__":
    run(main)
