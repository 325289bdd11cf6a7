"""What the versions of a rule said: an award of old is explained by the rule of its day."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from care_points.models import EarningRule, RuleUnit
from kernel.words import clauses


def said(transfers):
    """Return {(rule's key, version): what it said} of the versions these transfers name. One query, none without any."""
    named = {(t.rule_id, t.rule_version) for t in transfers if t.rule_id}
    if not named:
        return {}
    rules, numbers = zip(*named, strict=True)
    # Newest first: of several rows of one version the first one written stays.
    rows = EarningRule.history.filter(id__in=rules, version__in=numbers).order_by("-history_id")
    return {(row.id, row.version): sentence(row) for row in rows}


def sentence(rule):
    """Return a version of a rule in one line: 规则第 2 版：每次 10 分；每年最多 120 分；36 个月内有效."""
    text = _("规则第 %(version)s 版：%(terms)s")
    return text % {"version": rule.version, "terms": clauses(terms(rule))}


def terms(rule):
    """Return what a rule gives, how much at most and for how long, each as a few words."""
    hourly = rule.unit == RuleUnit.HOUR
    each = (
        ngettext("每小时 %(points)s 分", "每小时 %(points)s 分", rule.points)
        if hourly
        else ngettext("每次 %(points)s 分", "每次 %(points)s 分", rule.points)
    )
    return [each % {"points": rule.points}, *caps(rule), validity(rule)]


def caps(rule):
    """Return the caps of a rule in words, the shortest time first."""
    said_of = (
        (rule.daily_cap, _("每天最多 %(cap)s 分")),
        (rule.monthly_cap, _("每月最多 %(cap)s 分")),
        (rule.yearly_cap, _("每年最多 %(cap)s 分")),
    )
    return [words % {"cap": cap} for cap, words in said_of if cap]


def validity(rule):
    """Return how long a rule's points count, in words."""
    if not rule.valid_months:
        return _("长期有效")
    words = ngettext("%(months)s 个月内有效", "%(months)s 个月内有效", rule.valid_months)
    return words % {"months": rule.valid_months}
