"""`make points`: the ledger spent from by sixteen processes, killed, restarted, and grown to ten million entries.

Starts its own PostgreSQL (durable, as in production) and Redis and prints a table that is kept in docs/benchmarks. Exit
code 1 where a promise did not hold. `POINTS_ENTRIES=100000` ends sooner than the default 100000,10000000, `POINTS_ROUNDS`
(100) is how often each process spends. Everything started is ended and removed.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
from datetime import date
from pathlib import Path

from tools import owner, production
from tools.bootstrap import PYTHON, ROOT
from tools.points import growth
from tools.say import Stop, line, run, step

ROUNDS = int(os.environ.get("POINTS_ROUNDS", "100"))
SIZES = [int(n) for n in os.environ.get("POINTS_ENTRIES", "100000,10000000").split(",")]
WOMEN, POINTS = 64, 1000
SECONDS = 10
MOST_MS = 20


class Points(production.Site):
    """The stores of one run, and the lines of its table."""

    def __init__(self, folder):
        super().__init__(folder)
        self.facts = []

    def start(self):
        """Start the stores, make the tables, the women and a service."""
        self.start_stores()
        with step("Migrating"):
            self.manage("migrate", "-v0")
        with step(f"Making {WOMEN} women with {POINTS:,} points each"):
            self.ask("make", women=WOMEN, points=POINTS)

    def ask(self, step, /, **arguments):
        """Do one step of tools.points.rush and return what it found; a step's own `name` is an argument of it."""
        process = subprocess.run(
            [PYTHON, "-m", "tools.points.rush", json.dumps({"step": step} | arguments)],
            env=self.env, cwd=ROOT, capture_output=True, text=True,
        )  # fmt: skip
        if process.returncode:
            raise Stop(f"{process.stderr[-3000:]}\n\nThe step {step} did not end well.")
        return json.loads(process.stdout)

    def fact(self, name, value, *, holds=None):
        """Keep one line of the table; `holds` tells whether its promise did, None: it makes none."""
        self.facts.append((name, value, {None: "", True: "yes", False: "**no**"}[holds]))

    # --- what is tried -------------------------------------------------------------------------
    def one_key(self):
        """Fifty requests with one key at one moment, then the same key with another body."""
        with step("50 requests with one key"):
            found = self.ask("one_key", times=50)
        once = found["vouchers"] == found["paid"] == 1
        self.fact(
            "50 requests at one moment with one key: answered; vouchers; transfers",
            f"{said(found['answers'])}; {found['vouchers']}; {found['paid']}",
            holds=once and found["answers"] == {"done": 50},
        )
        self.fact(
            "the same key with another price",
            found["another_body"],
            holds=found["another_body"] == "idempotency_key_reused (422)",
        )

    def spend(self):
        """Sixteen processes spend from shared accounts."""
        with step(f"16 processes spend {ROUNDS} times each from {WOMEN} accounts"):
            found = self.ask("spend", rounds=ROUNDS)
        rate = sum(found["answers"].values()) / found["seconds"]
        self.fact(
            f"16 processes, {ROUNDS} times each, from {WOMEN} shared accounts: answered",
            f"{said(found['answers'])} ({rate:,.0f} a second)",
        )
        self.sums(found)

    def sums(self, found):
        """Say whether the ledger is whole after a step."""
        self.fact(
            "accepted requests; their vouchers; their transfers; vouchers nobody paid",
            f"{found['accepted']:,}; {found['vouchers_of_them']:,}; {found['paid']:,}; {found['vouchers_unpaid']}",
            holds=found["accepted"] == found["vouchers_of_them"] == found["paid"]
            and not found["vouchers_unpaid"],
        )
        self.fact(
            "sum of all entries; lowest balance; check_ledger",
            f"{found['sum']}; {found['lowest']}; {'adds up' if found['sound'] else 'DOES NOT ADD UP'}",
            holds=found["sum"] == 0 and found["lowest"] >= 0 and found["sound"],
        )

    def kills(self):
        """Processes are killed while they redeem and have fulfilled."""
        with step("60 processes killed with -9 between reserve and fulfil"):
            found = self.ask("kills", times=60)
        self.fact(
            f"{found['killed']} processes killed with -9 while they redeem and fulfil: left reserved; fulfilled",
            f"{found['reserved']:,}; {found['fulfilled']:,}",
            # Where none was left in between, nothing was shown.
            holds=found["new"] == found["reserved"] + found["fulfilled"]
            and found["fulfilled"] >= found["killed"]
            and found["reserved"] > 0,
        )
        once = {"done": found["reserved"]}
        if found["reserved"]:
            once["already_fulfilled (409)"] = found["reserved"]
        self.fact(
            "each that was left reserved fulfilled twice afterwards",
            said(found["afterwards"]) or "none was left",
            holds={k: v for k, v in found["afterwards"].items() if v}
            == {k: v for k, v in once.items() if v},
        )
        self.sums(found)

    def restart(self):
        """The database crashes while sixteen processes spend."""

        with step("The database crashes while 16 processes spend"):
            found = self.ask("through_a_restart", rounds=ROUNDS)
        lost = found["answers"].get("no answer", 0)
        self.fact(
            "the database crashes (a backend killed with -9) meanwhile: answered",
            said(found["answers"]),
            holds=lost > 0,
        )
        self.sums(found)

    def control(self):
        """The same without the lock: the constraint refuses, with an error instead of a sentence."""
        with step("Control: without the account's lock"):
            found = self.ask("spend", rounds=ROUNDS, unlocked=True, name="free")
        refused = sum(
            n for answer, n in found["answers"].items() if answer.startswith("refused by")
        )
        self.fact(
            "control: without the lock the database's CHECK has to refuse",
            f"{said(found['answers'])}; check_ledger {'adds up' if found['sound'] else 'finds steps in the wrong order'}",
            holds=refused > 0 or not found["sound"],
        )

    def grow(self):
        """Measure at each size what pages read and how fast transfers are written."""
        found = {}
        for size in SIZES:
            with step(f"Growing to {size:,} entries"):
                growth.grow(self.env["DATABASE_OWNER_URL"], size)
            owner.tell(self.env["DATABASE_OWNER_URL"], "VACUUM ANALYZE", "CHECKPOINT")
            with step(f"Measuring at {size:,} entries"):
                found[size] = self.ask("measure", seconds=SECONDS)
        for name in next(iter(found.values()))["times"]:
            cells = [found[size]["times"][name] for size in SIZES]
            self.fact(
                f"{name}, ms in the database (p50 / p95 / most) at {' and '.join(f'{n:,}' for n in SIZES)} entries",
                "; ".join(f"{p50:.1f} / {p95:.1f} / {most:.1f}" for p50, p95, most in cells),
                holds=all(p95 <= MOST_MS for _p50, p95, _most in cells),
            )
        rates = [found[size]["transfers_a_second"] for size in SIZES]
        self.fact(
            "transfers a second, 16 processes, at the same sizes",
            "; ".join(f"{rate:,.0f}" for rate in rates),
            holds=rates[-1] >= rates[0] * 0.8,
        )

    def table(self):
        """Return the report as Markdown."""
        lines = ["| what | measured | holds |", "|---|---|---|"]
        return "\n".join([*lines, *(f"| {' | '.join(fact)} |" for fact in self.facts)])

    @property
    def holds(self):
        """Tell whether every promise did."""
        return not any("no" in holds for _name, _value, holds in self.facts)


