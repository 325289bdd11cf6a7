"""What may be done with banks, their papers, products and versions of terms: None, or the sentence that says why not."""

from django.utils.translation import gettext as _

from accounts.models import UnitKind
from entrepreneurship.finance.models import BankPaper, FinanceProduct, FinanceTerms, PaperKind
from kernel import rights
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import day_text

KEEPS = "entrepreneurship.change_financebank"


def why_not_keep(by):
    """Return why `by` does not keep banks and products (Refused), else None."""
    if rights.may(by, KEEPS):
        return None
    return Refused("not_allowed", _("只有金融专员可以维护银行和产品。"))


def why_not_bank(unit):
    """Return why a unit cannot take part as a bank (Invalid), else None."""
    if unit.kind == UnitKind.BANK:
        return None
    sentence = _("这个单位的类型不是银行，请先在“单位”里核对类型。")
    return Invalid("not_a_bank", sentence, field="unit")


def why_not_days(first, last):
    """Return why a span of dates cannot stand (Invalid), else None: its last day lies before its first."""
    if first <= last:
        return None
    return Invalid("days_reversed", _("结束日早于开始日，请核对两个日期。"), field="valid_until")


def why_not_beside(product, first, last, terms=None):
    """Return why a version from `first` to `last` cannot stand beside a product's others (Conflict), else None."""
    others = FinanceTerms.objects.filter(
        product=product, valid_from__lte=last, valid_until__gte=first
    )
    other = others.exclude(pk=terms and terms.pk).order_by("valid_from").first()
    if other is None:
        return None
    sentence = _(
        "第 %(number)s 版的有效期是 %(from)s 至 %(to)s，与填写的日期重叠。请先让它提前结束，或改日期。"
    )
    values = {
        "number": other.number,
        "from": day_text(other.valid_from),
        "to": day_text(other.valid_until),
    }
    return Conflict("terms_overlap", sentence % values, field="valid_from")


def is_used(terms):
    """Tell whether somebody was introduced under a version: what it says does not change any more."""
    return terms.referrals.exists()


def why_not_change_terms(terms, by=None):
    """Return why what a version says cannot be changed (Conflict), else None."""
    if not is_used(terms):
        return None
    sentence = _("已有人按这一版对接，内容不能再改。条件变了，请让这一版提前结束，再新增一版。")
    return Conflict("terms_used", sentence)


def why_not_end_terms(terms, day, by=None):
    """Return why a version cannot end earlier (Conflict), else None: it has ended."""
    if terms.valid_until >= day:
        return None
    return Conflict("terms_ended", _("这一版已经结束，不用再处理。"))


def why_not_verify_terms(terms, day, by=None):
    """Return why a version cannot be verified (Conflict), else None: it has ended, or it was verified today."""
    if terms.valid_until < day:
        return Conflict("terms_ended", _("这一版已经结束；银行还在办理的，请新增一版。"))
    return None


def why_not_withdraw_paper(paper, by=None):
    """Return why a paper cannot be withdrawn (Conflict), else None: it is already."""
    if paper.withdrawn_at is None:
        return None
    return Conflict("paper_withdrawn", _("这份文件已经作废。"))


def why_not_show(product, day):
    """Return why a product is not on the public pages on a date, in the words staff read, else None."""
    if not product.in_use:
        return Conflict("product_paused", _("产品已标为停办。"))
    papers = BankPaper.objects.in_force(day).filter(bank=product.bank_id)
    if not papers.filter(kind=PaperKind.AGREEMENT).exists():
        return Conflict("no_agreement", _("没有登记有效期内的合作协议。"))
    if FinanceProduct.objects.open_on(day).filter(pk=product.pk).exists():
        return None
    holding = FinanceTerms.objects.filter(
        product=product, valid_from__lte=day, valid_until__gte=day
    )
    if holding.exists():
        return Conflict("terms_unverified", _("现行条件超过 180 天没有核实。"))
    return Conflict("no_terms", _("没有正在有效期内的条件。"))
