"""The app's figures for the monthly report and for partner units; reads, writes nothing."""

from functools import cache, partial

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from care_points import tallies
from care_points.models import (
    AccountKind,
    Category,
    Entry,
    HoursState,
    Redemption,
    RedemptionState,
    Service,
    ServiceHours,
    ServiceMonth,
    TransferKind,
    UnspentAnswer,
    WhyUnspent,
)
from kernel import counts
from kernel.days import within
from kernel.portal import People, PeopleBy, Section, Statistics, Table
from privacy.release import people_in, release

# An earning, or what was taken back of one: at once, or when the points came back from a voucher.
EARNED = Q(transfer__kind__in=[TransferKind.EARNED, TransferKind.REVERSED, TransferKind.RECOVERED])
# What two people put back on an account was not given back for a service.
SPENT = Q(transfer__kind__in=[TransferKind.REDEEMED, TransferKind.RETURNED], transfer__request=None)
BACK = Q(transfer__kind=TransferKind.RETURNED, transfer__request=None)


def monthly(start, end):
    """Count what moved on people's accounts in [start, end), services used and hours served."""
    moves = Entry.objects.filter(account__kind=AccountKind.TALENT)
    moved = moves.filter(**within("transfer__at", start, end))
    earned = moved.filter(transfer__kind=TransferKind.EARNED)
    redeemed = moved.filter(transfer__kind=TransferKind.REDEEMED)
    fulfilled = Redemption.objects.filter(
        state=RedemptionState.FULFILLED, **within("fulfilled_at", start, end)
    )
    hours = ServiceHours.objects.filter(
        state=HoursState.CONFIRMED, **within("starts_at", start, end)
    )
    left = moves.filter(transfer__at__lt=end)
    said = UnspentAnswer.objects.filter(at__lt=end)
    return {
        "earned": _points(earned),
        "earners": People(earned.aggregate(n=Count("account", distinct=True))["n"]),
        "redeemed": _points(redeemed, -1),
        "returned": _points(moved.filter(BACK)),
        "expired": _points(moved.filter(transfer__kind=TransferKind.EXPIRED), -1),
        "outstanding": People(
            _sum(left), people_in(moves, "account", "transfer__at", until=end), stock=True
        ),
        "fulfilled": People(fulfilled.count(), _women_served(fulfilled)),
        "by_category": PeopleBy(
            _used_by_kind(start, end),
            tuple(Category.values),
            _women_by_kind(fulfilled),
            of="fulfilled",
        ),
        "never_spent": People(_never_spent(left, end), stock=True),
        "why_never_spent": PeopleBy(
            counts.by(said, "answer"), tuple(WhyUnspent.values), stock=True
        ),
        "volunteer_half_hours": People(
            hours.aggregate(n=Sum("half_hours", default=0))["n"],
            people_in(hours, "talent", "decided_at"),
        ),
        "volunteers": People(hours.aggregate(n=Count("talent", distinct=True))["n"]),
    }


def _points(entries, sign=1):
    """Return the points of entries, and who stands behind them."""
    return People(sign * _sum(entries), people_in(entries, "account", "transfer__at"))


def _women_served(redemptions):
    return people_in(redemptions, "talent", "fulfilled_at")


def _used_by_kind(start, end):
    """Return {kind: how many services were used}; the vouchers' own rows are sealed, so they were counted as it happened."""
    months = {"month__gte": timezone.localdate(start), "month__lt": timezone.localdate(end)}
    return tallies.by_category(ServiceMonth.objects.filter(**months), "used")


def _women_by_kind(fulfilled):
    """Return {kind: function(since)} that count the women behind; seals are opened for the count, nobody is told who."""

    @cache
    def opened():
        kinds = dict(Service.objects.values_list("pk", "category"))
        rows = fulfilled.only("sealed_service", "talent_id", "fulfilled_at")
        return [(kinds.get(one.service_id), one.talent_id, one.fulfilled_at) for one in rows]

    def women(kind, since):
        return len({who for of, who, at in opened() if of == kind and not (since and at <= since)})

    return {kind: partial(women, kind) for kind in Category.values}


