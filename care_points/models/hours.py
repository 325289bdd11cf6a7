"""Volunteer hours: recorded by staff, confirmed by a colleague."""

from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from care_points.models.apart import apart
from talents.models import Talent


class HoursState(models.TextChoices):
    """Where recorded volunteer hours stand."""

    RECORDED = "recorded", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    REFUSED = "refused", _("未通过")
    REVOKED = "revoked", _("已撤销")
    WITHDRAWN = "withdrawn", _("已撤回")
    CORRECTED = "corrected", _("已更正")


class HoursSource(models.TextChoices):
    """On what the hours rest."""

    STAFF = "staff", _("经办人登记")
    CHECK_IN = "check_in", _("签到签退")
    LEADER = "leader", _("活动负责人登记")


# She has these, or will once a colleague confirms: no others of hers in the same time.
STANDING = (HoursState.RECORDED, HoursState.CONFIRMED)


# Recorded, and not in place of other hours.
PROPOSED_ANEW = Q(state="recorded", replaces=None)


class ServiceHoursQuerySet(models.QuerySet):
    """Questions about volunteer hours."""

    def visible_to(self, user):
        """Keep her own hours; staff: those of their department's talents."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if not user.is_staff or not user.has_perm("care_points.view_servicehours"):
            return self.filter(talent__user=user)
        if user.sees_all_departments or user.has_perm("care_points.view_all_servicehours"):
            return self
        return self.filter(talent__department=user.department_id)

    def standing(self):
        """Keep those that count or wait; not what is only proposed in place of others."""
        return self.filter(Q(state=HoursState.CONFIRMED) | PROPOSED_ANEW)

    def of(self, user):
        """Keep her own, the latest first."""
        return self.filter(talent__user=user.pk).order_by("-starts_at", "-pk")

    def waiting(self):
        """Keep hours a colleague should confirm, the oldest first."""
        return self.filter(state=HoursState.RECORDED).order_by("starts_at", "pk")


class ServiceHours(models.Model):
    """Volunteer hours of one talent on one day, in half hours; two entries never overlap in time."""

    talent = models.ForeignKey(
        Talent,
        models.PROTECT,
        null=True,  # once they were kept long enough
        related_name="service_hours",
        verbose_name=_("女性科技人才"),
    )
    activity = models.CharField(_("志愿服务内容"), max_length=80)
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"), editable=False)
    half_hours = models.PositiveSmallIntegerField(
        _("半小时数"), validators=[MinValueValidator(1), MaxValueValidator(24)]
    )
    state = models.CharField(_("状态"), max_length=10, choices=HoursState, default="recorded")
    source = models.CharField(
        _("依据"), max_length=10, choices=HoursSource, default=HoursSource.STAFF
    )
    # What an app above counted them from ("booking:17"): hours of it stand once.
    origin = models.CharField(max_length=40, blank=True, editable=False)
    # A correction: in place of these, once a colleague confirms. Neither row is ever changed in what it says.
    replaces = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("更正"),
        db_index=False,
    )
    change_reason = models.CharField(_("更正原因"), max_length=200, blank=True)
    reason = models.CharField(_("说明"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    recorded_at = models.DateTimeField(_("登记时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("确认人"),
    )
    decided_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    objects = ServiceHoursQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("志愿服务时长")
        ordering = ["-starts_at", "-id"]
        permissions = [
            ("confirm_servicehours", _("可以确认志愿服务时长")),
            ("view_all_servicehours", _("可以查看所有部门的志愿服务时长")),
        ]
        constraints = [
            models.CheckConstraint(
                name="hours_within_a_day", condition=Q(half_hours__gte=1, half_hours__lte=24)
            ),
            models.CheckConstraint(
                name="hours_end_follows",
                condition=Q(
                    ends_at=F("starts_at") + F("half_hours") * Value(timedelta(minutes=30))
                ),
            ),
            models.CheckConstraint(
                name="hours_confirmed_by_another",
                condition=Q(state__in=["recorded", "withdrawn", "corrected"], decided_by=None)
                | (
                    ~Q(state__in=["recorded", "withdrawn"])
                    & Q(decided_by__isnull=False)
                    & ~Q(decided_by=F("recorded_by"))
                ),
            ),
            models.CheckConstraint(
                name="hours_no_has_reason",
                condition=~Q(state__in=["refused", "revoked"]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="hours_correction_has_reason",
                condition=Q(replaces=None) | ~Q(change_reason=""),
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                name="hours_one_correction",
                condition=Q(state__in=["recorded", "confirmed", "corrected"]),
            ),
            models.UniqueConstraint(
                fields=["origin"],
                name="hours_counted_once",
                condition=~Q(origin="") & (Q(state="confirmed") | PROPOSED_ANEW),
            ),
            apart(
                "hours_do_not_overlap",
                "talent",
                until="ends_at",
                condition=Q(state="confirmed") | PROPOSED_ANEW,
            ),
        ]
        indexes = [
            models.Index(fields=["replaces"], name="hours_replaces"),
            models.Index(
                fields=["starts_at", "id"], name="hours_waiting", condition=Q(state="recorded")
            ),
        ]

    def __str__(self):
        return f"{self.activity} {self.hours_text}"

    @property
    def hours_text(self):
        """Return the length in hours, to the half hour: 1.5 小时."""
        hours = f"{self.half_hours / 2:g}"
        # Translators: also half hours, 1.5
        return gettext("%(hours)s 小时") % {"hours": hours}
