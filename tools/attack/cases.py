"""What a case is, and the table of how they ended."""

import time
import traceback
from dataclasses import dataclass

CASES = {}


@dataclass(frozen=True)
class Outcome:
    """How one attempt ended: `tried` requests, statements or files; whether it broke the promise; a figure."""

    tried: int
    broken: bool
    figure: str


class Case:
    """An attack and its control, both functions of the Attack (tools.attack.__main__) that return an Outcome."""

    def __init__(self, attack):
        self.attack = attack
        self.name = attack.__name__.replace("_", "-")
        self.group = attack.__module__.rpartition(".")[2]
        self.controls = None

    def control(self, function):
        """Take what shows that the attack would be seen if it worked."""
        self.controls = function
        return function

    def run(self, target):
        """Try both and return a Line; what raises is a fault of the case and counts as broken."""
        started = time.monotonic()
        outcome = _attempt(self.attack, target, broken=True)
        control = _attempt(self.controls, target, broken=False)
        return Line(self, outcome, control, time.monotonic() - started)


@dataclass(frozen=True)
class Line:
    """A case that was run."""

    case: Case
    outcome: Outcome
    control: Outcome
    seconds: float

    @property
    def verdict(self):
        """Return "held", "BROKEN", or "BLIND" where the control did not succeed either."""
        if self.outcome.broken:
            return "BROKEN"
        return "held" if self.control.broken else "BLIND"


def case(attack):
    """Register an attack under its name, with dashes."""
    made = CASES[attack.__name__.replace("_", "-")] = Case(attack)
    return made


def chosen(word):
    """Return the cases whose name or module begins with `word` (several, by commas); all for an empty one."""
    words = tuple(word.split(","))
    return [c for c in CASES.values() if c.name.startswith(words) or c.group.startswith(words)]


def _attempt(function, target, *, broken):
    try:
        return function(target)
    except Exception as error:
        traceback.print_exc()
        words = f"did not run: {type(error).__name__}: {error}".split("\n")[0]
        return Outcome(0, broken, words[:200])


def table(lines):
    """Return the report as Markdown."""
    out = [
        "| case | tried | ended | figure | control: without the guard | s |",
        "|---|--:|---|---|---|--:|",
    ]
    group = ""
    for line in lines:
        if line.case.group != group:
            group = line.case.group
            out.append(f"| **{group}** | | | | | |")
        out.append(
            f"| {line.case.name} | {line.outcome.tried:,} | {line.verdict} | {line.outcome.figure} "
            f"| {line.control.figure} | {line.seconds:.0f} |"
        )
    tried = sum(line.outcome.tried for line in lines)
    held = sum(line.verdict == "held" for line in lines)
    seconds = sum(line.seconds for line in lines)
    return "\n".join([*out, "", f"{held} of {len(lines)} held, {tried:,} tries, {seconds:.0f} s."])
