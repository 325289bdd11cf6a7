"""`make deadline`: two thousand applicants save, upload and hand in until a deadline, by sixteen processes.

Starts its own PostgreSQL (durable, as in production) and Redis and prints a table that is kept in docs/benchmarks. Exit
code 1 where a promise did not hold. `DEADLINE_WOMEN` (2000) and `DEADLINE_SECONDS` (600, the last ten minutes) make it
smaller, `DEADLINE_KB` (300) is how large each one's file is. Everything started is ended and removed.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
from datetime import date
from pathlib import Path

from tools import production
from tools.bootstrap import PYTHON, ROOT
from tools.deadline.rush import CONTROL, PROCESSES
from tools.say import Stop, line, run, step

WOMEN = int(os.environ.get("DEADLINE_WOMEN", "2000"))
SECONDS = int(os.environ.get("DEADLINE_SECONDS", "600"))
SIZE = int(os.environ.get("DEADLINE_KB", "300")) << 10
LATE = max(WOMEN // 50, 1)  # who come behind the deadline
CONTROLS = 4


class Deadline(production.Site):
    """The stores of one run, and the lines of its table."""

    def __init__(self, folder):
        super().__init__(folder)
        self.facts = []

    def start(self):
        """Start the stores, make the tables, the calls and the women."""
        self.start_stores()
        with step("Migrating"):
            self.manage("migrate", "-v0")
        with step(f"Making {WOMEN:,} women who have begun to apply"):
            self.ask("make", women=WOMEN)
            self.ask("make", women=CONTROLS, title=CONTROL)

    def ask(self, step, /, **arguments):
        """Do one step of tools.deadline.rush and return what it found."""
        process = subprocess.run(
            [PYTHON, "-m", "tools.deadline.rush", json.dumps({"step": step} | arguments)],
            env=self.env, cwd=ROOT, capture_output=True, text=True,
        )  # fmt: skip
        if process.returncode:
            raise Stop(f"{process.stderr[-3000:]}\n\nThe step {step} did not end well.")
        return json.loads(process.stdout)

    def fact(self, name, value, *, holds=None):
        """Keep one line of the table; `holds` tells whether its promise did, None: it makes none."""
        self.facts.append((name, value, {None: "", True: "yes", False: "**no**"}[holds]))

    def night(self):
        """Everybody at once until the deadline, and some behind it."""
        with step(f"{WOMEN:,} applicants, {PROCESSES} processes, {SECONDS} seconds"):
            found = self.ask("night", seconds=SECONDS, late=LATE, size=SIZE)
        answers = found["answers"]
        self.fact(
            f"{WOMEN:,} applicants by {PROCESSES} processes in {SECONDS} s, {LATE} of them behind the deadline, each with a "
            f"file of {SIZE >> 10} KB: answered",
            ", ".join(f"{count:,} {answer}" for answer, count in sorted(answers.items())),
            holds=set(answers) <= {"done", "call_closed (409)"} and found["asked"] == WOMEN,
        )
        self.fact(
            "handed in; told so and lost; there and not told so",
            f"{found['in']:,}; {found['lost']}; {found['untold']}",
            holds=found["in"] == answers.get("done") and not found["lost"] + found["untold"],
        )
        self.fact(
            "handed in behind the deadline; saved behind it",
            f"{found['late']}; {found['saved_late']}",
            holds=not found["late"] + found["saved_late"],
        )
        self.fact(
            "files that are not whole (SHA-256 of what was sent and of what is read)",
            f"{found['files_not_whole']}",
            holds=not found["files_not_whole"],
        )
        self.fact(
            "numbers from 1 on without a gap",
            "yes" if found["gapless"] else "no",
            holds=found["gapless"],
        )
        self.fact(
            "two saves, an upload and handing in, in the process: p50, p95, most; wall time",
            f"{found['p50']:,.0f}, {found['p95']:,.0f}, {found['most']:,.0f} ms; {found['took']:.0f} s",
        )

    def control(self):
        """The same without holding the last number: the constraint has to refuse."""
        with step("Control: numbers without the lock"):
            found = self.ask("control", processes=CONTROLS)
        refused = found["answers"].get("refused by application_number_once", 0)
        self.fact(
            f"control: {CONTROLS} at once whose numbers are read before any is written: the constraint refuses all but one",
            f"{found['in']} in, {refused} refused",
            holds=(found["in"], refused) == (1, CONTROLS - 1),
        )

    def table(self):
        """Return the report as Markdown."""
        lines = ["| what | measured | holds |", "|---|---|---|"]
        return "\n".join([*lines, *(f"| {' | '.join(fact)} |" for fact in self.facts)])

    @property
    def holds(self):
        """Tell whether every promise did."""
        return not any("no" in holds for _name, _value, holds in self.facts)


def end(number, frame):
    """End the run the same way for SIGTERM, a closed terminal and Ctrl-C."""
    raise KeyboardInterrupt


def main():
    """Try it, print the table and keep it; returns 1 where a promise did not hold."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    before = os.getloadavg()[0]
    folder = Path(tempfile.mkdtemp(prefix="portal-deadline-"))
    folder.chmod(0o755)
    deadline = Deadline(folder)
    try:
        deadline.start()
        deadline.night()
        deadline.control()
    finally:
        deadline.stop()
        shutil.rmtree(folder, ignore_errors=True)
    today = date.today().isoformat()  # noqa: DTZ011
    head = (
        f"# Deadline night, {today}\n\n"
        f"`make deadline`: {os.cpu_count()} cores, load {before:.1f} before the start, durable PostgreSQL. Applicants and "
        "database share the cores.\n\n"
    )
    words = head + deadline.table()
    target = ROOT / "docs" / "benchmarks" / f"{today}-deadline.md"
    target.write_text(words + "\n", encoding="utf-8")
    line(f"\n{words}\n\nKept in {target.relative_to(ROOT)}.")
    return 0 if deadline.holds else 1


if __name__ == "__main__":
    run(main)
