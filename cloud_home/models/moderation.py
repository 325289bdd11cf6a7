"""What is done about posts that should not be there: reports, hidden posts with their appeal, warnings and suspensions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cloud_home.models.circles import Circle
from cloud_home.models.posts import Post


class ReportReason(models.TextChoices):
    """What is wrong with a post."""

    ABUSE = "abuse", _("辱骂、攻击他人")
    PRIVACY = "privacy", _("泄露他人信息或单位机密")
    ADVERTISING = "advertising", _("广告、推销")
    FALSE = "false", _("内容不实")
    OTHER = "other", _("其他问题")


class CaseQuerySet(models.QuerySet):
    """Questions about what staff have to decide."""

    def visible_to(self, user):
        """Keep what is about posts of circles `user` looks after; of her own posts she learns as every author does."""
        cases = self.filter(post__topic__circle__in=Circle.objects.managed_by(user))
        return cases.exclude(post__author=user.pk)

    def waiting(self):
        """Keep reports nobody has decided, the oldest first."""
        return self.filter(decided_at=None).order_by("at", "pk")

    def upheld_by(self, user):
        """Keep reports `user` found to be right."""
        return self.filter(upheld=True, decided_by=user.pk)


class Report(models.Model):
    """Somebody says that a post should not be there."""

    post = models.ForeignKey(
        Post, models.CASCADE, related_name="reports", verbose_name=_("发言"), db_index=False
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="post_reports",
        verbose_name=_("举报人"),
    )
    reason = models.CharField(_("举报原因"), max_length=12, choices=ReportReason)
    note = models.CharField(_("补充说明"), max_length=200, blank=True)
    at = models.DateTimeField(_("举报时间"))
    upheld = models.BooleanField(_("举报成立"), null=True)
    answer = models.CharField(_("处理说明"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("处理人"),
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "举报")
        verbose_name_plural = pgettext_lazy("many", "举报")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "reporter"],
                name="report_open_once",
                condition=Q(decided_at=None),
            ),
            models.CheckConstraint(
                name="report_decided_has_outcome",
                condition=Q(decided_at=None, upheld=None)
                | Q(decided_at__isnull=False, upheld__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["at", "id"], name="report_waiting", condition=Q(decided_at=None)),
        ]

    def __str__(self):
        return str(self.get_reason_display())

    @property
    def audit_name(self):
        """Return what the audit log calls it."""
        return str(self.pk)

    @property
    def is_decided(self):
        """Tell whether it was dealt with."""
        return self.decided_at is not None


class HidingQuerySet(CaseQuerySet):
    """Questions about hidden posts."""

    def standing(self):
        """Keep those that are still hidden."""
        return self.filter(ended_at=None)

    def appealed(self):
        """Keep appeals nobody has decided, the oldest first."""
        waiting = self.standing().filter(appealed_at__isnull=False, decided_at=None)
        return waiting.filter(post__gone="")  # of who was erased nobody waits


class Hiding(models.Model):
    """A post was hidden, why, what its author says about it, and what became of that.

    Shown again without an appeal, `answer` says why.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="hidings", verbose_name=_("发言"))
    reason = models.CharField(_("隐藏原因"), max_length=200)
    hidden_at = models.DateTimeField(_("隐藏时间"))
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("隐藏人"),
    )
    appeal = models.CharField(_("申诉"), max_length=500, blank=True)
    appealed_at = models.DateTimeField(_("申诉时间"), null=True, blank=True)
    answer = models.CharField(_("答复"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("答复人"),
    )
    ended_at = models.DateTimeField(_("恢复时间"), null=True, blank=True)

    objects = HidingQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "隐藏的发言")
        verbose_name_plural = pgettext_lazy("many", "隐藏的发言")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["post"], name="hiding_standing_once", condition=Q(ended_at=None)
            ),
            models.CheckConstraint(name="hiding_has_reason", condition=~Q(reason="")),
        ]
        indexes = [
            models.Index(
                fields=["appealed_at", "id"],
                name="hiding_appealed",
                condition=Q(appealed_at__isnull=False, decided_at=None, ended_at=None),
            ),
        ]

    def __str__(self):
        return self.reason

    @property
    def audit_name(self):
        """Return what the audit log calls it."""
        return str(self.pk)

    @property
    def waits(self):
        """Tell whether an appeal waits for its answer."""
        return self.appealed_at is not None and self.decided_at is None and self.ended_at is None


class SanctionQuerySet(CaseQuerySet):
    """Questions about warnings and suspensions."""

    def suspending(self, at):
        """Keep what keeps somebody from writing at a moment."""
        return self.filter(until__gt=at, lifted_at=None)

    def appealed(self):
        """Keep appeals nobody has decided, the oldest first."""
        return self.filter(appealed_at__isnull=False, decided_at=None, user__isnull=False)


class Sanction(models.Model):
    """A warning (without `until`), or that somebody writes nothing until a moment, what she says about that and the answer.

    Ended early without an appeal, `answer` says why.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="sanctions", verbose_name=_("发言"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="sanctions",
        verbose_name=_("当事人"),
    )
    reason = models.CharField(_("原因"), max_length=200)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("办理人"),
    )
    until = models.DateTimeField(_("停止发言到"), null=True, blank=True)
    appeal = models.CharField(_("申诉"), max_length=500, blank=True)
    appealed_at = models.DateTimeField(_("申诉时间"), null=True, blank=True)
    answer = models.CharField(_("答复"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("答复人"),
    )
    lifted_at = models.DateTimeField(_("提前解除时间"), null=True, blank=True)

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "提醒与停止发言")
        verbose_name_plural = pgettext_lazy("many", "提醒与停止发言")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="sanction_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="sanction_lifted_was_suspension",
                condition=Q(lifted_at=None) | Q(until__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["post"], name="sanction_standing_once", condition=Q(lifted_at=None)
            ),
        ]
        indexes = [
            models.Index(
                fields=["appealed_at", "id"],
                name="sanction_appealed",
                condition=Q(appealed_at__isnull=False, decided_at=None),
            ),
        ]

    def __str__(self):
        return self.reason

    @property
    def audit_name(self):
        """Return what the audit log calls it."""
        return str(self.pk)

    @property
    def waits(self):
        """Tell whether an appeal waits for its answer."""
        return self.appealed_at is not None and self.decided_at is None

    def stands(self, at):
        """Tell whether it keeps her from writing at a moment."""
        return self.until is not None and self.lifted_at is None and at < self.until
