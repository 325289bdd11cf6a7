"""Pages of figures: what staff count, each figure leading to the list it is of."""

from dataclasses import dataclass
from decimal import Decimal

from kernel.words import money_text


@dataclass(frozen=True)
class Line:
    """One figure: what it says, how much, and the address of the list it counts ("" where there is none)."""

    words: str
    value: object
    link: str = ""

    @property
    def shown(self):
        """Return the value as it is read: numbers with separators."""
        if isinstance(self.value, Decimal):
            return money_text(self.value)
        return f"{self.value:,}" if isinstance(self.value, int) else self.value


@dataclass(frozen=True)
class Grid:
    """Figures that belong side by side: the words over the columns, and rows of (words, Lines)."""

    title: str
    heads: tuple
    rows: tuple


@dataclass(frozen=True)
class Part:
    """The figures of one theme; `grid` is a Grid or None, `note` says what is counted and what is not."""

    title: str
    lines: tuple
    note: str = ""
    grid: Grid | None = None


def share(some, whole):
    """Say how much of a whole a part is."""
    if not whole:
        return "—"
    return f"{round(100 * some / whole)}%"
