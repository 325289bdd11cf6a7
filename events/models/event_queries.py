"""The questions asked about events, as SQL."""

from datetime import timedelta

from django.apps import apps
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from events.models.choices import EventKind, EventState, Mode, Visibility
from kernel.days import midnight
from kernel.keyset import Keyset
from kernel.sweeps import SweptQuerySet
from talents.standing import why_not_take_part

# The two orders events are read in, and paged by.
NEXT_FIRST = Keyset(("starts_at", "id"))
LATEST_FIRST = Keyset(("-starts_at", "-id"))

LINK_BY = timedelta(
    days=3
)  # before the start: by then an online event has its link, or somebody is asked for it
ALL, NONE = ~Q(pk__in=[]), Q(pk__in=[])  # unlike Q(), they may be combined by "or"


def run_by(user, path=""):
    """Return the condition "`user` runs the event": her department's, or she organises it herself.

    `path` leads from the rows to the event ("event__"). Event.is_managed_by is the same for one row.
    """
    if not (user.is_staff and user.has_perm("events.view_event")):
        return NONE
    if user.sees_all_departments:
        return ALL
    return Q(**{f"{path}department": user.department_id}) | Q(**{f"{path}organiser": user.pk})


def names_open_to(user, path=""):
    """Return the condition "`user` may see who books": of a sensitive topic the organiser alone.

    Event.shows_names_to is the same for one row.
    """
    not_sensitive, organised = (
        Q(**{f"{path}sensitive_topic": False}),
        Q(**{f"{path}organiser": user.pk}),
    )
    return run_by(user, path) & (not_sensitive | organised)


def open_to_booking(at):
    """Return the condition "takes bookings at this moment" on published events: rules.why_not_open as SQL."""
    return Q(booking_opens_at__lte=at, booking_closes_at__gt=at, starts_at__gt=at)


class EventQuerySet(SweptQuerySet):
    """Questions about events."""

    counters = ("sweep_failures", "seat_failures")

    def published(self):
        """Keep what the public list shows."""
        return self.filter(state=EventState.PUBLISHED)

    def exchanges(self):
        """Keep what counts as an event in figures: an hour of two is counted as coaching, by who offers coaching.

        By its kind: the leader is forgotten when the coach is erased, and the count must not move by that.
        """
        return self.exclude(kind=EventKind.COACHING)

    def public(self):
        """Keep what has a public page: a cancelled event keeps the one it had, so that people learn."""
        return self.shown().filter(visibility=Visibility.PUBLIC)

    def shown(self):
        """Keep what has a page, for whoever may see it: published, and cancelled ones that were."""
        return self.exclude(state=EventState.DRAFT).filter(published_at__isnull=False)

    def listed(self):
        """Keep what stands in lists for everybody."""
        return self.filter(visibility=Visibility.PUBLIC)

    def seen_by(self, user, talent):
        """Keep events whose page `user` may read; `talent` is her record or None."""
        if not user.is_authenticated:
            return self.public()
        seen = Q(visibility=Visibility.PUBLIC) | run_by(user)
        if talent is not None:
            seen |= Q(pk__in=talent.bookings.values("event"))
            seen |= Q(pk__in=talent.invitations.standing().values("event"))
            if why_not_take_part(talent) is None:
                seen |= Q(visibility=Visibility.TALENTS)
        return self.shown().filter(seen)

    def upcoming(self, at):
        """Keep published events that are not over yet, the next one first."""
        return self.published().filter(ends_at__gt=at).order_by(*NEXT_FIRST.names)

    def past(self, at):
        """Keep published events that are over, the latest first."""
        return self.published().filter(ends_at__lte=at).order_by(*LATEST_FIRST.names)

    def counted(self, at):
        """Return {open: how many take bookings now, held: how many took place in the year before}."""
        held = Q(ends_at__lte=at, ends_at__gt=at - timedelta(days=365))
        return (
            self.exchanges()
            .published()
            .aggregate(open=Count("pk", filter=open_to_booking(at)), held=Count("pk", filter=held))
        )

    def bookable(self, at):
        """Keep events a verified woman may book (or wait for) at this moment: rules.why_not_book as SQL."""
        return self.upcoming(at).filter(open_to_booking(at), points_only=False)

    def not_booked_by(self, talent):
        """Keep events the talent has neither a seat of nor a place in the queue."""
        return self.exclude(pk__in=talent.bookings.active().values("event"))

    def unsettled(self, at):
        """Keep events whose doors are closed and whose absent are not noted yet."""
        closed = midnight(at)  # the door closes at the midnight after the event's end
        return (
            self.published().filter(ends_at__lt=closed, settled_at=None).order_by("ends_at", "pk")
        )

    def with_people_waiting(self):
        """Keep published events without a free seat that somebody waits for; an hour of two has one seat for good."""
        given = F("kept") + F("guests_women") + F("guests_men")
        full = self.published().filter(seats_taken__gte=F("capacity") - given, waiting__gt=0)
        return full.filter(leader=None)

    def soon_without_link(self, at):
        """Keep published online events of the next days that have no link yet (Event.lacks_link)."""
        soon = Q(starts_at__lte=at + LINK_BY, ends_at__gt=at)
        return self.published().filter(soon, online_url="").exclude(mode=Mode.ON_SITE)

    def managed_by(self, user):
        """Keep the events `user` runs: those of her department and those she organises herself."""
        return self.filter(run_by(user))

    def with_door_for(self, user):
        """Keep events where `user` may check people in."""
        if not user.has_perm("events.check_in_booking"):
            return self.none()
        return self.filter(names_open_to(user))

    def with_agenda_text(self):
        """Bring the titles of the sessions along as `agenda_text`, None where there are none."""
        titles = apps.get_model("events", "Session").objects.filter(event=OuterRef("pk"))
        titles = titles.order_by().values("event").annotate(text=StringAgg("title", " "))
        return self.annotate(agenda_text=Subquery(titles.values("text")))

    def with_speaker(self, word):
        """Keep events at which somebody speaks whose name contains `word`."""
        speakers = apps.get_model("events", "Speaker").objects
        found = speakers.filter(
            Q(guest_name__icontains=word) | Q(talent__full_name__icontains=word),
            session__event=OuterRef("pk"),
        )
        return self.filter(Exists(found))

    def locked(self, event):
        """Return `event` as it stands now, its row locked until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=event.pk)
