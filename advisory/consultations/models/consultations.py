"""What a department asks before it decides, and what share of women it aims at."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department, Unit
from events.models import Event
from kernel import ids
from kernel.sweeps import SweptQuerySet
from talents import codes

SEES = "advisory.view_consultation"
MOST_PLACES = 60


class ConsultationKind(models.TextChoices):
    """What is decided afterwards."""

    STRATEGY = "strategy", pgettext_lazy("consultation", "战略")
    PLAN = "plan", pgettext_lazy("consultation", "规划")
    POLICY = "policy", pgettext_lazy("consultation", "政策")
    PROJECT = "project", pgettext_lazy("consultation", "项目")
    STANDARD = "standard", pgettext_lazy("consultation", "标准")


class Mode(models.TextChoices):
    """How those who are invited say what they think."""

    MEETING = "meeting", pgettext_lazy("consultation", "会议")
    WRITING = "writing", pgettext_lazy("consultation", "书面")


class ConsultationState(models.TextChoices):
    """Where a consultation stands."""

    DRAFT = "draft", pgettext_lazy("consultation", "准备中")
    INVITING = "inviting", pgettext_lazy("consultation", "邀请中")
    HELD = "held", pgettext_lazy("consultation", "已进行，待办结")
    CLOSED = "closed", pgettext_lazy("consultation", "已办结")
    CANCELLED = "cancelled", pgettext_lazy("consultation", "已取消")


ENDED = (ConsultationState.CLOSED, ConsultationState.CANCELLED)


class ConsultationQuerySet(SweptQuerySet):
    """Questions about consultations."""

    def visible_to(self, user):
        """Keep what staff of a department may see."""
        if not (user.is_staff and user.has_perm(SEES)):
            return self.none()
        return self if user.sees_all_departments else self.filter(department=user.department_id)

    def open(self):
        """Keep those that are being worked on."""
        return self.exclude(state__in=ENDED)

    def to_hold(self, now):
        """Keep those whose time to say something is over and that nobody has noted as held."""
        writing = Q(mode=Mode.WRITING, opinions_by__lt=timezone.localdate(now))
        meeting = Q(mode=Mode.MEETING, event__ends_at__lt=now)
        return self.filter(writing | meeting, state=ConsultationState.INVITING)

    def to_close(self):
        """Keep those that were held and wait for what became of them, the longest waiting first."""
        return self.filter(state=ConsultationState.HELD).order_by("held_at", "pk")


def _codes(words, choices):
    column = models.CharField(max_length=16, choices=choices)
    return ArrayField(column, default=list, blank=True, verbose_name=words)


class Consultation(models.Model):
    """What a department asks women of the database, and others, before something is decided.

    `places` are for women of the database; those outside it are counted, never named: `outside` who are invited,
    `came_outside` who came, the women among them apart. What is looked for in those who are invited is kept, so that a
    freed place can propose the next one.
    """

    code = models.CharField(_("编号"), max_length=12, unique=True, default=ids.code, editable=False)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("组织部门"), db_index=False
    )
    kind = models.CharField(_("咨询事项"), max_length=10, choices=ConsultationKind)
    mode = models.CharField(_("方式"), max_length=10, choices=Mode)
    title = models.CharField(_("题目"), max_length=80)
    question = models.TextField(_("想请教什么"), max_length=2000)
    # Whose matter it is: who works there, or did, has a conflict of interest.
    units = models.ManyToManyField(Unit, blank=True, related_name="+", verbose_name=_("涉及的单位"))
    places = models.PositiveSmallIntegerField(
        _("库内女性专家名额"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)],
    )
    outside = models.PositiveSmallIntegerField(_("库外邀请人数"), default=0)
    outside_women = models.PositiveSmallIntegerField(_("其中女性"), default=0)
    share_reason = models.CharField(_("低于目标的原因"), max_length=200, blank=True)
    event = models.OneToOneField(
        Event,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="consultation",
        verbose_name=_("活动"),
    )
    opinions_by = models.DateField(_("意见截止日期"), null=True, blank=True)

    disciplines = _codes(_("学科"), codes.Discipline)
    industries = _codes(_("行业"), codes.Industry)
    details = ArrayField(
        models.CharField(max_length=5), default=list, blank=True, verbose_name=_("二级学科")
    )
    levels = _codes(_("职称级别"), codes.TitleLevel)
    words = models.CharField(_("关键词"), max_length=60, blank=True)

    state = models.CharField(
        _("状态"), max_length=10, choices=ConsultationState, default=ConsultationState.DRAFT
    )
    created_at = models.DateTimeField(_("建立时间"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    opened_at = models.DateTimeField(_("开始邀请"), null=True, blank=True)
    held_at = models.DateTimeField(_("进行时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    cancel_reason = models.CharField(_("取消的原因"), max_length=200, blank=True)
    came_outside = models.PositiveSmallIntegerField(_("库外到场人数"), null=True, blank=True)
    came_outside_women = models.PositiveSmallIntegerField(_("其中女性"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = ConsultationQuerySet.as_manager()

    audit_code = "code"

    class Meta:
        verbose_name = pgettext_lazy("one", "咨询")
        verbose_name_plural = pgettext_lazy("many", "咨询")
        ordering = ["-id"]
        permissions = [("run_consultation", _("可以组织咨询"))]
        constraints = [
            models.CheckConstraint(
                name="consultation_places", condition=Q(places__gte=1, places__lte=MOST_PLACES)
            ),
            models.CheckConstraint(
                name="consultation_women_among_outside",
                condition=Q(outside_women__lte=F("outside")),
            ),
            models.CheckConstraint(
                name="consultation_women_among_who_came",
                condition=Q(came_outside=None, came_outside_women=None)
                | Q(came_outside_women__lte=F("came_outside")),
            ),
            models.CheckConstraint(
                name="consultation_closed_has_totals",
                condition=~Q(state="closed") | Q(came_outside_women__isnull=False),
            ),
            models.CheckConstraint(
                name="consultation_meets_or_waits",
                condition=Q(state__in=["draft", "cancelled"])
                | Q(mode="meeting", event__isnull=False)
                | Q(mode="writing", opinions_by__isnull=False),
            ),
            models.CheckConstraint(
                name="consultation_cancelled_has_reason",
                condition=Q(state="cancelled") & ~Q(cancel_reason="")
                | ~Q(state="cancelled") & Q(cancel_reason=""),
            ),
            models.CheckConstraint(
                name="consultation_state_has_time",
                condition=(Q(opened_at__isnull=False) | Q(state__in=["draft", "cancelled"]))
                & (Q(held_at__isnull=False) | ~Q(state__in=["held", "closed"]))
                & (
                    Q(ended_at__isnull=False, state__in=["closed", "cancelled"])
                    | Q(ended_at=None, state__in=["draft", "inviting", "held"])
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state", "-id"], name="consultation_department"),
            models.Index(fields=["opened_at"], name="consultation_opened"),
        ]

    def __str__(self):
        return self.title

    @property
    def has_ended(self):
        """Tell whether nothing is done with it any more."""
        return self.state in ENDED

    @property
    def is_meeting(self):
        """Tell whether those who are invited come together."""
        return self.mode == Mode.MEETING

    @property
    def share(self):
        """Return women's share of those who are to be invited, in per cent."""
        return 100 * (self.places + self.outside_women) / (self.places + self.outside)


class ShareTargetQuerySet(models.QuerySet):
    """Questions about targets."""

    def visible_to(self, user):
        """Keep what staff may see: everybody's, who may see any."""
        return self if user.is_staff and user.has_perm("advisory.view_sharetarget") else self.none()


class ShareTarget(models.Model):
    """What share of those a department consults in a year shall be women."""

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("部门"), db_index=False
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    percent = models.PositiveSmallIntegerField(
        _("女性占比目标（%）"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    set_at = models.DateTimeField(_("设定时间"), editable=False)

    objects = ShareTargetQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "女性占比目标")
        verbose_name_plural = pgettext_lazy("many", "女性占比目标")
        ordering = ["-year", "department"]
        constraints = [
            models.UniqueConstraint(fields=["department", "year"], name="consultation_target_once"),
            models.CheckConstraint(
                name="consultation_target_percent", condition=Q(percent__gte=1, percent__lte=100)
            ),
        ]

    def __str__(self):
        return f"{self.department} {self.year}"
