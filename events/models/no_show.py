"""Who did not come and did not say so: the rule that may follow, off unless somebody switches it on."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department


class NoShowRuleQuerySet(models.QuerySet):
    """Questions about rules."""

    def in_force(self):
        """Keep those that were not ended."""
        return self.filter(ended_at=None)

    def of_department(self, department_id):
        """Keep what holds for a department's events: its own rule before the portal's."""
        mine = Q(department=department_id) | Q(department=None)
        return self.in_force().filter(mine).order_by(models.F("department").asc(nulls_last=True))


def _number(words, least, most):
    return models.PositiveSmallIntegerField(
        words, validators=[MinValueValidator(least), MaxValueValidator(most)]
    )


class NoShowRule(models.Model):
    """From `absences` unexcused absences within `months` on: for `weeks` she books from `days_before` the start only.

    Dated, and never changed: a new one ends the old.
    """

    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("适用部门"),
        help_text=_("留空表示全部部门的活动"),
    )
    absences = _number(_("未到场次数"), 2, 10)
    months = _number(_("多少个月之内"), 1, 12)
    weeks = _number(_("限制多少周"), 1, 26)
    days_before = _number(_("只能在开始前多少天内报名"), 1, 30)
    reason = models.CharField(_("为什么实行"), max_length=200)
    # Absences of events that end later count.
    set_at = models.DateTimeField(_("开始实行"))
    ended_at = models.DateTimeField(_("停止实行"), null=True, blank=True)

    objects = NoShowRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("未到场规则")
        verbose_name_plural = pgettext_lazy("many", "未到场规则")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["department"],
                name="no_show_rule_once",
                condition=Q(ended_at=None),
                nulls_distinct=False,
            ),
        ]

    def __str__(self):
        return self.sentence

    @property
    def sentence(self):
        """Return the rule in words, as women and staff read it."""
        said = {
            name: getattr(self, name) for name in ("absences", "months", "weeks", "days_before")
        }
        return (
            _(
                "%(months)s 个月内 %(absences)s 次没有请假也没有到场的，%(weeks)s 周内只能在活动开始前 %(days_before)s 天内报名。"
            )
            % said
        )

    @property
    def is_in_force(self):
        """Tell whether it holds."""
        return self.ended_at is None


class BookingHoldQuerySet(models.QuerySet):
    """Questions about holds."""

    def standing(self, at):
        """Keep those that hold at a moment."""
        return self.filter(until__gt=at, lifted_at=None)

    def of_reader(self, user, at):
        """Return a list of those that hold a reader back; the statement that found her says that there are none."""
        counts = getattr(user, "counts", {})
        if not user.is_authenticated or counts.get("booking_holds") == 0:
            return []
        return list(self.standing(at).filter(user=user).order_by("-until"))


class BookingHold(models.Model):
    """A woman whom a rule holds back for a while: one row for her and the rule's department, which ends by itself."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="booking_holds",
        db_index=False,
        verbose_name=_("姓名"),
    )
    # None: the rule is everybody's.
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("适用部门"),
        db_index=False,
    )
    days_before = models.PositiveSmallIntegerField(_("只能在开始前多少天内报名"))
    until = models.DateTimeField(_("到什么时候"))
    absences = models.PositiveSmallIntegerField(_("未到场次数"))
    made_at = models.DateTimeField(_("开始"))
    lifted_at = models.DateTimeField(_("解除时间"), null=True)
    # What she missed before does not count any more, also once she is held back again.
    forgiven_at = models.DateTimeField(_("此前不再计入"), null=True, editable=False)
    lift_reason = models.CharField(_("解除原因"), max_length=200, blank=True)

    objects = BookingHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("报名限制")
        verbose_name_plural = pgettext_lazy("many", "报名限制")
        ordering = ["-until"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "department"],
                name="booking_hold_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self):
        return str(self.user)

    def stands(self, at):
        """Tell whether it holds at a moment."""
        return self.lifted_at is None and at < self.until
