"""Find the tables in a file and bring their people rows out, each with the header it stands under."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field, replace

from kernel.text import squeeze
from talents.imports.problems import Problem, WorkbookError

from .columns import (
    HEADER_SEARCH_ROWS,
    Column,
    Header,
    field_of,
    header_key,
    headers_in,
    is_nameless_header,
    may_hold_header,
    missing_name,
)
from .container import check
from .grids import Broken, Formula, grids

MAX_ROWS = 50_000
SAMPLES = 3

_TOTALS = re.compile(r"^(合计|总计|小计|共计|总人数|合计人数)([:：(（\d].*)?$")
_NOTES = re.compile(
    r"^(注\d*|备注|说明|填表说明|填报说明|填写说明|附注|注意事项|填表人|填报人|制表人?|审核人?|"
    r"单位负责人|单位盖章|联系人)([:：]|\d[.、]|$)"
)
_EXAMPLE = re.compile(r"^(例|示例|样例|填写示例|例如)([:：].*)?$")
_IDENTITY = re.compile(r"[1-9]\d{16}[\dXx]")
_MOBILE = re.compile(r"1[3-9]\d{9}")


def _letter(number):
    """Return the letter of a column (counted from one)."""
    from openpyxl.utils import get_column_letter  # here: see grids

    return get_column_letter(number)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. `values` stand in the order of `columns`.

    `formulas` and `broken` name the fields whose cell is a formula or an Excel error, `filled` those
    taken from a merged cell above, as (field, number of the row it begins in). `sheet` is the sheet's name
    where the file has people on several, else "".
    """

    number: int
    values: tuple = field(repr=False)
    columns: tuple[Column, ...] = field(repr=False)
    formulas: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    hidden: bool = False
    filled: tuple = ()
    sheet: str = ""
    table: int = 0

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
        """The address of a field's cell in this row (C31, 二车间!C31); empty without such a column."""
        column = self.column(name)
        return f"{self.prefix}{column.letter}{self.number}" if column else ""

    def header(self, name):
        """The header word above a field's cell; empty without such a column."""
        column = self.column(name)
        return column.header if column else ""

    @property
    def prefix(self):
        """What stands in front of an address of this row."""
        return f"{self.sheet}!" if self.sheet else ""

    @property
    def place(self):
        """Where the row stands, as a sentence's parameter `row` (problems.WORDS)."""
        return [self.sheet, self.number] if self.sheet else self.number


@dataclass(slots=True)
class Table:
    """People under one header: columns `start` to before `end` of a sheet."""

    sheet: str
    header: Header
    start: int
    end: int
    rows: list[Row] = field(default_factory=list)
    unheaded: set[str] = field(default_factory=set)
    samples: dict = field(default_factory=dict, repr=False)
    after_end: bool = False

    def is_over(self, other):
        """Tell whether another table stands in some of its columns."""
        return self.start < other.end and other.start < self.end


@dataclass(slots=True)
class Form:
    """Everything found in a file.

    `skipped` lists (sheet, row number, reason) of rows left out on purpose (total, note, example,
    repeated_header), blank rows excepted; `hidden_rows` counts rows hidden by hand or by a filter, which
    are read all the same; `other_sheets` hold no table, `hidden_sheets` hold one that was not read.
    """

    tables: list[Table] = field(default_factory=list)
    skipped: list[tuple[str, int, str]] = field(default_factory=list)
    other_sheets: list[str] = field(default_factory=list)
    hidden_sheets: list[str] = field(default_factory=list)

    @property
    def rows(self):
        """The people rows of all tables, in the order they are read."""
        return [row for table in self.tables for row in table.rows]

    @property
    def words(self):
        """The normal forms of all header words, in order: what tells one form from another."""
        columns = [header_key(c.header) for t in self.tables for c in t.header.columns]
        return sorted({*columns, *(word for word, _header, _samples in self.unknown)})

    @property
    def unknown(self):
        """(normal form, header, samples) of each word nothing knows, from left to right."""
        found = {}
        for table in self.tables:
            for index, word, header in table.header.unknown:
                found.setdefault(word, (word, header, table.samples.get(index, [])))
        return list(found.values())

    @property
    def notes(self):
        """What to tell the clerk of the file as a whole, as Problems."""
        return list(_notes(self))


def read(fileobj):
    """Read the form in a file opened for binary reading (.xlsx, .xls, .csv).

    Returns a Form. Raises WorkbookError, besides those of `grids.grids`: no_header, missing_column,
    table_without_name, sheet_without_header, people_outside, too_many_rows, no_rows.
    """
    sheets = list(grids(check(fileobj)))
    form, nameless, no_header = Form(), None, []
    for grid in sheets:
        tables, skipped, grid_nameless = _tables(grid)
        if not grid.visible:
            if any(table.rows for table in tables):
                form.hidden_sheets.append(grid.title)
            continue
        nameless = _better(nameless, grid_nameless)
        form.skipped += [(grid.title, number, reason) for number, reason in skipped]
        if tables:
            form.tables += tables
        else:
            form.other_sheets.append(grid.title)
            no_header.append(grid)
    if nameless and not form.tables:
        return _nameless_form(*nameless, sheets)
    if not form.tables:
        raise WorkbookError("no_header", lines=HEADER_SEARCH_ROWS)
    for grid in no_header:
        _require_no_people(grid)
    return _numbered(form)


