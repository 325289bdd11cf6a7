"""Staff keep what the law gives: entered, ended by date, compared with its source.

`by` is a User or None (the system), `now` an aware datetime. Changing nothing records nothing.
"""

from django.db import connection, transaction
from django.utils import timezone

from kernel import rights
from kernel.errors import raise_if
from privacy import audit, changing
from workplaces.periods import rules
from workplaces.periods.models import PeriodRule

RULE_FIELDS = (
    "period",
    "right",
    "amount",
    "amount_most",
    "measure",
    "words",
    "words_en",
    "law",
    "article",
    "link",
    "valid_from",
    "valid_until",
)
LOCK = 0x706572696F647300  # pg_advisory_xact_lock: "periods"
# What its source says; the English is ours.
OF_THE_SOURCE = frozenset(RULE_FIELDS) - {"words_en", "period"}


@transaction.atomic
def save_rule(*, rule, by, now, **fields):
    """Add (`rule=None`) or change a PeriodRule; returns it. What its source says is compared anew after a change.

    Raises Refused, Invalid, Conflict("rule_there").
    """
    verb = changing.verb("periodrule", rule)
    rights.require(by, f"workplaces.{verb}")
    with connection.cursor() as cursor:  # two who enter the same: the second is told
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    row, changed = changing.fill(PeriodRule, rule, fields, RULE_FIELDS)
    raise_if(
        rules.why_not_days(row.valid_from, row.valid_until)
        or rules.why_not_amount(row.right, row.amount, row.amount_most, row.measure)
        or rules.why_not_twice(row.right, row.valid_from, row.valid_until, rule)
    )
    if OF_THE_SOURCE & set(changed):
        row.checked_on = None
    if changed:
        row.save()
    changing.record(f"workplaces.{verb}", row, changed, by=by, at=now)
    return row


@transaction.atomic
def check_rule(*, rule, by, now):
    """Note that `by` has compared a rule with its source today; returns it. Raises Refused, Conflict("rule_over")."""
    rights.require(by, "workplaces.change_periodrule")
    rule, today = PeriodRule.objects.select_for_update().get(pk=rule.pk), timezone.localdate(now)
    raise_if(rules.why_not_check(rule, today))
    rule.checked_on = today
    rule.save(update_fields=["checked_on"])
    audit.record("workplaces.check_periodrule", rule, by=by, at=now)
    return rule
