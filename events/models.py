"""Measure 2 (and the events of 3, 6, 8, 9, 10): events, seats and the waiting list.

`seats_taken`, `waiting` and `last_place` of an event are kept by triggers (migration 0002_seat_counts):
whoever writes a booking, by whatever way, the counts are exact and a seat is never sold twice.
"""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from kernel import ids
from talents.models import Talent


class EventKind(models.TextChoices):
    """What kind of gathering (measures 2, 3, 6 and 10)."""

    SALON = "salon", _("沙龙")
    FORUM = "forum", _("论坛")
    ROUND_TABLE = "round_table", _("座谈会")
    SEMINAR = "seminar", _("专题研修班")
    ACADEMIC_EXCHANGE = "academic_exchange", _("学术交流")
    TRAINING = "training", _("创业培训")
    TALK = "talk", _("宣讲")
    WELLBEING = "wellbeing", _("身心关爱")
    CAMPUS_VISIT = "campus_visit", _("女科学家进校园")


class Platform(models.TextChoices):
    """The four platforms measure 2 names."""

    TALENT_GATHERING = "talent_gathering", _("两江英才荟")
    INNOVATION_FORUM = "innovation_forum", _("智汇两江创新论坛")
    ENTERPRISE_FORUM = "enterprise_forum", _("企业发展论坛")
    MINGYUE_LAKE = "mingyue_lake", _("明月湖协同创新投资联盟")


class EventState(models.TextChoices):
    """Where an event stands; changed by events.operations alone."""

    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")
    CANCELLED = "cancelled", _("已取消")


class BookingState(models.TextChoices):
    """Where a booking stands; changed by events.operations alone."""

    CONFIRMED = "confirmed", _("已报名")
    WAITLISTED = "waitlisted", _("候补中")
    CANCELLED = "cancelled", _("已取消")


ACTIVE_STATES = (BookingState.CONFIRMED, BookingState.WAITLISTED)


