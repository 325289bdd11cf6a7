"""Bookings: a seat, or a place in the queue."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Unit
from events.models.event_queries import names_open_to
from events.models.events import Event
from events.models.pools import Pool
from kernel import ids
from kernel.keyset import Keyset
from talents.models import Talent


class BookingState(models.TextChoices):
    """Where a booking stands; changed by events.operations alone."""

    PENDING = "pending", _("待审核")
    WAITLISTED = "waitlisted", _("候补中")
    OFFERED = "offered", _("席位待确认")
    CONFIRMED = "confirmed", _("已报名")
    ATTENDED = "attended", _("已到场")
    ABSENT = "absent", _("未到场")
    EXCUSED = "excused", _("已请假")
    REFUSED = "refused", _("未通过")
    DECLINED = "declined", _("已放弃席位")
    EXPIRED = "expired", _("逾期未确认")
    HANDED_ON = "handed_on", _("已转让")
    CANCELLED = "cancelled", _("已取消")
    # Its event was: nobody gave it up (events.operations.cancel_event).
    CALLED_OFF = "called_off", pgettext_lazy("booking", "活动已取消")


class Childcare(models.TextChoices):
    """Whether her children are looked after."""

    WAITING = "waiting", _("排队中")
    GIVEN = "given", _("已安排")


class Absence(models.TextChoices):
    """Why she could not come: chosen, not written, so that nobody tells of an illness here."""

    FAMILY = "family", _("家里临时有事")
    WORK = "work", _("工作或实验走不开")
    TRAVEL = "travel", _("天气或交通原因")
    OTHER = "other", _("其他临时情况")


# Hers: she has the seat, or had it when the event was over.
SEATED_STATES = (
    BookingState.CONFIRMED,
    BookingState.ATTENDED,
    BookingState.ABSENT,
    BookingState.EXCUSED,
)
# Nobody else may have it: also while it is offered to her. The trigger of migration 0002 counts these.
HELD_STATES = (BookingState.OFFERED, *SEATED_STATES)
GIVEN_UP_STATES = (
    BookingState.REFUSED,
    BookingState.DECLINED,
    BookingState.EXPIRED,
    BookingState.HANDED_ON,
    BookingState.CANCELLED,
)
ENDED_STATES = (*GIVEN_UP_STATES, BookingState.CALLED_OFF)
ENDED = [state.value for state in ENDED_STATES]
NEWEST_FIRST = Keyset(("-id",))


class BookingQuerySet(models.QuerySet):
    """Questions about bookings."""

    def active(self):
        """Keep seats, offers, places in the queue and requests that still stand."""
        return self.exclude(state__in=ENDED_STATES)

    def seated(self):
        """Keep those who have a seat."""
        return self.filter(state__in=SEATED_STATES)

    def pending(self):
        """Keep requests nobody has decided yet, the first come first."""
        return self.filter(state=BookingState.PENDING).order_by("place")

    def to_decide(self, at):
        """Keep requests staff can decide: rules.why_not_decide as SQL."""
        return self.pending().filter(event__state="published", event__ends_at__gt=at)

    def offered(self):
        """Keep those a seat is kept for until they answer."""
        return self.filter(state=BookingState.OFFERED)

    def lapsed(self, at):
        """Keep offers that were not answered in time: rules.why_not_accept as SQL."""
        late = Q(offer_ends_at__lte=at) | Q(event__starts_at__lte=at)
        return self.offered().filter(late, event__state="published")

    def in_queue(self):
        """Keep those who wait, the first in the queue first."""
        return self.filter(state=BookingState.WAITLISTED).order_by("place")

    def repeated(self, event, talent, key):
        """Return the booking a repeated request means: the one of its key, else the active one."""
        condition = Q(event=event) & ~Q(state__in=ENDED_STATES)
        if key:
            condition |= Q(idempotency_key=key)
        bookings = list(self.filter(condition, talent=talent))
        return next(
            (b for b in bookings if key and b.idempotency_key == key),
            bookings[0] if bookings else None,
        )

    def children_waiting(self):
        """Return how many children of those with a seat wait for childcare."""
        waiting = self.filter(state__in=HELD_STATES, childcare=Childcare.WAITING)
        return waiting.aggregate(n=models.Sum("children", default=0))["n"]

    def came(self):
        """Keep those who are noted as having come, in the order of their places."""
        return self.filter(state=BookingState.ATTENDED).order_by("place")

    def checked_in(self):
        """Keep those who came."""
        return self.exclude(checked_in_at=None)

    def managed_by(self, user):
        """Keep bookings of events `user` runs; sensitive topics are the organiser's own affair."""
        if not user.has_perm("events.view_booking"):
            return self.none()
        return self.filter(names_open_to(user, "event__"))

    def visible_to(self, user):
        """Keep what `user` may read: her own bookings; staff also those of events they run."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = Q(talent__user=user.pk)
        if not user.is_staff:
            return self.filter(own)
        return self.filter(own | Q(pk__in=Booking.objects.managed_by(user).values("pk")))

    def not_given_up(self):
        """Keep what still stands, and what ended with its event: whoever counted on coming has to read so."""
        return self.exclude(state__in=GIVEN_UP_STATES)

    def coming(self, at):
        """Keep seats and waiting places of events that are not over, the next event first; called off ones too."""
        return self.not_given_up().filter(event__ends_at__gt=at).order_by("event__starts_at", "pk")

    def past_or_cancelled(self, at):
        """Keep what is over or cancelled, the latest booking first."""
        over = Q(state__in=GIVEN_UP_STATES) | Q(event__ends_at__lte=at)
        return self.filter(over).order_by(*NEWEST_FIRST.names)

    def with_queue_rank(self):
        """Add `ahead`: how many wait before this one (null unless it waits itself)."""
        before = (
            Booking.objects.filter(
                event=models.OuterRef("event"),
                state=BookingState.WAITLISTED,
                place__lt=models.OuterRef("place"),
            )
            .order_by()
            .values("event")
            .annotate(n=models.Count("pk"))
            .values("n")
        )
        return self.annotate(
            ahead=models.Case(
                models.When(
                    state=BookingState.WAITLISTED,
                    then=models.functions.Coalesce(models.Subquery(before), 0),
                ),
                default=None,
                output_field=models.IntegerField(null=True),
            )
        )


class Booking(models.Model):
    """One talent's seat or place in the queue; who cancels and books again gets a new row."""

    code = models.CharField(
        _("签到码"), max_length=12, unique=True, default=ids.code, editable=False
    )
    event = models.ForeignKey(
        Event, models.PROTECT, related_name="bookings", verbose_name=_("活动"), db_index=False
    )
    talent = models.ForeignKey(
        Talent, models.PROTECT, related_name="bookings", verbose_name=_("人才"), db_index=False
    )
    state = models.CharField(_("状态"), max_length=10, choices=BookingState)
    place = models.PositiveIntegerField(_("顺序号"))
    idempotency_key = models.CharField(max_length=40, null=True, blank=True, editable=False)  # noqa: DJ001
    booked_at = models.DateTimeField(_("报名时间"))
    # The kept seats hers is one of; null: one of those for everybody, or none.
    pool = models.ForeignKey(
        Pool,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bookings",
        verbose_name=_("保留席位"),
    )
    # The unit that proposed her; she is asked once for an event.
    named_by = models.ForeignKey(
        Unit, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("推荐单位")
    )
    wants_track = models.BooleanField(_("参加女性专场"), default=False)
    children = models.PositiveSmallIntegerField(_("随行孩子"), default=0)
    childcare = models.CharField(_("儿童托管"), max_length=10, choices=Childcare, blank=True)
    promoted_at = models.DateTimeField(_("候补转正时间"), null=True, blank=True)
    offer_ends_at = models.DateTimeField(_("席位保留到"), null=True, blank=True)
    ended_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    # Why staff cancelled or refused it; she reads it.
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    absence = models.CharField(_("没有到场的原因"), max_length=10, choices=Absence, blank=True)
    checked_in_at = models.DateTimeField(_("签到时间"), null=True, blank=True)
    checked_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("签到人"),
    )
    # 2 after a check-in that was undone and made again: each earns its own points, undoing takes them.
    check_ins = models.PositiveSmallIntegerField(default=0, editable=False)
    earned = models.OneToOneField(
        "care_points.Transfer",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    moved_up = ()  # after cancel_booking: the Bookings that got the seat

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("报名")
        verbose_name_plural = pgettext_lazy("many", "报名")
        ordering = ["-id"]
        permissions = [
            ("check_in_booking", _("可以为活动签到")),
            ("export_booking", _("可以导出签到名单")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "place"], name="booking_place_once"),
            models.UniqueConstraint(
                fields=["event", "talent"],
                name="booking_active_once",
                condition=~Q(state__in=ENDED),
            ),
            models.UniqueConstraint(fields=["talent", "idempotency_key"], name="booking_key_once"),
            models.CheckConstraint(
                name="booking_ended_has_time",
                condition=Q(state__in=ENDED, ended_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="booking_children_0_to_4", condition=Q(children__gte=0, children__lte=4)
            ),
            models.CheckConstraint(
                name="booking_childcare_has_children",
                condition=Q(childcare="") | Q(children__gte=1),
            ),
            models.CheckConstraint(
                name="booking_offer_has_end",
                condition=Q(state="offered", offer_ends_at__isnull=False)
                | (~Q(state="offered") & Q(offer_ends_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="booking_attended_has_time",
                condition=Q(state="attended", checked_in_at__isnull=False)
                | (
                    ~Q(state="attended") & Q(checked_in_at__isnull=True, checked_in_by__isnull=True)
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["event", "place"], name="booking_queue", condition=Q(state="waitlisted")
            ),
            models.Index(fields=["talent", "-id"], name="booking_talent"),
            models.Index(
                fields=["event", "place"], name="booking_pending", condition=Q(state="pending")
            ),
            models.Index(
                fields=["offer_ends_at"], name="booking_offer", condition=Q(state="offered")
            ),
            models.Index(
                fields=["event", "checked_in_at"],
                name="booking_door",
                condition=Q(checked_in_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def audit_name(self):
        """Return what the audit log calls it: its code opens the door, so it is no name there."""
        return str(self.pk)

    @property
    def is_active(self):
        """Tell whether it still stands."""
        return self.state not in ENDED_STATES

    @property
    def is_seated(self):
        """Tell whether she has a seat."""
        return self.state in SEATED_STATES

    @property
    def is_called_off(self):
        """Tell whether it ended with its event."""
        return self.state == BookingState.CALLED_OFF

    @property
    def is_pending(self):
        """Tell whether staff have not decided yet."""
        return self.state == BookingState.PENDING

    @property
    def is_offered(self):
        """Tell whether a seat is kept for her until she answers."""
        return self.state == BookingState.OFFERED

    @property
    def has_seat(self):
        """Tell whether she has a seat of an event that takes place."""
        return self.is_seated and not self.event.is_cancelled

    @property
    def has_childcare(self):
        """Tell whether her children are looked after."""
        return self.childcare == Childcare.GIVEN

    @property
    def is_waitlisted(self):
        """Tell whether she waits for one."""
        return self.state == BookingState.WAITLISTED

    def queue_rank(self):
        """Return her place in the queue, 1 for the next to be promoted; None unless she waits."""
        if not self.is_waitlisted:
            return None
        ahead = getattr(self, "ahead", None)
        if ahead is None:
            ahead = (
                Booking.objects.in_queue().filter(event=self.event_id, place__lt=self.place).count()
            )
        return ahead + 1
