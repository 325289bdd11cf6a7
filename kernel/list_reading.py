"""Read a list from outside by the words above its columns: Excel, or CSV in UTF-8 or GB 18030.

Runs in a process of its own (kernel.confined). A child module names its columns and yields `answer(data, words, needed)`.
"""

import csv
import io
import zipfile

from openpyxl import load_workbook

from kernel import xml_shape

MOST_ROWS, MOST_COLUMNS, HEADER_WITHIN, LONGEST = 5000, 60, 30, 60


def answer(data, words, needed):
    """Return {"rows": [[text of each of `words`], …]} of a file, or {"error": "unreadable", "too_long" or "no_header"}.

    `words` is {what: (words of its heading, …)}: the first column whose heading contains one counts. A row with a column
    for each of `needed` is the header. Texts are as in the file, "" where there is no such column.
    """
    try:
        return _answer(_rows(data), words, needed)
    except (OSError, ValueError, KeyError, TypeError, csv.Error, zipfile.BadZipFile):
        return {"error": "unreadable"}


def _rows(data):
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            xml_shape.check_archive(archive)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True)
        return ([_text(cell) for cell in row] for row in rows)
    return csv.reader(io.StringIO(_decoded(data)))


def _decoded(data):
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _text(cell):
    return str("" if cell is None else cell)


def _answer(rows, words, needed):
    columns, found = None, []
    for number, row in enumerate(rows):
        if columns is None:
            columns = _columns(row, words, needed)
            if columns is None and number >= HEADER_WITHIN:
                break
        elif any(row):
            found.append([_at(row, columns.get(what)) for what in words])
            if len(found) > MOST_ROWS:
                return {"error": "too_long"}
    return {"rows": found} if columns else {"error": "no_header"}


def _at(row, column):
    return row[column].strip()[:LONGEST] if column is not None and column < len(row) else ""


def _columns(row, words, needed):
    """Return {what: number of its column} of a header row, None where it is none."""
    columns = {}
    for what, names in words.items():
        for number, cell in enumerate(row):
            if any(name in cell.casefold() for name in names):
                columns.setdefault(what, number)
    return columns if set(needed) <= columns.keys() else None
