"""Programmes of training: a series of events, the minutes asked for, and who takes part."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from calls.models import Call
from events.models import Event, Series
from kernel import ids
from kernel.sweeps import SweptQuerySet
from talents.models import Talent

MOST_MINUTES = 30_000  # 500 hours: more is mistyped


class Theme(models.TextChoices):
    """What measure 3 wants taught."""

    ECONOMY = "economy", _("经济热点分析")
    START_UP = "start_up", _("创业辅导与创新管理")
    SMART = "smart_technology", _("智能科技")
    FINANCE = "financial_services", _("金融服务")
    LITERACY = "financial_literacy", _("金融普及教育")
    OTHER = "other", _("其他")


class ProgrammeState(models.TextChoices):
    """Where a programme stands."""

    DRAFT = "draft", _("草稿")
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已结业")


class ProgrammeQuerySet(SweptQuerySet):
    """Questions about programmes."""

    def visible_to(self, user):
        """Keep the programmes `user` may look after: her department's."""
        if not (user.is_staff and user.has_perm("entrepreneurship.view_programme")):
            return self.none()
        if user.sees_all_departments:
            return self
        return self.filter(series__department=user.department_id)

    def shown(self):
        """Keep what women may read of."""
        return self.exclude(state=ProgrammeState.DRAFT)

    def open(self):
        """Keep those that run."""
        return self.filter(state=ProgrammeState.OPEN)

    def to_look(self, at):
        """Keep those the clock counts: who runs, and who was concluded within the year attendance is corrected in."""
        recent = Q(state=ProgrammeState.CLOSED, closed_at__gt=at - timedelta(days=360))
        return self.filter(Q(state=ProgrammeState.OPEN) | recent).order_by("pk")

    def locked(self, programme):
        """Return `programme` as it stands now, its row locked until the transaction ends."""
        return (
            self.select_for_update(of=("self",))
            .select_related("series__department")
            .get(pk=programme.pk)
        )


