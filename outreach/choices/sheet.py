"""Subject choice as an Excel workbook: a row for each school and year, small cells closed."""

from django.utils.translation import gettext as _

from kernel.spreadsheets import list_book
from outreach.choices.models import PAIRS, First, Sex
from outreach.choices.shown import counts_of, pair_words, pairs_of


def choices(rows):
    """Return the workbook's bytes."""
    columns = [(_("学校"), 28), (_("高考年份"), 10), *_heads()]
    return list_book(_("选科统计"), columns, (_cells(row) for row in rows))


def _heads():
    for sex in Sex:
        for first in First:
            for pair in PAIRS:
                yield f"{sex.label} {first.label} {pair_words(pair)}", 12


def _cells(report):
    counts = counts_of(report)
    found = [
        "—" if n is None else n
        for sex in Sex.values
        for first in First.values
        for _words, n in pairs_of(counts, sex, first)
    ]
    return (report.unit.name, report.year, *found)
