"""What may be done with rules, and why not."""

from django.utils.translation import gettext as _

from kernel.errors import Conflict, Invalid
from workplaces.periods.models import PeriodRule, Right

# The calculator adds these up: in another measure, or with none, it would count wrongly.
COUNTED = {
    Right.MATERNITY: "days",
    Right.BEFORE_BIRTH: "days",
    Right.DIFFICULT: "days",
    Right.EACH_FURTHER: "days",
    Right.CITY_EXTRA: "days",
    Right.LOSS_EARLY: "days",
    Right.LOSS_LATE: "days",
    Right.FATHER: "days",
    Right.CHILDCARE: "days_a_year",
    Right.NURSING_TIME: "minutes_a_day",
    Right.NURSING_FURTHER: "minutes_a_day",
    Right.PREGNANT_NIGHTS: "months_pregnant",
}
FULL_TERM = 10  # months of 28 days


def why_not_days(valid_from, valid_until):
    """Say that a rule would end before it begins."""
    if valid_until is None or valid_until >= valid_from:
        return None
    return Invalid("days_backwards", _("失效日期不能早于施行日期。"), field="valid_until")


def why_not_amount(right, amount, amount_most, measure):
    """Say that an amount is missing, not in what the calculator counts by, or no range."""
    asked = COUNTED.get(right, "")
    if asked and amount is None:
        return Invalid("amount_missing", _("这一项要填数量，计算器会用到。"), field="amount")
    if asked and measure != asked:
        return Invalid("measure_wrong", _("单位与这一项不符，请重新选择。"), field="measure")
    if (amount is None) != (measure == ""):
        return Invalid("measure_missing", _("数量和单位要一起填。"), field="measure")
    if amount_most is not None and (amount is None or amount_most <= amount):
        return Invalid("most_too_little", _("“最多”要大于数量。"), field="amount_most")
    if right == Right.PREGNANT_NIGHTS and amount >= FULL_TERM:
        return Invalid("months_too_many", _("月数要小于 10。"), field="amount")
    return None


def why_not_twice(right, valid_from, valid_until, rule=None):
    """Say that another row says the same thing of some of these days."""
    rows = PeriodRule.objects.filter(right=right).exclude(pk=rule and rule.pk)
    if valid_until:
        rows = rows.filter(valid_from__lte=valid_until)
    there = rows.on_or_after(valid_from).first()
    if there is None:
        return None
    sentence = _("这段时间已有一条同样内容的规定，请先给那一条填失效日期。")
    return Conflict("rule_there", sentence, field="valid_from")


def why_not_check(rule, today):
    """Say that a rule is not in force any more: there is nothing left to compare."""
    if rule.valid_until is None or rule.valid_until >= today:
        return None
    return Conflict("rule_over", _("这条规定已经失效，不用再核对。"))
