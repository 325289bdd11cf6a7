"""The app's figures for the monthly report and for partner units; reads, writes nothing."""

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from events.models import Booking, Event, EventKind, EventState
from kernel import counts
from kernel.days import within
from kernel.portal import People, Section, Statistics, Table, Things
from privacy.release import people_in, release_total


def monthly(start, end):
    """Count the events that ended in [start, end), their seats and who came."""
    events = Event.objects.exchanges()
    held = events.published().filter(**within("ends_at", start, end))
    bookings = Booking.objects.filter(event__in=held)
    cancelled = events.filter(state=EventState.CANCELLED, **within("starts_at", start, end))
    return {
        "held": Things(held.count()),
        "womens_track": Things(held.filter(womens_track=True).count()),
        "cancelled": Things(cancelled.count()),
        "capacity": Things(held.aggregate(n=Sum("capacity", default=0))["n"]),
        "booked": People(_seats(held), people_in(bookings.seated(), "talent", "booked_at")),
        "attended": People(
            _came(held), people_in(bookings.checked_in(), "talent", "checked_in_at")
        ),
        "by_kind": Things(counts.by(held, "kind")),
        "by_measure": Things(counts.by(held, "measure")),
    }


def _seats(events):
    """Return the seats taken of events: counted by the database, also where the names are gone by rule."""
    return events.aggregate(n=Sum("seats_taken", default=0))["n"]


def _came(events):
    """Return how many came to events, those included whose names are gone by rule."""
    kept = events.aggregate(n=Sum("attended_kept", default=0))["n"]
    return kept + Booking.objects.filter(event__in=events).checked_in().count()


def sections(figures):
    """Say the numbers of the month."""
    piece, times = _("场"), _("人次")
    lines = (
        (_("举办活动"), figures["held"], piece),
        (_("其中女性议题或专场"), figures["womens_track"], piece),
        (_("取消的活动"), figures["cancelled"], piece),
        (_("提供席位"), figures["capacity"], _("个")),
        (_("报名人次"), figures["booked"], times),
        (_("签到人次"), figures["attended"], times),
        (_("签到率"), about(figures["attended"], figures["booked"]), ""),
    )
    return (Section(_("措施二 · 交流合作"), lines),)


def about(part, whole):
    """Return 约 83%, of numbers in whole tens; None where one of them is not told."""
    return (
        _("约 %(share)s%%") % {"share": min(round(100 * part / whole), 100)}
        if part and whole
        else None
    )


def tables(figures):
    """Say the breakdowns."""
    kinds = dict(EventKind.choices)
    return (Table(_("举办活动 · 按类型"), _("活动类型"), _("场数"), figures["by_kind"], kinds),)


# --- what partner units may count -----------------------------------------------------------------


class EventStatisticsOut(serializers.Serializer):
    """Events and seats."""

    held = serializers.IntegerField(help_text=gettext_lazy("已举行的活动"))
    upcoming = serializers.IntegerField(help_text=gettext_lazy("未结束的活动"))
    cancelled = serializers.IntegerField(help_text=gettext_lazy("已取消的活动"))
    booked = serializers.IntegerField(
        allow_null=True, help_text=gettext_lazy("已举行活动的报名人次")
    )
    attended = serializers.IntegerField(
        allow_null=True, help_text=gettext_lazy("已举行活动的签到人次")
    )


def statistics(now):
    """Count events, and release the seats of those that are over."""
    exchanges = Event.objects.exchanges()
    held = exchanges.published().filter(ends_at__lte=now)
    bookings = Booking.objects.filter(event__in=held)
    events = exchanges.aggregate(
        held=Count("pk", filter=Q(state=EventState.PUBLISHED, ends_at__lte=now)),
        upcoming=Count("pk", filter=Q(state=EventState.PUBLISHED, ends_at__gt=now)),
        cancelled=Count("pk", filter=Q(state=EventState.CANCELLED)),
    )
    return events | {
        "booked": _released("booked", _seats(held), bookings.seated(), now),
        "attended": _released("attended", _came(held), bookings.checked_in(), now),
    }


def _released(name, count, bookings, now):
    """Release how many seats these are; ten women, not one with ten of them, stand behind a move."""
    behind = people_in(bookings, "talent", "event__ends_at")
    return release_total(f"events.{name}", count, now=now, behind=behind)


EXAMPLE = {"held": 36, "upcoming": 5, "cancelled": 1, "booked": 1630, "attended": 1400}
STATISTICS = Statistics(20, statistics, EventStatisticsOut, EXAMPLE)


def came_since(moment):
    """Return the ids of the talents who came to an event since a moment."""
    return Booking.objects.checked_in().filter(checked_in_at__gte=moment).values("talent")
