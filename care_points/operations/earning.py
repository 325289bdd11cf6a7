"""Points are earned by rule, taken back, and run out."""

from django.db import transaction
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from care_points import ledger, letters, lots
from care_points.models import (
    CAPS,
    AccountKind,
    EarningRule,
    Entry,
    PointsAccount,
    RuleUnit,
    Transfer,
    TransferKind,
)
from care_points.sources import source
from kernel import days
from kernel.errors import Invalid, Refused
from privacy import audit


def _require_giver(rule_code, by):
    """Refuse unless `by` (None: the system) holds the right that is declared for the rule."""
    declared = source(rule_code)
    right = declared.right if declared else None
    if by is not None and not (right and by.has_perm(right)):
        raise Refused("not_allowed", _("您没有发放或收回这类积分的权限，请联系积分管理员。"))


@transaction.atomic
def earn(*, rule_code, talent, key, by, now, about=""):
    """Give `talent` the points of the rule `rule_code`, once for `key` ("checkin:17:1").

    For operations of the apps above. `by` needs the right their app declares for the rule
    (care_points.sources); whether this event is hers to act on, the calling operation has decided
    before. `about` is text for the statement (an event's title); leave it empty where the subject is
    sensitive. Returns the Transfer; the first one when `key` was paid before; None when no active rule
    matches or one of its caps is reached. Raises Refused("not_allowed"). Measure 9.
    """
    _require_giver(rule_code, by)
    return give(rule_code=rule_code, talent=talent, key=key, by=by, now=now, about=about)


def give(*, rule_code, talent, key, by, now, about="", hours=None):
    """Write what `earn` describes. For operations of this app that have decided that `by` may.

    `hours` (ServiceHours) are what a rule counted per hour multiplies; fractions of a point are dropped.
    """
    account = ledger.lock_account(talent)
    rule = EarningRule.objects.active(timezone.localdate(now)).filter(code=rule_code).first()
    points = _points(rule, account, hours, now) if rule else 0
    transfer = _earned(rule, account, points, key, by, now, about, hours) if points > 0 else None
    if transfer is None:
        return Transfer.objects.filter(key=key).first()
    audit.record("care_points.earn", transfer, by=by, at=now, rule=rule.code, points=points)
    letters.send(letters.earned(transfer, talent, points), now)
    return transfer


def _earned(rule, account, points, key, by, now, about, hours):
    """Write the transfer; returns None where `key` was paid before."""
    valid_until = days.end_of_day(now, months=rule.valid_months) if rule.valid_months else None
    return ledger.post_once(
        kind=TransferKind.EARNED,
        key=key,
        moves=[(PointsAccount.objects.system(AccountKind.ISSUANCE), -points), (account, points)],
        rule=rule,
        rule_version=rule.version,
        hours=hours,
        about=about,
        valid_until=valid_until,
        by=by,
        at=now,
    )


def _points(rule, account, hours, now):
    """Return what the rule gives, up to what its caps leave."""
    points = rule.points
    if rule.unit == RuleUnit.HOUR:
        points = rule.points * (hours.half_hours if hours else 0) // 2
    return min([points, *_left(rule, account, now)])


PERIODS = {
    "daily_cap": lambda now: (days.midnight(now), days.midnight(now) + days.DAY),
    "monthly_cap": lambda now: days.month_bounds(days.month_of(now)),
    "yearly_cap": days.year_bounds,
}


def _left(rule, account, now):
    """Return what each cap of the rule leaves her at the moment `now`. One query; none where it has no cap.

    What was taken back counts on the day it was earned: a reversal today makes no room today.
    """
    caps = {name: cap for name in CAPS if (cap := getattr(rule, name)) is not None}
    if not caps:
        return []
    entries = Entry.objects.filter(account=account, transfer__rule=rule).annotate(
        earned_at=Coalesce("transfer__reverses__at", "transfer__at")
    )
    given = entries.aggregate(
        **{
            name: Sum(
                "amount", filter=Q(**days.within("earned_at", *PERIODS[name](now))), default=0
            )
            for name in caps
        }
    )
    return [cap - given[name] for name, cap in caps.items()]


@transaction.atomic
def reverse(*, transfer, by, now, reason=""):
    """Take back an earning that should not have been, once; returns the reversing Transfer.

    `by` needs the right that is declared for the rule, as in `earn`. `reason` is text typed by staff,
    which she reads; without one the statement says what the app declares for an undoing. She never
    owes points: where she has already spent them, her balance falls to zero and the programme bears
    the rest on its adjustment account. Raises Refused("not_allowed"), Invalid("not_an_earning").
    """
    _require_giver(transfer.rule.code if transfer.rule else "", by)
    return take_back(transfer=transfer, by=by, now=now, reason=reason)


# Where points of a kind came from, and go back to.
ORIGIN = {
    TransferKind.EARNED: AccountKind.ISSUANCE,
    TransferKind.ADJUSTED: AccountKind.CORRECTION,
}


def take_back(*, transfer, by, now, reason, request=None):
    """Write what `reverse` describes. For operations of this app that have decided that `by` may.

    A correction that gave points is taken back in the same way; `request` is the JointAction that asked for it.
    """
    if transfer.kind not in ORIGIN:
        raise Invalid("not_an_earning", _("只能撤销“获得”类的积分；兑换请走取消流程。"))
    entry = transfer.entries.select_related("account__talent").get(account__kind=AccountKind.TALENT)
    account = ledger.lock_account(entry.account.talent)
    if existing := Transfer.objects.filter(reverses=transfer).first():
        return existing
    taken = min(entry.amount, account.balance)
    undone = ledger.post(
        kind=TransferKind.REVERSED,
        key=f"reversal:{transfer.pk}",
        moves=[
            (PointsAccount.objects.system(ORIGIN[transfer.kind]), entry.amount),
            (account, -taken),
            (PointsAccount.objects.system(AccountKind.ADJUSTMENT), taken - entry.amount),
        ],
        reverses=transfer,
        rule=transfer.rule,
        rule_version=transfer.rule_version,
        request=request,
        about=reason,
        by=by,
        at=now,
    )
    audit.record("care_points.reverse", undone, by=by, at=now, reason=reason, points=taken)
    return undone


@transaction.atomic
def expire_points(*, account, now):
    """Take what has run out of validity and was not spent; returns the Transfer or None.

    What is left of which earning `lots` says: she spends what runs out soonest, a revoked earning is
    no spending. As often as it runs, what has run out is taken once.
    """
    account = ledger.lock_account(account.talent)
    points = lots.overdue(account, now)
    if not points:
        return None
    newest = account.entries.order_by("-pk").values_list("pk", flat=True).first()
    transfer = ledger.post(
        kind=TransferKind.EXPIRED,
        # The newest entry, not the day: points given back in the afternoon may have run out as well.
        key=f"expiry:{account.pk}:{newest}",
        moves=[(account, -points), (PointsAccount.objects.system(AccountKind.EXPIRED), points)],
        by=None,
        at=now,
    )
    audit.record("care_points.expire_points", transfer, by=None, at=now, points=points)
    return transfer
