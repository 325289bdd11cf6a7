"""The information form unit HR offices send in: read it, judge each row, give back what is wrong.

Pure functions over files and values; nothing here knows the database. `talents.imports.matching`
decides what becomes of a good row.

    sheet = read(fileobj)
    rows = [parse_row(row, today=today) for row in sheet.rows]
    find_repeats(rows)
    refused_workbook([row for row in rows if row.refused], out)
"""

from talents.imports.problems import WorkbookError

from .columns import Column
from .people import ParsedRow, parse_row
from .reading import Row, check, read
from .repeats import find_repeats
from .units import unit_name
from .writing import refused_workbook, template_workbook

__all__ = [
    "Column",
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
