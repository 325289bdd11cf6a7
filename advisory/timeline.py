"""What a woman was asked and what she brought in herself, of every theme, on one line of time."""

from itertools import groupby

from advisory.consultations import hers as consultations
from advisory.suggestions import hers as suggestions

# Each theme's `lines(user, now, most)` returns advisory.lines.Lines, the newest of them.
THEMES = (consultations, suggestions)
MOST = 100


def lines(user, now):
    """Return her Lines, the newest first."""
    found = [line for theme in THEMES for line in theme.lines(user, now, MOST)]
    return sorted(found, key=lambda line: line.day, reverse=True)[:MOST]


def by_year(found):
    """Return [(year, its Lines)], the newest first."""
    return [(year, list(rows)) for year, rows in groupby(found, key=lambda line: line.day.year)]
