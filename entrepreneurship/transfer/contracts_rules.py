"""What may be done with a contract, and why not: each rule returns None or the DomainError it raises."""

from datetime import timedelta
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from entrepreneurship.transfer.interests_rules import why_not_day, why_not_mediator
from entrepreneurship.transfer.models import (
    ContractKind,
    ContractState,
    InterestState,
    PriceWay,
)
from kernel.errors import Conflict, Invalid, Refused
from kernel.rights import may
from kernel.words import day_text

KEEP_RIGHT = "entrepreneurship.keep_transfercontract"
# A price that was negotiated is shown in the owner's house: the result's name and the price (law on promoting the
# transfer of results, art. 18), for fifteen days at least (State Council, Guofa [2016] 16, (1) 1). The day it is put up
# does not count (Civil Code, art. 201), so the sixteenth day after it is the first on which one may sign.
NOTICE = timedelta(days=15)
MOST = Decimal(10) ** 12
CENT = Decimal("0.01")


def why_not_keep(contract, by):
    """Say why `by` may not change a contract: its interest's mediator does."""
    return why_not_keep_of(contract.interest, by)


def why_not_keep_of(interest, by):
    """Say why `by` may not enter contracts of an interest."""
    if not may(by, KEEP_RIGHT):
        return Refused("not_allowed", _("您没有这项操作的权限，请联系系统管理员。"))
    return why_not_mediator(interest, by)


def amount(value):
    """Return what was given as an amount as a Decimal; None where it is none."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def why_not_amount(value, *, field="amount"):
    """Say why something is no amount of money: above nothing, in yuan and cents."""
    found = amount(value)
    if found is None or not found.is_finite():
        return Invalid("amount_unknown", _("请用数字填写金额，单位是元。"), field=field)
    if found <= 0:
        return Invalid("amount_zero", _("金额要大于 0。"), field=field)
    if found != found.quantize(CENT) if found < MOST else True:
        return Invalid(
            "amount_cents", _("金额最多到分（两位小数），并且小于一万亿元。"), field=field
        )
    return None


def why_not_enter(interest, values):
    """Say why a contract with these values cannot be entered for an interest."""
    return why_not_together(interest) or why_not_values(values)


def why_not_together(interest):
    """Say that the two of an interest are not, or no more, on their way to a contract."""
    if interest.state in (InterestState.CONFIDENTIAL, InterestState.CONTRACTED):
        return None
    if interest.state == InterestState.ENDED:
        sentence = _("这个意向已经结束；结束登记错了，请先在意向页上撤销。")
        return Conflict("interest_ended", sentence)
    return Conflict("not_confidential", _("双方签了保密协议以后，才能登记合同。"))


def why_not_values(values):
    """Say what is wrong with the values of a contract."""
    if not values["number"]:
        return Invalid("number_missing", _("请填写合同编号。"), field="number")
    if values["kind"] not in ContractKind.values:
        return Invalid("kind_unknown", _("请选择合同类型。"), field="kind")
    if values["price_way"] not in PriceWay.values:
        return Invalid("price_unknown", _("请选择定价方式。"), field="price_way")
    return why_not_amount(values["amount_signed"], field="amount_signed")


def why_not_in(contract, *states):
    """Say that a contract is in none of these states."""
    if contract.state in states:
        return None
    sentence = _("这一步现在不能做：合同现在是“%(state)s”。")
    return Conflict("moved_on", sentence % {"state": contract.get_state_display()})


def why_not_notice(contract, day, now):
    """Say why the public notice of a contract's price cannot be noted."""
    if error := why_not_in(contract, ContractState.PREPARED):
        return error
    if not contract.needs_notice:
        sentence = _("只有国家设立的院所、高校协议定价时要公示。")
        return Conflict("no_notice", sentence)
    return why_not_day(day, now)


def why_not_sign(contract, day, now):
    """Say why a contract cannot have been signed on a day."""
    if error := why_not_in(contract, ContractState.PREPARED) or why_not_together(contract.interest):
        return error
    if contract.needs_notice and contract.notice_ends is None:
        sentence = _("协议定价须先在本单位公示成果名称和拟交易价格，不少于十五日。请先登记公示。")
        return Conflict("notice_missing", sentence)
    if contract.needs_notice and day and day <= contract.notice_ends:
        first = contract.notice_ends + timedelta(days=1)
        sentence = _("公示到 %(until)s 为止，%(first)s 起才能签订。")
        sentence %= {"until": day_text(contract.notice_ends), "first": day_text(first)}
        return Conflict("notice_runs", sentence, field="day")
    return why_not_day(day, now, first=contract.interest.confidential_on)


def why_not_register(contract, registration, value, day, now):
    """Say why a contract cannot be noted as registered."""
    if error := why_not_in(contract, ContractState.SIGNED):
        return error
    if not registration:
        return Invalid("registration_missing", _("请填写登记编号。"), field="registration")
    if error := why_not_amount(value):
        return error
    if amount(value) > contract.amount_signed:
        sentence = _("认定的技术交易额不能超过合同金额。")
        return Invalid("amount_above", sentence, field="amount")
    return why_not_day(day, now, first=contract.signed_on)


def why_not_pay(contract, value, day, now):
    """Say why a payment cannot be entered: nothing signed, no amount, more than was signed."""
    states = (ContractState.SIGNED, ContractState.REGISTERED)
    if error := why_not_in(contract, *states) or why_not_amount(value):
        return error
    if amount(value) > contract.outstanding:
        sentence = _("到账合计会超过合同金额：还差 %(left)s 元。")
        return Invalid("paid_above", sentence % {"left": contract.outstanding}, field="amount")
    return why_not_day(day, now, first=contract.signed_on)


def why_not_take_back(payment):
    """Say why a payment cannot be taken back: it is a correction itself, or was taken back."""
    if payment.takes_back_id or hasattr(payment, "taken_back"):
        return Conflict("taken_back", _("这一笔已经更正过了。"))
    return None


def why_not_unsign(contract):
    """Say why the signing of a contract cannot be undone."""
    if error := why_not_in(contract, ContractState.SIGNED):
        return error
    return why_not_paid(contract)


def why_not_void(contract):
    """Say why a contract cannot be made void."""
    if contract.state == ContractState.VOID:
        return why_not_in(contract)
    return why_not_paid(contract)


def why_not_paid(contract):
    """Say that money stands on a contract: its payments are corrected first."""
    if contract.paid:
        return Conflict("paid", _("合同已有到账，请先更正到账记录。"))
    return None
