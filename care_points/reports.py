"""The app's figures for the monthly report and for partner units; reads, writes nothing."""

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from care_points.models import (
    Category,
    Entry,
    HoursState,
    Redemption,
    RedemptionState,
    ServiceHours,
    TransferKind,
)
from kernel import counts
from kernel.days import within
from kernel.portal import Section, Statistics, Table
from privacy.disclosure import protect, protect_total

# An earning, or what was taken back of one: at once, or when the points came back from a voucher.
EARNED = Q(transfer__kind__in=[TransferKind.EARNED, TransferKind.REVERSED, TransferKind.RECOVERED])


def monthly(start, end):
    """Count what moved on people's accounts in [start, end), services used and hours served."""
    entries = Entry.objects.exclude(account__talent=None).filter(
        **within("transfer__at", start, end)
    )
    moved = entries.aggregate(
        earned=Sum("amount", filter=Q(transfer__kind=TransferKind.EARNED), default=0),
        earners=Count("account", distinct=True, filter=Q(transfer__kind=TransferKind.EARNED)),
        redeemed=Sum(-F("amount"), filter=Q(transfer__kind=TransferKind.REDEEMED), default=0),
        returned=Sum("amount", filter=Q(transfer__kind=TransferKind.RETURNED), default=0),
    )
    fulfilled = Redemption.objects.filter(
        state=RedemptionState.FULFILLED, **within("fulfilled_at", start, end)
    )
    hours = ServiceHours.objects.filter(
        state=HoursState.CONFIRMED, **within("starts_at", start, end)
    )
    return {
        **moved,
        "fulfilled": fulfilled.count(),
        # What kind of help was asked for is sensitive: small cells stay closed for staff too.
        "by_category": protect(counts.by(fulfilled, "service__category")),
        **hours.aggregate(
            volunteer_half_hours=Sum("half_hours", default=0),
            volunteers=Count("talent", distinct=True),
        ),
    }


def sections(figures):
    """Say the numbers of the month."""
    person, times, score = _("人"), _("人次"), _("分")
    care = (
        (_("发放积分"), figures["earned"], score),
        (_("获得积分的人数"), figures["earners"], person),
        (_("兑换积分"), figures["redeemed"], score),
        (_("退回积分"), figures["returned"], score),
        (_("使用服务"), figures["fulfilled"], times),
    )
    volunteers = (
        (_("已确认志愿服务"), figures["volunteer_half_hours"] / 2, _("小时")),
        (_("参与志愿服务"), figures["volunteers"], person),
    )
    return (
        Section(_("措施九 · 巾帼关爱计划"), care),
        Section(_("措施十 · 志愿服务"), volunteers),
    )


def tables(figures):
    """Say the breakdowns."""
    kinds, counted = dict(Category.choices), figures["by_category"]
    return (Table(_("使用服务 · 按类别"), _("服务类别"), _("人次"), counted, kinds),)


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
    """Sum up points earned and redeemed so far; None while fewer than ten people had any."""
    spent = Q(transfer__kind__in=[TransferKind.REDEEMED, TransferKind.RETURNED])
    moved = Entry.objects.exclude(account__talent=None).aggregate(
        earned=Sum("amount", filter=EARNED, default=0),
        redeemed=Sum(-F("amount"), filter=spent, default=0),
        people=Count("account", distinct=True),
        redeemers=Count("account", distinct=True, filter=Q(transfer__kind=TransferKind.REDEEMED)),
    )
    publishable = {name: protect_total(moved[name]) is not None for name in ("people", "redeemers")}
    return {
        "earned": moved["earned"] if publishable["people"] else None,
        "redeemed": moved["redeemed"] if publishable["redeemers"] else None,
    }


STATISTICS = Statistics(30, statistics, PointStatisticsOut, {"earned": 28400, "redeemed": 9150})
