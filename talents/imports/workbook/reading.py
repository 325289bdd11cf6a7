"""Open an .xlsx safely and bring its people rows into memory, cell by cell as they stand."""

import io
import re
import warnings
import zipfile
from dataclasses import dataclass, field, replace

import openpyxl
from openpyxl.utils import get_column_letter

from kernel.text import INVISIBLE, squeeze
from talents.imports.problems import WorkbookError

from .columns import Column, Header, field_of, find_header, missing_name

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
# Shared strings are held in memory as a whole, so they get a limit of their own.
MAX_STRINGS = 64 * 1024 * 1024
MAX_PARTS = 2000
MAX_ROWS = 50_000
HEADER_SEARCH_ROWS = 50

_TOTALS = re.compile(r"^(合计|总计|小计|共计|总人数|合计人数)([:：(（\d].*)?$")
_NOTES = re.compile(
    r"^(注\d*|备注|说明|填表说明|填报说明|填写说明|附注|注意事项|填表人|填报人|制表人?|审核人?|"
    r"单位负责人|单位盖章|联系人)([:：]|\d[.、]|$)"
)
_EXAMPLE = re.compile(r"^(例|示例|样例|填写示例|例如)([:：].*)?$")
_BLANK = re.compile(f"[{INVISIBLE}]*")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. `values` stand in the order of `columns`; `formulas` and `broken` name
    the fields whose cell is a formula or an Excel error."""

    number: int
    values: tuple = field(repr=False)
    columns: tuple[Column, ...] = field(repr=False)
    formulas: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    hidden: bool = False

    def get(self, name):
        """The raw value of a field; None when the sheet has no such column."""
        for column, value in zip(self.columns, self.values, strict=True):
            if column.field == name:
                return value
        return None

    def replaced(self, name, value):
        """This row with another raw value of a field."""
        pairs = zip(self.columns, self.values, strict=True)
        values = (value if column.field == name else old for column, old in pairs)
        return replace(self, values=tuple(values))

    def column(self, name):
        """The Column a field stands in, or None."""
        return next((column for column in self.columns if column.field == name), None)

    def cell(self, name):
        """The address of a field's cell in this row (C31); empty without such a column."""
        column = self.column(name)
        return f"{column.letter}{self.number}" if column else ""

    def header(self, name):
        """The header word above a field's cell; empty without such a column."""
        column = self.column(name)
        return column.header if column else ""


@dataclass(slots=True)
class Sheet:
    """The table found in a workbook.

    `rows` are its people rows; `skipped` lists (row number, reason) of rows left out on purpose
    (total, note, example, repeated_header), blank rows excepted; `hidden_rows` are row numbers
    hidden by hand or by a filter, which are read all the same; `other_sheets` were not read.
    """

    title: str
    header: Header
    rows: list[Row]
    skipped: list[tuple[int, str]]
    hidden_rows: tuple[int, ...]
    other_sheets: tuple[str, ...]

    @property
    def columns(self):
        return self.header.columns

    @property
    def ignored(self):
        """Header words of columns that are not taken over."""
        return self.header.ignored


