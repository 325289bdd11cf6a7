"""Certificates: what an event offers, and what was issued, as it was then."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.events import Event
from kernel.certificates import CODE_LENGTH, new_code
from kernel.sweeps import SweptQuerySet
from talents.models import Talent


class CertificateOffer(models.Model):
    """That an event gives certificates, and on what terms; what was issued stays when it is taken back."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="certificate_offer")
    least_percent = models.PositiveSmallIntegerField(
        _("至少在场（占活动时间的百分比）"), default=0, validators=[MaxValueValidator(100)]
    )
    hours = models.DecimalField(
        _("学时"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0.5), MaxValueValidator(200)],
    )
    title_en = models.CharField(_("活动英文名称"), max_length=120, blank=True)
    issuers = ArrayField(models.SlugField(), verbose_name=_("落款部门"))
    speakers = models.BooleanField(_("同时为主讲人出感谢状"), default=True)
    # Whoever still lacks one gets it; done when `finished_at` stands.
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = SweptQuerySet.as_manager()

    class Meta:
        verbose_name = _("证书设置")
        verbose_name_plural = _("证书设置")
        constraints = [
            models.CheckConstraint(name="offer_percent", condition=Q(least_percent__lte=100)),
        ]

    def __str__(self):
        return str(self.event)

    @property
    def is_working(self):
        """Tell whether certificates are being issued."""
        return self.asked_at is not None and self.finished_at is None


class CertificateKind(models.TextChoices):
    """For what it is."""

    ATTENDANCE = "attendance", _("参加证书")
    SPEAKER = "speaker", _("主讲感谢状")


class RevokeCause(models.TextChoices):
    """Why it is not valid any more."""

    STAFF = "staff", _("主办方撤销")
    REPLACED = "replaced", _("已换发")
    ATTENDANCE = "attendance", _("到场情况已更正")


class CertificateQuerySet(models.QuerySet):
    """Questions about certificates."""

    def valid(self):
        """Keep those that were not revoked."""
        return self.filter(revoked_at=None)

    def to_print(self):
        """Keep those that are valid and say a name, the first issued first."""
        return self.valid().exclude(name="").order_by("pk")

    def of_name_or_number(self, typed):
        """Keep those of a name that holds what was typed, or of the number."""
        digits = typed.upper().removeprefix("LJ")[4:]
        number = Q(pk=int(digits)) if digits.isdecimal() and len(digits) < 18 else Q(pk=None)
        return self.filter(Q(name__contains=typed) | number)

    def of_woman(self, user):
        """Keep hers, the newest first."""
        return self.filter(talent__user=user.pk).order_by("-pk")


class Certificate(models.Model):
    """What was certified, as it was when it was issued: a later change of the event or of her record changes nothing."""

    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    event = models.ForeignKey(
        Event, models.PROTECT, related_name="certificates", verbose_name=_("活动")
    )
    # None of a guest who spoke, and of who was erased.
    talent = models.ForeignKey(
        Talent, models.PROTECT, related_name="certificates", null=True, verbose_name=_("人才")
    )
    kind = models.CharField(_("种类"), max_length=10, choices=CertificateKind)
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    name_en = models.CharField(_("英文姓名"), max_length=120, blank=True)
    title = models.CharField(_("活动名称"), max_length=80)
    title_en = models.CharField(_("活动英文名称"), max_length=120, blank=True)
    began_on = models.DateField(_("开始日期"))
    ended_on = models.DateField(_("结束日期"))
    hours = models.DecimalField(_("学时"), max_digits=4, decimal_places=1, null=True)
    issuers = models.JSONField(_("落款部门"))  # [[name, name in English], …]
    issued_at = models.DateTimeField(_("签发时间"))
    revoked_at = models.DateTimeField(_("失效时间"), null=True)
    revoke_cause = models.CharField(_("失效原因"), max_length=10, choices=RevokeCause, blank=True)
    revoke_reason = models.CharField(_("说明"), max_length=200, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("代替")
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "证书")
        verbose_name_plural = pgettext_lazy("many", "证书")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "talent", "kind"],
                name="certificate_once",
                condition=Q(revoked_at=None, talent__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["event", "name", "kind"],
                name="certificate_guest_once",
                condition=Q(revoked_at=None, talent=None) & ~Q(name=""),
            ),
            models.CheckConstraint(
                name="certificate_revoked_has_cause",
                condition=Q(revoked_at=None, revoke_cause="")
                | (Q(revoked_at__isnull=False) & ~Q(revoke_cause="")),
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self):
        """Return what is printed on it and read out: LJ2026000123."""
        return f"LJ{timezone.localdate(self.issued_at).year}{self.pk:06d}"

    @property
    def is_valid(self):
        """Tell whether it stands."""
        return self.revoked_at is None

    @property
    def is_speakers(self):
        """Tell whether it thanks a speaker."""
        return self.kind == CertificateKind.SPEAKER

    @property
    def successor(self):
        """Return the Certificate that stands in its place, or None."""
        return getattr(self, "replaced_by", None)
