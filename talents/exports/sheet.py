"""The list as a workbook: the columns to choose from, what stands in a cell, and who took it written over it."""

from django.db.models import Prefetch
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.spreadsheets import opened, put, stream
from kernel.words import listed, moment_text, stamp
from talents.models import CareerEntry, EntryKind, Talent

NUMBERS = ("phone", "id_number", "email")
FIELDS = (
    "code",
    "full_name",
    "unit_name",
    "position",
    "professional_title",
    "title_level",
    "education_level",
    "degree",
    "school_and_major",
    "discipline",
    "industry",
    "research_fields",
    "tier",
    "state",
    "department",
    "submitted_at",
    "verified_at",
    *NUMBERS,
)
# Chosen by her who wants them; each entry of a career stands with its source and when it was confirmed.
MORE = (
    "birth_month",
    "overseas_study",
    "honours",
    "source",
    "confirmed_at",
    *(f"career_{kind.value}" for kind in EntryKind),
)
COLUMNS = (*FIELDS, *MORE)
# What stands together where columns are chosen.
GROUPS = (
    (gettext_lazy("基本信息"), ("code", "full_name", "birth_month")),
    (
        gettext_lazy("工作与职称"),
        ("unit_name", "position", "professional_title", "title_level", "tier", "honours"),
    ),
    (
        gettext_lazy("学习与专业"),
        (
            "education_level",
            "degree",
            "school_and_major",
            "discipline",
            "industry",
            "research_fields",
            "overseas_study",
        ),
    ),
    (gettext_lazy("联系方式与证件"), NUMBERS),
    (
        gettext_lazy("档案办理"),
        ("state", "department", "source", "submitted_at", "verified_at", "confirmed_at"),
    ),
    (gettext_lazy("履历明细"), tuple(f"career_{kind.value}" for kind in EntryKind)),
)
CODED = (
    "title_level",
    "education_level",
    "degree",
    "discipline",
    "industry",
    "tier",
    "state",
    "source",
)
WIDE = ("unit_name", "school_and_major", "research_fields", "id_number", "honours")
MOST_IN_CELL = 32_000  # characters; Excel holds 32,767 and xlsxwriter leaves a longer cell empty
HEAD_ROW = 1  # the watermark stands above
CAREER = gettext_lazy("履历：%(kind)s")


def heading(name):
    """Return what a column is called."""
    if name.startswith("career_"):
        return CAREER % {"kind": EntryKind(name.removeprefix("career_")).label}
    return str(Talent._meta.get_field("unit" if name == "unit_name" else name).verbose_name)


def in_order(columns):
    """Return the known ones of some names of columns, in the order they stand in."""
    return [name for name in COLUMNS if name in columns]


def ready(rows, columns):
    """Return a queryset of records with all that the columns show, for any number of rows."""
    rows = rows.select_related("unit", "department")
    if any(name.startswith("career_") for name in columns):
        kept = CareerEntry.objects.kept().newest_first()
        rows = rows.prefetch_related(Prefetch("career", kept, to_attr="entries"))
    return rows


def watermark(*, person, at, reason):
    """Return the sentence that says who took a list, when and why."""
    who = (
        f"{person.full_name or person.code}（{person.department or person.code}）"
        if person
        else _("系统")
    )
    sentence = _("%(who)s于%(at)s导出，理由：%(reason)s。内含个人信息，仅限本事项使用，不得外传。")
    return sentence % {"who": who, "at": moment_text(at), "reason": reason}


def write(talents, columns, *, full, mark, at, out):
    """Write a workbook with a row for each of `talents` (an iterable) to `out`, a binary file; returns how many.

    `mark` is the watermark, `full` whether numbers are written out. One row at a time is in memory.
    """
    # Once for all rows: get_…_display translates every choice for each cell, which took most of the time.
    words = {name: _words(name) for name in CODED}
    rows = ([_value(t, name, full, words)[:MOST_IN_CELL] for name in columns] for t in talents)
    return stream(_shell(columns, mark, at), rows, out, first=HEAD_ROW + 2)


def _shell(columns, mark, at):
    """Return the workbook without its rows, as a binary file."""
    book, shell = opened()
    book.set_properties({"title": _("人才名单"), "comments": mark, "created": _naive(at)})
    sheet = book.add_worksheet(_("人才名单"))
    _mark(book, sheet, mark)
    head = book.add_format({"bold": True, "bg_color": "#DCEBE3", "border": 1})
    # Else a number somebody edits in Excel loses its last digits.
    text = book.add_format({"num_format": "@"})
    for column, name in enumerate(columns):
        is_wide = name in WIDE or name.startswith("career_")
        sheet.set_column(column, column, 30 if is_wide else 14, text)
        put(sheet, HEAD_ROW, column, heading(name), head)
    sheet.freeze_panes(HEAD_ROW + 1, min(2, len(columns)))
    book.close()
    return shell


def _mark(book, sheet, mark):
    """Say who took the list above it, and at the head and foot of every printed page."""
    put(sheet, 0, 0, mark, book.add_format({"font_color": "#9C2B2B"}))
    printed = mark.replace("&", "&&")[:200]
    sheet.set_header(f"&C{printed}")
    sheet.set_footer(f"&L{printed[:180]}&R&P/&N")
    sheet.set_landscape()
    sheet.repeat_rows(0, HEAD_ROW)


def _naive(moment):
    return localtime(moment).replace(tzinfo=None)


def _words(name):
    return {value: str(label) for value, label in Talent._meta.get_field(name).flatchoices}


def _value(talent, name, full, words):
    if name.startswith("career_"):
        return _career(talent, name.removeprefix("career_"))
    if name in CODED:
        return words[name].get(getattr(talent, name), "")
    if name in NUMBERS and not full:
        return getattr(talent, f"masked_{name}") or ""
    value = getattr(talent, name)
    if name == "research_fields":
        return listed(value)
    if name == "birth_month":
        return f"{value:%Y-%m}" if value else ""
    if name.endswith("_at"):
        return stamp(value) if value else ""
    if value is True:
        return _("是")
    return str(value) if value else ""


def _career(talent, kind):
    return "\n".join(_line(entry) for entry in talent.entries if entry.kind == kind)


def _line(entry):
    said = " · ".join(filter(None, [entry.title, *entry.details, entry.period]))
    return f"{said}（{entry.source_words}）"
