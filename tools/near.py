"""`make near`: finding what is near among 10,000 mothers' rooms (tools.grown)."""

import os

from tools import grown
from tools.say import run

SIZE = int(os.environ.get("ROOMS", "10000"))
GOALS = {"near: the answer she reads": "p95 ≤ 20"}


def main():
    """Measure, print the table and keep it."""
    grown.measure("near", "bench_near", SIZE, f"Near me among {SIZE:,} mothers' rooms", GOALS)


if __name__ == "__main__":
    run(main)
