"""Figures over the whole programme: read-only, numbers and codes only, words are added when shown.

Months are calendar months of Asia/Shanghai, given as the date of their first day.
"""

from datetime import datetime, time, timedelta

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from accounts.models import Unit
from care_points.models import (
    Entry,
    HoursState,
    Redemption,
    RedemptionState,
    ServiceHours,
    TransferKind,
)
from events.models import Booking, BookingState, Event, EventState
from reports.disclosure import protect, protect_total
from talents.models import Talent, TalentState

TREND_MONTHS = 12
UNSPECIFIED = "unspecified"


def month_of(moment):
    """Return the first day of the Shanghai month an aware datetime lies in."""
    return timezone.localtime(moment).date().replace(day=1)


def month_before(month, count=1):
    """Return the first day of the month `count` months before `month`."""
    months = month.year * 12 + month.month - 1 - count
    return month.replace(year=months // 12, month=months % 12 + 1)


def month_bounds(month):
    """Return the aware datetimes [start, end) of a month."""
    following = (month + timedelta(days=32)).replace(day=1)
    zone = timezone.get_default_timezone()
    return tuple(datetime.combine(day, time(), tzinfo=zone) for day in (month, following))


def _counts(queryset, field):
    """Return {value: number of rows}; an empty value counts as `unspecified`."""
    found = queryset.order_by().values_list(field).annotate(n=Count("pk"))
    return {str(value or UNSPECIFIED): n for value, n in found}


def talent_counts(dimension):
    """Return {code: verified people} for one field of Talent (or `unit__kind`)."""
    return _counts(Talent.objects.verified(), dimension)


DIMENSIONS = {
    "discipline": "discipline",
    "industry": "industry",
    "title_level": "title_level",
    "education_level": "education_level",
    "unit_kind": "unit__kind",
}


def statistics(now):
    """Return what partner units may know: counts of people in cells of ten or more, and totals."""
    held = Event.objects.published().filter(ends_at__lte=now)
    seats = Booking.objects.filter(event__in=held).aggregate(
        booked=Count("pk", filter=Q(state=BookingState.CONFIRMED)),
        attended=Count("pk", filter=Q(checked_in_at__isnull=False)),
    )
    events = Event.objects.aggregate(
        held=Count("pk", filter=Q(state=EventState.PUBLISHED, ends_at__lte=now)),
        upcoming=Count("pk", filter=Q(state=EventState.PUBLISHED, ends_at__gt=now)),
        cancelled=Count("pk", filter=Q(state=EventState.CANCELLED)),
    )
    return {
        "talents": {
            "total": protect_total(Talent.objects.verified().count()),
            **{name: protect(talent_counts(field)) for name, field in DIMENSIONS.items()},
        },
        "events": {
            **events,
            "booked": protect_total(seats["booked"]),
            "attended": protect_total(seats["attended"]),
        },
        "points": _points(),
    }


def _points():
    """Return points earned and redeemed so far; None while fewer than ten people earned any."""
    moved = Entry.objects.exclude(account__talent=None).aggregate(
        earned=Sum(
            "amount",
            filter=Q(transfer__kind=TransferKind.EARNED)
            | Q(
                transfer__kind=TransferKind.REVERSED,
                transfer__reverses__kind=TransferKind.EARNED,
            ),
            default=0,
        ),
        redeemed=Sum(
            -F("amount"),
            filter=Q(transfer__kind__in=[TransferKind.REDEEMED, TransferKind.RETURNED]),
            default=0,
        ),
        people=Count("account", distinct=True),
        redeemers=Count("account", distinct=True, filter=Q(transfer__kind=TransferKind.REDEEMED)),
    )
    return {
        "earned": moved["earned"] if protect_total(moved["people"]) is not None else None,
        "redeemed": moved["redeemed"] if protect_total(moved["redeemers"]) is not None else None,
    }


def monthly(month):
    """Return the figures of one month for the programme's own staff, as plain JSON values."""
    start, end = month_bounds(month)
    within = {"gte": start, "lt": end}

    def span(field):
        return {f"{field}__{op}": value for op, value in within.items()}

    talents = Talent.objects.filter(verified_at__lt=end, state=TalentState.VERIFIED)
    held = Event.objects.published().filter(**span("ends_at"))
    bookings = Booking.objects.filter(event__in=held)
    hours = ServiceHours.objects.filter(state=HoursState.CONFIRMED, **span("starts_at"))
    fulfilled = Redemption.objects.filter(state=RedemptionState.FULFILLED, **span("fulfilled_at"))
    entries = Entry.objects.exclude(account__talent=None).filter(**span("transfer__at"))
    return {
        "month": month.isoformat(),
        "talents": {
            "total": talents.count(),
            "new": talents.filter(verified_at__gte=start).count(),
            "waiting": Talent.objects.filter(state=TalentState.SUBMITTED).count(),
            "units": Unit.objects.filter(talents__in=talents).distinct().count(),
            "overseas": talents.filter(overseas_study=True).count(),
            "by_title": _counts(talents, "title_level"),
            "by_education": _counts(talents, "education_level"),
            "by_discipline": _counts(talents, "discipline"),
            "by_department": _counts(talents, "department__short_name"),
            "trend": _trend(month, end),
        },
        "events": {
            "held": held.count(),
            "womens_track": held.filter(womens_track=True).count(),
            "cancelled": Event.objects.filter(
                state=EventState.CANCELLED, **span("starts_at")
            ).count(),
            "capacity": held.aggregate(n=Sum("capacity", default=0))["n"],
            "booked": bookings.filter(state=BookingState.CONFIRMED).count(),
            "attended": bookings.checked_in().count(),
            "by_kind": _counts(held, "kind"),
            "by_measure": _counts(held, "measure"),
        },
        "points": {
            "earned": entries.filter(transfer__kind=TransferKind.EARNED).aggregate(
                n=Sum("amount", default=0)
            )["n"],
            "earners": entries.filter(transfer__kind=TransferKind.EARNED).aggregate(
                n=Count("account", distinct=True)
            )["n"],
            "redeemed": -entries.filter(transfer__kind=TransferKind.REDEEMED).aggregate(
                n=Sum("amount", default=0)
            )["n"],
            "returned": entries.filter(transfer__kind=TransferKind.RETURNED).aggregate(
                n=Sum("amount", default=0)
            )["n"],
            "fulfilled": fulfilled.count(),
            # What kind of help was asked for is sensitive: small cells stay closed for staff too.
            "by_category": protect(_counts(fulfilled, "service__category")),
            "volunteer_half_hours": hours.aggregate(n=Sum("half_hours", default=0))["n"],
            "volunteers": hours.aggregate(n=Count("talent", distinct=True))["n"],
        },
    }


def _trend(month, end):
    """Return [[month, newly verified]] for the twelve months up to and including `month`."""
    first = month_before(month, TREND_MONTHS - 1)
    start = month_bounds(first)[0]
    found = (
        Talent.objects.verified()
        .filter(verified_at__gte=start, verified_at__lt=end)
        .order_by()
        .annotate(month=TruncMonth("verified_at"))
        .values_list("month")
        .annotate(n=Count("pk"))
    )
    counted = {month_of(at): n for at, n in found}
    months = [month_before(month, back) for back in range(TREND_MONTHS - 1, -1, -1)]
    return [[m.isoformat(), counted.get(m, 0)] for m in months]
