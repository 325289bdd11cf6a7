"""That somebody is interested in a profile: asked, answered, agreed to by both, accompanied to a contract."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Unit
from entrepreneurship.transfer.models.choices import (
    OPEN,
    TOGETHER,
    WAITING,
    DeclineReason,
    EndReason,
    InterestState,
    TransferForm,
)
from entrepreneurship.transfer.models.profiles import TransferProfile, acts_for
from kernel import ids
from kernel.sweeps import SweptQuerySet
from privacy.fields import EncryptedTextField
from privacy.pieces import KeptFile, Piece
from talents.models import Talent


class TransferInterestQuerySet(SweptQuerySet):
    """Questions about interests."""

    def visible_to(self, user):
        """Keep what a mediator looks after: from the moment both agreed, what nobody has taken on and what is hers.

        What two have not agreed to yet is nobody else's business.
        """
        if not (user.is_staff and user.has_perm("entrepreneurship.view_transferinterest")):
            return self.none()
        free_or_hers = Q(mediator=None) | Q(mediator=user.pk)
        return self.filter(free_or_hers, agreed_at__isnull=False)

    def asked_by(self, user):
        """Keep what she, or the unit she speaks for, is interested in."""
        hers = Q(seeker__user=user)
        if unit := acts_for(user):
            hers |= Q(seeker_unit=unit)
        return self.filter(hers)

    def put_to(self, user):
        """Keep what others said of her profiles, or of her unit's."""
        hers = Q(profile__talent__user=user)
        if unit := acts_for(user):
            hers |= Q(profile__unit=unit)
        return self.filter(hers)

    def of(self, user):
        """Keep what she is one side of."""
        return self.asked_by(user) | self.put_to(user)

    def with_both(self):
        """Bring both sides along."""
        return self.select_related(
            "profile__talent__user",
            "profile__talent__unit",
            "profile__unit",
            "seeker__user",
            "seeker__unit",
            "seeker_unit",
            "mediator",
        )

    @staticmethod
    def reached_at(state):
        """Return, for `annotate`, when an interest first came to a state by a step that stands; None where it never did."""
        steps = TransferStep.objects.filter(
            interest=OuterRef("pk"), after=state, undoes=None, undone=None
        )
        return Subquery(steps.order_by("pk").values("at")[:1])

    def to_lapse(self, today):
        """Keep what was to be answered before a day."""
        return self.filter(state__in=WAITING, answer_by__lt=today)

    def overdue(self, before):
        """Keep what both agreed to before a moment and nobody has taken on."""
        return self.filter(state=InterestState.AGREED, agreed_at__lt=before)


