"""Who was invited, what stands between her and the matter, what she said."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from advisory.consultations.models.consultations import MOST_PLACES, Consultation
from kernel.sweeps import SweptQuerySet
from privacy.fields import EncryptedTextField
from talents.models import Talent


class InvitationState(models.TextChoices):
    """What became of an invitation."""

    SENT = "sent", pgettext_lazy("consultation", "等她答复")
    ACCEPTED = "accepted", pgettext_lazy("consultation", "她答应了")
    DECLINED = "declined", pgettext_lazy("consultation", "她不便参加")
    LAPSED = "lapsed", pgettext_lazy("consultation", "过期没有答复")
    WITHDRAWN = "withdrawn", pgettext_lazy("consultation", "邀请取消了")
    TOOK_PART = "took_part", pgettext_lazy("consultation", "参加了")
    ABSENT = "absent", pgettext_lazy("consultation", "没有参加")


STANDING = (InvitationState.SENT, InvitationState.ACCEPTED)
# Who has one of the places.
SEATED = (*STANDING, InvitationState.TOOK_PART, InvitationState.ABSENT)
SAW_IT_THROUGH = (InvitationState.ACCEPTED, InvitationState.TOOK_PART)


class ConflictState(models.TextChoices):
    """What is known of a conflict of interest."""

    UNASKED = "", pgettext_lazy("conflict", "还没有说明")
    NONE = "none", pgettext_lazy("conflict", "没有")
    WAITS = "waits", pgettext_lazy("conflict", "有，待研究")
    LET = "let", pgettext_lazy("conflict", "有，经研究可以参加")


class InvitationQuerySet(SweptQuerySet):
    """Questions about invitations."""

    def visible_to(self, user):
        """Keep those to consultations staff may see."""
        return self.filter(consultation__in=Consultation.objects.visible_to(user))

    def hers(self, user):
        """Keep what a woman was invited to."""
        return self.filter(talent__user=user)

    def standing(self):
        """Keep those that wait for an answer or were accepted."""
        return self.filter(state__in=STANDING)

    def seated(self):
        """Keep those that have a place."""
        return self.filter(state__in=SEATED)

    def to_lapse(self, now):
        """Keep those nobody answered in time."""
        return self.filter(state=InvitationState.SENT, answer_by__lt=now)

    def to_remind(self, now, ahead):
        """Keep those whose time to answer ends soon, of which she was not reminded."""
        waiting = self.filter(state=InvitationState.SENT, reminded_at=None)
        return waiting.filter(answer_by__gte=now, answer_by__lt=now + ahead)

    def conflicting(self):
        """Keep those whose conflict of interest somebody has to look at."""
        return self.filter(state=InvitationState.ACCEPTED, conflict=ConflictState.WAITS)


class ConsultationInvitation(models.Model):
    """That one woman was invited to one consultation. While it stands, and after she came, it has a place of its own."""

    consultation = models.ForeignKey(
        Consultation,
        models.PROTECT,
        related_name="invitations",
        verbose_name=_("咨询"),
        db_index=False,
    )
    talent = models.ForeignKey(
        Talent, models.PROTECT, related_name="consultations", verbose_name=_("人才")
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=InvitationState, default=InvitationState.SENT
    )
    place = models.PositiveSmallIntegerField(null=True, editable=False)
    sent_at = models.DateTimeField(_("邀请时间"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    answer_by = models.DateTimeField(_("请在此前答复"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    # What she declared, in her words; what the portal found, [kind, what they share]; what staff made of both.
    conflict = models.CharField(
        _("利害关系"),
        max_length=6,
        choices=ConflictState,
        blank=True,
        default=ConflictState.UNASKED,
    )
    declared = models.BooleanField(_("本人申报"), default=False)
    declared_words = EncryptedTextField(_("本人说明"), null=True, blank=True)
    found = models.JSONField(_("系统发现"), default=list, blank=True)
    conflict_reason = models.CharField(_("研究意见"), max_length=200, blank=True)
    conflict_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("研究人"),
    )
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "咨询邀请")
        verbose_name_plural = pgettext_lazy("many", "咨询邀请")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "talent"], name="consultation_invitation_once"
            ),
            # One woman for each place, whoever writes; a place is given under the consultation's lock.
            models.UniqueConstraint(
                fields=["consultation", "place"], name="consultation_place_once"
            ),
            models.CheckConstraint(
                name="consultation_place_while_seated",
                condition=Q(
                    state__in=SEATED, place__isnull=False, place__gte=1, place__lte=MOST_PLACES
                )
                | (~Q(state__in=SEATED) & Q(place=None)),
            ),
            models.CheckConstraint(
                name="consultation_accepted_declares",
                condition=~Q(state="accepted") | ~Q(conflict=""),
            ),
            models.CheckConstraint(
                name="consultation_conflict_let_why",
                condition=~Q(conflict="let") | ~Q(conflict_reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_by"],
                name="consultation_answer_waits",
                condition=Q(state="sent"),
            )
        ]

    def __str__(self):
        return str(self.pk)

    def get_absolute_url(self):
        """Return where she reads it."""
        return reverse("consultation_invitation", args=[self.pk])

    def is_open(self, now):
        """Tell whether she may still answer it, whether or not the clock has been there."""
        return self.state == InvitationState.SENT and now <= self.answer_by


class Outcome(models.TextChoices):
    """What became of an opinion."""

    USED = "used", pgettext_lazy("opinion", "已采纳")
    PARTLY = "partly", pgettext_lazy("opinion", "部分采纳")
    NOT_USED = "not_used", pgettext_lazy("opinion", "未采纳")


class OpinionQuerySet(models.QuerySet):
    """Questions about opinions."""

    def visible_to(self, user):
        """Keep what was said to consultations staff may see."""
        return self.filter(invitation__consultation__in=Consultation.objects.visible_to(user))

    def undecided(self):
        """Keep those nobody has said of what became of them; whose words were erased, nobody can."""
        return self.filter(outcome="", text__isnull=False)


class Opinion(models.Model):
    """One thing a woman said; staff say what became of it before the consultation is closed, and she is told."""

    invitation = models.ForeignKey(
        ConsultationInvitation,
        models.PROTECT,
        related_name="opinions",
        verbose_name=_("谁的意见"),
    )
    text = EncryptedTextField(_("意见"), null=True)
    given_at = models.DateTimeField(_("提出时间"))
    changed_at = models.DateTimeField(_("修改时间"), null=True, blank=True)
    # Said at the meeting: who wrote it down for her, whom she can tell that it is wrong.
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("代为记录"),
    )
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome, blank=True)
    why = models.CharField(_("说明"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("回应时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("回应人"),
    )

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "意见")
        verbose_name_plural = pgettext_lazy("many", "意见")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="opinion_outcome_has_time",
                condition=Q(outcome="", decided_at=None)
                | (~Q(outcome="") & Q(decided_at__isnull=False)),
            ),
            # That it was used says itself; anything else needs a why.
            models.CheckConstraint(
                name="opinion_outcome_why", condition=Q(outcome__in=["", "used"]) | ~Q(why="")
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def subject(self):
        """Return the title of the consultation."""
        return self.invitation.consultation.title
