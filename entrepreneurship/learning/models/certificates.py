"""Certificates of training: of attendance, and of completion; what was counted on the day of issue."""

from decimal import ROUND_DOWN, Decimal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from entrepreneurship.learning.models.training import Programme
from kernel.certificates import CODE_LENGTH, new_code
from talents.models import Talent

PERIOD = 45  # minutes of one 学时


class TrainingKind(models.TextChoices):
    """What it certifies."""

    ATTENDANCE = "attendance", _("学习证明")
    COMPLETION = "completion", _("结业证书")


class TrainingVoid(models.TextChoices):
    """Why it is not valid any more."""

    STAFF = "staff", _("工作人员撤销")
    ATTENDANCE = "attendance", _("学时记录已更正")
    REPLACED = "replaced", _("已换发")


class TrainingCertificateQuerySet(models.QuerySet):
    """Questions about certificates of training."""

    def valid(self):
        """Keep those that stand."""
        return self.filter(revoked_at=None)

    def of_woman(self, user):
        """Keep hers, the newest first."""
        return self.filter(talent__user=user.pk).order_by("-pk")

    def visible_to(self, user):
        """Keep those of programmes `user` may look after."""
        if not user.has_perm("entrepreneurship.view_trainingcertificate"):
            return self.none()
        return self.filter(programme__in=Programme.objects.visible_to(user))


class TrainingCertificate(models.Model):
    """How many minutes of a programme she took part in, as counted when it was issued; nothing later changes it."""

    code = models.CharField(
        _("核验码"), max_length=CODE_LENGTH, unique=True, default=new_code, editable=False
    )
    programme = models.ForeignKey(
        Programme,
        models.PROTECT,
        related_name="certificates",
        verbose_name=_("培训项目"),
        db_index=False,
    )
    # None of who was erased.
    talent = models.ForeignKey(
        Talent,
        models.PROTECT,
        null=True,
        related_name="training_certificates",
        verbose_name=_("人才"),
        db_index=False,
    )
    kind = models.CharField(_("种类"), max_length=10, choices=TrainingKind)
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    name_en = models.CharField(_("英文姓名"), max_length=120, blank=True)
    title = models.CharField(_("培训名称"), max_length=60)
    title_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    minutes = models.PositiveIntegerField(_("分钟"))
    modules = models.JSONField(_("模块"))  # [[name, minutes], …]
    began_on = models.DateField(_("开始日期"))
    ended_on = models.DateField(_("结束日期"))
    issuers = models.JSONField(_("落款部门"))  # [[name, name in English], …]
    issued_at = models.DateTimeField(_("签发时间"))
    revoked_at = models.DateTimeField(_("失效时间"), null=True)
    cause = models.CharField(_("失效原因"), max_length=10, choices=TrainingVoid, blank=True)
    revoke_reason = models.CharField(_("说明"), max_length=200, blank=True)

    objects = TrainingCertificateQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "培训证书")
        verbose_name_plural = pgettext_lazy("many", "培训证书")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "talent"],
                name="training_certificate_once",
                condition=Q(revoked_at=None, talent__isnull=False),
            ),
            models.CheckConstraint(
                name="training_certificate_says_minutes", condition=Q(minutes__gte=1)
            ),
            models.CheckConstraint(
                name="training_certificate_period", condition=Q(ended_on__gte=F("began_on"))
            ),
            models.CheckConstraint(
                name="training_certificate_void",
                condition=Q(revoked_at=None, cause="")
                | (Q(revoked_at__isnull=False) & ~Q(cause="")),
            ),
        ]
        indexes = [
            models.Index(fields=["talent", "-id"], name="training_cert_hers"),
            models.Index(fields=["programme", "-id"], name="training_cert_programme"),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self):
        """Return what is printed on it and read out: PX2026000123."""
        return f"PX{timezone.localdate(self.issued_at).year}{self.pk:06d}"

    @property
    def is_valid(self):
        """Tell whether it stands."""
        return self.revoked_at is None

    @property
    def is_of_completion(self):
        """Tell whether all that was asked for was reached."""
        return self.kind == TrainingKind.COMPLETION

    @property
    def periods(self):
        """Return its 学时 as text."""
        return periods(self.minutes)


def periods(minutes):
    """Return minutes as 学时 of 45 minutes, to one place and never rounded up: 100 minutes are 2.2."""
    exact = (Decimal(minutes) / PERIOD).quantize(Decimal("0.1"), ROUND_DOWN)
    return f"{exact:g}" if exact % 1 else str(int(exact))
