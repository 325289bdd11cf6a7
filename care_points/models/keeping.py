"""What keeps the points honest over years: checks of the ledger, the year's budget, why points lie unspent."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talents.models import Talent


class LedgerCheckQuerySet(models.QuerySet):
    """Questions about checks."""

    def visible_to(self, user):
        """Keep all for those who keep or audit the points, else none."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        allowed = user.is_staff and user.has_perm("care_points.view_ledgercheck")
        return self if allowed else self.none()

    def waiting(self):
        """Keep what was asked for and not done yet, the oldest first."""
        return self.filter(done_at=None).order_by("pk")

    def done(self):
        """Keep what was done, the newest first."""
        return self.filter(done_at__isnull=False).order_by("-pk")


class LedgerCheck(models.Model):
    """One check of the whole ledger against itself: what was looked at, and what does not add up.

    Nobody in `asked_by` is the clock, which asks every night.
    """

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("发起人"),
    )
    asked_at = models.DateTimeField(_("发起时间"))
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    sound = models.BooleanField(_("对账无误"), null=True)
    transfers = models.PositiveBigIntegerField(_("流水笔数"), null=True)
    accounts = models.PositiveBigIntegerField(_("账户数"), null=True)
    unbalanced_transfers = models.JSONField(_("收支不抵的流水"), default=list)
    wrong_accounts = models.JSONField(_("余额不符的账户"), default=list)
    wrong_entries = models.JSONField(_("逐笔余额不符的分录"), default=list)

    objects = LedgerCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("账本核对")
        verbose_name_plural = pgettext_lazy("many", "账本核对")
        ordering = ["-id"]
        permissions = [("check_ledger", _("可以核对积分账本"))]
        constraints = [
            models.CheckConstraint(
                name="check_done_has_result",
                condition=Q(done_at=None, sound=None)
                | Q(done_at__isnull=False, sound__isnull=False),
            ),
            models.UniqueConstraint(
                name="check_waits_once",
                fields=["sound"],
                condition=Q(done_at=None),
                nulls_distinct=False,
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def state(self):
        """Return "waiting", "sound" or "wrong"."""
        if self.done_at is None:
            return "waiting"
        return "sound" if self.sound else "wrong"


class PointsBudgetQuerySet(models.QuerySet):
    """Questions about budgets."""

    def visible_to(self, user):
        """Keep all for staff who may read budgets, else none."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        allowed = user.is_staff and user.has_perm("care_points.view_pointsbudget")
        return self if allowed else self.none()


class PointsBudget(models.Model):
    """How many points one calendar year (Asia/Shanghai) is meant to issue, and what a point costs.

    A budget stops nothing: what a published rule promises is given, and who keeps the points is told in
    time. Nobody earns less because somebody else came first.
    """

    year = models.PositiveSmallIntegerField(
        _("年度"), unique=True, validators=[MinValueValidator(2022), MaxValueValidator(2100)]
    )
    points = models.PositiveIntegerField(
        _("预算积分"),
        validators=[MinValueValidator(1)],
        help_text=_(
            "这一年计划发放的积分（扣除撤销）。用完不会停发：已公布的规则照常发放，谁都不会少得；"
            "用到八成和用完时提醒积分管理员，由您追加预算，或给规则填写截止日期。"
        ),
    )
    cost_per_point = models.DecimalField(
        _("每分成本（元）"),
        max_digits=8,
        decimal_places=2,
        validators=[MinValueValidator(0)],
        help_text=_("用来估算负债：尚未使用的积分 × 每分成本。"),
    )

    objects = PointsBudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("积分预算")
        verbose_name_plural = pgettext_lazy("many", "积分预算")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(name="budget_points_positive", condition=Q(points__gte=1)),
            models.CheckConstraint(
                name="budget_cost_not_negative", condition=Q(cost_per_point__gte=0)
            ),
            models.CheckConstraint(
                name="budget_year_sane", condition=Q(year__gte=2022, year__lte=2100)
            ),
        ]

    def __str__(self):
        return str(self.year)


class WhyUnspent(models.TextChoices):
    """Why a woman has never used her points; `not_now` is an answer as well."""

    UNAWARE = "unaware", _("不清楚能兑换什么、怎么兑换")
    NOT_NEEDED = "not_needed", _("没有我需要的服务")
    SAVING = "saving", _("积分还不够，或想先攒着")
    TIME_PLACE = "time_place", _("时间或地点不方便")
    FULL = "full", _("想要的服务名额总是满的")
    PRIVACY = "privacy", _("担心别人知道")
    OTHER = "other", _("其他原因")
    NOT_NOW = "not_now", _("不想回答")


class UnspentAnswer(models.Model):
    """What a woman said when she was asked, once, why she has never used her points."""

    talent = models.OneToOneField(
        Talent,
        models.PROTECT,
        null=True,  # once it was kept long enough
        related_name="unspent_answer",
        verbose_name=_("女性科技人才"),
    )
    answer = models.CharField(_("原因"), max_length=10, choices=WhyUnspent)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("积分未使用的原因")

    def __str__(self):
        return self.get_answer_display()
