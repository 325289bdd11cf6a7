"""What a bank counts by itself for a quarter, without names."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from entrepreneurship.finance import referrals_rules as rules
from entrepreneurship.finance.models import BankTotal, FinanceBank
from kernel import rights
from kernel.days import months_after
from kernel.errors import Invalid, Refused
from privacy import audit

COUNTS = ("received", "approved", "disbursed")
MOST = 1_000_000  # of one bank in one quarter


def why_not_enter(bank, by):
    """Return why `by` may not enter what a bank counts (Refused), else None: its contact and the officer do."""
    if rights.may(by, rules.CORRECTS):
        return None
    if FinanceBank.objects.answered_by(by).filter(pk=bank.pk).exists():
        return None
    return Refused("not_your_bank", _("只有银行联系人或金融专员可以填报。"))


def why_not_quarter(quarter, at):
    """Return why a quarter (a date) cannot be told (Invalid), else None: no quarter's first day, or not over."""
    if quarter.day != 1 or quarter.month not in (1, 4, 7, 10):
        return Invalid("quarter_unknown", _("季度请填第一天，如 2026-07-01。"), field="quarter")
    if months_after(quarter, 3) > timezone.localdate(at):
        return Invalid("quarter_runs", _("这个季度还没有结束。"), field="quarter")
    return None


def _why_not_counts(values):
    if any(values[name] < 0 for name in COUNTS):
        return Invalid("count_negative", _("数目不能小于 0。"), field="received")
    if any(values[name] > MOST for name in COUNTS):
        sentence = _("数目太大，请核对。")
        return Invalid("count_too_big", sentence, field="received")
    if not values["disbursed"] <= values["approved"] <= values["received"]:
        sentence = _("批准数不能多于收到数，放款数不能多于批准数。")
        return Invalid("counts_reversed", sentence, field="approved")
    try:
        BankTotal._meta.get_field("amount").clean(values["amount"], None)
    except ValidationError as error:
        return Invalid("amount_invalid", error.messages[0], field="amount")
    if (values["amount"] > 0) != (values["disbursed"] > 0):
        sentence = _("有放款的金额要大于 0，没有放款的金额填 0。")
        return Invalid("amount_unfit", sentence, field="amount")
    return None


@transaction.atomic
def enter_total(*, bank, quarter, values, by, now):
    """Enter or correct what a bank counts for a quarter: received, approved, disbursed, amount; returns the BankTotal.

    `by` None is the bank's program, whose key was asked. Raises Refused, Invalid.
    """
    error = why_not_enter(bank, by) or why_not_quarter(quarter, now) or _why_not_counts(values)
    if error:
        raise error
    bank = FinanceBank.objects.select_for_update().get(pk=bank.pk)
    told = {name: values[name] for name in (*COUNTS, "amount")}
    row = BankTotal.objects.filter(bank=bank, quarter=quarter).first()
    if row and all(getattr(row, name) == value for name, value in told.items()):
        return row
    before = {name: str(getattr(row, name)) for name in told} if row else {}
    row, _new = BankTotal.objects.update_or_create(
        bank=bank, quarter=quarter, defaults=told | {"entered_at": now}
    )
    counts = {name: str(value) for name, value in told.items()}
    if before:
        counts = {name: [before[name], value] for name, value in counts.items()}
    audit.record("entrepreneurship.enter_total", row, by=by, at=now, **counts)
    return row
