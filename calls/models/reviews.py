"""How the applications to a call are judged in one of its stages: criteria, panel, sheets, scores, relations, ranking."""

from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from calls.models.applications import Application
from calls.models.calls import Stage
from calls.models.choices import StageKind
from kernel import ids
from kernel.sweeps import SweptQuerySet
from privacy.fields import EncryptedTextField


class ReviewState(models.TextChoices):
    """How far a review has come."""

    PREPARING = "preparing", pgettext_lazy("review", "准备中")
    JUDGING = "judging", pgettext_lazy("review", "评分中")
    RANKED = "ranked", pgettext_lazy("review", "已定排名")


class RankBy(models.TextChoices):
    """What the ranking goes by; both stand beside one another everywhere."""

    NORMALISED = "normalised", _("标准化分")
    RAW = "raw", _("原始平均分")


class RelationKind(models.TextChoices):
    """What may stand between a reviewer and an applicant."""

    SELF = "self", _("本人")
    SAME_UNIT = "same_unit", _("同一单位")
    FORMER_UNIT = "former_unit", _("曾在同一单位")
    NOMINATOR = "nominator", _("推荐人或推荐单位")
    KIN = "kin", _("亲属或申报人申请回避的人")
    TEACHER = "teacher", _("师生")
    CO_AUTHOR = "co_author", _("合作成果")
    CO_AWARD = "co_award", _("共同获奖")
    OTHER = "other", _("其他关系，不影响评审")
    OTHER_HARD = "other_hard", _("其他关系，需要回避")


# Who stands so does not judge; the others are said and minuted.
HARD = frozenset(
    {
        RelationKind.SELF,
        RelationKind.SAME_UNIT,
        RelationKind.NOMINATOR,
        RelationKind.KIN,
        RelationKind.TEACHER,
        RelationKind.CO_AUTHOR,
        RelationKind.OTHER_HARD,
    }
)
# How long before the scores are due somebody is reminded; the last when they are late.
REMINDERS = (timedelta(days=3), timedelta(days=1), timedelta())
# What a reviewer says of herself; that it is she is found out without her.
DECLARABLE = tuple(kind for kind in RelationKind if kind != RelationKind.SELF)


class ReviewQuerySet(models.QuerySet):
    """Questions about reviews."""

    def visible_to(self, user):
        """Keep, for staff, those of the calls their department leads."""
        if not user.is_staff or not user.has_perm("calls.view_review"):
            return self.none()
        if user.sees_all_departments:
            return self
        return self.filter(stage__call__department=user.department_id)

    def under_way(self):
        """Keep those whose applications are being judged, the first that is due first."""
        rows = self.filter(state=ReviewState.JUDGING).exclude(stage__call__state="cancelled")
        return rows.order_by("due_at", "pk")