class Programme(models.Model):
    """A series of events that is one training: so many minutes in all are asked for, and so many of each module."""

    code = models.CharField(
        _("项目编号"), max_length=12, unique=True, default=ids.code, editable=False
    )
    name = models.CharField(_("培训名称"), max_length=60)
    name_en = models.CharField(
        _("英文名称"), max_length=120, blank=True, help_text=_("印在英文证书上")
    )
    series = models.OneToOneField(
        Series,
        models.PROTECT,
        related_name="programme",
        verbose_name=_("活动系列"),
        help_text=_("这个系列里类型为“创业培训”“专题研修班”的活动，就是培训的课"),
    )
    description = models.TextField(_("介绍"), max_length=1000, blank=True)
    minutes_required = models.PositiveIntegerField(
        _("结业要求（分钟）"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MINUTES)],
        help_text=_("45 分钟为 1 学时；不能多于已排课程的总时长"),
    )
    call = models.ForeignKey(
        Call,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="programmes",
        verbose_name=_("选拔的申报"),
        help_text=_("选了申报的，只有申报入选的人能加入；不选的，入库人才都能加入"),
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=ProgrammeState, default=ProgrammeState.DRAFT
    )
    opened_at = models.DateTimeField(_("开放时间"), null=True, editable=False)
    closed_at = models.DateTimeField(_("结业时间"), null=True, editable=False)
    looked_at = models.DateTimeField(_("学时核算时间"), null=True, editable=False)
    created_at = models.DateTimeField(_("创建时间"))
    updated_at = models.DateTimeField(_("更新时间"))
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("培训项目")
        verbose_name_plural = pgettext_lazy("many", "培训项目")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="programme_minutes",
                condition=Q(minutes_required__gte=1, minutes_required__lte=MOST_MINUTES),
            ),
            models.CheckConstraint(name="programme_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="programme_opened",
                condition=Q(state="draft") | Q(opened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="programme_closed",
                condition=~Q(state="closed") | Q(closed_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="programme_state")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return the address of its page."""
        return reverse("programme", args=[self.code])

    @property
    def label(self):
        """Return its name in the reader's language, where there is one in it."""
        return (self.name_en if get_language() == "en" else "") or self.name

    @property
    def department(self):
        """Return who gives it."""
        return self.series.department

    @property
    def is_open(self):
        """Tell whether it runs."""
        return self.state == ProgrammeState.OPEN

    @property
    def is_closed(self):
        """Tell whether it is over and certificates are given."""
        return self.state == ProgrammeState.CLOSED


class ProgrammeModuleQuerySet(models.QuerySet):
    """Questions about modules."""

    def visible_to(self, user):
        """Keep the modules of programmes `user` may look after."""
        return self.filter(programme__in=Programme.objects.visible_to(user))


class ProgrammeModule(models.Model):
    """A part of a programme with its events; `minutes_required` 0: of this part no minutes are asked for by themselves."""

    programme = models.ForeignKey(
        Programme,
        models.CASCADE,
        related_name="modules",
        verbose_name=_("培训项目"),
        db_index=False,
    )
    theme = models.CharField(_("主题"), max_length=20, choices=Theme)
    name = models.CharField(_("模块名称"), max_length=60)
    minutes_required = models.PositiveIntegerField(
        _("模块要求（分钟）"),
        default=0,
        validators=[MaxValueValidator(MOST_MINUTES)],
        help_text=_("0 表示本模块不单独要求，只计入总时长"),
    )
    objects = ProgrammeModuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("培训模块")
        verbose_name_plural = pgettext_lazy("many", "培训模块")
        ordering = ["programme", "id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="module_name_once"),
            models.CheckConstraint(name="module_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="module_minutes", condition=Q(minutes_required__lte=MOST_MINUTES)
            ),
        ]

    def __str__(self):
        return self.name


class ModuleEvent(models.Model):
    """That an event teaches a module; it teaches one."""

    module = models.ForeignKey(ProgrammeModule, models.CASCADE, related_name="taught")
    event = models.OneToOneField(Event, models.CASCADE, related_name="module_event")

    class Meta:
        verbose_name = _("模块的课程")
        verbose_name_plural = pgettext_lazy("many", "模块的课程")

    def __str__(self):
        return str(self.pk)


class EnrolmentState(models.TextChoices):
    """Where she stands in a programme."""

    ENROLLED = "enrolled", _("在读")
    COMPLETED = "completed", _("已结业")
    ENDED = "ended", _("未达结业要求")
    LEFT = "left", _("已退出")


class Risk(models.TextChoices):
    """Whether she can still reach what is asked for."""

    NONE = "", _("正常")
    TIGHT = "tight", _("再缺一场就不够")
    LOST = "lost", _("已不够结业")


class EnrolmentQuerySet(models.QuerySet):
    """Questions about who takes part."""

    def visible_to(self, user):
        """Keep those of programmes `user` may look after."""
        if not user.has_perm("entrepreneurship.view_enrolment"):
            return self.none()
        return self.filter(programme__in=Programme.objects.visible_to(user))

    def standing(self):
        """Keep who has not left."""
        return self.exclude(state=EnrolmentState.LEFT)

    def of_woman(self, user):
        """Keep hers, the newest first."""
        return self.filter(talent__user=user.pk).order_by("-pk")

    def at_risk(self):
        """Keep who may not reach, or reaches no more, what is asked for while the programme runs."""
        running = self.filter(state=EnrolmentState.ENROLLED, programme__state=ProgrammeState.OPEN)
        return running.exclude(risk=Risk.NONE)


class Enrolment(models.Model):
    """A woman in a programme; minutes and risk are what the clock counted last (operations.look)."""

    programme = models.ForeignKey(
        Programme,
        models.PROTECT,
        related_name="enrolments",
        verbose_name=_("培训项目"),
        db_index=False,
    )
    talent = models.ForeignKey(
        Talent, models.PROTECT, related_name="enrolments", verbose_name=_("人才"), db_index=False
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=EnrolmentState, default=EnrolmentState.ENROLLED
    )
    enrolled_at = models.DateTimeField(_("加入时间"))
    left_at = models.DateTimeField(_("退出时间"), null=True, blank=True)
    left_reason = models.CharField(_("退出原因"), max_length=200, blank=True)
    minutes = models.PositiveIntegerField(_("已学分钟"), default=0)
    attainable = models.PositiveIntegerField(_("最多还能达到（分钟）"), default=0)
    risk = models.CharField(_("进度"), max_length=5, choices=Risk, blank=True)
    risk_since = models.DateTimeField(_("进度提醒时间"), null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("培训学员")
        verbose_name_plural = pgettext_lazy("many", "培训学员")
        ordering = ["-id"]
        permissions = [("export_enrolment", _("可以导出培训学员名单"))]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "talent"],
                name="enrolled_once",
                condition=~Q(state="left"),
            ),
            models.CheckConstraint(
                name="enrolment_left",
                condition=Q(state="left", left_at__isnull=False)
                | (~Q(state="left") & Q(left_at=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "-id"], name="enrolment_programme"),
            models.Index(fields=["talent", "-id"], name="enrolment_hers"),
            models.Index(
                fields=["risk_since"],
                name="enrolment_at_risk",
                condition=Q(state="enrolled") & ~Q(risk=""),
            ),
        ]

    def __str__(self):
        return f"{self.talent.full_name} · {self.programme.name}"

    @property
    def stands(self):
        """Tell whether she has not left."""
        return self.state != EnrolmentState.LEFT
