"""What each woman chose, and whom a question went to."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cloud_home.models.posts import Topic
from kernel.days import DAY, begin
from kernel.sweeps import SweptQuerySet

MORNING = timedelta(hours=9)


class Digest(models.TextChoices):
    """How often she hears of what is new."""

    NEVER = "never", _("不发")
    DAILY = "daily", _("每天上午")
    WEEKLY = "weekly", _("每周一上午")


class PreferenceQuerySet(SweptQuerySet):
    """Questions about what women chose."""

    def due(self, at):
        """Keep those whose digest is due."""
        return self.exclude(digest=Digest.NEVER).filter(next_at__lte=at)

    def visible_to(self, user):
        """Keep, for who gives them back to the clock, those whose digest was set aside."""
        may = user.has_perm("cloud_home.change_preference")
        return self.set_aside() if may else self.none()


class Preference(models.Model):
    """How she wants to hear of the Cloud Home, and whether colleagues may ask her."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="cloud_home", verbose_name=_("用户")
    )
    digest = models.CharField(_("新内容摘要"), max_length=8, choices=Digest, default=Digest.WEEKLY)
    may_be_asked = models.BooleanField(_("愿意回答同行的求教"), default=False)
    # What is newer than this has not been in a digest yet.
    told_up_to = models.DateTimeField(_("上次摘要"))
    next_at = models.DateTimeField(_("下次摘要"))
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "云之家摘要")
        verbose_name_plural = pgettext_lazy("many", "云之家摘要")
        indexes = [
            models.Index(
                fields=["next_at"],
                name="preference_due",
                condition=~models.Q(digest="never"),
            ),
            models.Index(
                fields=["user"], name="preference_asked", condition=models.Q(may_be_asked=True)
            ),
        ]

    def __str__(self):
        return str(self.pk)

    def following(self, at):
        """Return when the digest after a moment is due: the next morning, or that of the next Monday."""
        day = timezone.localdate(at) + DAY
        if self.digest == Digest.WEEKLY:
            day += DAY * (-day.weekday() % 7)
        return begin(day) + MORNING


class AskQuerySet(models.QuerySet):
    """Questions about whom questions went to."""

    def put_to(self, user):
        """Keep what `user` was asked and may still read: not what was hidden since, or moved behind a closed door."""
        return self.filter(user=user, topic__in=Topic.objects.visible_to(user))

    def waiting(self):
        """Keep what was neither answered nor declined."""
        return self.filter(answered_at=None, declined_at=None)


class Ask(models.Model):
    """A question went to her; who asked learns how many were asked and not who."""

    topic = models.ForeignKey(
        Topic, models.CASCADE, related_name="asks", verbose_name=_("话题"), db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="asks",
        verbose_name=_("被请教人"),
        db_index=False,
    )
    asked_at = models.DateTimeField(_("请教时间"))
    answered_at = models.DateTimeField(_("回答时间"), null=True, blank=True)
    declined_at = models.DateTimeField(_("婉拒时间"), null=True, blank=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "求教")
        verbose_name_plural = pgettext_lazy("many", "求教")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["topic", "user"], name="ask_once")]
        indexes = [models.Index(fields=["user", "-id"], name="ask_user")]

    def __str__(self):
        return str(self.pk)

    @property
    def audit_name(self):
        """Return what the audit log calls it."""
        return str(self.pk)

    @property
    def is_open(self):
        """Tell whether it waits for her."""
        return self.answered_at is None and self.declined_at is None