class Review(models.Model):
    """The review of one stage. The panel, the criteria and how it is ranked are frozen once judging has begun (0004)."""

    stage = models.OneToOneField(
        Stage, models.CASCADE, related_name="review", verbose_name=_("阶段")
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=ReviewState, default=ReviewState.PREPARING
    )
    least = models.PositiveSmallIntegerField(
        _("每份申报几位评审"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(15)],
    )
    due_at = models.DateTimeField(_("评分截止"), null=True, blank=True)
    rank_by = models.CharField(
        _("排名依据"), max_length=10, choices=RankBy, default=RankBy.NORMALISED
    )
    outlier_points = models.PositiveSmallIntegerField(
        _("偏差提示（分）"),
        default=20,
        validators=[MinValueValidator(5), MaxValueValidator(100)],
        help_text=_("一份评分与其他评审对同一申报的平均分相差这么多，就提示核对"),
    )
    judging_since = models.DateTimeField(_("开始评分"), null=True, blank=True)
    ranked_at = models.DateTimeField(_("排名确定时间"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("评审")
        verbose_name_plural = pgettext_lazy("many", "评审")
        ordering = ["-id"]
        permissions = [
            ("run_review", _("可以组织评审")),
            ("score_review", _("可以评分")),
        ]
        constraints = [
            models.CheckConstraint(
                name="review_judging_has_times",
                condition=Q(state="preparing")
                | Q(judging_since__isnull=False, due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="review_ranked_has_time",
                condition=~Q(state="ranked") | Q(ranked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="review_asks_somebody", condition=Q(least__gte=1, least__lte=15)
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="review_due")]

    def __str__(self):
        return f"{self.call.label} · {self.stage}"

    @property
    def call(self):
        """Return the call whose applications are judged."""
        return self.stage.call

    @property
    def is_blind(self):
        """Tell whether reviewers do not learn whose applications they read."""
        return self.stage.kind == StageKind.BLIND_SCORING

    @property
    def is_preparing(self):
        """Tell whether judging has not begun."""
        return self.state == ReviewState.PREPARING

    @property
    def is_judging(self):
        """Tell whether the panel is at work."""
        return self.state == ReviewState.JUDGING

    @property
    def is_ranked(self):
        """Tell whether the ranking stands."""
        return self.state == ReviewState.RANKED


class Criterion(models.Model):
    """What is judged, out of how many points, and how much it weighs."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="criteria", db_index=False)
    order = models.PositiveSmallIntegerField(_("顺序"))
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    help = models.CharField(_("评分说明"), max_length=200, blank=True)
    most = models.PositiveSmallIntegerField(
        _("满分"), default=100, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    weight = models.PositiveSmallIntegerField(
        _("权重"), default=1, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = verbose_name_plural = _("评分标准")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "name"], name="criterion_once"),
            models.CheckConstraint(
                name="criterion_sane",
                condition=Q(most__gte=1, most__lte=100, weight__gte=1, weight__lte=100),
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def label(self):
        """Return what it is called, in the reader's language where staff wrote it."""
        return (self.name_en if get_language() == "en" else "") or self.name

    @property
    def key(self):
        """Return the name of its score in the form of a page."""
        return f"score_{self.pk}"

    @property
    def comment_key(self):
        """Return the name of its comment in the form of a page."""
        return f"comment_{self.pk}"


class ReviewerQuerySet(SweptQuerySet):
    """Questions about seats on panels."""

    def visible_to(self, user):
        """Keep, for staff, those of the reviews they may see."""
        return self.filter(review__in=Review.objects.visible_to(user))

    def standing(self):
        """Keep those who have not left."""
        return self.filter(left_at=None)

    def of(self, user):
        """Keep where this person sits: what she reads begins here."""
        return self.standing().filter(user=user.pk)

    def to_remind(self, at):
        """Keep who is to be reminded: three days and one day before her scores are due, and when they are late.

        She is reminded once at each: by the last time she was, not by the day, so a run that is missed loses none.
        """
        rows = self.unfinished()
        due = F("review__due_at")
        soon = Q()
        for before in REMINDERS:
            reached = Q(review__due_at__lte=at + before)
            soon |= reached & (Q(reminded_at=None) | Q(reminded_at__lt=due - before))
        return rows.filter(soon).select_related("review__stage__call", "user")

    def unfinished(self):
        """Keep those who still have a sheet to hand in, in reviews under way."""
        open_ones = Assignment.objects.standing().filter(handed_in_at=None)
        return (
            self.standing()
            .filter(review__state=ReviewState.JUDGING, pk__in=open_ones.values("reviewer"))
            .exclude(review__stage__call__state="cancelled")
        )


class Reviewer(models.Model):
    """One seat on a panel: a woman of the database, or an outside expert whose account was made for it."""

    code = models.CharField(max_length=12, unique=True, default=ids.code, editable=False)
    review = models.ForeignKey(
        Review, models.CASCADE, related_name="reviewers", verbose_name=_("评审"), db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="panel_seats",
        verbose_name=_("评审专家"),
    )
    full_name = models.CharField(_("姓名"), max_length=60)
    unit_text = models.CharField(_("单位"), max_length=120, blank=True)
    is_outside = models.BooleanField(_("外部专家"), default=False)
    added_at = models.DateTimeField(_("加入时间"))
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("接替")
    )
    left_at = models.DateTimeField(_("退出时间"), null=True, blank=True)
    left_reason = models.CharField(_("退出原因"), max_length=200, blank=True)
    reminded_at = models.DateTimeField(null=True, editable=False)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = ReviewerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("评审专家")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "user"], name="reviewer_once"),
        ]

    audit_code = "code"

    def __str__(self):
        return self.full_name

    def get_absolute_url(self):
        """Return where she works."""
        return reverse("review_panel", args=[self.code])

    @property
    def has_left(self):
        """Tell whether somebody else judges in her place, or nobody."""
        return self.left_at is not None