def _never_spent(entries, end):
    """Return how many women have points by these entries and never used any, on another record of theirs neither."""
    spent = Count("pk", filter=Q(transfer__kind=TransferKind.REDEEMED))
    women = entries.order_by().values("account").annotate(n=Sum("amount"), spent=spent)
    # As in `figures.never_spent`: of two records that became one only the vouchers come over.
    vouchers = Redemption.objects.filter(talent=OuterRef("account__talent"), made_at__lt=end)
    return women.filter(~Exists(vouchers), n__gt=0, spent=0).count()


def sections(figures):
    """Say the numbers of the month."""
    person, times, score = _("人"), _("人次"), _("分")
    half_hours = figures["volunteer_half_hours"]
    care = (
        (_("发放积分"), figures["earned"], score),
        (_("获得积分的人数"), figures["earners"], person),
        (_("兑换积分"), figures["redeemed"], score),
        (_("退回积分"), figures["returned"], score),
        # Months counted before these were have none.
        (_("到期清零的积分"), figures.get("expired", 0), score),
        *(
            [(_("月末尚未使用的积分"), figures["outstanding"], score)]
            if "outstanding" in figures
            else []
        ),
        (_("使用服务"), figures["fulfilled"], times),
        *(
            [(_("月末有积分、从未使用过的人数"), figures["never_spent"], person)]
            if "never_spent" in figures
            else []
        ),
    )
    volunteers = (
        (_("已确认志愿服务"), half_hours if half_hours is None else half_hours / 2, _("小时")),
        (_("参与志愿服务"), figures["volunteers"], person),
    )
    return (
        Section(_("措施九 · 巾帼关爱计划"), care),
        Section(_("措施十 · 志愿服务"), volunteers),
    )


def tables(figures):
    """Say the breakdowns."""
    kinds, counted = dict(Category.choices), figures["by_category"]
    found = [Table(_("使用服务 · 按类别"), _("服务类别"), _("人次"), counted, kinds)]
    # Told no more: what all services cost together, less the kinds that are told, gave the small ones away.
    if points := figures.get("points_by_category"):
        found.append(Table(_("使用服务的积分 · 按类别"), _("服务类别"), _("分"), points, kinds))
    if said := figures.get("why_never_spent"):
        why = dict(WhyUnspent.choices)
        found.append(
            Table(_("有积分从未使用的原因（每人只问一次）"), _("原因"), _("人"), said, why)
        )
    return tuple(found)


# --- what partner units may count -----------------------------------------------------------------


class PointStatisticsOut(serializers.Serializer):
    """Care points."""

    earned = serializers.IntegerField(
        allow_null=True, help_text=gettext_lazy("累计获得（已扣除撤销）")
    )
    redeemed = serializers.IntegerField(
        allow_null=True, help_text=gettext_lazy("累计兑换（已扣除退回）")
    )


def statistics(now):
    """Release how many points were earned and redeemed so far; ten women stand behind each move."""
    moved = Entry.objects.filter(account__kind=AccountKind.TALENT)
    earned, spent = moved.filter(EARNED), moved.filter(SPENT)
    sums = {"earned": _sum(earned), "redeemed": -_sum(spent)}
    behind = {
        "earned": people_in(earned, "account", "transfer__at"),
        "redeemed": people_in(spent, "account", "transfer__at"),
    }
    released = release("points", sums, now=now, behind=behind)
    return {name: released.get(name) for name in sums}


def _sum(entries):
    return entries.aggregate(n=Sum("amount", default=0))["n"]


STATISTICS = Statistics(30, statistics, PointStatisticsOut, {"earned": 28400, "redeemed": 9150})