class TransferInterest(models.Model):
    """One interest in one profile. Its words and both contacts are sealed; a contact is shown once both have agreed."""

    code = models.CharField(_("编号"), max_length=10, unique=True, default=ids.code, editable=False)
    profile = models.ForeignKey(
        TransferProfile, models.PROTECT, related_name="interests", verbose_name=_("成果或需求")
    )
    seeker = models.ForeignKey(
        Talent,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="transfer_interests",
        verbose_name=_("发起人"),
    )
    seeker_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("发起单位")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("提交人"),
    )
    words = EncryptedTextField(_("想怎样合作"), null=True)
    form = models.CharField(_("合作方式"), max_length=8, choices=TransferForm)
    # Where each side is outside the mainland: the other's contact goes abroad then (PIPL, art. 39).
    seeker_abroad = models.CharField(_("发起方所在国家或地区"), max_length=60, blank=True)
    owner_abroad = models.CharField(_("对方所在国家或地区"), max_length=60, blank=True)
    # How who is abroad is reached: read by the other side before it agrees.
    seeker_reach = EncryptedTextField(_("发起方在境外的联系邮箱"), null=True)
    owner_reach = EncryptedTextField(_("对方在境外的联系邮箱"), null=True)
    state = models.CharField(
        _("状态"), max_length=12, choices=InterestState, default=InterestState.ASKED
    )
    asked_at = models.DateTimeField(_("提出时间"))
    counted_from = models.DateField(_("从哪天起算"))
    answer_by = models.DateField(_("请在此前答复"))
    answered_at = models.DateTimeField(_("对方答复时间"), null=True, blank=True)
    agreed_at = models.DateTimeField(_("双方同意时间"), null=True, blank=True)
    owner_contact = EncryptedTextField(_("对方的联系方式"), null=True)
    seeker_contact = EncryptedTextField(_("发起方的联系方式"), null=True)
    decline_reason = models.CharField(
        _("谢绝原因"), max_length=10, choices=DeclineReason, blank=True
    )
    mediator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("技术经理人"),
    )
    confidential_on = models.DateField(_("保密协议日期"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    end_reason = models.CharField(_("结束原因"), max_length=10, choices=EndReason, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = TransferInterestQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "合作意向")
        verbose_name_plural = pgettext_lazy("many", "合作意向")
        ordering = ["-id"]
        permissions = [
            ("mediate_transferinterest", _("可以对接合作意向")),
            ("export_transferinterest", _("可以导出合作意向")),
        ]
        indexes = [
            models.Index(fields=["profile", "-id"], name="transfer_interest_profile"),
            models.Index(fields=["seeker", "-id"], name="transfer_interest_seeker"),
            models.Index(fields=["seeker_unit", "-id"], name="transfer_interest_unit"),
            models.Index(
                fields=["answer_by"],
                name="transfer_interest_waits",
                condition=Q(state__in=["asked", "answered"]),
            ),
            models.Index(
                fields=["state", "-id"],
                name="transfer_interest_agreed",
                condition=Q(agreed_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="transfer_interest_of_one",
                condition=Q(seeker__isnull=False, seeker_unit=None)
                | Q(seeker=None, seeker_unit__isnull=False)
                | Q(seeker=None, seeker_unit=None, erased_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["profile", "seeker"],
                condition=Q(state__in=[state.value for state in OPEN]),
                name="transfer_interest_once",
            ),
            models.UniqueConstraint(
                fields=["profile", "seeker_unit"],
                condition=Q(state__in=[state.value for state in OPEN]),
                name="transfer_interest_unit_once",
            ),
            # Nobody's contact stands here whom the other side has no right to: both answers come before it.
            models.CheckConstraint(
                name="transfer_together_by_both",
                condition=~Q(state__in=[state.value for state in TOGETHER])
                | Q(answered_at__isnull=False, agreed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="transfer_mediated_by",
                condition=~Q(state__in=["mediated", "confidential", "contracted"])
                | Q(mediator__isnull=False),
            ),
            models.CheckConstraint(
                name="transfer_confidential_when",
                condition=~Q(state__in=["confidential", "contracted"])
                | Q(confidential_on__isnull=False),
            ),
            models.CheckConstraint(
                name="transfer_declined_why",
                condition=Q(state="declined") & ~Q(decline_reason="")
                | ~Q(state="declined") & Q(decline_reason=""),
            ),
            models.CheckConstraint(
                name="transfer_ended_why",
                condition=Q(state="ended", ended_at__isnull=False) & ~Q(end_reason="")
                | ~Q(state="ended") & Q(end_reason=""),
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        """Return where its two sides read it."""
        return reverse("transfer_interest", args=[self.code])

    @property
    def audit_name(self):
        """Return what the audit log calls it."""
        return self.code

    @property
    def is_open(self):
        """Tell whether it may still come to something."""
        return self.state in OPEN

    @property
    def shows_contacts(self):
        """Tell whether each side reads the other's contact: both agreed, and it is not over."""
        return self.state in TOGETHER

    @property
    def seeker_name(self):
        """Return who asks, in full: for the mediator, and for the owner once both have agreed."""
        if self.seeker_unit:
            return self.seeker_unit.name
        return self.seeker.full_name if self.seeker else ""

    @property
    def seeker_masked(self):
        """Return who asks as the owner reads it before both have agreed."""
        if self.seeker_unit:
            return self.seeker_unit.name
        return self.seeker.masked_name if self.seeker else ""

    @property
    def owner_name(self):
        """Return whose profile it is about, in full."""
        if self.profile.unit:
            return self.profile.unit.name
        return self.profile.talent.full_name if self.profile.talent else ""


class TransferStep(models.Model):
    """One step of an interest, append-only (a trigger): what stands undone is another step that names it."""

    interest = models.ForeignKey(
        TransferInterest, models.CASCADE, related_name="steps", db_index=False
    )
    before = models.CharField(max_length=12, choices=InterestState, blank=True)
    after = models.CharField(max_length=12, choices=InterestState)
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    undoes = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="undone"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("合作意向的进展")
        ordering = ["id"]
        indexes = [models.Index(fields=["interest", "id"], name="transfer_step_interest")]

    def __str__(self):
        return f"{self.interest_id}: {self.after}"


class TransferFile(KeptFile):
    """A document of an interest: the confidentiality agreement."""

    interest = models.ForeignKey(TransferInterest, models.CASCADE, related_name="files")

    class Meta(KeptFile.Meta):
        verbose_name = verbose_name_plural = _("合作意向的文件")


class TransferFilePiece(Piece):
    """A megabyte of a file."""

    file = models.ForeignKey(TransferFile, models.CASCADE, related_name="pieces", db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["file", "number"], name="transfer_file_piece_once"),
        )


class TransferMatchQuerySet(models.QuerySet):
    """Questions about matches."""

    def visible_to(self, user):
        """Keep all of them, of public profiles, for staff who may see them."""
        allowed = user.is_staff and user.has_perm("entrepreneurship.view_transfermatch")
        return self if allowed else self.none()


class TransferMatch(models.Model):
    """That an offer and a need fit, and why; each side is told once and may say it is of no use."""

    offer = models.ForeignKey(
        TransferProfile, models.CASCADE, related_name="+", verbose_name=_("成果"), db_index=False
    )
    need = models.ForeignKey(
        TransferProfile, models.CASCADE, related_name="+", verbose_name=_("需求")
    )
    same_field = models.BooleanField(_("领域相同"))
    words = ArrayField(models.CharField(max_length=20), verbose_name=_("共同的关键词"))
    forms = ArrayField(
        models.CharField(max_length=8, choices=TransferForm), verbose_name=_("合作方式")
    )
    readiness = models.PositiveSmallIntegerField(_("成果的就绪水平"))
    wanted = models.PositiveSmallIntegerField(_("需求的最低水平"))
    score = models.PositiveSmallIntegerField(_("吻合度"))
    found_at = models.DateTimeField(_("匹配时间"))
    told_at = models.DateTimeField(_("告知双方时间"), null=True, blank=True)
    offer_no_at = models.DateTimeField(_("成果方认为没用"), null=True, blank=True)
    need_no_at = models.DateTimeField(_("需求方认为没用"), null=True, blank=True)

    objects = TransferMatchQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "供需匹配")
        verbose_name_plural = pgettext_lazy("many", "供需匹配")
        ordering = ["-id"]
        permissions = [("export_transfermatch", _("可以导出供需匹配"))]
        constraints = [
            models.UniqueConstraint(fields=["offer", "need"], name="transfer_match_once"),
            models.CheckConstraint(name="transfer_match_two", condition=~Q(offer=F("need"))),
        ]
        indexes = [
            models.Index(fields=["found_at"], name="transfer_untold", condition=Q(told_at=None))
        ]

    def __str__(self):
        return f"{self.offer_id}–{self.need_id}"
