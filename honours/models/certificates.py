"""The certificate of an honour: what it said on the day it was issued."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from honours.models.awards import Award
from honours.models.catalogue import Level
from kernel.certificates import CODE_LENGTH, new_code


class HonourVoid(models.TextChoices):
    """Why a certificate is not valid any more."""

    REVOKED = "revoked", _("荣誉已撤销")
    REPLACED = "replaced", _("已由新证书代替")


class HonourCertificateQuerySet(models.QuerySet):
    """Questions about certificates of honours."""

    def valid(self):
        """Keep those that stand."""
        return self.filter(revoked_at=None)

    def of_woman(self, user):
        """Keep hers, the newest first."""
        return self.filter(award__talent__user=user.pk).order_by("-pk")


class HonourCertificate(models.Model):
    """What was granted to whom by whom, as it stood when it was issued; nothing later changes it."""

    code = models.CharField(
        _("核验码"), max_length=CODE_LENGTH, unique=True, default=new_code, editable=False
    )
    award = models.ForeignKey(Award, models.PROTECT, related_name="certificates")
    name = models.CharField(_("获得者"), max_length=80, blank=True)
    name_en = models.CharField(_("获得者英文名称"), max_length=160, blank=True)
    honour = models.CharField(_("荣誉称号"), max_length=60)
    honour_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    level = models.CharField(_("级别"), max_length=10, choices=Level)
    granted_on = models.DateField(_("授予日期"))
    granted_by = models.CharField(_("授予单位"), max_length=80)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    issuers = models.JSONField(_("落款部门"))  # [[name, name in English], …]
    issued_at = models.DateTimeField(_("签发时间"))
    revoked_at = models.DateTimeField(_("失效时间"), null=True)
    cause = models.CharField(_("失效原因"), max_length=10, choices=HonourVoid, blank=True)

    objects = HonourCertificateQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "荣誉证书")
        verbose_name_plural = pgettext_lazy("many", "荣誉证书")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["award"], condition=Q(revoked_at=None), name="honour_certificate_once"
            ),
            models.CheckConstraint(
                name="honour_certificate_void",
                condition=Q(revoked_at=None, cause="")
                | (Q(revoked_at__isnull=False) & ~Q(cause="")),
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self):
        """Return what is printed on it and read out: RY2026000123."""
        return f"RY{timezone.localdate(self.issued_at).year}{self.pk:06d}"

    @property
    def is_valid(self):
        """Tell whether it stands."""
        return self.revoked_at is None

    @property
    def is_ours(self):
        """Tell whether the district granted what it certifies."""
        return self.level == Level.DISTRICT
