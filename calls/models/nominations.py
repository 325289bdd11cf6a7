"""Who is brought forward by others, and what her unit says of what she handed in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Unit
from calls.models.applications import Application
from calls.models.calls import Call
from calls.models.choices import NominationSource
from kernel import ids
from privacy.fields import BlindIndexField, EncryptedTextField
from talents.models import Talent


class NominationAnswer(models.TextChoices):
    """What she says to being brought forward."""

    NONE = "", pgettext_lazy("nomination", "待本人决定")
    AGREED = "agreed", pgettext_lazy("nomination", "本人同意")
    DECLINED = "declined", pgettext_lazy("nomination", "本人谢绝")


class NominationQuerySet(models.QuerySet):
    """Questions about nominations."""

    def standing(self):
        """Keep what was not taken back."""
        return self.filter(taken_back_at=None)

    def agreed(self):
        """Keep what stands and she agreed to."""
        return self.standing().filter(answer=NominationAnswer.AGREED)

    def by_unit(self, unit_id):
        """Keep what a unit brought forward."""
        return self.filter(unit=unit_id)

    def by_person(self, user):
        """Keep what a person brought forward in her own name."""
        return self.filter(unit=None, nominator=user)


class Nomination(models.Model):
    """That a unit, or a person, brings somebody forward for a call.

    It is written whether or not such a person is known here, and whoever writes it is told the same: `talent` is hers
    where her record was found. Nothing is handed in by it: she begins her application herself by agreeing.
    """

    code = models.CharField(max_length=12, unique=True, default=ids.code, editable=False)
    call = models.ForeignKey(
        Call, models.CASCADE, related_name="nominations", verbose_name=_("申报通知"), db_index=False
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("推荐单位")
    )
    # Who wrote it; nobody where a unit's key did.
    nominator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("推荐人"),
    )
    full_name = EncryptedTextField(_("被推荐人"), null=True)
    phone = EncryptedTextField(_("手机号"), null=True)
    phone_index = BlindIndexField("phone")
    reason = EncryptedTextField(_("推荐理由"), null=True)
    talent = models.ForeignKey(
        Talent,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="nominations",
        verbose_name=_("人才"),
    )
    application = models.ForeignKey(
        Application,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="nominations",
        verbose_name=_("申报"),
    )
    answer = models.CharField(
        _("本人答复"), max_length=8, choices=NominationAnswer, blank=True, default=""
    )
    made_at = models.DateTimeField(_("推荐时间"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    taken_back_at = models.DateTimeField(_("收回时间"), null=True, blank=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("推荐")
        ordering = ["-id"]
        permissions = [("nominate_for_unit", _("可以代表单位推荐和审核申报"))]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "unit", "phone_index"],
                name="nomination_once_by_unit",
                condition=Q(taken_back_at=None, unit__isnull=False, phone_index__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["call", "unit", "talent"],
                name="nomination_of_her_once_by_unit",
                condition=Q(taken_back_at=None, unit__isnull=False, talent__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["call", "nominator", "phone_index"],
                name="nomination_once_by_person",
                condition=Q(taken_back_at=None, unit=None, phone_index__isnull=False),
            ),
            models.CheckConstraint(
                name="nomination_answer_has_time",
                condition=Q(answer="") | Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="nomination_agreed_is_hers",
                condition=~Q(answer="agreed") | Q(talent__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["phone_index"], name="nomination_phone"),
            models.Index(fields=["call", "-id"], name="nomination_of_call"),
        ]

    audit_code = "code"

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        """Return where she reads it."""
        return reverse("nomination", args=[self.code])

    @property
    def source(self):
        """Return as what it counts."""
        return NominationSource.UNIT if self.unit_id else NominationSource.THIRD_PARTY

    @property
    def by_whom(self):
        """Return who brings her forward, as she is told: the unit, or the person by name."""
        if self.unit_id:
            return self.unit.name
        return self.nominator.full_name if self.nominator_id else "—"

    @property
    def stands(self):
        """Tell whether it was not taken back."""
        return self.taken_back_at is None


class UnitOpinion(models.Model):
    """What her unit says of an application: endorsed, or not and why.

    The unit's contact says so, or a clerk who holds its paper (`paper` says which). A place of the unit's quota is taken
    by a row that endorses; the trigger of 0006 counts under a lock, so that no writer takes one too many. Undone and
    withdrawn ones are deleted: the audit log keeps what was said.
    """

    application = models.OneToOneField(
        Application, models.CASCADE, related_name="opinion", verbose_name=_("申报")
    )
    call = models.ForeignKey(Call, models.CASCADE, related_name="+", db_index=False)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("单位"),
        db_index=False,
    )
    endorsed = models.BooleanField(_("同意推荐"))
    reason = models.CharField(_("不推荐的原因"), max_length=200, blank=True)
    paper = models.CharField(_("依据"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("单位意见")
        constraints = [
            models.CheckConstraint(
                name="opinion_against_has_reason", condition=Q(endorsed=True) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="opinion_without_unit_on_paper", condition=Q(unit__isnull=False) | ~Q(paper="")
            ),
        ]
        indexes = [models.Index(fields=["call", "unit"], name="opinion_quota")]

    def __str__(self):
        return str(_("同意推荐") if self.endorsed else _("不推荐"))
