"""Nurseries as an Excel workbook: a row for each class."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.spreadsheets import list_book
from workplaces.childcare.shown import free_words

COLUMNS = (
    (gettext_lazy("托育机构"), 28),
    (gettext_lazy("单位"), 28),
    (gettext_lazy("所在街道"), 14),
    (gettext_lazy("地址"), 36),
    (gettext_lazy("公开的电话"), 16),
    (gettext_lazy("备案编号"), 20),
    (gettext_lazy("有补贴（普惠）"), 14),
    (gettext_lazy("确认日期"), 12),
    (gettext_lazy("班级名称"), 14),
    (gettext_lazy("班型"), 24),
    (gettext_lazy("班额"), 8),
    (gettext_lazy("保育人员"), 10),
    (gettext_lazy("每月费用（元）"), 14),
    (gettext_lazy("空余托位"), 24),
)


def nurseries(rows, day):
    """Return the workbook's bytes."""
    columns = [(str(words), width) for words, width in COLUMNS]
    return list_book(_("托育机构"), columns, (line for row in rows for line in _lines(row, day)))


def _lines(nursery, day):
    own = (
        nursery.name,
        nursery.unit.name,
        nursery.district,
        nursery.address,
        nursery.phone,
        nursery.registration,
        _("是") if nursery.subsidised else _("否"),
        nursery.confirmed_on.isoformat(),
    )
    standing = [klass for klass in nursery.classes.all() if klass.ended_at is None]
    for klass in standing:
        yield (
            *own,
            klass.name,
            klass.get_band_display(),
            klass.capacity,
            klass.carers,
            klass.price,
            free_words(klass, day),
        )
    if not standing:
        yield (*own, "", "", "", "", "", "")
