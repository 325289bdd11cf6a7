"""Flexible work as an Excel workbook: a row for each offer."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from kernel.spreadsheets import list_book
from workplaces.flexible import shown

COLUMNS = (
    (gettext_lazy("单位"), 28),
    (gettext_lazy("种类"), 24),
    (gettext_lazy("哪些岗位"), 36),
    (gettext_lazy("学科"), 20),
    (gettext_lazy("几个岗位"), 14),
    (gettext_lazy("工资"), 16),
    (gettext_lazy("工资说明"), 28),
    (gettext_lazy("工作量"), 28),
    (gettext_lazy("谁可以申请"), 28),
    (gettext_lazy("开始日"), 12),
    (gettext_lazy("结束日"), 12),
    (gettext_lazy("所在街道"), 14),
    (gettext_lazy("地点"), 28),
    (gettext_lazy("问谁"), 18),
    (gettext_lazy("公开的电话"), 16),
    (gettext_lazy("确认日期"), 12),
    (gettext_lazy("状态"), 28),
    (gettext_lazy("撤下理由"), 28),
)


def offers(rows, day):
    """Return the workbook's bytes."""
    columns = [(str(words), width) for words, width in COLUMNS]
    return list_book(pgettext("many", "弹性工作"), columns, (_line(row, day) for row in rows))


def _line(offer, day):
    return (
        offer.unit.name,
        offer.get_kind_display(),
        offer.posts,
        shown.field_words(offer),
        shown.posts_words(offer),
        offer.get_pay_display(),
        offer.pay_words,
        offer.workload,
        shown.age_words(offer),
        offer.valid_from.isoformat(),
        offer.valid_until.isoformat() if offer.valid_until else _("长期"),
        offer.district,
        offer.place,
        offer.ask,
        offer.phone,
        offer.confirmed_on.isoformat(),
        shown.state_words(offer, day),
        offer.withdrawn_reason,
    )
