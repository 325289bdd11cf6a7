"""Her calculator: from the day of birth and the rules in force on it to leave, hours and nights. It reads nothing else and keeps nothing."""

from dataclasses import dataclass
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.words import record_day_text
from workplaces.periods.models import PeriodRule, Right
from workplaces.periods.rules import FULL_TERM

MONTH = timedelta(days=28)  # of a pregnancy
CHILDCARE_YEARS = 6


@dataclass(frozen=True)
class Line:
    """One line of the answer: what, how much, and the rules it follows from."""

    what: str
    says: str
    rules: tuple


def rules_on(day):
    """Return {right: PeriodRule} of what is in force on a day."""
    return {rule.right: rule for rule in PeriodRule.objects.on(day)}


def leave_days(found, *, babies, difficult):
    """Return how many days of leave a birth gives, and the rules that give them."""
    given = [(Right.MATERNITY, 1), (Right.DIFFICULT, difficult), (Right.EACH_FURTHER, babies - 1)]
    given = [(found.get(right), times) for right, times in (*given, (Right.CITY_EXTRA, 1))]
    given = [(rule, times) for rule, times in given if rule and times]
    return sum(rule.amount * times for rule, times in given), tuple(rule for rule, times in given)


def after_birth(found, *, day, babies, difficult, before):
    """Return the Lines of a birth on `day`; `before` days of the leave are taken before it."""
    lines = [
        _leave(found, day, babies, difficult, before),
        _nursing(found, day, babies),
        _nights(found, day),
        _checkups(found),
        _father(found),
        _childcare(found, day),
        _no_loss(found),
    ]
    return [line for line in lines if line]


def after_loss(found, *, day, late):
    """Return the Lines of a pregnancy that ended early on `day`, four months of it over (`late`) or not."""
    rule = found.get(Right.LOSS_LATE if late else Right.LOSS_EARLY)
    lines = [
        rule and Line(_("产假"), _span_words(day, rule.amount), (rule,)),
        _no_loss(found),
    ]
    return [line for line in lines if line]


def _leave(found, day, babies, difficult, before):
    total, rules = leave_days(found, babies=babies, difficult=difficult)
    if Right.MATERNITY not in found:
        return None
    return Line(_("产假"), _span_words(day - timedelta(days=before), total), rules)


def _span_words(first, count):
    words = ngettext(
        "%(count)s 天：从 %(first)s 到 %(last)s", "%(count)s 天：从 %(first)s 到 %(last)s", count
    )
    last = first + timedelta(days=count - 1)
    return words % {"count": count, "first": record_day_text(first), "last": record_day_text(last)}


def _first_birthday(day):
    return day + relativedelta(years=1)


def _nursing(found, day, babies):
    if not (rule := found.get(Right.NURSING_TIME)):
        return None
    further = found.get(Right.NURSING_FURTHER) if babies > 1 else None
    minutes = rule.amount + (further.amount * (babies - 1) if further else 0)
    words = _("每个工作日 %(minutes)s 分钟，到 %(last)s（孩子满一周岁的前一天）") % {
        "minutes": minutes,
        "last": record_day_text(_first_birthday(day) - timedelta(days=1)),
    }
    return Line(_("哺乳时间"), words, (rule, further) if further else (rule,))


def _nights(found, day):
    pregnant, nursing = found.get(Right.PREGNANT_NIGHTS), found.get(Right.NURSING_NIGHTS)
    if not (pregnant and nursing):
        return None
    words = _("从 %(first)s 前后（怀孕满 %(months)s 个月）到 %(last)s") % {
        "first": record_day_text(day - (FULL_TERM - pregnant.amount) * MONTH),
        "months": pregnant.amount,
        "last": record_day_text(_first_birthday(day) - timedelta(days=1)),
    }
    return Line(_("不加班、不上夜班"), words, (pregnant, nursing))


def _checkups(found):
    rule = found.get(Right.CHECKUPS)
    return rule and Line(_("产前检查"), _("上班时间去检查，算工作时间"), (rule,))


def _father(found):
    rule = found.get(Right.FATHER)
    words = ngettext("%(count)s 天", "%(count)s 天", rule.amount) if rule else ""
    return rule and Line(_("配偶护理假"), words % {"count": rule.amount}, (rule,))


def _childcare(found, day):
    if not (rule := found.get(Right.CHILDCARE)):
        return None
    last = day + relativedelta(years=CHILDCARE_YEARS) - timedelta(days=1)
    given = {"least": rule.amount, "most": rule.amount_most, "last": record_day_text(last)}
    if rule.amount_most:
        words = _("父母各自每年 %(least)s 至 %(most)s 天，到 %(last)s（孩子满六周岁的前一天）")
    else:
        words = _("父母各自每年 %(least)s 天，到 %(last)s（孩子满六周岁的前一天）")
    return Line(_("育儿假"), words % given, (rule,))


def _no_loss(found):
    rule = found.get(Right.NO_LOSS)
    words = _("这些时间里不能因此降低工资、辞退或解除合同")
    return rule and Line(_("工资和合同"), words, (rule,))
