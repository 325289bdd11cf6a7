"""A line of the form that is filled in row by row: its columns as staff write them, its rows as she types them.

Rows are kept as JSON in the text of the answer, sealed like any other: what she typed, finished or not.
"""

import json
import re
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from calls.models.calls import MOST_ROWS
from kernel.errors import Invalid
from kernel.text import plain as plain_text
from kernel.words import clauses, labelled

MOST_COLUMNS, MOST_CELL = 8, 200
LONGEST_CELL = 1000  # of what is kept while she types
TEXT, NUMBER, DATE = "text", "number", "date"
KINDS = {TEXT: gettext_lazy("文字"), NUMBER: gettext_lazy("数字"), DATE: gettext_lazy("日期")}
NAMES = {"文字": TEXT, "数字": NUMBER, "日期": DATE}  # in any language of the page
USUAL = 60  # characters of a cell where staff say nothing


# --- columns ---------------------------------------------------------------------------------------
def columns(text):
    """Return the columns staff wrote, one in a line: name | kind | most characters | English name.

    All but the name may be left out. Raises Invalid at `columns` with the line that is wrong.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    found = [_column(line, number) for number, line in enumerate(lines, 1)]
    if error := why_not_columns(found):
        raise error
    return found


def _column(line, number):
    name, kind, limit, name_en = ([p.strip() for p in re.split(r"[|｜]", line)] + [""] * 4)[:4]
    kind = kind or TEXT
    names = NAMES | {str(label).casefold(): kind for kind, label in KINDS.items()}
    names |= {kind: kind for kind in KINDS}
    if kind.casefold() not in names:
        sentence = _("第 %(number)s 行：填写方式只能是文字、数字或日期，不能是“%(kind)s”。")
        raise _wrong(sentence % {"number": number, "kind": kind[:20]})
    if limit and not (limit.isdecimal() and 1 <= int(limit) <= MOST_CELL):
        sentence = _("第 %(number)s 行：字数上限须是 1 到 %(most)s 的整数。")
        raise _wrong(sentence % {"number": number, "most": MOST_CELL})
    return {
        "name": name,
        "kind": names[kind.casefold()],
        "limit": int(limit or USUAL),
        "name_en": name_en,
    }


def why_not_columns(found):
    """Say why these columns make no table, or None."""
    names = [column["name"] for column in found]
    if not found:
        return _wrong(_("表格至少要有一栏，每行写一栏。"))
    if len(found) > MOST_COLUMNS:
        return _wrong(_("表格最多 %(most)s 栏。") % {"most": MOST_COLUMNS})
    if not all(names) or any(len(name) > USUAL for name in names):
        return _wrong(_("每一栏都要有名称，不超过 60 个字。"))
    if len(set(names)) < len(names):
        return _wrong(_("栏目的名称不能重复。"))
    return None


def _wrong(sentence):
    return Invalid("columns_wrong", sentence, field="columns")


def columns_text(found):
    """Return columns as staff write them."""
    parts = (
        (c["name"], str(KINDS[c["kind"]]), str(c["limit"]), c.get("name_en", "")) for c in found
    )
    return "\n".join(" | ".join(filter(None, part)) for part in parts)


def column_name(column):
    """Return what a column is called, in the reader's language where staff wrote it."""
    return (column.get("name_en", "") if get_language() == "en" else "") or column["name"]


# --- rows ------------------------------------------------------------------------------------------
def rows(text):
    """Return the rows of an answer, a list of lists of text; [] for nothing."""
    return json.loads(text) if text else []


def filled(text):
    """Return the rows of which something is filled in."""
    return [row for row in rows(text) if any(row)]


def kept(field, found):
    """Return rows as an answer keeps them, "" for none: no wider and longer than the table, without empty ones at its end."""
    width = len(field.columns)
    plain = [
        [plain_text(str(cell))[:LONGEST_CELL] for cell in (list(row) + [""] * width)[:width]]
        for row in found[:MOST_ROWS]
    ]
    while plain and not any(plain[-1]):
        plain.pop()
    return json.dumps(plain, ensure_ascii=False) if plain else ""


def shown(field, text):
    """Return a table as lines of text, a row to a line: 年份：2024；项目：……"""
    heads = [column_name(column) for column in field.columns]
    lines = (
        clauses(labelled(head, cell) for head, cell in zip(heads, row, strict=False) if cell)
        for row in filled(text)
    )
    return "\n".join(lines)


def why_not(field, text):
    """Say of the first cell that does not do why it does not, or None."""
    found = filled(text)
    if len(found) > field.most:
        sentence = ngettext(
            "最多填 %(most)s 行，多了 %(over)s 行。",
            "最多填 %(most)s 行，多了 %(over)s 行。",
            len(found) - field.most,
        )
        over = {"most": field.most, "over": len(found) - field.most}
        return Invalid("rows_many", sentence % over)
    for number, row in enumerate(rows(text), 1):
        for column, cell in zip(field.columns, row, strict=False):
            if any(row) and (why := _why_not_cell(column, cell)):
                where = {"number": number, "name": column_name(column), "why": why}
                return Invalid("cell_wrong", _("第 %(number)s 行“%(name)s”：%(why)s") % where)
    return None


def _why_not_cell(column, cell):
    if not cell:
        return _("还没有填写。")
    if column["kind"] == NUMBER and not _is_number(cell):
        return _("请填写数字。")
    if column["kind"] == DATE and not _is_day(cell):
        return _("请填写日期，例如 2024-03-08。")
    if len(cell) > column["limit"]:
        over = len(cell) - column["limit"]
        sentence = ngettext(
            "最多 %(limit)s 个字，多了 %(over)s 个。",
            "最多 %(limit)s 个字，多了 %(over)s 个。",
            over,
        )
        return sentence % {"limit": column["limit"], "over": over}
    return None


def _is_number(cell):
    try:
        return Decimal(cell).is_finite()
    except InvalidOperation:
        return False


def _is_day(cell):
    try:
        return bool(date.fromisoformat(cell))
    except ValueError:
        return False