class EventQuerySet(models.QuerySet):
    """Questions about events."""

    def published(self):
        """Keep what the public list shows."""
        return self.filter(state=EventState.PUBLISHED)

    def public(self):
        """Keep what has a public page: a cancelled event keeps the one it had, so that people learn."""
        return self.exclude(state=EventState.DRAFT).filter(published_at__isnull=False)

    def upcoming(self, at):
        """Keep published events that are not over yet, the next one first."""
        return self.published().filter(ends_at__gt=at).order_by("starts_at", "pk")

    def past(self, at):
        """Keep published events that are over, the latest first."""
        return self.published().filter(ends_at__lte=at).order_by("-starts_at", "-pk")

    def behind(self, code):
        """Keep what follows the event with this code in ascending order; all for no such code.

        Two conditions where one would do: the bound on `starts_at` alone lets the index start there.
        """
        last = self.model.objects.filter(code=code).only("starts_at").first() if code else None
        if last is None:
            return self
        after = Q(starts_at__gt=last.starts_at) | Q(starts_at=last.starts_at, pk__gt=last.pk)
        return self.filter(after, starts_at__gte=last.starts_at)

    def ahead_of(self, code):
        """Keep what follows the event with this code in descending order; all for no such code."""
        last = self.model.objects.filter(code=code).only("starts_at").first() if code else None
        if last is None:
            return self
        before = Q(starts_at__lt=last.starts_at) | Q(starts_at=last.starts_at, pk__lt=last.pk)
        return self.filter(before, starts_at__lte=last.starts_at)

    def bookable(self, at):
        """Keep events one may book (or wait for) at this moment."""
        return self.upcoming(at).filter(
            booking_opens_at__lte=at, booking_closes_at__gt=at, starts_at__gt=at
        )

    def managed_by(self, user):
        """Keep the events `user` runs: those of her department and those she organises herself."""
        if not user.is_authenticated or not user.is_active or not user.is_staff:
            return self.none()
        if not user.has_perm("events.view_event"):
            return self.none()
        if user.sees_all_departments:
            return self.all()
        return self.filter(Q(department=user.department_id) | Q(organiser=user.pk))

    def with_door_for(self, user):
        """Keep events where `user` may check people in; a sensitive topic has its organiser only."""
        if not user.has_perm("events.check_in_booking"):
            return self.none()
        return self.managed_by(user).filter(Q(sensitive_topic=False) | Q(organiser=user.pk))

    def visible_to(self, user):
        """Keep what `user` may read: everybody the public pages, staff also drafts they manage."""
        if not user.is_authenticated or not user.is_staff:
            return self.public()
        return self.filter(
            Q(pk__in=Event.objects.public().values("pk"))
            | Q(pk__in=Event.objects.managed_by(user).values("pk"))
        )

    def overlapping(self, starts_at, ends_at):
        """Keep events that share some time with [starts_at, ends_at)."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class Event(models.Model):
    """One gathering with a number of seats."""

    code = models.CharField(
        _("活动编号"), max_length=12, unique=True, default=ids.code, editable=False
    )
    title = models.CharField(_("活动名称"), max_length=80)
    kind = models.CharField(_("活动类型"), max_length=20, choices=EventKind)
    platform = models.CharField(_("依托平台"), max_length=20, choices=Platform, blank=True)
    womens_track = models.BooleanField(_("女性议题或专场"), default=False)
    measure = models.PositiveSmallIntegerField(
        _("对应措施"), default=2, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    summary = models.CharField(_("一句话介绍"), max_length=120)
    body = models.TextField(_("活动详情"), blank=True)
    venue = models.CharField(_("地点"), max_length=60)
    address = models.CharField(_("详细地址"), max_length=120, blank=True)
    online_url = models.CharField(
        _("线上链接"),
        max_length=200,
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
        help_text=_("以 https:// 开头；只有已报名的人能看到"),
    )
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    booking_opens_at = models.DateTimeField(
        _("报名开始"), blank=True, help_text=_("留空：发布后即可报名")
    )
    booking_closes_at = models.DateTimeField(
        _("报名截止"), blank=True, help_text=_("留空：活动开始时截止")
    )
    capacity = models.PositiveIntegerField(
        _("名额"), validators=[MinValueValidator(1), MaxValueValidator(100_000)]
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="events", verbose_name=_("主办部门")
    )
    organiser = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("负责人")
    )
    sensitive_topic = models.BooleanField(
        _("敏感主题"),
        default=False,
        help_text=_("健康、法律等主题：报名名单只有负责人本人可以查看"),
    )
    state = models.CharField(_("状态"), max_length=10, choices=EventState, default=EventState.DRAFT)
    cancel_reason = models.CharField(_("取消原因"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("创建时间"))
    updated_at = models.DateTimeField(_("更新时间"))
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    # How often time or place changed; part of the reminders' keys, so that new ones are new notices.
    schedule_version = models.PositiveIntegerField(default=0, editable=False)
    seats_taken = models.PositiveIntegerField(_("已报名"), default=0, editable=False)
    waiting = models.PositiveIntegerField(_("候补人数"), default=0, editable=False)
    last_place = models.PositiveIntegerField(default=0, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("活动")
        ordering = ["-starts_at", "-id"]
        permissions = [("publish_event", _("可以发布和取消活动"))]
        constraints = [
            models.CheckConstraint(
                name="event_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="event_booking_window",
                condition=Q(booking_closes_at__gt=F("booking_opens_at")),
            ),
            models.CheckConstraint(
                name="event_booking_ends_by_start",
                condition=Q(booking_closes_at__lte=F("starts_at")),
            ),
            models.CheckConstraint(name="event_has_seats", condition=Q(capacity__gte=1)),
            models.CheckConstraint(
                name="event_not_oversold", condition=Q(seats_taken__lte=F("capacity"))
            ),
            models.CheckConstraint(
                name="event_measure_1_to_10", condition=Q(measure__gte=1, measure__lte=10)
            ),
            models.CheckConstraint(
                name="event_published_has_time",
                condition=~Q(state="published") | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="event_cancelled_has_reason",
                condition=~Q(state="cancelled")
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["starts_at", "id"], name="event_public", condition=Q(state="published")
            ),
            models.Index(
                fields=["kind", "starts_at", "id"],
                name="event_public_kind",
                condition=Q(state="published"),
            ),
            models.Index(
                fields=["ends_at"], name="event_public_end", condition=Q(state="published")
            ),
            # The API lists cancelled events too, in this order.
            models.Index(
                fields=["starts_at", "code"], name="event_api", condition=~Q(state="draft")
            ),
            models.Index(fields=["department", "-starts_at", "-id"], name="event_department"),
            models.Index(fields=["state", "-starts_at", "-id"], name="event_state"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return the address of the public page."""
        return reverse("event", args=[self.code])

    def clean(self):
        """Fill what was left empty and refuse times that contradict each other, field by field."""
        super().clean()
        wrong = {}
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            wrong["ends_at"] = _("结束时间要晚于开始时间，请修改。")
        if self.starts_at:
            self.booking_closes_at = self.booking_closes_at or self.starts_at
            if self.booking_closes_at > self.starts_at:
                wrong["booking_closes_at"] = _("报名截止不能晚于活动开始，请修改或留空。")
            elif self.booking_opens_at and self.booking_opens_at >= self.booking_closes_at:
                wrong["booking_opens_at"] = _("报名开始要早于报名截止，请修改。")
        if self.pk and self.capacity is not None and self.capacity < self.seats_taken:
            wrong["capacity"] = _("已有 %(taken)s 人报名，名额不能少于这个数。") % {
                "taken": self.seats_taken
            }
        if wrong:
            raise ValidationError(wrong)

    @property
    def seats_left(self):
        """Return the seats one may book now: none while anybody waits for one."""
        return 0 if self.waiting else max(self.capacity - self.seats_taken, 0)

    @property
    def is_full(self):
        """Tell whether a new booking would go to the waiting list."""
        return self.seats_left == 0

    @property
    def is_published(self):
        """Tell whether the event is on."""
        return self.state == EventState.PUBLISHED

    @property
    def is_cancelled(self):
        """Tell whether the event was called off."""
        return self.state == EventState.CANCELLED

    def is_open(self, at):
        """Tell whether one may book at this moment (seats are another question)."""
        return self.is_published and self.booking_opens_at <= at < self.booking_closes_at

    def is_managed_by(self, user):
        """Tell whether `user` runs this event (one row of `managed_by`, without a query)."""
        if not user.is_authenticated or not user.is_active or not user.is_staff:
            return False
        if not user.has_perm("events.view_event"):
            return False
        own = self.organiser_id == user.pk or self.department_id == user.department_id
        return own or user.sees_all_departments

    def has_started(self, at):
        """Tell whether it is too late to give a seat back."""
        return at >= self.starts_at

    def is_over(self, at):
        """Tell whether the event is past."""
        return at >= self.ends_at

    @property
    def one_day(self):
        """Tell whether it ends on the day it begins, by Shanghai's calendar."""
        return timezone.localdate(self.starts_at) == timezone.localdate(self.ends_at)

    def door_opens_at(self):
        """Return when check-in begins: midnight (Shanghai) of the day the event begins."""
        return _midnight(self.starts_at)

    def door_closes_at(self):
        """Return when check-in ends: midnight (Shanghai) after the day the event ends."""
        return _midnight(self.ends_at) + datetime.timedelta(days=1)


