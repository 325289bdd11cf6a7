"""Excel workbooks: opened safely, cells nobody can take for a formula."""

import io

import xlsxwriter

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SAFE = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


def escaped(text):
    """Return text a spreadsheet cannot take for a formula: a quote in front of = + - @ tab CR."""
    return "'" + text if text[:1] in FORMULA_STARTS else text


def opened(out=None, **options):
    """Return (xlsxwriter Workbook, its binary file); `out` is a path or a binary file, memory where left out.

    Text stays text: no formula, number or link is made of it.
    """
    out = io.BytesIO() if out is None else out
    return xlsxwriter.Workbook(out, {"in_memory": True, **SAFE, **options}), out


def put(sheet, row, column, value, style=None):
    """Write a number as a number, nothing as an empty cell, and anything else as text that stays text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value, style)
    elif value is None or value == "":
        sheet.write_blank(row, column, None, style)
    else:
        sheet.write_string(row, column, escaped(str(value)), style)
