"""Staff keep the standard classes are held to: entered, ended by date, compared with its document.

`by` is a User or None (the system), `now` an aware datetime. Changing nothing records nothing.
"""

from django.db import connection, transaction
from django.utils import timezone

from kernel import rights
from kernel.errors import raise_if
from privacy import audit, changing
from workplaces.childcare import rules
from workplaces.childcare.models import NurseryRule

RULE_FIELDS = (
    "band",
    "most",
    "per_carer",
    "valid_from",
    "valid_until",
    "source",
    "article",
    "link",
)
LOCK = 0x6E75727365727900  # pg_advisory_xact_lock: "nursery"


@transaction.atomic
def save_nursery_rule(*, rule, by, now, **fields):
    """Add (`rule=None`) or change a NurseryRule; returns it. After a change it is to be compared anew.

    Classes that stand are left as they are: the standard is asked when one is saved. Raises Refused, Invalid, Conflict.
    """
    verb = changing.verb("nurseryrule", rule)
    rights.require(by, f"workplaces.{verb}")
    with connection.cursor() as cursor:  # two who enter the same: the second is told
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    row, changed = changing.fill(NurseryRule, rule, fields, RULE_FIELDS)
    raise_if(
        rules.why_not_rule_days(row.valid_from, row.valid_until)
        or rules.why_not_rule_twice(row.band, row.valid_from, row.valid_until, rule)
    )
    if changed:
        row.checked_on = None
        row.save()
    changing.record(f"workplaces.{verb}", row, changed, by=by, at=now)
    return row


@transaction.atomic
def check_nursery_rule(*, rule, by, now):
    """Note that `by` has compared a standard with its document today; returns it. Raises Refused, Conflict."""
    rights.require(by, "workplaces.change_nurseryrule")
    rule, today = NurseryRule.objects.select_for_update().get(pk=rule.pk), timezone.localdate(now)
    raise_if(rules.why_not_check_rule(rule, today))
    rule.checked_on = today
    rule.save(update_fields=["checked_on"])
    audit.record("workplaces.check_nurseryrule", rule, by=by, at=now)
    return rule
