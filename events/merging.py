"""Her bookings, and where she speaks, when two records become one."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models import Booking, Certificate, Event, Invitation, Speaker
from events.operations import no_show
from kernel.errors import Conflict
from kernel.words import listed
from talents.doubles.moving import Moving, none_of


def _twice(keep, lose):
    """Return the bookings of `lose` for events that `keep` has booked as well."""
    booked = Booking.objects.active().filter(talent=keep).values("event")
    return Booking.objects.active().filter(talent=lose, event__in=booked)


def why_not(keep, lose):
    """Return that one woman would hold two seats of an event to come (Conflict), or None."""
    twice = _twice(keep, lose).filter(event__starts_at__gt=timezone.now())
    titles = [_("《%(title)s》") % {"title": b.event.title} for b in twice.select_related("event")]
    if not titles:
        return None
    sentence = _("两份档案都报了%(titles)s，请先取消其中一份的报名，再合并。")
    return Conflict("both_booked", sentence % {"titles": listed(titles)})


def _stays(keep, lose):
    """Return what cannot go over: she was counted twice at an event that is over, or its request has come twice."""
    keys = Booking.objects.filter(talent=keep, idempotency_key__isnull=False)
    again = Booking.objects.filter(talent=lose, idempotency_key__in=keys.values("idempotency_key"))
    twice = Q(pk__in=_twice(keep, lose).values("pk"))
    return none_of(
        list(
            Booking.objects.filter(twice | Q(pk__in=again.values("pk"))).values_list(
                "pk", flat=True
            )
        )
    )


def _lock_events(rows, path="event"):
    """Lock the events of these bookings, as whoever books or checks in does."""
    events = Event.objects.filter(pk__in=rows.values(path))
    list(events.select_for_update().order_by("pk").values_list("pk"))


class _Bookings(Moving):
    """Bookings, and with them what her absences come to."""

    def move(self, keep, lose, now):
        """Have the bookings name `keep`; what holds her back follows."""
        moved = super().move(keep, lose, now)
        no_show.recount_all(keep, now)
        return moved

    def back(self, keep, lose, moved, now):
        """Have the moved bookings name `lose` again; each record answers for its own absences."""
        super().back(keep, lose, moved, now)
        for talent in (keep, lose):
            no_show.recount_all(talent, now)


MOVING = _Bookings(
    10,
    "events.Booking",
    words=gettext_lazy("报名"),
    why_not=why_not,
    stays=_stays,
    lock=_lock_events,
    depends=True,
)


class _Invitations(Moving):
    """Invitations: one that was taken back from the kept record does not hide the one that stands of the other."""

    def move(self, keep, lose, now):
        """Have the invitations name `keep`; where its own was taken back and the other's stands, its own stands again."""
        standing = Invitation.objects.standing().filter(talent=lose).values("event")
        hidden = self.rows(keep).filter(event__in=standing, withdrawn_at__isnull=False)
        renewed = [[pk, at.isoformat()] for pk, at in hidden.values_list("pk", "withdrawn_at")]
        moved = super().move(keep, lose, now)
        self.rows(keep).filter(pk__in=[pk for pk, _at in renewed]).update(withdrawn_at=None)
        return moved | {"renewed": renewed}

    def back(self, keep, lose, moved, now):
        """Have the moved rows name `lose` again; what stood again by the merge is taken back again."""
        super().back(keep, lose, moved, now)
        for pk, at in moved.get("renewed", []):
            self.rows(keep).filter(pk=pk).update(withdrawn_at=at)


def _invited_twice(keep, lose):
    """Return invitations to events that `keep` has one for as well."""
    both = Invitation.objects.filter(talent=keep).values("event")
    rows = Invitation.objects.filter(talent=lose, event__in=both)
    return none_of(list(rows.values_list("pk", flat=True)))


INVITATIONS = _Invitations(
    11, "events.Invitation", words=gettext_lazy("活动邀请"), stays=_invited_twice, lock=_lock_events
)


def _speaks_twice(keep, lose):
    """Return where both are named as speakers of one session."""
    both = Speaker.objects.filter(talent=keep).values("session")
    rows = Speaker.objects.filter(talent=lose, session__in=both)
    return none_of(list(rows.values_list("pk", flat=True)))


SPEAKING = Moving(
    12,
    "events.Speaker",
    words=gettext_lazy("主讲"),
    stays=_speaks_twice,
    lock=lambda rows: _lock_events(rows, "session__event"),
)


def _certified_twice(keep, lose):
    """Return certificates of what `keep` has one of as well: what was issued in two names stays with both records."""
    both = Certificate.objects.filter(talent=keep).values("event")
    rows = Certificate.objects.filter(talent=lose, event__in=both)
    return none_of(list(rows.values_list("pk", flat=True)))


CERTIFICATES = Moving(
    12,
    "events.Certificate",
    words=gettext_lazy("活动证书"),
    stays=_certified_twice,
    lock=_lock_events,
)
