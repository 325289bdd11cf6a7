"""The information form unit HR offices send in: read it, judge each row, give back what is wrong.

Pure functions over files and values; nothing here knows the database. `talents.imports.matching`
decides what becomes of a good row.

    form = read(fileobj)
    rows = [parse_row(row, today=today, number=n) for n, row in enumerate(form.rows, 1)]
    find_repeats(rows)

Files from outside are read by `Incoming` instead, which has the same done in a process with limits.
    refused_workbook([row for row in rows if row.refused], out)
"""

from talents.imports.problems import WorkbookError

from .columns import Column
from .container import check
from .incoming import Incoming
from .people import ParsedRow, parse_row
from .reading import Row, read
from .repeats import find_repeats
from .units import unit_name
from .writing import refused_workbook, template_workbook

__all__ = [
    "Column",
    "Incoming",
    "ParsedRow",
    "Row",
    "WorkbookError",
    "check",
    "find_repeats",
    "parse_row",
    "read",
    "refused_workbook",
    "template_workbook",
    "unit_name",
]
