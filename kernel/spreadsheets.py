"""Excel workbooks: opened safely, cells nobody can take for a formula, rows by the hundred thousand.

What xlsxwriter does not keep in memory it keeps in the temporary directory, in the clear, where a killed process
leaves it. A long list therefore goes another way: xlsxwriter writes the workbook without its rows (`opened`), and
`stream` puts them in on the way out, one after the other.
"""

import io
import re
import zipfile
from xml.sax.saxutils import escape

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SAFE = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


def escaped(text):
    """Return text a spreadsheet cannot take for a formula: a quote in front of = + - @ tab CR."""
    return "'" + text if text[:1] in FORMULA_STARTS else text


def opened(out=None, **options):
    """Return (xlsxwriter Workbook, its binary file); `out` is a path or a binary file, memory where left out.

    Text stays text: no formula, number or link is made of it.
    """
    import xlsxwriter  # 13 MB and an eighth of a second, for processes that write a workbook

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


def list_book(title, columns, lines):
    """Return the bytes of a workbook with one sheet: `columns` are (words, width), `lines` the values below."""
    book, out = opened()
    sheet = book.add_worksheet(title)
    head = book.add_format({"bold": True, "bg_color": "#DCEBE3", "border": 1})
    for number, (words, width) in enumerate(columns):
        sheet.set_column(number, number, width)
        put(sheet, 0, number, words, head)
    for row, values in enumerate(lines, start=1):
        for number, value in enumerate(values):
            put(sheet, row, number, value)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


# --- long lists -----------------------------------------------------------------------------------
SHEET = "xl/worksheets/sheet1.xml"
END_OF_ROWS = b"</sheetData>"
COLUMN_STYLE = re.compile(rb'<col [^>]*style="(\d+)"')
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read _x0041_ as A


def stream(shell, rows, out, *, first):
    """Write the workbook `shell` (a closed one's binary file, of one sheet) with `rows` more to `out`; returns how many.

    `rows` are iterables of texts, the first of them in line `first` (from one). One row at a time is in memory,
    none on the disk. `out` is a binary file that need not be seekable; it is left open. The cells take the format the
    shell's columns have.
    """
    with zipfile.ZipFile(shell) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename == SHEET:
                with new.open(SHEET, "w") as sheet:
                    count = _write_sheet(sheet, old.read(info), rows, first)
            else:
                new.writestr(info.filename, old.read(info))
    return count


def _write_sheet(sheet, xml, rows, first):
    from xlsxwriter.utility import xl_col_to_name

    # How far the sheet reaches may be left out, and would be wrong.
    before, after = re.sub(b"<dimension [^>]*>", b"", xml).split(END_OF_ROWS)
    sheet.write(before)
    style = COLUMN_STYLE.search(before)
    style = f' s="{style[1].decode()}"' if style else ""
    letters, number = [], first - 1
    for number, texts in enumerate(rows, start=first):
        texts = list(texts)
        letters += map(xl_col_to_name, range(len(letters), len(texts)))
        cells = (
            _cell(f'r="{letters[i]}{number}"{style}', text) for i, text in enumerate(texts) if text
        )
        sheet.write(f'<row r="{number}">{"".join(cells)}</row>'.encode())
    sheet.write(END_OF_ROWS + after)
    return number - first + 1


def _cell(attributes, text):
    text = LIKE_AN_ESCAPE.sub("_x005F_", NOT_IN_XML.sub("", escaped(text)))
    return f'<c {attributes} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
