"""A campaign: the question, its hours, who may write, and the limits everything in it is dealt with by."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department
from kernel import ids
from kernel.sweeps import SweptQuerySet

CAMPAIGN_SEES = "advisory.view_suggestioncampaign"
MOST_EXTENSION = 30


class CampaignState(models.TextChoices):
    """Where a campaign stands."""

    DRAFT = "draft", pgettext_lazy("campaign", "准备中")
    OPEN = "open", pgettext_lazy("campaign", "已发布")
    CLOSED = "closed", pgettext_lazy("campaign", "已结束")
    CANCELLED = "cancelled", pgettext_lazy("campaign", "已取消")


class Writers(models.TextChoices):
    """Who may write."""

    DATABASE = "database", pgettext_lazy("campaign", "入库的女性科技人才")
    ACCOUNT = "account", pgettext_lazy("campaign", "注册的女性")


class SuggestionCampaignQuerySet(SweptQuerySet):
    """Questions about campaigns."""

    def visible_to(self, user):
        """Keep what staff of a department may see."""
        if not (user.is_staff and user.has_perm(CAMPAIGN_SEES)):
            return self.none()
        return self if user.sees_all_departments else self.filter(department=user.department_id)

    def public(self, now):
        """Keep those everybody may read of."""
        return self.published().filter(opens_at__lte=now)

    def published(self):
        """Keep those that were published, begun or not."""
        return self.filter(state__in=[CampaignState.OPEN, CampaignState.CLOSED])

    def coming(self, now):
        """Keep those that are published and begin later, the next first."""
        rows = self.filter(state=CampaignState.OPEN, opens_at__gt=now)
        return rows.order_by("opens_at", "pk")

    def writable(self, now):
        """Keep those in whose hours a moment falls."""
        return self.filter(state=CampaignState.OPEN, opens_at__lte=now, closes_at__gt=now)

    def to_close(self, now):
        """Keep those whose hours are over and that nobody has closed."""
        return self.filter(state=CampaignState.OPEN, closes_at__lte=now)


def _days(words, default, most):
    return models.PositiveSmallIntegerField(
        words, default=default, validators=[MinValueValidator(1), MaxValueValidator(most)]
    )


class SuggestionCampaign(models.Model):
    """What a department, the coordinator, asks women to make suggestions on. Its limits are those of the policy unless said."""

    code = models.CharField(_("编号"), max_length=12, unique=True, default=ids.code, editable=False)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("campaign", "牵头部门"),
        db_index=False,
    )
    title = models.CharField(_("题目"), max_length=80)
    question = models.TextField(_("征集什么"), max_length=4000)
    opens_at = models.DateTimeField(_("开始时间"))
    closes_at = models.DateTimeField(_("截止时间"))
    writers = models.CharField(
        _("谁可以写"), max_length=10, choices=Writers, default=Writers.ACCOUNT
    )
    cosigning = models.BooleanField(_("可以附议"), default=True)
    not_ours_days = _days(_("不属于本部门的退回期限（工作日）"), 5, 30)
    assist_days = _days(_("会办意见期限（天）"), 30, 180)
    reply_days = _days(_("答复期限（天）"), 60, 180)
    extension_days = _days(_("最多延期（天）"), 30, MOST_EXTENSION)
    redo_days = _days(_("重新办理期限（天）"), 30, 180)
    state = models.CharField(
        _("状态"), max_length=10, choices=CampaignState, default=CampaignState.DRAFT
    )
    created_at = models.DateTimeField(_("建立时间"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    cancel_reason = models.CharField(_("取消的原因"), max_length=200, blank=True)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = SuggestionCampaignQuerySet.as_manager()

    audit_code = "code"

    class Meta:
        verbose_name = pgettext_lazy("one", "建言征集")
        verbose_name_plural = pgettext_lazy("many", "建言征集")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="suggestion_campaign_hours", condition=Q(closes_at__gt=F("opens_at"))
            ),
            models.CheckConstraint(
                name="suggestion_campaign_limits",
                condition=Q(
                    not_ours_days__gte=1,
                    assist_days__gte=1,
                    reply_days__gte=1,
                    extension_days__gte=1,
                    extension_days__lte=MOST_EXTENSION,
                    redo_days__gte=1,
                ),
            ),
            models.CheckConstraint(
                name="suggestion_campaign_cancelled_why",
                condition=Q(state="cancelled") & ~Q(cancel_reason="")
                | ~Q(state="cancelled") & Q(cancel_reason=""),
            ),
            models.CheckConstraint(
                name="suggestion_campaign_end_has_time",
                condition=Q(state__in=["closed", "cancelled"], ended_at__isnull=False)
                | Q(state__in=["draft", "open"], ended_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state", "-id"], name="suggestion_campaign_staff"),
            models.Index(fields=["state", "closes_at"], name="suggestion_campaign_hours_end"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return where everybody reads it."""
        return reverse("suggestion_campaign", args=[self.code])

    @property
    def ends_at(self):
        """Return when its hours end: earlier than was said where it was ended before."""
        return min(self.ended_at or self.closes_at, self.closes_at)

    def is_writable(self, now):
        """Tell whether a moment falls in its hours, whether or not the clock has closed it."""
        return self.state == CampaignState.OPEN and self.opens_at <= now < self.closes_at
