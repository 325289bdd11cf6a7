"""What came of a suggestion: adoptions, the effect of each after half a year and a year, and what an author says to it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from advisory.suggestions.models.suggestions import Authorship, Suggestion
from kernel.sweeps import SweptQuerySet
from privacy.fields import EncryptedTextField
from privacy.pieces import KeptFile, Piece


class AdoptionKind(models.TextChoices):
    """What took a suggestion up."""

    DOCUMENT = "document", pgettext_lazy("adoption", "写进文件")
    BUDGET = "budget", pgettext_lazy("adoption", "列入预算")
    PROJECT = "project", pgettext_lazy("adoption", "立项实施")
    OTHER = "other", pgettext_lazy("adoption", "其他")


class AdoptionState(models.TextChoices):
    """Where an adoption stands."""

    ENTERED = "entered", pgettext_lazy("adoption", "待核实")
    CONFIRMED = "confirmed", pgettext_lazy("adoption", "已核实")
    WITHDRAWN = "withdrawn", pgettext_lazy("adoption", "已撤销")


class AdoptionQuerySet(models.QuerySet):
    """Questions about adoptions."""

    def visible_to(self, user):
        """Keep those of suggestions staff may see."""
        return self.filter(suggestion__in=Suggestion.objects.visible_to(user))

    def confirmed(self):
        """Keep those two people stand for."""
        return self.filter(state=AdoptionState.CONFIRMED)

    def to_confirm(self):
        """Keep those that wait for a second person, the longest waiting first."""
        return self.filter(state=AdoptionState.ENTERED).order_by("entered_at", "pk")


class Adoption(models.Model):
    """That a suggestion was taken up, by what and since when; entered by one, confirmed by another."""

    suggestion = models.ForeignKey(
        Suggestion,
        models.PROTECT,
        related_name="adoptions",
        verbose_name=pgettext_lazy("one", "建言"),
    )
    kind = models.CharField(_("采纳方式"), max_length=10, choices=AdoptionKind)
    what = models.CharField(
        _("采纳到哪里"), max_length=200, help_text=_("文件名和文号、预算科目或项目名称。")
    )
    on = models.DateField(_("采纳日期"))
    link = models.URLField(_("证明网址"), max_length=300, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=AdoptionState, default=AdoptionState.ENTERED
    )
    entered_at = models.DateTimeField(_("登记时间"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("登记人"),
    )
    confirmed_at = models.DateTimeField(_("核实时间"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("核实人"),
    )
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    withdraw_reason = models.CharField(_("撤销的原因"), max_length=200, blank=True)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "建言采纳")
        verbose_name_plural = pgettext_lazy("many", "建言采纳")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="suggestion_adoption_two_people", condition=~Q(confirmed_by=F("entered_by"))
            ),
            models.CheckConstraint(
                name="suggestion_adoption_confirmed",
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="suggestion_adoption_withdrawn",
                condition=Q(state="withdrawn", withdrawn_at__isnull=False) & ~Q(withdraw_reason="")
                | ~Q(state="withdrawn") & Q(withdrawn_at=None, withdraw_reason=""),
            ),
        ]

    def __str__(self):
        return str(self.pk)


class AdoptionProof(KeptFile):
    """A file that proves an adoption, for staff."""

    adoption = models.ForeignKey(
        Adoption,
        models.CASCADE,
        related_name="proofs",
        verbose_name=pgettext_lazy("one", "建言采纳"),
    )

    class Meta(KeptFile.Meta):
        abstract = False
        verbose_name = pgettext_lazy("one", "采纳证明")
        verbose_name_plural = pgettext_lazy("many", "采纳证明")


class AdoptionProofPiece(Piece):
    """A megabyte of it."""

    proof = models.ForeignKey(AdoptionProof, models.CASCADE, related_name="pieces", db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["proof", "number"], name="suggestion_proof_piece_once"),
        )


class EffectReportQuerySet(SweptQuerySet):
    """Questions about effects."""

    def visible_to(self, user):
        """Keep those of adoptions staff may see."""
        return self.filter(adoption__in=Adoption.objects.visible_to(user))

    def waiting(self):
        """Keep those nobody told anything of, of adoptions that stand."""
        return self.filter(told_at=None, adoption__state=AdoptionState.CONFIRMED)

    def told(self):
        """Keep those that were told."""
        return self.filter(told_at__isnull=False, adoption__state=AdoptionState.CONFIRMED)

    def to_remind(self, day):
        """Keep those due by a date of which nobody was reminded."""
        told = Q(reminded_of=F("due_on"), reminded_of__isnull=False)
        return self.waiting().filter(due_on__lte=day).exclude(told)

    def overdue(self, day):
        """Keep those whose last day lies before a date."""
        return self.waiting().filter(due_on__lt=day)


class EffectReport(models.Model):
    """What an adoption brought about after `months`, 6 or 12; due from the day it is confirmed on."""

    adoption = models.ForeignKey(
        Adoption,
        models.CASCADE,
        related_name="effects",
        verbose_name=pgettext_lazy("one", "建言采纳"),
        db_index=False,
    )
    months = models.PositiveSmallIntegerField(_("几个月后"))
    due_on = models.DateField(_("到期日"))
    words = models.TextField(_("成效"), max_length=2000, blank=True)
    # Whether there is an effect to be seen: "none yet" is an honest answer and no proof.
    proven = models.BooleanField(_("有可核实的成效"), default=False)
    told_at = models.DateTimeField(_("报告时间"), null=True, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("报告人"),
    )
    reminded_of = models.DateField(null=True, blank=True, editable=False)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = EffectReportQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "成效报告")
        verbose_name_plural = pgettext_lazy("many", "成效报告")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["adoption", "months"], name="suggestion_effect_once"),
            models.CheckConstraint(
                name="suggestion_effect_months", condition=Q(months__in=[6, 12])
            ),
            models.CheckConstraint(
                name="suggestion_effect_told",
                condition=Q(words="", told_at=None, proven=False)
                | (~Q(words="") & Q(told_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="suggestion_effect_due", condition=Q(told_at=None))
        ]

    def __str__(self):
        return str(self.pk)


class ContestOutcome(models.TextChoices):
    """What the coordinator makes of it."""

    STANDS = "stands", pgettext_lazy("contest", "维持")
    PUT_RIGHT = "put_right", pgettext_lazy("contest", "更正")


class ContestQuerySet(models.QuerySet):
    """Questions about what authors say to adoptions and effects."""

    def visible_to(self, user):
        """Keep those of adoptions staff may see."""
        return self.filter(adoption__in=Adoption.objects.visible_to(user))

    def waiting(self):
        """Keep those nobody decided, the longest waiting first."""
        return self.filter(outcome="").order_by("at", "pk")


class Contest(models.Model):
    """That an author says an adoption, or the effect that was told of it (`effect`), is not so; once for each."""

    adoption = models.ForeignKey(
        Adoption,
        models.CASCADE,
        related_name="contests",
        verbose_name=pgettext_lazy("one", "建言采纳"),
        db_index=False,
    )
    effect = models.ForeignKey(
        EffectReport,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="contests",
        verbose_name=pgettext_lazy("one", "成效报告"),
    )
    author = models.ForeignKey(
        Authorship,
        models.SET_NULL,
        null=True,
        related_name="contests",
        verbose_name=_("建言作者"),
    )
    words = EncryptedTextField(_("不同意见"), null=True)
    at = models.DateTimeField(_("提出时间"))
    outcome = models.CharField(_("处理结果"), max_length=10, choices=ContestOutcome, blank=True)
    decision = models.CharField(_("处理说明"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("处理人"),
    )

    objects = ContestQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "采纳异议")
        verbose_name_plural = pgettext_lazy("many", "采纳异议")
        ordering = ["id"]
        constraints = [
            # One to the adoption itself, one to each effect, of each author.
            models.UniqueConstraint(
                fields=["adoption", "effect", "author"],
                name="suggestion_effect_contested_once",
            ),
            models.UniqueConstraint(
                fields=["adoption", "author"],
                condition=Q(effect=None),
                name="suggestion_adoption_contested_once",
            ),
            models.CheckConstraint(
                name="suggestion_contest_decided",
                condition=Q(outcome="", decided_at=None, decision="")
                | (~Q(outcome="") & Q(decided_at__isnull=False) & ~Q(decision="")),
            ),
        ]

    def __str__(self):
        return str(self.pk)
