"""A suggestion, who wrote it, and who signed it too."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from advisory.suggestions.models.campaigns import SuggestionCampaign
from care_points.models import Transfer
from kernel import bigrams, ids
from kernel.sweeps import SweptQuerySet
from privacy.fields import EncryptedTextField

SEES = "advisory.view_suggestion"


class SuggestionState(models.TextChoices):
    """Where a suggestion stands."""

    DRAFT = "draft", pgettext_lazy("suggestion", "草稿")
    SENT = "sent", pgettext_lazy("suggestion", "已提交，待立案")
    FILED = "filed", pgettext_lazy("suggestion", "已立案，办理中")
    NOT_FILED = "not_filed", pgettext_lazy("suggestion", "不予立案")
    JOINED = "joined", pgettext_lazy("suggestion", "已并案")
    ANSWERED = "answered", pgettext_lazy("suggestion", "已答复")
    CLOSED = "closed", pgettext_lazy("suggestion", "已办结")
    WITHDRAWN = "withdrawn", pgettext_lazy("suggestion", "本人撤回")


# What departments deal with, or dealt with.
FILED = (SuggestionState.FILED, SuggestionState.ANSWERED, SuggestionState.CLOSED)


class Named(models.TextChoices):
    """Under which name others read it."""

    OWN = "own", pgettext_lazy("suggestion", "实名")
    PEN = "pen", pgettext_lazy("suggestion", "笔名")
    NAMELESS = "nameless", pgettext_lazy("suggestion", "匿名")


class NotFiled(models.TextChoices):
    """Why a suggestion is not filed; the list is the one suggestions of this kind have everywhere."""

    PERSONAL = "personal", pgettext_lazy("not filed", "个人诉求，已告知维权渠道")
    VAGUE = "vague", pgettext_lazy("not filed", "没有具体建议")
    NOT_OURS = "not_ours", pgettext_lazy("not filed", "不属于本区职权")
    PENDING = "pending", pgettext_lazy("not filed", "已进入诉讼、仲裁或信访程序")
    SECRET = "secret", pgettext_lazy("not filed", "涉及国家秘密")
    PROMOTES = "promotes", pgettext_lazy("not filed", "宣传推介具体产品或作品")
    ACADEMIC = "academic", pgettext_lazy("not filed", "属于学术研讨")
    UNLAWFUL = "unlawful", pgettext_lazy("not filed", "违反法律法规")


class SuggestionQuerySet(SweptQuerySet):
    """Questions about suggestions."""

    def visible_to(self, user):
        """Keep what staff may see: sent to a campaign of their department, or given to it. Never a draft.

        What was joined is read by the departments that were given the main one: their reply is to its author too.
        """
        if not (user.is_staff and user.has_perm(SEES)):
            return self.none()
        sent = self.exclude(state=SuggestionState.DRAFT)
        if user.sees_all_departments:
            return sent
        return sent.filter(
            Q(campaign__department=user.department_id)
            | Exists(_given_to(user.department_id, "pk"))
            | Exists(_given_to(user.department_id, "joined_to"))
        )

    def coordinated_by(self, user):
        """Keep those of campaigns `user`'s department coordinates."""
        return self.visible_to(user).filter(campaign__department=user.department_id)

    def hers(self, user):
        """Keep what somebody wrote."""
        return self.filter(authorship__user=user)

    def public(self):
        """Keep what everybody may read: filed, and nobody said that it stays inside."""
        return self.filter(listed=True, state__in=FILED)

    def with_cosigners(self):
        """Annotate `cosigners`, how many signed it too and stand by it."""
        standing = CoSignature.objects.standing().filter(suggestion=OuterRef("pk")).order_by()
        count = standing.values("suggestion").annotate(count=Count("pk")).values("count")
        return self.annotate(cosigners=Coalesce(Subquery(count), 0))

    def to_file(self):
        """Keep those that wait for the coordinator, the longest waiting first."""
        return self.filter(state=SuggestionState.SENT).order_by("sent_at", "pk")

    def to_assign(self):
        """Keep those filed that no department leads."""
        return self.filter(~Exists(_led()), state=SuggestionState.FILED).order_by("filed_at", "pk")

    def second_due(self, day):
        """Keep those whose second reply is due on a date or was before."""
        return self.filter(second_on__lte=day, state=SuggestionState.ANSWERED)

    def second_to_remind(self, day):
        """Keep those whose second reply is due by a date and was not reminded of."""
        told = Q(second_reminded_on=F("second_on"), second_reminded_on__isnull=False)
        return self.second_due(day).exclude(told)

    def to_end(self, before):
        """Keep those answered for good before a moment: nothing is promised, nobody can ask for it anew any more."""
        return self.filter(state=SuggestionState.ANSWERED, second_on=None, answered_at__lt=before)


