"""Replies: drafted by one, signed by another, rated by each author."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from advisory.suggestions.models.suggestions import Authorship, Suggestion
from privacy.fields import EncryptedTextField


class AnswerClass(models.TextChoices):
    """What a reply comes to."""

    SOLVED = "A", pgettext_lazy("reply", "A 类：已经解决或采纳")
    UNDER_WAY = "B", pgettext_lazy("reply", "B 类：正在解决或已列入计划")
    LATER = "C", pgettext_lazy("reply", "C 类：目前难以解决，留待以后")
    REFERENCE = "D", pgettext_lazy("reply", "D 类：留作参考")


# What promises a second reply by a date.
SECOND_REPLY = (AnswerClass.UNDER_WAY, AnswerClass.LATER)


class ReplyState(models.TextChoices):
    """Where a reply stands."""

    DRAFT = "draft", pgettext_lazy("reply", "起草中")
    HANDED_IN = "handed_in", pgettext_lazy("reply", "待签发")
    SENT_BACK = "sent_back", pgettext_lazy("reply", "退回修改")
    SIGNED = "signed", pgettext_lazy("reply", "已签发")
    REPLACED = "replaced", pgettext_lazy("reply", "已更正")
    DROPPED = "dropped", pgettext_lazy("reply", "不再使用")


UNSIGNED = (ReplyState.DRAFT, ReplyState.HANDED_IN, ReplyState.SENT_BACK)


class ReplyQuerySet(models.QuerySet):
    """Questions about replies."""

    def visible_to(self, user):
        """Keep those to suggestions staff may see."""
        return self.filter(suggestion__in=Suggestion.objects.visible_to(user))

    def signed(self):
        """Keep those that stand."""
        return self.filter(state=ReplyState.SIGNED)

    def unsigned(self):
        """Keep those somebody is working on."""
        return self.filter(state__in=UNSIGNED)

    def to_sign(self):
        """Keep those that wait for a signature, the longest waiting first."""
        return self.filter(state=ReplyState.HANDED_IN).order_by("handed_in_at", "pk")

    def public(self):
        """Keep those everybody may read."""
        return self.signed().filter(kept_back_reason="", suggestion__in=Suggestion.objects.public())


class Reply(models.Model):
    """What the leading department answers. The first is number 0, those promised by class B and C count on.

    Round 2 answers anew where an author was not satisfied. A signed one is never changed: what corrects it is a row of its
    own, and replaces it when it is signed.
    """

    suggestion = models.ForeignKey(
        Suggestion,
        models.PROTECT,
        related_name="replies",
        verbose_name=pgettext_lazy("one", "建言"),
        db_index=False,
    )
    round = models.PositiveSmallIntegerField(pgettext_lazy("reply", "第几轮"), default=1)
    number = models.PositiveSmallIntegerField(_("第几次答复"), default=0)
    answer = models.CharField(_("答复类别"), max_length=1, choices=AnswerClass)
    text = EncryptedTextField(_("答复"), null=True)
    second_on = models.DateField(_("再次答复日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=ReplyState, default=ReplyState.DRAFT)
    drafted_at = models.DateTimeField(_("起草时间"))
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("起草人"),
    )
    # Who drafted what an author was not satisfied with does not draft again.
    not_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    handed_in_at = models.DateTimeField(_("送签时间"), null=True, blank=True)
    back_words = models.CharField(_("退回的说明"), max_length=200, blank=True)
    signed_at = models.DateTimeField(_("签发时间"), null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("签发人"),
    )
    # By when it was due when it was signed: of a second one the date the one before it promised.
    due_on = models.DateField(_("到期日"), null=True, blank=True)
    kept_back_reason = models.CharField(_("不公开的原因"), max_length=200, blank=True)
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("更正哪一份"),
    )
    correct_reason = models.CharField(_("更正的原因"), max_length=200, blank=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "建言答复")
        verbose_name_plural = pgettext_lazy("many", "建言答复")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion", "round", "number"],
                condition=Q(state="signed"),
                name="suggestion_reply_signed_once",
            ),
            models.UniqueConstraint(
                fields=["suggestion"],
                condition=Q(state__in=UNSIGNED),
                name="suggestion_reply_one_at_work",
            ),
            models.CheckConstraint(
                name="suggestion_reply_round", condition=Q(round__gte=1, round__lte=2)
            ),
            models.CheckConstraint(
                name="suggestion_reply_second_date",
                condition=Q(answer__in=SECOND_REPLY, second_on__isnull=False)
                | Q(answer__in=["A", "D"], second_on=None),
            ),
            models.CheckConstraint(
                name="suggestion_reply_signed",
                condition=Q(state__in=["signed", "replaced"], signed_at__isnull=False)
                | (~Q(state__in=["signed", "replaced"]) & Q(signed_at=None, signed_by=None)),
            ),
            models.CheckConstraint(
                name="suggestion_reply_two_people", condition=~Q(signed_by=F("drafted_by"))
            ),
            models.CheckConstraint(
                name="suggestion_reply_another_drafter", condition=~Q(drafted_by=F("not_by"))
            ),
            models.CheckConstraint(
                name="suggestion_reply_correction_why",
                condition=Q(corrects=None, correct_reason="")
                | (Q(corrects__isnull=False) & ~Q(correct_reason="")),
            ),
            models.CheckConstraint(
                name="suggestion_reply_back_why",
                condition=~Q(state="sent_back") | ~Q(back_words=""),
            ),
        ]
        indexes = [models.Index(fields=["suggestion", "id"], name="suggestion_replies")]

    def __str__(self):
        return str(self.pk)

    @property
    def is_published(self):
        """Tell whether everybody may read it, as far as it goes: signed, and not kept back."""
        return self.state == ReplyState.SIGNED and not self.kept_back_reason

    @property
    def at_work(self):
        """Tell whether it can still be changed."""
        return self.state in UNSIGNED


class Verdict(models.TextChoices):
    """What an author thinks of a reply."""

    SATISFIED = "satisfied", pgettext_lazy("rating", "满意")
    PARTLY = "partly", pgettext_lazy("rating", "基本满意")
    NOT = "not", pgettext_lazy("rating", "不满意")


class RatingQuerySet(models.QuerySet):
    """Questions about ratings."""

    def visible_to(self, user):
        """Keep those of replies staff may see."""
        return self.filter(reply__in=Reply.objects.visible_to(user))


class Rating(models.Model):
    """What one author thinks of a reply to her. `reopens`: because of this one it is answered anew."""

    reply = models.ForeignKey(
        Reply,
        models.PROTECT,
        related_name="ratings",
        verbose_name=pgettext_lazy("one", "建言答复"),
        db_index=False,
    )
    # None once she was erased.
    author = models.ForeignKey(
        Authorship,
        models.SET_NULL,
        null=True,
        related_name="ratings",
        verbose_name=_("建言作者"),
    )
    verdict = models.CharField(_("评价"), max_length=10, choices=Verdict)
    words = EncryptedTextField(_("说明"), null=True)
    at = models.DateTimeField(_("评价时间"))
    reopens = models.BooleanField(_("要求重新办理"), default=False)

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "答复评价")
        verbose_name_plural = pgettext_lazy("many", "答复评价")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["reply", "author"], name="suggestion_rated_once"),
            models.UniqueConstraint(
                fields=["reply"], condition=Q(reopens=True), name="suggestion_reopened_once"
            ),
            models.CheckConstraint(
                name="suggestion_reopens_not_satisfied",
                condition=Q(reopens=False) | Q(verdict="not"),
            ),
        ]

    def __str__(self):
        return str(self.pk)
