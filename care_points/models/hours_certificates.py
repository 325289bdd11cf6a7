"""Certificates of volunteer hours: what was confirmed for a woman in a period, as it stood on the day."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.certificates import CODE_LENGTH, new_code
from talents.models import Talent


class HoursRevoked(models.TextChoices):
    """Why a certificate of hours is not valid any more."""

    STAFF = "staff", _("工作人员撤销")
    HOURS = "hours", _("时长已更正")
    REPLACED = "replaced", _("已由新证书代替")


class HoursCertificateQuerySet(models.QuerySet):
    """Questions about certificates of hours."""

    def valid(self):
        """Keep those that stand."""
        return self.filter(revoked_at=None)

    def of_woman(self, user):
        """Keep hers, the newest first."""
        return self.filter(talent__user=user.pk).order_by("-pk")

    def visible_to(self, user):
        """Keep her own; staff who may read them: all."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff and user.has_perm("care_points.view_hourscertificate"):
            return self
        return self.of_woman(user)


class HoursCertificate(models.Model):
    """How long she served from one day to another, as confirmed when it was issued; nothing later changes it."""

    code = models.CharField(
        _("核验码"), max_length=CODE_LENGTH, unique=True, default=new_code, editable=False
    )
    # None of who was erased, or left the database long ago.
    talent = models.ForeignKey(
        Talent,
        models.PROTECT,
        related_name="hours_certificates",
        null=True,
        verbose_name=_("女性科技人才"),
        db_index=False,
    )
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    name_en = models.CharField(_("英文姓名"), max_length=120, blank=True)
    from_on = models.DateField(_("开始日期"))
    until_on = models.DateField(_("结束日期"))
    half_hours = models.PositiveIntegerField(_("半小时数"))
    activities = models.JSONField(
        _("志愿服务内容")
    )  # [[activity, half hours], …], the longest first
    issuers = models.JSONField(_("落款部门"))  # [[name, name in English], …]
    issued_at = models.DateTimeField(_("签发时间"))
    revoked_at = models.DateTimeField(_("失效时间"), null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("撤销人"),
    )
    revoke_cause = models.CharField(_("失效原因"), max_length=10, choices=HoursRevoked, blank=True)
    revoke_reason = models.CharField(_("说明"), max_length=200, blank=True)

    objects = HoursCertificateQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "志愿服务证书")
        verbose_name_plural = pgettext_lazy("many", "志愿服务证书")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="hours_certificate_says_hours", condition=Q(half_hours__gte=1)
            ),
            models.CheckConstraint(
                name="hours_certificate_period", condition=Q(until_on__gte=F("from_on"))
            ),
            models.CheckConstraint(
                name="hours_certificate_revoked",
                condition=Q(revoked_at=None, revoke_cause="")
                | (Q(revoked_at__isnull=False) & ~Q(revoke_cause="")),
            ),
            models.UniqueConstraint(
                fields=["talent", "from_on", "until_on"],
                name="hours_certificate_once",
                condition=Q(revoked_at=None, talent__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["talent", "-id"], name="hours_certificate_hers")]

    def __str__(self):
        return self.number

    @property
    def number(self):
        """Return what is printed on it and read out: ZY2026000123."""
        return f"ZY{timezone.localdate(self.issued_at).year}{self.pk:06d}"

    @property
    def is_valid(self):
        """Tell whether it stands."""
        return self.revoked_at is None

    @property
    def hours(self):
        """Return its hours without needless zeros: 12.5."""
        return f"{self.half_hours / 2:g}"
