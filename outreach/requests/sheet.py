"""Schools' requests as an Excel workbook; counts only."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.spreadsheets import list_book

COLUMNS = (
    (gettext_lazy("单位"), 28),
    (gettext_lazy("想要的内容"), 18),
    (gettext_lazy("学段"), 12),
    (gettext_lazy("所在片区"), 10),
    (gettext_lazy("班级数"), 8),
    (gettext_lazy("女生人数"), 10),
    (gettext_lazy("男生人数"), 10),
    (gettext_lazy("优先"), 8),
    (gettext_lazy("状态"), 12),
    (gettext_lazy("定下的日期"), 12),
    (gettext_lazy("到场女生"), 10),
    (gettext_lazy("到场男生"), 10),
    (gettext_lazy("小时"), 8),
)


def made(rows):
    """Return the workbook's bytes."""
    columns = [(str(words), width) for words, width in COLUMNS]
    return list_book(_("学校申请"), columns, (_cells(row) for row in rows))


def _cells(row):
    return (
        row.unit.name,
        row.get_topic_display(),
        row.get_stage_display(),
        row.get_area_display(),
        row.classes,
        row.girls,
        row.boys,
        _("是") if row.priority else _("否"),
        row.get_state_display(),
        row.day.isoformat() if row.day else "",
        row.girls_came if row.girls_came is not None else "",
        row.boys_came if row.boys_came is not None else "",
        row.half_hours / 2 if row.half_hours else "",
    )