def _midnight(moment):
    """Return the beginning of the day of `moment` in Asia/Shanghai (which has no summer time)."""
    local = timezone.localtime(moment)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


class BookingQuerySet(models.QuerySet):
    """Questions about bookings."""

    def active(self):
        """Keep seats and waiting places that still stand."""
        return self.filter(state__in=ACTIVE_STATES)

    def confirmed(self):
        """Keep those who have a seat."""
        return self.filter(state=BookingState.CONFIRMED)

    def in_queue(self):
        """Keep those who wait, the first in the queue first."""
        return self.filter(state=BookingState.WAITLISTED).order_by("place")

    def repeated(self, event, talent, key):
        """Return the booking a repeated request means: the one of its key, else the active one."""
        means = Q(event=event, state__in=ACTIVE_STATES)
        if key:
            means |= Q(idempotency_key=key)
        found = list(self.filter(means, talent=talent))
        return next(
            (b for b in found if key and b.idempotency_key == key), found[0] if found else None
        )

    def checked_in(self):
        """Keep those who came."""
        return self.exclude(checked_in_at=None)

    def managed_by(self, user):
        """Keep bookings of events `user` runs; sensitive topics are the organiser's own affair."""
        if not user.is_authenticated or not user.is_active or not user.is_staff:
            return self.none()
        if not user.has_perm("events.view_booking"):
            return self.none()
        own = Q(event__organiser=user.pk)
        if user.sees_all_departments:
            return self.filter(own | Q(event__sensitive_topic=False))
        return self.filter(
            own | Q(event__sensitive_topic=False, event__department=user.department_id)
        )

    def visible_to(self, user):
        """Keep what `user` may read: her own bookings; staff also those of events they run."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = Q(talent__user=user.pk)
        if not user.is_staff:
            return self.filter(own)
        return self.filter(own | Q(pk__in=Booking.objects.managed_by(user).values("pk")))

    def not_coming(self, at):
        """Keep what is over or cancelled, the latest booking first."""
        return self.filter(Q(state=BookingState.CANCELLED) | Q(event__ends_at__lte=at)).order_by(
            "-pk"
        )

    def behind(self, code):
        """Keep what follows the booking with this code, newest first; all for no such code."""
        last = self.filter(code=code).values_list("pk", flat=True).first() if code else None
        return self.filter(pk__lt=last) if last else self

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
        Event, models.PROTECT, related_name="bookings", verbose_name=_("活动")
    )
    talent = models.ForeignKey(
        Talent, models.PROTECT, related_name="bookings", verbose_name=_("人才")
    )
    state = models.CharField(_("状态"), max_length=10, choices=BookingState)
    place = models.PositiveIntegerField(_("顺序号"))
    idempotency_key = models.CharField(max_length=40, null=True, blank=True, editable=False)  # noqa: DJ001
    booked_at = models.DateTimeField(_("报名时间"))
    promoted_at = models.DateTimeField(_("候补转正时间"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
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

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("报名")
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
                condition=Q(state__in=["confirmed", "waitlisted"]),
            ),
            models.UniqueConstraint(fields=["talent", "idempotency_key"], name="booking_key_once"),
            models.CheckConstraint(
                name="booking_cancelled_has_time",
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="booking_checked_in_has_seat",
                condition=Q(checked_in_at__isnull=True, checked_in_by__isnull=True)
                | Q(checked_in_at__isnull=False, state="confirmed"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["event", "place"], name="booking_queue", condition=Q(state="waitlisted")
            ),
            models.Index(fields=["talent", "-id"], name="booking_talent"),
            models.Index(
                fields=["event", "checked_in_at"],
                name="booking_door",
                condition=Q(checked_in_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def is_active(self):
        """Tell whether it still stands."""
        return self.state in ACTIVE_STATES

    @property
    def is_confirmed(self):
        """Tell whether she has a seat."""
        return self.state == BookingState.CONFIRMED

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
