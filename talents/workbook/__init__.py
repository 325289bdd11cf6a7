"""The information form unit HR offices send in: read it, judge each row, give back what is wrong.

Pure functions over files and values; nothing here knows the database. `talents.operations` decides
what a good row becomes.

    sheet = read(fileobj)
    rows = [parse_row(row, today=today) for row in sheet.rows]
    find_repeats(rows)
    refused_workbook([row for row in rows if row.refused], out)
"""

from .columns import FIELDS, WorkbookError
from .people import ParsedRow, Problem, Repeat, find_repeats, parse_row
from .reading import Row, Sheet, check, read
from .units import unit_name
from .writing import refused_workbook, template_workbook

__all__ = [
    "FIELDS",
    "ParsedRow",
    "Problem",
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