def read(fileobj):
    """Read the form in a file opened for binary reading.

    Returns a Sheet. Raises WorkbookError, code one of: empty_file, too_large, not_xlsx, old_xls,
    encrypted, with_macros, corrupted, unpacked_too_large, no_header, missing_column, too_many_rows,
    no_rows.
    """
    data = _bytes(fileobj)
    _check_container(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(
                io.BytesIO(data), read_only=True, data_only=False, keep_links=False
            )
            try:
                return _read_book(book, data)
            finally:
                book.close()
    except WorkbookError:
        raise
    except Exception as error:  # openpyxl answers damaged XML with whatever it stumbles over
        raise WorkbookError("corrupted") from error


def check(fileobj):
    """Look at a file from outside only: size, kind, password, macros. Raises WorkbookError.

    Quick whatever the file's size; `read` finds what is wrong inside.
    """
    _check_container(_bytes(fileobj))


def _bytes(fileobj):
    data = fileobj.read(MAX_BYTES + 1)
    if not data:
        raise WorkbookError("empty_file")
    if len(data) > MAX_BYTES:
        raise WorkbookError("too_large", mb=MAX_BYTES >> 20)
    return data


def _check_container(data):
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        is_encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise WorkbookError("encrypted" if is_encrypted else "old_xls")
    if data[:2] != b"PK":
        raise WorkbookError("not_xlsx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_archive(archive)
    except WorkbookError:
        raise
    except Exception as error:  # zlib.error, BadZipFile and whatever else damage leads to
        raise WorkbookError("corrupted") from error


def _check_archive(archive):
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if any(part.flag_bits & 0x1 for part in parts):
        raise WorkbookError("encrypted")
    if "xl/workbook.xml" not in names:
        raise WorkbookError("not_xlsx")
    if "xl/vbaProject.bin" in names:
        raise WorkbookError("with_macros")
    # zipfile never yields more than the declared size, so the sum is a true bound.
    strings = sum(part.file_size for part in parts if "sharedStrings" in part.filename)
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or strings > MAX_STRINGS or unpacked > MAX_UNPACKED:
        raise WorkbookError("unpacked_too_large")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as stream:
                if b"<!DOCTYPE" in stream.read(2048).upper():
                    raise WorkbookError("corrupted")


def _read_book(book, data):
    best = None
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        # The stored dimension is often wrong in files written by other programs.
        sheet.reset_dimensions()
        top = [list(row) for row in sheet.iter_rows(max_row=HEADER_SEARCH_ROWS, values_only=True)]
        header = find_header(top, get_column_letter)
        if header and (best is None or len(header.columns) > len(best[1].columns)):
            best = (sheet, header)
    if best is None:
        raise WorkbookError("no_header", rows=HEADER_SEARCH_ROWS)
    sheet, header = best
    names = header.fields
    if "full_name" not in names:
        raise missing_name(header)
    hidden = _hidden_rows(data, sheet)
    rows, skipped = _read_rows(sheet, header, hidden)
    if not rows:
        raise WorkbookError("no_rows")
    numbers = {row.number for row in rows}
    others = tuple(s.title for s in book.worksheets if s.title != sheet.title)
    return Sheet(sheet.title, header, rows, skipped, tuple(sorted(hidden & numbers)), others)


def _hidden_rows(data, sheet):
    """Numbers of hidden rows. openpyxl's streaming reader drops that mark, so it is looked up in
    the sheet's XML."""
    path = getattr(sheet, "_worksheet_path", "").lstrip("/")
    hidden, tail = set(), b""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if path not in archive.namelist():
            return hidden
        with archive.open(path) as stream:
            while chunk := stream.read(1 << 20):
                chunk = tail + chunk
                cut = chunk.rfind(b"<")
                for tag in _ROW_TAG.finditer(chunk, 0, cut):
                    if number := _ROW_NUMBER.search(tag.group()):
                        hidden.add(int(number.group(1)))
                tail = chunk[cut:]
                if len(tail) > 1 << 16:  # one huge text without a tag: nothing to find in it
                    tail = b""
    return hidden


_ROW_TAG = re.compile(rb'<(?:\w+:)?row\s[^>]*\bhidden="(?:1|true)"[^>]*>')
_ROW_NUMBER = re.compile(rb'\br="(\d+)"')


def _read_rows(sheet, header, hidden):
    """Return the people rows, and (row number, reason) of those left out."""
    rows, skipped, after_end = [], [], False
    start = header.rows[-1] + 1
    for number, cells in enumerate(sheet.iter_rows(min_row=start), start):
        if not cells:
            continue
        row = _row(number, cells, header.columns, number in hidden)
        reason = _not_a_person(row, cells, after_end)
        if reason == "blank":
            continue
        if reason:
            skipped.append((number, reason))
            after_end = after_end or reason in ("total", "note")
            continue
        if len(rows) >= MAX_ROWS:
            raise WorkbookError("too_many_rows", limit=f"{MAX_ROWS:,}")
        rows.append(row)
    return rows, skipped


def _row(number, cells, columns, hidden):
    """Return the Row that stands in the columns taken from the sheet."""
    values, formulas, broken = [], [], []
    for column in columns:
        cell = cells[column.index] if column.index < len(cells) else None
        value = None if cell is None else cell.value
        if value is not None and cell.data_type == "f":
            formulas.append(column.field)
            value = value if isinstance(value, str) else "="
        elif value is not None and cell.data_type == "e":
            broken.append(column.field)
        elif isinstance(value, str) and _BLANK.fullmatch(value):
            value = None
        values.append(value)
    return Row(number, tuple(values), columns, tuple(formulas), tuple(broken), hidden)


def _not_a_person(row, cells, after_end):
    """Return why a row is no person: blank, total, note, example, repeated_header; None for a person.

    Totals and notes do not end the reading: a unit that puts a subtotal between two departments
    must not lose the second one. What follows them counts only when it looks like a person.
    """
    filled = [
        (column.field, value)
        for column, value in zip(row.columns, row.values, strict=True)
        if value is not None and column.field != "number"
    ]
    first = next((squeeze(c.value) for c in cells if c.value is not None), "")
    if _TOTALS.match(first) or (filled and _TOTALS.match(squeeze(filled[0][1]))):
        return "total"
    # One long text in the first cell of a merged row is a note even without the word.
    if len(filled) <= 2 and (_NOTES.match(first) or (not filled and len(first) > 12)):
        return "note"
    if not filled:
        # Units number empty lines in advance.
        return "blank"
    if _EXAMPLE.match(first):
        return "example"
    matching = sum(field_of(v) == f for f, v in filled)
    if matching >= 2 and matching >= len(filled) - 1 - sum(f == "phone" for f, _v in filled):
        return "repeated_header"
    if after_end:
        present = {f for f, _v in filled}
        if "full_name" not in present or len(present) < 3:
            return "note"
    return None
