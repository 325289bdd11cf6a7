"""Lists of finance as workbooks."""

from django.utils.translation import gettext as _

from kernel.spreadsheets import list_book
from kernel.words import listed


def product_list(rows):
    """Return the workbook's bytes: a row for each (FinanceProduct, FinanceTerms of today or None)."""
    columns = (
        (_("产品名称"), 28),
        (_("银行"), 28),
        (_("贷款方式"), 16),
        (_("用途"), 30),
        (_("最高额度（万元）"), 16),
        (_("年利率（%）"), 12),
        (_("贴息"), 24),
        (_("结束日"), 14),
        (_("核实日期"), 14),
        (_("正在办理"), 10),
    )
    return list_book(_("金融产品"), columns, (_product(*row) for row in rows))


def _product(product, terms):
    said = (terms.limit, terms.rate, terms.subsidy, terms.valid_until, terms.verified_on)
    return (
        product.name,
        product.bank.unit.name,
        product.get_kind_display(),
        listed(product.purpose_words),
        *(said if terms else (None, None, "", None, None)),
        _("是") if product.in_use else _("否"),
    )


def referral_list(rows):
    """Return the workbook's bytes: a row for each Referral; nobody's name is in it."""
    columns = (
        (_("引见码"), 12),
        (_("银行"), 28),
        (_("产品"), 28),
        (_("产品条件"), 10),
        (_("用途"), 14),
        (_("方式"), 16),
        (_("状态"), 14),
        (_("引见日期"), 14),
        (_("收到日期"), 14),
        (_("批准日期"), 14),
        (_("放款日期"), 14),
        (_("未批准的原因"), 24),
        (_("金额档"), 18),
        (_("银行最晚答复日"), 14),
    )
    return list_book(_("金融对接"), columns, map(_referral, rows))


def _referral(one):
    return (
        one.code,
        one.bank.unit.name,
        one.product.name,
        one.terms.number,
        one.get_purpose_display(),
        one.get_way_display(),
        one.get_state_display(),
        one.introduced_on,
        one.received_on,
        one.approved_on,
        one.disbursed_on,
        one.get_reason_display(),
        one.get_band_display(),
        one.due_on,
    )
