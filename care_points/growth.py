"""Volunteer hours and points of each year, as milestones of her growth. What she redeemed is told nowhere."""

from collections import Counter
from datetime import date

from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from care_points.models import Entry, HoursState, ServiceHours, TransferKind
from kernel.portal import Milestone

# What was taken back was not earned.
EARNED = (TransferKind.EARNED, TransferKind.REVERSED)


def milestones(talent):
    """Return a woman's confirmed volunteer hours and, for each year, the points she earned. Two queries."""
    return [*_hours(talent), *_points(talent)]


def _hours(talent):
    confirmed = ServiceHours.objects.filter(talent=talent, state=HoursState.CONFIRMED)
    for hours in confirmed.order_by("pk"):
        note = lazy(lambda hours=hours: hours.hours_text, str)()
        day = timezone.localdate(hours.starts_at)
        yield Milestone(day, "day", _("志愿服务"), hours.activity, note)


def _points(talent):
    entries = Entry.objects.filter(account__talent=talent, transfer__kind__in=EARNED)
    by_year = Counter()
    for at, amount in entries.order_by("pk").values_list("transfer__at", "amount"):
        by_year[timezone.localdate(at).year] += amount
    for year, points in by_year.items():
        if points > 0:
            yield Milestone(date(year, 12, 31), "year", _("爱心积分"), lazy(_earned, str)(points))


def _earned(points):
    words = ngettext("这一年获得 %(n)s 积分", "这一年获得 %(n)s 积分", points)
    return words % {"n": points}
