"""Open a file and bring its sheets into memory, cell by cell as they stand: .xlsx, .xls, .csv.

Runs in a process with limits of its own (kernel.confined): what a file holds is bounded here where that
gives a better sentence, and there whatever it holds. The libraries that read Excel are imported there alone:
they take 7 MB of each process, and no other one opens a file.
"""

import csv
import io
import re
import warnings
import zipfile
from dataclasses import dataclass, field

from kernel import xml_shape
from kernel.spreadsheets import NOT_IN_XML
from kernel.text import INVISIBLE
from talents.imports.problems import WorkbookError

from .container import CSV, XLS, kind_of

MAX_UNPACKED = 200 * 1024 * 1024
# Shared strings are held in memory as a whole, so they get a limit of their own.
MAX_STRINGS = 64 * 1024 * 1024
MAX_PARTS = 2000
MAX_SHEETS = 50
MAX_ROW = 1_048_576  # Excel's own
MAX_FILLED_ROWS = 100_000
MAX_COLUMNS = 200
MAX_CELLS = 2_000_000
MAX_TEXT = 4000  # of one cell; what a form asks for is far shorter
_BLANK = re.compile(f"[{INVISIBLE}]*")
# Parts that hold macros: of Excel, wherever a program puts them, and sheets of Excel 4, which are programs themselves.
_MACROS = re.compile(r"vbaProject\.bin$|^xl/(macro|intlmacro)sheets/", re.IGNORECASE)
_BROKEN = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)")
# How programs keep Excel from taking a number for one in a .csv: ="500105…"
_QUOTED = re.compile(r'="(.*)"')


class Formula(str):
    """A cell that holds a formula, not a value."""

    __slots__ = ()


class Broken(str):
    """A cell that holds an Excel error."""

    __slots__ = ()


@dataclass(slots=True)
class Grid:
    """One sheet. `rows` are [one-based number, list of values], rows without a value left out.

    `hidden` holds numbers of hidden rows, `merges` ranges of merged cells as (top, left, bottom, right),
    rows counted from one and columns from zero.
    """

    title: str
    visible: bool = True
    rows: list = field(default_factory=list)
    hidden: frozenset = frozenset()
    merges: list = field(default_factory=list)


class Budget:
    """What all sheets of a file may hold together."""

    def __init__(self):
        self.rows, self.cells = MAX_FILLED_ROWS, MAX_CELLS

    def spend(self, number, values):
        """Take a row's values off; raises WorkbookError("too_complex") when too much has been taken."""
        self.rows -= 1
        self.cells -= len(values)
        if number > MAX_ROW or len(values) > MAX_COLUMNS or self.rows < 0 or self.cells < 0:
            raise WorkbookError("too_complex")


def grids(data):
    """Return the sheets of a file as Grids, in its order.

    Raises WorkbookError: empty_file, too_large, not_a_list, encrypted, with_macros, corrupted,
    unpacked_too_large, too_complex, too_many_sheets, text_unreadable.
    """
    kind = kind_of(data)
    if kind == CSV:
        return [_csv(data)]
    try:
        return _xls(data) if kind == XLS else _xlsx(data)
    except (WorkbookError, MemoryError):
        raise
    except Exception as error:  # libraries answer damage with whatever they stumble over
        raise WorkbookError("corrupted") from error


def _trimmed(values):
    """Return values up to the last that is none of nothing."""
    while values and values[-1] is None:
        values.pop()
    return values


def _cell(value):
    if isinstance(value, str):
        value = _kept(value)
        return None if _BLANK.fullmatch(value) else value[:MAX_TEXT]
    return value


def _kept(text):
    """Return text without what no database and no workbook can hold: one NUL in a header stopped a whole list."""
    return NOT_IN_XML.sub("", text)


# --- .xlsx ------------------------------------------------------------------------------------


def _xlsx(data):
    import openpyxl

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _check_archive(archive)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        _require_few(book.worksheets)
        budget = Budget()
        return [_xlsx_sheet(book, sheet, budget) for sheet in book.worksheets]


