"""Read a meeting tool's list in a process of its own (kernel.confined): Excel, or CSV in UTF-8 or GB 18030."""

import csv
import io
import zipfile

from openpyxl import load_workbook

from kernel import xml_shape

# What the columns are called by Tencent Meeting, DingTalk, VooV, Zoom; the first that is contained counts.
WORDS = {
    "name": ("姓名", "昵称", "成员名称", "参会人", "参会者", "用户名", "name"),
    "came": ("入会时间", "加入时间", "进入时间", "join time", "enter"),
    "left": ("退会时间", "离会时间", "退出时间", "离开时间", "leave"),
    "phone": ("手机", "电话", "phone"),
}
MOST_ROWS, MOST_COLUMNS, HEADER_WITHIN, LONGEST = 5000, 60, 30, 60


def answers(data):
    """Yield {"rows": [[name, came, left, phone], …]}, texts as in the file, or {"error": a code of reading}."""
    try:
        yield _answer(_rows(data))
    except (OSError, ValueError, KeyError, TypeError, csv.Error, zipfile.BadZipFile):
        yield {"error": "unreadable"}


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


def _answer(rows):
    columns, found = None, []
    for number, row in enumerate(rows):
        if columns is None:
            columns = _columns(row)
            if columns is None and number >= HEADER_WITHIN:
                break
        elif any(row):
            found.append([_at(row, columns.get(what)) for what in WORDS])
            if len(found) > MOST_ROWS:
                return {"error": "too_long"}
    return {"rows": found} if columns else {"error": "no_header"}


def _at(row, column):
    return row[column].strip()[:LONGEST] if column is not None and column < len(row) else ""


def _columns(row):
    """Return {what: number of its column} of a header row, None where it is none: name and coming in are needed."""
    columns = {}
    for what, words in WORDS.items():
        for number, cell in enumerate(row):
            if any(word in cell.casefold() for word in words):
                columns.setdefault(what, number)
    return columns if {"name", "came"} <= columns.keys() else None