def _led():
    from advisory.suggestions.models.handling import Assignment, Role

    return Assignment.objects.standing().filter(suggestion=OuterRef("pk"), role=Role.LEAD)


def _given_to(department, to):
    from advisory.suggestions.models.handling import Assignment

    return Assignment.objects.standing().filter(suggestion=OuterRef(to), department=department)


class Suggestion(models.Model):
    """One matter a woman brings in. Who she is stands in `Authorship`, which no query of staff reads.

    Its words are encrypted; once filed and `listed`, `search_text` holds title and matter for those who write something
    alike. `signed_as` is what others read as her name: None where she is nameless.
    """

    code = models.CharField(_("编号"), max_length=12, unique=True, default=ids.code, editable=False)
    campaign = models.ForeignKey(
        SuggestionCampaign,
        models.PROTECT,
        related_name="suggestions",
        verbose_name=_("征集"),
        db_index=False,
    )
    title = EncryptedTextField(_("题目"), null=True)
    matter = EncryptedTextField(_("情况和问题"), null=True)
    proposal = EncryptedTextField(_("建议"), null=True)
    named = models.CharField(_("署名"), max_length=8, choices=Named, default=Named.OWN)
    signed_as = EncryptedTextField(_("显示的名字"), null=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=SuggestionState, default=SuggestionState.DRAFT
    )
    created_at = models.DateTimeField(_("开始写"))
    changed_at = models.DateTimeField(_("修改时间"))
    sent_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    # Sent back once, to be parted in two.
    back_at = models.DateTimeField(_("退回时间"), null=True, blank=True)
    back_words = models.CharField(_("退回的说明"), max_length=200, blank=True)
    filed_at = models.DateTimeField(_("立案时间"), null=True, blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审查人"),
    )
    listed = models.BooleanField(_("内容公开"), default=False)
    unlisted_reason = models.CharField(_("不公开的原因"), max_length=200, blank=True)
    not_filed = models.CharField(_("不予立案的原因"), max_length=10, choices=NotFiled, blank=True)
    not_filed_words = models.CharField(_("对本人的说明"), max_length=200, blank=True)
    joined_to = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="joined",
        verbose_name=_("并入"),
    )
    # What the last signed reply says; when it was signed; by when a second one is promised.
    answer = models.CharField(_("答复类别"), max_length=1, blank=True, editable=False)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    second_on = models.DateField(_("再次答复日期"), null=True, blank=True)
    reopened_at = models.DateTimeField(_("重新办理时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    second_reminded_on = models.DateField(null=True, blank=True, editable=False)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    search_text = models.TextField(default="", editable=False)
    search_grams = ArrayField(models.IntegerField(), default=list, editable=False)

    objects = SuggestionQuerySet.as_manager()

    audit_code = "code"

    class Meta:
        verbose_name = pgettext_lazy("one", "建言")
        verbose_name_plural = pgettext_lazy("many", "建言")
        ordering = ["-id"]
        permissions = [
            ("run_suggestion", _("可以办理建言")),
            ("sign_suggestion", _("可以签发建言答复")),
        ]
        constraints = [
            models.CheckConstraint(
                name="suggestion_sent_has_time",
                condition=Q(state="draft") | Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="suggestion_filed_has_time",
                condition=~Q(state__in=FILED) | Q(filed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="suggestion_not_filed_why",
                condition=Q(state="not_filed") & ~Q(not_filed="")
                | ~Q(state="not_filed") & Q(not_filed=""),
            ),
            models.CheckConstraint(
                name="suggestion_joined_to_one",
                condition=Q(state="joined", joined_to__isnull=False)
                | (~Q(state="joined") & Q(joined_to=None)),
            ),
            models.CheckConstraint(
                name="suggestion_not_joined_to_itself", condition=~Q(joined_to=F("id"))
            ),
            models.CheckConstraint(
                name="suggestion_answered_has_answer",
                condition=~Q(state__in=["answered", "closed"])
                | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="suggestion_end_has_time",
                condition=Q(ended_at__isnull=False, state__in=["closed", "not_filed", "withdrawn"])
                | Q(ended_at=None, state__in=["draft", "sent", "filed", "joined", "answered"]),
            ),
            models.CheckConstraint(
                name="suggestion_nameless_has_no_name",
                condition=~Q(named="nameless") | Q(signed_as__isnull=True),
            ),
            # What is filed is public, or it is kept why not.
            models.CheckConstraint(
                name="suggestion_unlisted_has_reason",
                condition=Q(listed=True, unlisted_reason="")
                | (Q(listed=False) & (~Q(state__in=FILED) | ~Q(unlisted_reason=""))),
            ),
            # Others find only what is filed and may be read.
            models.CheckConstraint(
                name="suggestion_found_is_listed",
                condition=Q(search_text="") | Q(listed=True, state__in=FILED),
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "state", "-id"], name="suggestion_campaign"),
            models.Index(fields=["state", "-id"], name="suggestion_state"),
            models.Index(
                fields=["-answered_at", "-id"],
                name="suggestion_answered",
                condition=Q(listed=True, answered_at__isnull=False),
            ),
            models.Index(
                fields=["second_on"],
                name="suggestion_second",
                condition=Q(second_on__isnull=False),
            ),
            GinIndex(fields=["search_grams"], name="suggestion_grams", fastupdate=False),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        """Return where she, and once it is public everybody, reads it."""
        return reverse("suggestion", args=[self.code])

    @property
    def is_public(self):
        """Tell whether everybody may read it."""
        return self.listed and self.state in FILED

    @property
    def main(self):
        """Return the suggestion its reply is given to: the one it was joined to, or itself."""
        return self.joined_to or self

    @property
    def byline(self):
        """Return the name others read: hers, her pen name, or that she is nameless."""
        return self.signed_as or Named.NAMELESS.label

    @property
    def answer_words(self):
        """Return what its newest reply comes to, in words; "" without one."""
        from advisory.suggestions.models.replies import AnswerClass

        return AnswerClass(self.answer).label if self.answer else ""

    def authorship_of(self, user):
        """Return the Authorship by which it is `user`'s own, or None."""
        return Authorship.objects.filter(suggestion=self, user=user).first()

    def find_by(self):
        """Bring what others find it by in step; the caller saves `search_text` and `search_grams`."""
        self.search_text = bigrams.text(self.title, self.matter) if self.is_public else ""
        self.search_grams = bigrams.grams(self.search_text)


class AuthorshipQuerySet(models.QuerySet):
    """Questions about who wrote what."""

    def of(self, suggestion):
        """Keep the authors a reply goes to: of a suggestion and of those joined to it."""
        return self.filter(Q(suggestion=suggestion) | Q(suggestion__joined_to=suggestion))


class Authorship(models.Model):
    """Who wrote a suggestion: for letters, points, her copy and her erasure, and for nothing staff see."""

    suggestion = models.OneToOneField(Suggestion, models.CASCADE, related_name="authorship")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("本人")
    )
    # Points for what was adopted; `turns` counts how often they were taken back.
    earned = models.OneToOneField(
        Transfer, models.PROTECT, null=True, related_name="+", editable=False
    )
    turns = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = AuthorshipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("建言作者")
        ordering = ["id"]

    def __str__(self):
        return str(self.pk)


class CoSignatureQuerySet(models.QuerySet):
    """Questions about who signed too."""

    def standing(self):
        """Keep those nobody took back."""
        return self.filter(withdrawn_at=None)


class CoSignature(models.Model):
    """That a woman stands behind another's suggestion. Counted for everybody, named (`signed_as`) only where she wants it."""

    suggestion = models.ForeignKey(
        Suggestion,
        models.PROTECT,
        related_name="cosignatures",
        verbose_name=pgettext_lazy("one", "建言"),
        db_index=False,
    )
    # None once she was erased: it still counts.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("附议人"),
    )
    signed_as = EncryptedTextField(_("显示的名字"), null=True)
    at = models.DateTimeField(_("附议时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    objects = CoSignatureQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "附议")
        verbose_name_plural = pgettext_lazy("many", "附议")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion", "user"],
                condition=Q(withdrawn_at=None),
                name="suggestion_cosigned_once",
            )
        ]
        indexes = [models.Index(fields=["suggestion", "id"], name="suggestion_cosignatures")]

    def __str__(self):
        return str(self.pk)

    @property
    def is_named(self):
        """Tell whether staff read who it is."""
        return self.signed_as is not None
