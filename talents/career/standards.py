"""Two national standards one level deeper than the record's own columns, as data.

`data/disciplines.csv` holds second-level disciplines of GB/T 13745-2009 (five digits, the first three being
the first level), `data/industries.csv` the 97 divisions of GB/T 4754-2017 (two digits, under their section's
letter). English names are our own rendering. README.md says which first levels have no second level here.
"""

import csv
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

DATA = Path(__file__).parent / "data"
# The columns that hold one of these codes, and the column of the level above.
ABOVE = {"discipline_detail": "discipline", "industry_division": "industry"}
FILES = {"discipline_detail": "disciplines.csv", "industry_division": "industries.csv"}


@cache
def rows(name):
    """Return {code: (code of the level above, Chinese name, English name)} of a column's standard."""
    with (DATA / FILES[name]).open(encoding="utf-8", newline="") as file:
        return {row["code"]: (row["above"], row["zh"], row["en"]) for row in csv.DictReader(file)}


def words(name, code):
    """Return what a code of a column means in the active language; the code itself where it is not known."""
    if code not in rows(name):
        return code
    _above, chinese, english = rows(name)[code]
    return english if get_language() == "en" else chinese


def above(name, code):
    """Return the code of the level above, "" for an unknown code."""
    return rows(name).get(code, ("", "", ""))[0]


def choices(name, levels):
    """Return the choices of a column in groups: [(words of the level above, [(code, words)])].

    `levels` are the TextChoices of the level above.
    """
    groups = {value: [] for value in levels.values}
    for code, (upper, *_names) in rows(name).items():
        groups[upper].append((code, words(name, code)))
    return [(dict(levels.choices)[value], found) for value, found in groups.items() if found]
