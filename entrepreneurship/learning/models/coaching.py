"""Coaching: who gives hours, each published hour, what the two write for themselves, and times a woman proposes."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department
from care_points.models import Transfer
from events.models import Booking, Event, Mode, Sex
from kernel import ids
from kernel.sweeps import SweptQuerySet
from privacy.fields import EncryptedTextField
from talents.models import Talent


class CoachTopic(models.TextChoices):
    """What a coach helps with."""

    PLAN = "plan", _("商业计划")
    MARKET = "market", _("市场与客户")
    FINANCE = "finance", _("融资与财务")
    RIGHTS = "rights", _("知识产权与合同")
    TECHNOLOGY = "technology", _("技术转化")
    PEOPLE = "people", _("团队与管理")
    POLICY = "policy", _("政策与资质")
    OTHER = "other", _("其他")


class CoachState(models.TextChoices):
    """Where an offer to coach stands."""

    OFFERED = "offered", _("待确认")
    ACTIVE = "active", _("辅导中")
    DECLINED = "declined", _("未采用")
    ENDED = "ended", _("已停止")


class CoachQuerySet(SweptQuerySet):
    """Questions about coaches."""

    def set_aside(self):
        """Keep those of an hour or a proposal the clock could not do; who proposed what only the two know."""
        hours = CoachingHour.objects.set_aside().filter(coach=OuterRef("pk"))
        proposals = CoachingProposal.objects.set_aside().filter(coach=OuterRef("pk"))
        return self.filter(Exists(hours) | Exists(proposals))

    def visible_to(self, user):
        """Keep those of her department, and offers nobody has taken up."""
        if not (user.is_staff and user.has_perm("entrepreneurship.view_coach")):
            return self.none()
        if user.sees_all_departments:
            return self
        return self.filter(Q(department=user.department_id) | Q(department=None))

    def active(self):
        """Keep those who give hours."""
        return self.filter(state=CoachState.ACTIVE)

    def locked(self, coach):
        """Return `coach` as it stands now, its row locked until the transaction ends."""
        rows = self.select_for_update(of=("self",)).select_related("user", "department")
        return rows.get(pk=coach.pk)


class Coach(models.Model):
    """Somebody with an account who agreed to coach: in what, where, how many hours a month."""

    code = models.CharField(max_length=12, unique=True, default=ids.code, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="coach", verbose_name=_("辅导人")
    )
    # Of who has no record in the database; the share of women among coaches needs it (GB/T 2261.1).
    sex = models.CharField(_("性别"), max_length=1, choices=Sex)
    topics = ArrayField(
        models.CharField(max_length=12, choices=CoachTopic), verbose_name=_("辅导方向")
    )
    introduction = models.CharField(_("简介"), max_length=300)
    mode = models.CharField(_("辅导方式"), max_length=10, choices=Mode, default=Mode.ON_SITE)
    place = models.CharField(_("辅导地点"), max_length=60, blank=True)
    hours_per_month = models.PositiveSmallIntegerField(
        _("每月最多几次"),
        validators=[MinValueValidator(1), MaxValueValidator(40)],
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=CoachState, default=CoachState.OFFERED
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="coaches",
        verbose_name=_("联系部门"),
        db_index=False,
    )
    agreed_at = models.DateTimeField(_("同意时间"))
    decided_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("停止时间"), null=True, blank=True)

    objects = CoachQuerySet.as_manager()

    class Meta:
        verbose_name = _("创业辅导人")
        verbose_name_plural = pgettext_lazy("many", "创业辅导人")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="coach_hours", condition=Q(hours_per_month__gte=1, hours_per_month__lte=40)
            ),
            models.CheckConstraint(
                name="coach_active_has_department",
                condition=~Q(state="active") | Q(department__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="coach_state"),
            models.Index(fields=["department", "-id"], name="coach_department"),
        ]

    def __str__(self):
        return self.user.full_name

    def get_absolute_url(self):
        """Return the address of the page with the hours."""
        return reverse("coach", args=[self.code])

    @property
    def is_active(self):
        """Tell whether hours can be published."""
        return self.state == CoachState.ACTIVE

    @property
    def topic_names(self):
        """Return what the coach helps with, in words."""
        names = dict(CoachTopic.choices)
        return [names[topic] for topic in self.topics if topic in names]


class CoachingHourQuerySet(SweptQuerySet):
    """Questions about published hours."""

    def visible_to(self, user):
        """Keep those of coaches `user` looks after."""
        if not user.has_perm("entrepreneurship.view_coachinghour"):
            return self.none()
        return self.filter(coach__in=Coach.objects.visible_to(user))

    def coming(self, at):
        """Keep those to come that are not cancelled, the next first."""
        rows = self.filter(event__state="published", event__starts_at__gt=at)
        return rows.order_by("event__starts_at", "pk")

    def confirmed(self):
        """Keep those both of the two say took place."""
        talks = CoachingTalk.objects.filter(hour=OuterRef("pk"), confirmed_at__isnull=False)
        return self.filter(models.Exists(talks))

    def untold(self, at):
        """Keep those to come whose seat has changed since the coach was told."""
        seat = Booking.objects.seated().filter(event=OuterRef("event")).order_by("pk")
        rows = self.coming(at).annotate(seat=Subquery(seat.values("pk")[:1]))
        changed = Q(seat__isnull=False) & (Q(told=None) | ~Q(told=F("seat")))
        return rows.filter(changed | Q(seat=None, told__isnull=False))


class CoachingHour(models.Model):
    """One published hour: its event has the seat, the queue and the reminders, and keeps the coach from being elsewhere."""

    coach = models.ForeignKey(
        Coach, models.PROTECT, related_name="hours", verbose_name=_("辅导人"), db_index=False
    )
    event = models.OneToOneField(
        Event, models.PROTECT, related_name="coaching_hour", verbose_name=_("时段")
    )
    topic = models.CharField(_("辅导方向"), max_length=12, choices=CoachTopic)
    # Of whose seat the coach was told last.
    told = models.ForeignKey(
        Booking, models.SET_NULL, null=True, editable=False, related_name="+", db_index=False
    )
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = CoachingHourQuerySet.as_manager()

    class Meta:
        verbose_name = _("辅导时段")
        verbose_name_plural = pgettext_lazy("many", "辅导时段")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["coach", "-id"], name="hour_coach"),
            models.Index(fields=["told"], name="hour_told"),
        ]

    def __str__(self):
        return str(self.event)

    def get_absolute_url(self):
        """Return the address where the two confirm and write."""
        return reverse("coaching_hour", args=[self.event.code])


class Said(models.TextChoices):
    """What one of the two says of an hour."""

    NOTHING = "", _("未确认")
    YES = "yes", _("已进行")
    NO = "no", _("没有进行")


class CoachingTalk(models.Model):
    """What belongs to an hour and the woman who has its seat: what the two write, and whether it took place.

    `aims` and `next_steps` are for the two alone: no list, copy of the other, search or log has them.
    """

    hour = models.ForeignKey(CoachingHour, models.CASCADE, related_name="talks", db_index=False)
    # None of who was erased, and once it is old.
    talent = models.ForeignKey(
        Talent, models.PROTECT, null=True, related_name="coaching_talks", verbose_name=_("人才")
    )
    aims = EncryptedTextField(_("想解决的问题"), null=True)
    next_steps = EncryptedTextField(_("下一步"), null=True)
    coach_says = models.CharField(_("辅导人确认"), max_length=3, choices=Said, blank=True)
    she_says = models.CharField(_("本人确认"), max_length=3, choices=Said, blank=True)
    confirmed_at = models.DateTimeField(_("双方确认时间"), null=True)
    earned = models.ForeignKey(
        Transfer, models.PROTECT, null=True, related_name="+", verbose_name=_("积分")
    )
    times_earned = models.PositiveSmallIntegerField(default=0, editable=False)
    begun_at = models.DateTimeField(_("创建时间"))

    class Meta:
        verbose_name = _("辅导记录")
        verbose_name_plural = pgettext_lazy("many", "辅导记录")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["hour", "talent"], name="talk_once"),
            models.CheckConstraint(
                name="talk_confirmed_by_both",
                condition=Q(confirmed_at=None)
                | Q(coach_says="yes", she_says="yes", confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="talk_earned_once_confirmed",
                condition=Q(earned=None) | Q(confirmed_at__isnull=False),
            ),
        ]

    def __str__(self):
        return str(self.pk)


class ProposalState(models.TextChoices):
    """Where a proposal of times stands."""

    OPEN = "open", _("等待答复")
    ACCEPTED = "accepted", _("已接受")
    DECLINED = "declined", _("已婉拒")
    WITHDRAWN = "withdrawn", _("已收回")
    LAPSED = "lapsed", _("已过期")


class DeclineReason(models.TextChoices):
    """Why a coach takes none of the times."""

    TIMES = "times", _("这三个时间都不合适")
    FULL = "full", _("近期没有时间")
    TOPIC = "topic", _("这个问题不在我的专长之内")
    INTEREST = "interest", _("与所在单位有利益关系，需要回避")
    OTHER_COACH = "other_coach", _("建议找更合适的辅导人")


class CoachingProposalQuerySet(SweptQuerySet):
    """Questions about proposals."""

    def open(self):
        """Keep those that wait for an answer."""
        return self.filter(state=ProposalState.OPEN)

    def to_lapse(self, day):
        """Keep those whose last day to answer is over."""
        return self.open().filter(answer_by__lt=day)

    def of_woman(self, user):
        """Keep hers, the newest first."""
        return self.filter(talent__user=user.pk).order_by("-pk")

    def of_coach(self, user):
        """Keep those `user` answers as the coach."""
        return self.filter(coach__user=user.pk).order_by("-pk")


class CoachingProposal(models.Model):
    """Three times a woman proposes to a coach who has no free hour; the coach takes one, or says why not."""

    code = models.CharField(max_length=12, unique=True, default=ids.code, editable=False)
    talent = models.ForeignKey(
        Talent,
        models.PROTECT,
        null=True,
        related_name="coaching_proposals",
        verbose_name=_("人才"),
        db_index=False,
    )
    coach = models.ForeignKey(
        Coach, models.PROTECT, related_name="proposals", verbose_name=_("辅导人"), db_index=False
    )
    topic = models.CharField(_("辅导方向"), max_length=12, choices=CoachTopic)
    message = EncryptedTextField(_("想解决的问题"), null=True)
    times = ArrayField(models.DateTimeField(), size=3, verbose_name=_("提议的时间"))
    state = models.CharField(
        _("状态"), max_length=10, choices=ProposalState, default=ProposalState.OPEN
    )
    made_at = models.DateTimeField(_("提出时间"))
    answer_by = models.DateField(_("答复期限"))
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    reason = models.CharField(_("婉拒原因"), max_length=12, choices=DeclineReason, blank=True)
    hour = models.OneToOneField(
        CoachingHour, models.PROTECT, null=True, related_name="proposal", verbose_name=_("时段")
    )
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = CoachingProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("约时间的请求")
        verbose_name_plural = pgettext_lazy("many", "约时间的请求")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["coach", "talent"], name="proposed_once", condition=Q(state="open")
            ),
            models.CheckConstraint(name="proposal_three_times", condition=Q(times__len=3)),
            models.CheckConstraint(
                name="proposal_accepted_has_hour",
                condition=Q(state="accepted", hour__isnull=False)
                | (~Q(state="accepted") & Q(hour=None)),
            ),
            models.CheckConstraint(
                name="proposal_declined_has_reason",
                condition=Q(state="declined") & ~Q(reason="")
                | (~Q(state="declined") & Q(reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["talent", "-id"], name="proposal_hers"),
            models.Index(fields=["coach", "-id"], name="proposal_coach"),
            models.Index(fields=["answer_by"], name="proposal_due", condition=Q(state="open")),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def is_open(self):
        """Tell whether it waits for an answer."""
        return self.state == ProposalState.OPEN