def _nameless_form(grid, header, sheets):
    """Return the people under a header without 姓名: staff are asked which of its unknown columns that is."""
    if not header.unknown:
        raise missing_name(header)
    tables, skipped, _nameless = _tables(grid, nameless_in=header.rows[0])
    others = [sheet.title for sheet in sheets if sheet.visible and sheet is not grid]
    skipped = [(grid.title, number, reason) for number, reason in skipped]
    return _numbered(Form(tables, skipped, others))


def _numbered(form):
    """Return the form with its rows told which table they are of, and which sheet where that is in doubt."""
    form.tables = [table for table in form.tables if table.rows]
    if not form.tables:
        raise WorkbookError("no_rows")
    if len(form.rows) > MAX_ROWS:
        raise WorkbookError("too_many_rows", limit=f"{MAX_ROWS:,}")
    several = len({table.sheet for table in form.tables}) > 1
    for index, table in enumerate(form.tables):
        sheet = table.sheet if several else ""
        table.rows = [replace(row, table=index, sheet=sheet) for row in table.rows]
    return form


def _notes(form):
    for table in form.tables:
        if "full_name" not in table.header.fields:
            yield Problem.of("name_unknown")
        if table.header.ignored:
            yield Problem.of("columns_ignored", columns=list(table.header.ignored))
        if table.unheaded:
            yield Problem.of("columns_unheaded", columns=sorted(table.unheaded))
    if len(form.tables) > 1:
        found = [[t.sheet, t.header.rows[0], len(t.rows)] for t in form.tables]
        yield Problem.of("several_tables", tables=found)
    if form.other_sheets:
        titles = list(dict.fromkeys(table.sheet for table in form.tables))
        yield Problem.of("other_sheets", sheet=titles, others=form.other_sheets)
    if form.hidden_sheets:
        yield Problem.of("hidden_sheets", sheets=form.hidden_sheets)
    if count := sum(row.hidden for row in form.rows):
        yield Problem.of("hidden_rows", count=count)
    if count := sum(bool(_filled_names(row)) for row in form.rows):
        yield Problem.of("merged_cells", count=count)
    if lines := [number for _sheet, number, reason in form.skipped if reason != "repeated_header"]:
        yield Problem.of("rows_skipped", lines=lines[:30])


def _filled_names(row):
    return [name for name, _number in row.filled if name != "number"]


# --- one sheet --------------------------------------------------------------------------------


def _tables(grid, nameless_in=None):
    """Return (tables, skipped (number, reason), (grid, Header without 姓名) or None).

    `nameless_in` is the row whose header is taken for one although it names nobody.
    """
    tables, active, skipped, nameless = [], [], [], None
    fills = _fills(grid)
    header_rows = set()
    for index, (number, values) in enumerate(grid.rows):
        lower = _row_below(grid, index)
        is_nameless = number == nameless_in
        if number not in header_rows and (is_nameless or may_hold_header(values, lower)):
            for opened in _opened(number, values, lower, active, needs_name=not is_nameless):
                header_rows.update(opened.header.rows)
                if any(t.header.rows[-1] < number and t.is_over(opened) for t in active):
                    skipped += _repeated(opened, active)
                active = [t for t in active if not t.is_over(opened)]
                opened.sheet = grid.title
                active.append(opened)
                tables.append(opened)
        if not active:
            if index < HEADER_SEARCH_ROWS:
                nameless = _better(nameless, _nameless(grid, number, values, lower))
            continue
        if not nameless_in and number not in header_rows and is_nameless_header(values):
            raise WorkbookError("table_without_name", sheet=grid.title, line=number)
        _require_nobody_outside(grid, number, values, active)
        _read_rows(active, grid, number, values, fills.get(number, {}), skipped)
    return _joined(tables), skipped, nameless


def _nameless(grid, number, values, lower):
    headers = headers_in(number, values, lower, _letter, needs_name=False)
    return (grid, headers[0]) if headers else None


def _better(before, found):
    """Return that of two nameless headers which names more; either may be None."""
    if not (before and found):
        return before or found
    return found if len(found[1].columns) > len(before[1].columns) else before


def _repeated(opened, active):
    """Return the rows of a header that only says again what stood above: nothing begins anew."""
    same = [t for t in active if t.is_over(opened) and t.header.columns == opened.header.columns]
    return [(number, "repeated_header") for number in opened.header.rows] if same else []


def _joined(tables):
    """Put the rows of tables with the same columns of the same sheet together, as one table."""
    joined = {}
    for table in tables:
        first = joined.setdefault((table.sheet, table.header.columns), table)
        if first is not table:
            first.rows += table.rows
            first.unheaded |= table.unheaded
    return list(joined.values())


def _row_below(grid, index):
    if index + 1 < len(grid.rows) and grid.rows[index + 1][0] == grid.rows[index][0] + 1:
        return grid.rows[index + 1][1]
    return []