def _require_few(sheets):
    if len(sheets) > MAX_SHEETS:
        raise WorkbookError("too_many_sheets", count=len(sheets), limit=MAX_SHEETS)


def _check_archive(archive):
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if any(part.flag_bits & 0x1 for part in parts):
        raise WorkbookError("encrypted")
    if "xl/workbook.xml" not in names:
        raise WorkbookError("not_a_list")
    if any(_MACROS.search(name) for name in names):
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
    try:
        xml_shape.check_archive(archive)
    except xml_shape.TooComplex as error:
        raise WorkbookError("too_complex") from error


def _xlsx_sheet(book, sheet, budget):
    """Read a sheet with openpyxl's parser itself.

    Its own loop over a read-only sheet makes up the rows that are missing in front of one that says it is
    the 99,999,999,999th, and knows nothing of merged cells.
    """
    from openpyxl.worksheet._reader import WorkSheetParser

    grid = Grid(_kept(sheet.title), sheet.sheet_state == "visible")
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in parser.parse():
            if values := _xlsx_values(cells):
                budget.spend(number, values)
                grid.rows.append((number, values))
    grid.hidden = frozenset(
        int(number)
        for number, attributes in parser.row_dimensions.items()
        if attributes.get("hidden") in ("1", "true")
    )
    if parser.merged_cells:
        ranges = parser.merged_cells.mergeCell
        grid.merges = [(r.min_row, r.min_col - 1, r.max_row, r.max_col - 1) for r in ranges]
    return grid


def _xlsx_values(cells):
    values = []
    for cell in cells:
        value = _xlsx_value(cell)
        if value is None:
            continue
        index = cell["column"] - 1
        if index >= MAX_COLUMNS:
            raise WorkbookError("too_complex")
        values.extend([None] * (index + 1 - len(values)))
        values[index] = value
    return values


def _xlsx_value(cell):
    value, kind = cell["value"], cell["data_type"]
    if value is None:
        return None
    if kind == "f":
        return Formula(value if isinstance(value, str) else "=")
    return Broken(value) if kind == "e" else _cell(value)


# --- .xls -------------------------------------------------------------------------------------


def _xls(data):
    """Read the old format. It gives a formula's last result, and does not tell which rows are hidden."""
    import python_calamine

    book, budget = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)), Budget()
    sheets = [s for s in book.sheets_metadata if s.typ == python_calamine.SheetTypeEnum.WorkSheet]
    _require_few(sheets)
    return [_xls_sheet(book.get_sheet_by_name(s.name), s, budget) for s in sheets]


def _xls_sheet(sheet, about, budget):
    from python_calamine import SheetVisibleEnum

    visible = about.visible == SheetVisibleEnum.Visible
    grid = Grid(_kept(about.name), visible)
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), 1):
        if values := _trimmed([_xls_value(cell) for cell in cells]):
            budget.spend(number, values)
            grid.rows.append((number, values))
    grid.merges = [
        (top + 1, left, bottom + 1, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    return grid


def _xls_value(value):
    if isinstance(value, str) and _BROKEN.fullmatch(value):
        return Broken(value)
    return _cell(value)


# --- .csv -------------------------------------------------------------------------------------


def _csv(data):
    text, grid, budget = _decoded(data), Grid(""), Budget()
    head = "\n".join(text.splitlines()[:20])
    delimiter = max(",\t;", key=head.count)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, ""), delimiter=delimiter), 1):
            if values := _trimmed([_csv_value(cell) for cell in cells]):
                budget.spend(number, values)
                grid.rows.append((number, values))
    except csv.Error as error:
        raise WorkbookError("corrupted") from error
    return grid


def _csv_value(text):
    quoted = _QUOTED.fullmatch(text.strip())
    text = quoted.group(1) if quoted else text
    return Broken(text) if _BROKEN.fullmatch(text) else _cell(text)


def _decoded(data):
    """Return the text: UTF-8 with or without mark, UTF-16 with one, else GB18030 (what Excel writes)."""
    has_utf16_mark = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if has_utf16_mark else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WorkbookError("text_unreadable")
