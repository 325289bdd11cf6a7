"""What an association did lately, from facts alone: events, members who came, meetings. No score."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from events.models import Booking
from networks.associations.models import SILENT_AFTER, Association
from networks.members.models import Membership
from networks.meter.models import AssociationEvent, CouncilMeeting

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Activity:
    """The last 365 days of an association, and when anything was heard of it for the last time."""

    events: int
    members_present: int
    meetings: int
    last_day: date
    silent_days: int

    @property
    def is_silent(self):
        """Tell whether nothing was heard for 180 days."""
        return self.silent_days >= SILENT_AFTER.days


def of(association, now):
    """Return what an association did in the year before a moment. Queries: five."""
    today, since = timezone.localdate(now), now - YEAR
    held = AssociationEvent.objects.filter(association=association, event__state="published")
    year = held.filter(event__ends_at__gt=since, event__ends_at__lte=now)
    meetings = CouncilMeeting.objects.filter(association=association, held_on__gt=today - YEAR)
    last_day = last_heard(association, now)
    return Activity(
        events=year.count(),
        members_present=_members_present(association, since, now),
        meetings=meetings.count(),
        last_day=last_day,
        silent_days=max(0, (today - last_day).days),
    )


def _members_present(association, since, now):
    """Count members who came to the association's events, each for each event."""
    then_member = Membership.objects.in_force(OuterRef("day")).filter(
        association=association, talent=OuterRef("talent")
    )
    came = Booking.objects.filter(
        event__held_by__association=association,
        event__ends_at__gt=since,
        event__ends_at__lte=now,
        checked_in_at__isnull=False,
    )
    came = came.annotate(day=TruncDate("event__starts_at"))
    return came.filter(Exists(then_member)).count()


def last_heard(association, now):
    """Return the last day an event of an association ended or one of its bodies met; else when it was put down here."""
    held = AssociationEvent.objects.filter(association=association, event__state="published")
    ended = held.filter(event__ends_at__lte=now).order_by("-event__ends_at")
    event = ended.values_list("event__ends_at", flat=True).first()
    meeting = association.meetings.order_by("-held_on").values_list("held_on", flat=True).first()
    days = [timezone.localdate(association.created_at), meeting]
    days.append(event and timezone.localdate(event))
    return max(day for day in days if day)


def is_to_ask(association, now):
    """Tell whether nothing was heard of an association for 180 days, and it was not asked about these."""
    today = timezone.localdate(now)
    if association.dissolved_on or (today - last_heard(association, now)) < SILENT_AFTER:
        return False
    asked = association.silence_asked_at
    return asked is None or today - timezone.localdate(asked) >= SILENT_AFTER


def silent(now):
    """Return the associations of which nothing was heard for 180 days, asked about or not (a SweptQuerySet)."""
    edge = now - SILENT_AFTER
    events = AssociationEvent.objects.filter(association=OuterRef("pk"), event__state="published")
    heard = events.filter(event__ends_at__gt=edge, event__ends_at__lte=now)
    met = CouncilMeeting.objects.filter(
        association=OuterRef("pk"), held_on__gt=timezone.localdate(edge)
    )
    old = Association.objects.standing().filter(created_at__lte=edge)
    return old.filter(~Exists(heard), ~Exists(met))


def to_ask(now):
    """Return those of them that were not asked within 180 days."""
    edge = now - SILENT_AFTER
    return silent(now).filter(Q(silence_asked_at=None) | Q(silence_asked_at__lte=edge))
