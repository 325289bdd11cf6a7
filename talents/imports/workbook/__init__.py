"""The information form unit HR offices send in: read it, judge each row, give back what is wrong.

Pure functions over files and values; nothing here knows the database. `talents.imports.matching`
decides what becomes of a good row.

    sheet = read(fileobj)
    rows = [parse_row(row, today=today) for row in sheet.rows]
    find_repeats(rows)
    refused_workbook([row for row in rows if row.refused], out)
"""

from talents.imports.problems import WorkbookError

from .columns import FIELDS, Column
from .people import Keys, ParsedRow, parse_row
from .reading import Row, Sheet, check, read
from .repeats import Repeat, find_repeats
from .units import unit_name
from .writing import refused_workbook, template_workbook

__all__ = [
    "FIELDS",
    "Column",
    "Keys",
    "ParsedRow",
    "Repeat",
    "Row",
    "Sheet",
    "WorkbookError",
    "check",
    "find_repeats",
    "parse_row",
    "read",
    "refused_workbook",
    "template_workbook",
    "unit_name",
]
