"""Places as an Excel workbook."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.spreadsheets import list_book
from kernel.words import clauses, stamp
from places import hours, near

COLUMNS = (
    (gettext_lazy("场所"), 24),
    (gettext_lazy("地址"), 36),
    (gettext_lazy("坐标"), 24),
    (gettext_lazy("公开电话"), 16),
    (gettext_lazy("每周开放时间"), 40),
    (gettext_lazy("节假日休息"), 12),
    (gettext_lazy("无障碍"), 30),
    (gettext_lazy("地图链接"), 30),
    (gettext_lazy("场所开放"), 10),
    (gettext_lazy("最近核实"), 17),
    (gettext_lazy("核实人"), 12),
)


def cells(place):
    """Return the values of a Place below COLUMNS."""
    return (
        place.name,
        place.address,
        near.position_text(place.position),
        place.phone,
        clauses(hours.week_lines(place.weekly)),
        _("是") if place.closed_on_holidays else _("否"),
        clauses([*place.access, place.access_words] if place.access_words else place.access),
        place.map_link,
        _("是") if place.active else _("否"),
        stamp(place.verified_at) if place.verified_at else "",
        str(place.verified_by or ""),
    )


def place_list(rows):
    """Return the workbook's bytes: a row for each Place."""
    columns = [(str(words), width) for words, width in COLUMNS]
    return list_book(_("场所"), columns, (cells(place) for place in rows))
