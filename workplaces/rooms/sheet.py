"""Mothers' rooms as an Excel workbook."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.spreadsheets import list_book
from kernel.words import clauses

COLUMNS = (
    (gettext_lazy("爱心妈咪小屋"), 28),
    (gettext_lazy("单位"), 28),
    (gettext_lazy("地址"), 36),
    (gettext_lazy("公开电话"), 16),
    (gettext_lazy("每周开放时间"), 36),
    (gettext_lazy("对外开放"), 10),
    (gettext_lazy("状态"), 14),
    (gettext_lazy("等级"), 12),
    (gettext_lazy("核查日期"), 12),
)


def rooms(rows, day):
    """Return the workbook's bytes; a tier that ran out by a day is not written."""
    columns = [(str(words), width) for words, width in COLUMNS]
    return list_book(_("爱心妈咪小屋"), columns, (_cells(row, day) for row in rows))


def _cells(room, day):
    tier = room.tier_on(day)
    return (
        room.place.name,
        room.unit.name,
        room.place.address,
        room.place.phone,
        clauses(room.place.week_lines),
        _("是") if room.is_public else _("否"),
        room.get_state_display(),
        tier.label if tier else "",
        room.checked_on.isoformat() if room.checked_on else "",
    )
