"""Points are earned by rule, taken back, and run out."""

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from care_points import ledger, letters
from care_points.models import (
    AccountKind,
    EarningRule,
    Entry,
    PointsAccount,
    RuleUnit,
    Transfer,
    TransferKind,
)
from kernel import days
from kernel.errors import Invalid
from privacy import audit


@transaction.atomic
def earn(*, rule_code, talent, source, by, now, half_hours=None, about=""):
    """Give `talent` the points of the rule `rule_code`, once for `source` ("checkin:17").

    `half_hours` is needed by rules counted per hour (fractions of a point are dropped). `about` is
    words for her statement (an event's title); leave it empty where the subject is sensitive.
    Returns the Transfer; the first one when `source` was paid before; None when no active rule
    matches or her yearly cap is reached. Measure 9.
    """
    account = ledger.lock_account(talent)
    if paid := Transfer.objects.filter(source=source).first():
        return paid
    rule = EarningRule.objects.active(timezone.localdate(now)).filter(code=rule_code).first()
    if rule is None:
        return None
    points = rule.points
    if rule.unit == RuleUnit.HOUR:
        points = rule.points * (half_hours or 0) // 2
    points = min(points, _left_under_cap(rule, account, now))
    if points <= 0:
        return None
    until = days.end_of_day(now, months=rule.valid_months) if rule.valid_months else None
    transfer = ledger.post(
        kind=TransferKind.EARNED,
        source=source,
        moves=[(PointsAccount.objects.system(AccountKind.ISSUANCE), -points), (account, points)],
        rule=rule,
        about=about,
        valid_until=until,
        by=by,
        at=now,
    )
    audit.record("care_points.earn", transfer, by=by, at=now, rule=rule.code, points=points)
    letters.send(letters.earned(transfer, talent, points), now, new=True)
    return transfer


def _left_under_cap(rule, account, now):
    """Return how many points the rule may still give the account this year."""
    if rule.yearly_cap is None:
        return rule.points * 1000
    this_year = days.within("transfer__at", *days.year_bounds(now))
    given = Entry.objects.filter(account=account, transfer__rule=rule, **this_year)
    given = given.aggregate(points=Sum("amount"))["points"]
    return rule.yearly_cap - (given or 0)


@transaction.atomic
def reverse(*, transfer, reason, by, now):
    """Take back an earning that should not have been (a revoked record), once; returns the Transfer.

    She never owes points: where she has already spent them, her balance falls to zero and the
    programme bears the rest on its adjustment account.
    """
    if transfer.kind != TransferKind.EARNED:
        raise Invalid("not_an_earning", _("只能撤销“获得”类的积分；兑换请走取消流程。"))
    entry = transfer.entries.select_related("account__talent").get(account__kind=AccountKind.TALENT)
    account = ledger.lock_account(entry.account.talent)
    if existing := Transfer.objects.filter(reverses=transfer).first():
        return existing
    taken = min(entry.amount, account.balance)
    undone = ledger.post(
        kind=TransferKind.REVERSED,
        source=f"reversal:{transfer.pk}",
        moves=[
            (PointsAccount.objects.system(AccountKind.ISSUANCE), entry.amount),
            (account, -taken),
            (PointsAccount.objects.system(AccountKind.ADJUSTMENT), taken - entry.amount),
        ],
        reverses=transfer,
        rule=transfer.rule,
        about=reason,
        by=by,
        at=now,
    )
    audit.record("care_points.reverse", undone, by=by, at=now, reason=reason, points=taken)
    return undone


@transaction.atomic
def expire_points(*, account, now):
    """Take what has run out of validity and was not spent; returns the Transfer or None.

    What she spends counts against what expires soonest, so only points nobody could say were spent
    are ever taken; points given back keep the validity they had.
    """
    account = ledger.lock_account(account.talent)
    run_out = Entry.objects.filter(
        account=account, transfer__kind=TransferKind.EARNED, transfer__valid_until__lt=now
    ).aggregate(points=Sum("amount"))["points"]
    used = Entry.objects.filter(account=account).exclude(transfer__kind=TransferKind.EARNED)
    used = -(used.aggregate(points=Sum("amount"))["points"] or 0)
    points = min((run_out or 0) - used, account.balance)
    if points <= 0:
        return None
    transfer = ledger.post(
        kind=TransferKind.EXPIRED,
        source=f"expiry:{account.pk}:{timezone.localdate(now):%Y%m%d}",
        moves=[(account, -points), (PointsAccount.objects.system(AccountKind.EXPIRED), points)],
        by=None,
        at=now,
    )
    audit.record("care_points.expire_points", transfer, by=None, at=now, points=points)
    return transfer