class Candidate(models.Model):
    """One application in a review, under a number that says neither whose it is nor when it came in; its place."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="candidates", db_index=False)
    application = models.ForeignKey(
        Application, models.CASCADE, related_name="candidacies", verbose_name=_("申报")
    )
    number = models.PositiveIntegerField(_("评审编号"))
    # What the ranking says, once it stands.
    raw = models.DecimalField(_("原始平均分"), max_digits=5, decimal_places=2, null=True)
    normalised = models.DecimalField(_("标准化分"), max_digits=6, decimal_places=2, null=True)
    place = models.PositiveIntegerField(_("名次"), null=True)
    by_rule = models.BooleanField(_("同等条件下女性优先"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("参评申报")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "application"], name="candidate_once"),
            models.UniqueConstraint(fields=["review", "number"], name="candidate_number_once"),
        ]

    def __str__(self):
        return self.label

    @property
    def label(self):
        """Return what reviewers call it."""
        return f"P{self.number:03d}"


class AssignmentQuerySet(models.QuerySet):
    """Questions about sheets."""

    def visible_to(self, user):
        """Keep, for staff, those of the reviews they may see, with what they are called by."""
        rows = self.filter(candidate__review__in=Review.objects.visible_to(user))
        return rows.select_related("candidate", "reviewer")

    def standing(self):
        """Keep those somebody fills in or has handed in: neither taken away nor recused."""
        return self.filter(removed_at=None, recused_at=None)

    def of(self, user):
        """Keep the sheets of this person: the only applications a reviewer ever reads."""
        return self.filter(
            reviewer__user=user.pk,
            reviewer__left_at=None,
            removed_at=None,
            candidate__review__judging_since__isnull=False,
        )


class Assignment(models.Model):
    """One sheet: a reviewer judges an application. She declares, opens, scores, hands in, in this order."""

    code = models.CharField(max_length=12, unique=True, default=ids.code, editable=False)
    reviewer = models.ForeignKey(
        Reviewer, models.CASCADE, related_name="assignments", verbose_name=_("评审专家")
    )
    candidate = models.ForeignKey(
        Candidate, models.CASCADE, related_name="assignments", verbose_name=_("参评申报")
    )
    assigned_at = models.DateTimeField(_("分派时间"))
    # Why it was made once judging had begun.
    assign_reason = models.CharField(_("分派原因"), max_length=200, blank=True)
    declared_at = models.DateTimeField(_("声明时间"), null=True, blank=True)
    opened_at = models.DateTimeField(_("打开材料"), null=True, blank=True)
    saved_at = models.DateTimeField(_("最近保存"), null=True, blank=True)
    handed_in_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    recused_at = models.DateTimeField(_("回避时间"), null=True, blank=True)
    removed_at = models.DateTimeField(_("撤回分派"), null=True, blank=True)
    remove_reason = models.CharField(_("撤回分派的原因"), max_length=200, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("评分表")
        ordering = ["candidate__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["reviewer", "candidate"],
                name="assignment_once",
                condition=Q(removed_at=None),
            ),
            models.CheckConstraint(
                name="assignment_opened_after_declaring",
                condition=Q(opened_at=None)
                | Q(declared_at__isnull=False, declared_at__lte=F("opened_at")),
            ),
            models.CheckConstraint(
                name="assignment_handed_in_after_opening",
                condition=Q(handed_in_at=None)
                | Q(opened_at__isnull=False, opened_at__lte=F("handed_in_at")),
            ),
            models.CheckConstraint(
                name="assignment_recused_is_not_handed_in",
                condition=Q(recused_at=None) | Q(handed_in_at=None),
            ),
        ]

    audit_code = "code"

    def __str__(self):
        return f"{self.candidate.label}（{self.reviewer.full_name}）"

    def get_absolute_url(self):
        """Return where she fills it in."""
        return reverse("review_sheet", args=[self.code])

    @property
    def is_standing(self):
        """Tell whether it is filled in or handed in."""
        return self.removed_at is None and self.recused_at is None

    @property
    def state_words(self):
        """Return where it stands."""
        if self.removed_at:
            return pgettext_lazy("sheet", "已撤回")
        if self.recused_at:
            return pgettext_lazy("sheet", "已回避")
        if self.handed_in_at:
            return pgettext_lazy("sheet", "已提交")
        if self.saved_at:
            return pgettext_lazy("sheet", "评分中")
        if self.opened_at:
            return pgettext_lazy("sheet", "已打开")
        return pgettext_lazy("sheet", "未打开")

    @property
    def tone(self):
        """Return the colour of its badge."""
        if self.handed_in_at:
            return "success"
        return "warn" if self.recused_at else ""


class Score(models.Model):
    """What a reviewer gave an application by one criterion, and why; hers until she hands in."""

    assignment = models.ForeignKey(
        Assignment, models.CASCADE, related_name="scores", db_index=False
    )
    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="+")
    value = models.DecimalField(_("分数"), max_digits=4, decimal_places=1, null=True, blank=True)
    comment = EncryptedTextField(_("评语"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("评分")
        constraints = [
            models.UniqueConstraint(fields=["assignment", "criterion"], name="score_once"),
            models.CheckConstraint(
                name="score_not_negative", condition=Q(value=None) | Q(value__gte=0)
            ),
        ]

    def __str__(self):
        return f"{self.assignment_id}/{self.criterion_id}"

    @property
    def assignment_label(self):
        """Return what reviewers call the application it is about."""
        return self.assignment.candidate.label


class Relation(models.Model):
    """What stands between a reviewer and an applicant: found by the portal, or declared by her."""

    reviewer = models.ForeignKey(Reviewer, models.CASCADE, related_name="relations", db_index=False)
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="relations")
    kind = models.CharField(_("关系"), max_length=12, choices=RelationKind)
    is_declared = models.BooleanField(_("本人声明"))
    note = EncryptedTextField(_("说明"), null=True, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("利害关系")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["reviewer", "candidate", "kind"], name="relation_once"),
        ]

    def __str__(self):
        return str(self.get_kind_display())

    @property
    def is_hard(self):
        """Tell whether it blocks."""
        return self.kind in HARD
