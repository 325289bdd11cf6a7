"""The clerks' list as a workbook: numbers masked, in full only for who may see them and says why."""

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import reasons, rights
from kernel.errors import Invalid
from kernel.spreadsheets import opened, put
from kernel.words import listed, stamp
from privacy import audit, limits
from talents.models import Talent

MOST_ROWS = 5000  # more would hold a web worker for longer than a few seconds
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
CODED = ("title_level", "education_level", "degree", "discipline", "industry", "tier", "state")
WIDE = ("unit_name", "school_and_major", "research_fields", "id_number")


def why_not_export(rows):
    """Return why these rows (a queryset) cannot be exported (DomainError), or None."""
    found = rows.values("pk")[: MOST_ROWS + 1].count()
    if not found:
        return Invalid("nothing_to_export", _("列表里没有记录，请先调整筛选。"))
    if found > MOST_ROWS:
        sentence = _("列表超过 %(most)s 条，一次导不完，请先用筛选缩小范围，分批导出。")
        return Invalid("too_many_to_export", sentence % {"most": MOST_ROWS})
    return None


@transaction.atomic
def export_list(*, rows, by, now, reason, full=False, filters=()):
    """Return the records of a list (a queryset) as the bytes of a workbook; who took it and why is recorded.

    Holds what `by` may see of `rows`, in their order. `full` writes phones, identity numbers and addresses
    out and needs "talents.reveal_talent"; it is told to the auditors. `filters` are the names of what
    narrowed the list, for the record. Raises Refused, what kernel.reasons.clean raises,
    Invalid("nothing_to_export", "too_many_to_export").
    """
    rights.require(by, "talents.export_talent")
    if full:
        rights.require(by, "talents.reveal_talent")
    reason = reasons.clean(reason, _("请写明导出的理由，至少四个字。"))
    rows = rows if by is None else rows & Talent.objects.visible_to(by)
    if error := why_not_export(rows):
        raise error
    data, count = _workbook(rows.select_related("unit", "department"), full)
    detail = {"count": count, "full": full, "filters": sorted(filters)}
    audit.record("talents.export_list", by or rows[0], by=by, at=now, reason=reason, **detail)
    if full and by:
        limits.alert("exports", by=by, now=now, count=count)
    return data


def _workbook(rows, full):
    book, out = opened(constant_memory=True)
    sheet = book.add_worksheet(_("人才名单"))
    head = book.add_format({"bold": True, "bg_color": "#DCEBE3", "border": 1})
    for column, name in enumerate(FIELDS):
        sheet.set_column(column, column, 30 if name in WIDE else 14)
        put(sheet, 0, column, _heading(name), head)
    sheet.freeze_panes(1, 2)
    # Once for all rows: get_…_display translates every choice for each cell, which took most of the time.
    words = {name: _words(name) for name in CODED}
    number = 0
    for number, talent in enumerate(rows.iterator(500), start=1):
        for column, name in enumerate(FIELDS):
            put(sheet, number, column, _value(talent, name, full, words))
    book.close()
    return out.getvalue(), number


def _heading(name):
    return str(Talent._meta.get_field("unit" if name == "unit_name" else name).verbose_name)


def _words(name):
    return {value: str(label) for value, label in Talent._meta.get_field(name).flatchoices}


def _value(talent, name, full, words):
    if name in CODED:
        return words[name].get(getattr(talent, name), "")
    if name in NUMBERS and not full:
        return getattr(talent, f"masked_{name}")
    value = getattr(talent, name)
    if name == "research_fields":
        return listed(value)
    if name.endswith("_at"):
        return stamp(value) if value else ""
    return str(value) if value else ""
