"""Her points, vouchers and volunteer hours when two records become one."""

from dataclasses import dataclass
from uuid import uuid4

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from care_points import ledger, lots
from care_points.models import (
    HoursCertificate,
    PointsAccount,
    Redemption,
    RedemptionState,
    ServiceHours,
    Transfer,
    TransferKind,
    UnspentAnswer,
)
from kernel.errors import Conflict
from talents.doubles.moving import Moving, none_of


@dataclass(frozen=True)
class Points(Moving):
    """The account of points: it goes over where the other record has none, else what is left of each earning does."""

    def count(self, talent):
        """Return how many points there are."""
        return PointsAccount.objects.look_up(talent).balance

    def move(self, keep, lose, now):
        """Move the account or its points; returns the transfers, None where the account itself went over."""
        theirs = [self.rows(talent).first() for talent in (keep, lose)]
        if theirs[1] is None:
            return {"ids": [], "newest": 0}
        if theirs[0] is None:
            ledger.lock_account(lose)
            self.rows(lose).update(talent=keep)
            return {"ids": [theirs[1].pk], "newest": theirs[1].pk}
        for talent in sorted((keep, lose), key=lambda talent: talent.pk):
            ledger.lock_account(talent)
        return {"ids": [], "newest": 0, "transfers": _carry_over(*theirs, now)}

    def why_not_back(self, keep, lose, moved):
        """Return that points that came over are spent (Conflict), or None."""
        came = sum(_amounts(moved))
        if came <= PointsAccount.objects.look_up(keep).balance:
            return None
        return Conflict("points_spent", _("合并转入的积分已经用掉，不能撤销。"))

    def back(self, keep, lose, moved, now):
        """Have the account name `lose` again, or carry the points back."""
        if moved["ids"]:
            ledger.lock_account(keep)
            self.rows(keep).filter(pk__in=moved["ids"]).update(talent=lose)
        for pk in moved.get("transfers", ()):
            _carry_back(Transfer.objects.get(pk=pk), now)


def _amounts(moved):
    transfers = Transfer.objects.filter(pk__in=moved.get("transfers", ()))
    return transfers.filter(entries__amount__gt=0).values_list("entries__amount", flat=True)


def _carry_over(kept, lost, now):
    """Post what is left of each earning from one account to the other, with its validity; returns the transfers."""
    made = []
    for lot in lots.lots(lost):
        if lot.left > 0:
            until = None if lot.until == lots.FOR_GOOD else lot.until
            moves = [(lost, -lot.left), (kept, lot.left)]
            made.append(_post(moves, now, valid_until=until).pk)
    return made


def _carry_back(transfer, now):
    moves = [(entry.account, -entry.amount) for entry in transfer.entries.select_related("account")]
    _post(moves, now, reverses=transfer)


def _post(moves, now, **facts):
    return ledger.post(
        kind=TransferKind.MERGED, key=f"merge:{uuid4()}", moves=moves, by=None, at=now, **facts
    )


def _why_not_vouchers(keep, lose):
    """Return that a voucher paid from one account would be given back to another (Conflict), or None."""
    both = PointsAccount.objects.filter(talent__in=(keep, lose)).count() == 2
    unused = Redemption.objects.filter(talent=lose, state=RedemptionState.RESERVED)
    if both and unused.exists():
        sentence = _("要并入的档案还有未使用的兑换码，请先核销或取消，再合并。")
        return Conflict("voucher_open", sentence)
    return None


def _vouchers_stay(keep, lose):
    keys = Redemption.objects.filter(talent=keep).values("idempotency_key")
    twice = Redemption.objects.filter(talent=lose, idempotency_key__in=keys)
    return none_of(list(twice.values_list("pk", flat=True)))


def _answer_stays(keep, lose):
    """She was asked once, whichever of her records answered."""
    if not UnspentAnswer.objects.filter(talent=keep).exists():
        return None
    return none_of(list(UnspentAnswer.objects.filter(talent=lose).values_list("pk", flat=True)))


def _certified_twice(keep, lose):
    """Return certificates of the same days as one of `keep`: what was issued in two names stays with both records."""
    theirs = HoursCertificate.objects.valid().filter(talent=lose)
    days = HoursCertificate.objects.valid().filter(
        talent=keep, from_on=OuterRef("from_on"), until_on=OuterRef("until_on")
    )
    return none_of(list(theirs.filter(Exists(days)).values_list("pk", flat=True)))


def _why_not_hours(keep, lose):
    """Return that one woman would have been in two places (Conflict), or None."""
    standing = ServiceHours.objects.standing()
    for hours in standing.filter(talent=lose):
        overlap = Q(starts_at__lt=hours.ends_at, ends_at__gt=hours.starts_at)
        if standing.filter(overlap, talent=keep).exists():
            sentence = _(
                "两份档案在同一时间都登记了志愿时长“%(activity)s”，请先不通过其中一条，再合并。"
            )
            return Conflict("hours_overlap", sentence % {"activity": hours.activity})
    return None


MOVINGS = (
    Points(20, "care_points.PointsAccount", words=gettext_lazy("积分")),
    Moving(
        21,
        "care_points.Redemption",
        words=gettext_lazy("兑换"),
        why_not=_why_not_vouchers,
        stays=_vouchers_stay,
        depends=True,
    ),
    Moving(
        22,
        "care_points.ServiceHours",
        words=gettext_lazy("志愿服务时长"),
        why_not=_why_not_hours,
        depends=True,
    ),
    Moving(
        24,
        "care_points.HoursCertificate",
        words=gettext_lazy("志愿服务证书"),
        stays=_certified_twice,
    ),
    Moving(
        23,
        "care_points.UnspentAnswer",
        words=gettext_lazy("积分为何未用的回答"),
        stays=_answer_stays,
    ),
)
