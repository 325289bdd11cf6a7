"""Events: what they are, the questions asked about them.

`seats_taken`, `waiting` and `last_place` are kept by triggers (migration 0002_seat_counts): whoever
writes a booking, by whatever way, the counts are exact and a seat is never sold twice.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department
from events import rules
from events.models.choices import (
    EventKind,
    EventState,
    Mode,
    OfferHours,
    Platform,
    Region,
    Stage,
    Visibility,
)
from events.models.event_queries import EventQuerySet
from events.models.spans import Span
from kernel import ids
from kernel.days import DAY, evening_before, midnight, out_of_night

LAST_ANSWER, SHORTEST_OFFER = timedelta(hours=2), timedelta(minutes=30)
LAST_REMINDER = timedelta(hours=1)


def seats_left(free, waiting):
    """Return the seats one may book now: none while anybody waits for one."""
    return 0 if waiting else max(free, 0)


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
    audience = models.CharField(
        _("适合谁参加"),
        max_length=120,
        blank=True,
        help_text=_("如：从事集成电路研发的女性科技人才"),
    )
    disciplines = ArrayField(
        models.CharField(max_length=4),
        default=list,
        blank=True,
        verbose_name=_("涉及学科"),
        help_text=_("便于按学科找活动，不限制谁能报名"),
    )
    cooperation_region = models.CharField(_("合作区域"), max_length=30, choices=Region, blank=True)
    contact_name = models.CharField(_("联系人"), max_length=30, blank=True)
    contact_phone = models.CharField(
        _("联系电话"), max_length=30, blank=True, help_text=_("公开显示，请填办公电话")
    )
    mode = models.CharField(_("举办形式"), max_length=10, choices=Mode, default=Mode.ON_SITE)
    venue = models.CharField(_("地点"), max_length=60, blank=True)
    address = models.CharField(_("详细地址"), max_length=120, blank=True)
    online_url = models.CharField(
        _("线上链接"),
        max_length=200,
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
        help_text=_("以 https:// 开头；只有已报名的人能看到"),
    )
    accessibility = models.CharField(
        _("无障碍条件"),
        max_length=200,
        blank=True,
        help_text=_("如：一楼会场，轮椅可直达；配手语翻译。有特殊需要的人据此判断能否参加"),
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
        _("席位"), validators=[MinValueValidator(1), MaxValueValidator(100_000)]
    )
    visibility = models.CharField(
        _("谁能看到和报名"),
        max_length=10,
        choices=Visibility,
        default=Visibility.PUBLIC,
        help_text=_("不公开的活动不出现在列表、日历、接口和搜索引擎里"),
    )
    for_tiers = ArrayField(
        models.CharField(max_length=10),
        default=list,
        blank=True,
        verbose_name=_("限人才层次"),
        help_text=_("不选则不限"),
    )
    for_disciplines = ArrayField(
        models.CharField(max_length=4),
        default=list,
        blank=True,
        verbose_name=_("限学科"),
        help_text=_("不选则不限；以档案中的学科为准"),
    )
    # People outside the database, a number that staff say (operations.set_guests); never named.
    guests_women = models.PositiveSmallIntegerField(_("库外来宾（女）"), default=0, editable=False)
    guests_men = models.PositiveSmallIntegerField(_("库外来宾（男）"), default=0, editable=False)
    childcare_places = models.PositiveSmallIntegerField(
        _("儿童托管名额"),
        default=0,
        blank=True,
        validators=[MaxValueValidator(1000)],
        help_text=_("能照看几个孩子；0 表示不提供。报名时由她填写孩子人数"),
    )
    takes_photos = models.BooleanField(
        _("现场拍照"),
        default=False,
        help_text=_("报名时询问是否愿意出现在照片里；敏感主题的活动不拍照展示"),
    )
    transfers_until = models.DateTimeField(
        _("转让截止"),
        null=True,
        blank=True,
        help_text=_("此前可以把席位转给同事；留空：报名截止时截止"),
    )
    for_units = ArrayField(
        models.BigIntegerField(),
        default=list,
        blank=True,
        verbose_name=_("限单位"),
        help_text=_("每行一个单位名称，不填则不限；以档案中的单位为准"),
    )
    needs_approval = models.BooleanField(
        _("报名需审核"),
        default=False,
        help_text=_("由工作人员逐个通过后才有席位，按报名先后排列"),
    )
    points_only = models.BooleanField(
        _("席位用积分兑换"),
        default=False,
        help_text=_("不能直接报名；积分管理员把它列为加油站的“活动席位”服务，定所需积分"),
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("递补席位保留时间"),
        default=0,
        choices=OfferHours,
        help_text=_("空出的席位先为候补的第一位保留这么久，请她确认；夜里到期的顺延到早上 9 点"),
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="events",
        verbose_name=_("主办部门"),
        db_index=False,
    )
    co_organisers = models.CharField(
        _("协办单位"), max_length=120, blank=True, help_text=_("几家之间用“、”隔开")
    )
    series = models.ForeignKey(
        "events.Series",
        models.PROTECT,
        related_name="events",
        verbose_name=_("所属系列"),
        null=True,
        blank=True,
    )
    organiser = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("负责人")
    )
    # Who gives the hour of which the event is the one seat (EventKind.COACHING); None of all others.
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="led_events",
        verbose_name=_("辅导人"),
        db_index=False,
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
    # When everybody who had a seat and did not come was noted as absent.
    settled_at = models.DateTimeField(_("到场情况核定时间"), null=True, blank=True, editable=False)
    # How often settling it or reminding of it failed, and how often its seats: each is set aside by itself (kernel.sweeps).
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    seat_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    # How often title, time or place changed: the sequence of calendars, and part of the keys of what is told.
    schedule_version = models.PositiveIntegerField(default=0, editable=False)
    # Kinds of the reminders whose moment has come, for the start it has now (events.reminders).
    reminded = ArrayField(models.CharField(max_length=40), default=list, editable=False)
    seats_taken = models.PositiveIntegerField(_("已报名"), default=0, editable=False)
    waiting = models.PositiveIntegerField(_("候补人数"), default=0, editable=False)
    last_place = models.PositiveIntegerField(default=0, editable=False)
    # Seats that are kept for some and that nobody has yet (events.models.pools), and whether it ever had such.
    kept = models.PositiveIntegerField(_("保留未用"), default=0, editable=False)
    pooled = models.BooleanField(default=False, editable=False)
    childcare_taken = models.PositiveIntegerField(_("已托管"), default=0, editable=False)
    # Those who came, of bookings that were deleted by rule (events.personal_data); the seats stay counted.
    attended_kept = models.PositiveIntegerField(default=0, editable=False)

    told = 0  # after cancel_event: how many Bookings were told

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("活动")
        verbose_name_plural = pgettext_lazy("many", "活动")
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
                name="event_not_oversold",
                condition=Q(
                    seats_taken__lte=F("capacity") - F("kept") - F("guests_women") - F("guests_men")
                ),
            ),
            models.CheckConstraint(
                name="event_childcare_not_oversold",
                condition=Q(childcare_taken__lte=F("childcare_places")),
            ),
            models.CheckConstraint(
                name="event_measure_1_to_10", condition=Q(measure__gte=1, measure__lte=10)
            ),
            # Nobody gives two hours at a time, whoever plans or moves them.
            ExclusionConstraint(
                name="event_leader_once",
                expressions=[
                    ("leader", RangeOperators.EQUAL),
                    (Span("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state="published", leader__isnull=False),
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
            models.Index(
                fields=["leader", "-starts_at", "-id"],
                name="event_leader",
                condition=Q(leader__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return the address of the public page."""
        return reverse("event", args=[self.code])

    def clean(self):
        """Refuse values that contradict each other, field by field."""
        super().clean()
        wrong = rules.contradictions(self)
        # Seats below one are refused by the field's own validator.
        if self.pk and self.capacity and (error := rules.why_not_seats(self, self.capacity)):
            wrong.append(error)
        if wrong:
            raise ValidationError({error.field: str(error) for error in wrong})

    def window_after(self, changes, at):
        """Return {booking_opens_at, booking_closes_at} once `changes` (names to values) are made.

        What is left empty means: open at once (or as before), close at the start. A window that
        closes at the start moves with it.
        """
        starts_at = changes.get("starts_at", self.starts_at)
        opens_at = changes.get("booking_opens_at") or self.booking_opens_at or at
        closes_at = changes.get("booking_closes_at", self.booking_closes_at)
        follows = self.booking_closes_at == self.starts_at
        if not closes_at or (follows and closes_at == self.booking_closes_at):
            closes_at = starts_at
        return {"booking_opens_at": opens_at, "booking_closes_at": closes_at}

    @property
    def details(self):
        """Return the body without the lead that stands above it already."""
        return self.body.removeprefix(self.summary).lstrip("。 \r\n")

    @property
    def guests(self):
        """Return how many people outside the database come."""
        return self.guests_women + self.guests_men

    @property
    def seats_free(self):
        """Return the seats that are nobody's and kept for nobody."""
        return self.capacity - self.seats_taken - self.kept - self.guests

    @property
    def seats_left(self):
        """Return the seats one may book now, those kept for some left out."""
        return seats_left(self.seats_free, self.waiting)

    @property
    def childcare_left(self):
        """Return how many children more can be looked after."""
        return max(self.childcare_places - self.childcare_taken, 0)

    def transfers_end(self):
        """Return until when a seat may be handed on to a colleague."""
        return self.transfers_until or self.booking_closes_at

    @property
    def is_full(self):
        """Tell whether a new booking would go to the waiting list."""
        return self.seats_left == 0

    @property
    def place(self):
        """Return where it is held in a word: its venue, or that it is online."""
        return self.venue or Mode.ONLINE.label

    @property
    def is_online(self):
        """Tell whether nobody comes to a place for it."""
        return self.mode == Mode.ONLINE

    @property
    def has_door(self):
        """Tell whether somebody checks people in where it is held: not online, nor at an hour of two."""
        return not self.is_online and not self.is_led

    @property
    def lacks_link(self):
        """Tell whether it is held online and nobody has said where yet."""
        return self.mode != Mode.ON_SITE and not self.online_url

    @property
    def when_and_where(self):
        """Return in a word what a page says of its time and place, so that one from before a change is known."""
        return f"{self.starts_at.timestamp():.0f} {self.ends_at.timestamp():.0f} {self.venue}"

    def stage(self, at):
        """Return the Stage it is in: done once it is settled who came."""
        if not self.is_published:
            return Stage(self.state)
        if self.is_over(at):
            return Stage.DONE if self.settled_at else Stage.OVER
        if self.has_started(at):
            return Stage.RUNNING
        return Stage.CLOSED if at >= self.booking_closes_at else Stage.PUBLISHED

    @property
    def is_volunteering(self):
        """Tell whether those who come serve: they earn by confirmed hours."""
        return self.kind == EventKind.VOLUNTEERING

    @property
    def is_led(self):
        """Tell whether it is an hour of two: its leader, and who has the one seat."""
        return self.leader_id is not None

    @property
    def is_public(self):
        """Tell whether everybody may know of it."""
        return self.visibility == Visibility.PUBLIC

    @property
    def is_plain(self):
        """Tell whether whoever is in the database may book it, with nobody to decide and no free seat kept for some."""
        limited = self.for_tiers or self.for_disciplines or self.for_units or self.needs_approval
        plain = self.is_public and not limited and not self.kept and not self.points_only
        return plain and not self.is_led

    @cached_property
    def has_materials(self):
        """Tell whether it has materials that are shown; asked once for each event."""
        return self.materials.standing().exists()

    @property
    def is_published(self):
        """Tell whether the event is on."""
        return self.state == EventState.PUBLISHED

    @property
    def is_cancelled(self):
        """Tell whether the event was called off."""
        return self.state == EventState.CANCELLED

    def is_managed_by(self, user):
        """Tell whether `user` runs this event (one row of `managed_by`, without a query)."""
        if not (user.is_staff and user.has_perm("events.view_event")):
            return False
        own = self.organiser_id == user.pk or self.department_id == user.department_id
        return own or user.sees_all_departments

    def shows_names_to(self, user):
        """Tell whether `user` may see who books: of a sensitive topic the organiser alone."""
        return self.is_managed_by(user) and not (
            self.sensitive_topic and self.organiser_id != user.pk
        )

    def has_door_for(self, user):
        """Tell whether `user` may check people in (one row of `with_door_for`, without a query)."""
        return self.shows_names_to(user) and user.has_perm("events.check_in_booking")

    def offer_end(self, at, hours=None):
        """Return until when a seat that comes free at `at` is kept for the next in the queue; None: it is hers at once.

        `hours` is how long, without it what the event says.

        Never later than two hours before the start and never at night: where it cannot be the morning after, it is
        the evening before. With less than half an hour left to answer nobody is asked.
        """
        hours = hours or self.offer_hours
        if not hours:
            return None
        end = out_of_night(at + timedelta(hours=hours))
        last = self.starts_at - LAST_ANSWER
        if end > last:
            end = last if out_of_night(last) == last else evening_before(out_of_night(last))
        return end if end - at >= SHORTEST_OFFER else None

    @staticmethod
    def offer_reminder(at, end):
        """Return when she who was offered a seat at `at` is reminded that it is kept until `end`; None: not at all.

        A quarter of the time before the end, at least an hour, never at night: rather the evening before than
        when it is too late. Who has just been asked is not reminded.
        """
        due = out_of_night(end - max((end - at) / 4, LAST_REMINDER))
        if end - due < LAST_REMINDER:
            due = evening_before(end)
        return due if due - at >= SHORTEST_OFFER else None

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
        return midnight(self.starts_at)

    def door_closes_at(self):
        """Return when check-in ends: midnight (Shanghai) after the day the event ends."""
        return midnight(self.ends_at) + DAY