def _opened(number, values, lower, active, *, needs_name=True):
    """Return the tables whose header stands in this row.

    The columns of each table are looked at together with the free ones behind it, else the free ones alone:
    a table at the right may begin in any row.
    """
    headers = []
    for start, table_end, end in _regions(active, max(len(values), len(lower))):
        for begin in dict.fromkeys((start, table_end)):
            part = _only(values, begin, end), _only(lower, begin, end)
            if found := headers_in(number, *part, _letter, needs_name=needs_name):
                headers += found
                break
    return [Table("", header, min(header.named), max(header.named) + 1) for header in headers]


def _regions(active, width):
    """Return (start, end of the table, end of the free columns behind it) of each table, from the left."""
    tables = sorted(active, key=lambda table: table.start)
    starts = [table.start for table in tables] + [width]
    regions = [(0, starts[0], starts[0])] if starts[0] else []
    for table, following in zip(tables, starts[1:], strict=True):
        regions.append((table.start, table.end, max(following, table.end)))
    return regions


def _only(values, start, end):
    return [v if start <= i < end else None for i, v in enumerate(values)]


def _fills(grid):
    """Return {row number: {column: (value, number of the row it stands in)}} of cells merged downwards."""
    numbers, by_number, fills = [n for n, _v in grid.rows], dict(grid.rows), {}
    for top, left, bottom, _right in grid.merges:
        values = by_number.get(top, ())
        if bottom == top or left >= len(values) or values[left] is None:
            continue
        for position in range(bisect_left(numbers, top + 1), len(numbers)):
            if numbers[position] > bottom:
                break
            fills.setdefault(numbers[position], {})[left] = (values[left], top)
    return fills


def _read_rows(active, grid, number, values, fills, skipped):
    """Take a row of the sheet into the tables that have a person in it."""
    for table in active:
        if number not in table.header.rows and _read_row(
            table, grid, number, values, fills, skipped
        ):
            table.unheaded |= {
                _letter(i + 1)
                for i, value in enumerate(values)
                if value is not None and i not in table.header.named
                if not any(t.start <= i < t.end for t in active if t is not table)
            }


def _read_row(table, grid, number, values, fills, skipped):
    """Take the row into the table when a person stands in it; returns whether one does."""
    cells = _only(values, table.start, table.end)
    row = _row(number, cells, table.header.columns, number in grid.hidden)
    reason = _not_a_person(row, cells, table.after_end)
    if reason == "blank":
        return False
    if reason:
        skipped.append((number, reason))
        table.after_end = table.after_end or reason in ("total", "note")
        return False
    table.rows.append(_filled(row, fills))
    _take_samples(table, cells)
    return True


def _take_samples(table, cells):
    """Keep the first values of columns whose header nothing knows, for the clerk to tell what they are."""
    for index, _word, _header in table.header.unknown:
        value = (
            squeeze(_plain(cells[index])) if index < len(cells) and cells[index] is not None else ""
        )
        samples = table.samples.setdefault(index, [])
        if value and value[:40] not in samples and len(samples) < SAMPLES:
            samples.append(value[:40])


def _filled(row, fills):
    """Return the row with empty cells taken from the merged cell above them, the header's excepted."""
    filled = []
    for column, value in zip(row.columns, row.values, strict=True):
        if value is None and column.index in fills:
            above, top = fills[column.index]
            row = row.replaced(column.field, _plain(above))
            filled.append((column.field, top))
    return replace(row, filled=tuple(filled)) if filled else row


def _plain(value):
    return str(value) if isinstance(value, Formula | Broken) else value


def _row(number, cells, columns, hidden):
    """Return the Row that stands in the columns taken from the sheet."""
    values, formulas, broken = [], [], []
    for column in columns:
        value = cells[column.index] if column.index < len(cells) else None
        if isinstance(value, Formula):
            formulas.append(column.field)
        elif isinstance(value, Broken):
            broken.append(column.field)
        values.append(_plain(value))
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
    first = next((squeeze(value) for value in cells if value is not None), "")
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


# --- people nobody would read -----------------------------------------------------------------


def _looks_like_person(values):
    texts = [str(int(v)) if isinstance(v, float) else squeeze(v) for v in values if v is not None]
    if any(_IDENTITY.fullmatch(text) for text in texts):
        return True
    return len(texts) > 1 and any(_MOBILE.fullmatch(text) for text in texts)


def _require_nobody_outside(grid, number, values, active):
    """Refuse a file with a person beside its tables, in columns without a header."""
    outside = [
        None if any(t.start <= i < t.end for t in active) else v for i, v in enumerate(values)
    ]
    if any(v is not None for v in outside) and _looks_like_person(outside):
        index = next(i for i, v in enumerate(outside) if v is not None)
        cell = f"{_letter(index + 1)}{number}"
        raise WorkbookError("people_outside", sheet=grid.title, place=cell)


def _require_no_people(grid):
    """Refuse a file with a sheet of people that has no header."""
    for number, values in grid.rows:
        if any(_IDENTITY.fullmatch(squeeze(v)) for v in values if v is not None):
            raise WorkbookError("sheet_without_header", sheet=grid.title, line=number)