def said(answers):
    """Return what was answered, as words."""
    return ", ".join(f"{count:,} {answer}" for answer, count in sorted(answers.items()))


def end(number, frame):
    """End the run the same way for SIGTERM, a closed terminal and Ctrl-C."""
    raise KeyboardInterrupt


def main():
    """Try everything, print the table and keep it; returns 1 where a promise did not hold."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    before = os.getloadavg()[0]
    folder = Path(tempfile.mkdtemp(prefix="portal-points-"))
    folder.chmod(0o755)
    points = Points(folder)
    try:
        points.start()
        points.one_key()
        points.spend()
        points.kills()
        points.restart()
        points.grow()
        points.control()
    finally:
        points.stop()
        shutil.rmtree(folder, ignore_errors=True)
    head = (
        f"# The points ledger, {date.today().isoformat()}\n\n"  # noqa: DTZ011
        f"`make points`: {os.cpu_count()} cores, load {before:.1f} before the start, durable PostgreSQL. Load and server "
        "share the cores.\n\n"
    )
    words = head + points.table()
    target = ROOT / "docs" / "benchmarks" / f"{date.today().isoformat()}-points.md"  # noqa: DTZ011
    target.write_text(words + "\n", encoding="utf-8")
    line(f"\n{words}\n\nKept in {target.relative_to(ROOT)}.")
    return 0 if points.holds else 1


if __name__ == "__main__":
    run(main)
