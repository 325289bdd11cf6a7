"""A line of the form that is filled in row by row: its columns as staff write them, its rows as she types them.

Rows are kept as JSON in the text of the answer, sealed like any other: what she typed, finished or not.
"""

import json
import re
from itertools import zip_longest

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from calls import values
from calls.models.choices import MOST_ROWS
from calls.values import DATE, NUMBER, TEXT
from kernel.errors import Invalid
from kernel.text import plain as plain_text
from kernel.words import clauses, labelled

MOST_COLUMNS, MOST_CELL = 8, 200
LONGEST = 10_000  # characters of a line or a cell that are kept while she types
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


def answer_text(field, given):
    """Return `given`, the text of a line or the rows of a table, as an answer keeps it."""
    return kept(field, given) if field.is_table else values.neat(field.kind, given)[:LONGEST]


def kept(field, found):
    """Return rows as an answer keeps them, "" for none: no wider and longer than the table, without empty ones at its end."""
    kinds = [column["kind"] for column in field.columns]
    plain = [
        [_cell(kind, cell) for kind, cell in zip_longest(kinds, row[: len(kinds)], fillvalue="")]
        for row in found[:MOST_ROWS]
    ]
    while plain and not any(plain[-1]):
        plain.pop()
    return json.dumps(plain, ensure_ascii=False) if plain else ""


def _cell(kind, text):
    return values.neat(kind, plain_text(str(text))[:LONGEST])


def shown(field, text):
    """Return a table as lines of text, a row to a line: 年份：2024；项目：……"""
    heads = [column_name(column) for column in field.columns]
    lines = (
        clauses(labelled(head, cell) for head, cell in zip(heads, row, strict=False) if cell)
        for row in filled(text)
    )
    return "\n".join(lines)


def why_not(field, text):
    """Say of the first cell in which something wrong stands why it does not do, or None; what is still empty may be."""
    found = filled(text)
    if len(found) > field.most:
        sentence = ngettext(
            "最多填 %(most)s 行，多了 %(over)s 行。",
            "最多填 %(most)s 行，多了 %(over)s 行。",
            len(found) - field.most,
        )
        over = {"most": field.most, "over": len(found) - field.most}
        return Invalid("rows_many", sentence % over)
    return _first(field, text, _why_not_cell)


def why_not_whole(field, text):
    """Say which cell of a row that was begun is the first that is empty, or None."""
    return _first(field, text, lambda _column, cell: None if cell else _("还没有填写。"))


def _first(field, text, ask):
    """Return what `ask(column, cell)` has against the first cell of a row that was begun, said with its place, or None."""
    for number, row in enumerate(rows(text), 1):
        for column, cell in zip(field.columns, row, strict=False):
            if any(row) and (why := ask(column, cell)):
                where = {"number": number, "name": column_name(column), "why": why}
                return Invalid("cell_wrong", _("第 %(number)s 行“%(name)s”：%(why)s") % where)
    return None


def _why_not_cell(column, cell):
    if cell and (why := values.why_not(column["kind"], cell)):
        return why
    if len(cell) > column["limit"]:
        over = len(cell) - column["limit"]
        sentence = ngettext(
            "最多 %(limit)s 个字，多了 %(over)s 个。",
            "最多 %(limit)s 个字，多了 %(over)s 个。",
            over,
        )
        return sentence % {"limit": column["limit"], "over": over}
    return None
