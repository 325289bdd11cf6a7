"""Which departments deal with a suggestion, by when, and the one extension each lead may be given."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department
from advisory.suggestions.models.campaigns import MOST_EXTENSION
from advisory.suggestions.models.suggestions import Suggestion
from kernel.sweeps import SweptQuerySet


class Role(models.TextChoices):
    """What a department does with a suggestion."""

    LEAD = "lead", pgettext_lazy("assignment", "主办")
    ASSIST = "assist", pgettext_lazy("assignment", "会办")


class AssignmentState(models.TextChoices):
    """Where an assignment stands."""

    WAITING = "waiting", pgettext_lazy("assignment", "待接收")
    WORKING = "working", pgettext_lazy("assignment", "办理中")
    DONE = "done", pgettext_lazy("assignment", "已办")
    NOT_OURS = "not_ours", pgettext_lazy("assignment", "申请退回")
    TAKEN_BACK = "taken_back", pgettext_lazy("assignment", "已收回")


OPEN_ASSIGNMENTS = (AssignmentState.WAITING, AssignmentState.WORKING)
# Whose department sees the suggestion. One that was handed back is the coordinator's alone.
STANDING_ASSIGNMENTS = (*OPEN_ASSIGNMENTS, AssignmentState.DONE)


class AssignmentQuerySet(SweptQuerySet):
    """Questions about assignments."""

    def visible_to(self, user):
        """Keep those of suggestions staff may see; one handed back only the coordinator."""
        seen = self.filter(suggestion__in=Suggestion.objects.visible_to(user))
        if user.sees_all_departments:
            return seen
        coordinates = Q(suggestion__campaign__department=user.department_id)
        return seen.filter(coordinates | Q(state__in=STANDING_ASSIGNMENTS))

    def standing(self):
        """Keep those that hold."""
        return self.filter(state__in=STANDING_ASSIGNMENTS)

    def leading(self):
        """Keep those of the departments that lead."""
        return self.filter(role=Role.LEAD)

    def open(self):
        """Keep those something is still owed of."""
        return self.filter(state__in=OPEN_ASSIGNMENTS)

    def of(self, user):
        """Keep those of `user`'s department."""
        return self.filter(department=user.department_id)

    def overdue(self, day):
        """Keep those whose last day lies before a date."""
        return self.open().filter(due_on__lt=day)

    def due_soon(self, day, ahead):
        """Keep those whose last day comes within `ahead` (timedelta) of a date."""
        return self.open().filter(due_on__gte=day, due_on__lte=day + ahead)

    def to_remind(self, day, ahead):
        """Keep those due within `ahead` of a date whose department was not reminded of that last day."""
        told = Q(reminded_of=F("due_on"))
        return self.due_soon(day, ahead).exclude(told & Q(reminded_of__isnull=False))

    def to_tell(self, day):
        """Keep those late on a date of which nobody was told."""
        told = Q(overdue_told_of=F("due_on"))
        return self.overdue(day).exclude(told & Q(overdue_told_of__isnull=False))

    def handed_back(self):
        """Keep those that wait for the coordinator to decide whose they are, the longest waiting first."""
        return self.filter(state=AssignmentState.NOT_OURS).order_by("returned_at", "pk")


class Assignment(models.Model):
    """That a department leads or assists. `due_on` is `days` counted from `counted_from` (advisory.suggestions.limits)."""

    suggestion = models.ForeignKey(
        Suggestion,
        models.PROTECT,
        related_name="assignments",
        verbose_name=pgettext_lazy("one", "建言"),
        db_index=False,
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("部门"), db_index=False
    )
    role = models.CharField(pgettext_lazy("assignment", "分工"), max_length=6, choices=Role)
    state = models.CharField(
        _("状态"), max_length=10, choices=AssignmentState, default=AssignmentState.WAITING
    )
    at = models.DateTimeField(_("交办时间"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("交办人"),
    )
    counted_from = models.DateField(_("起算日期"))
    days = models.PositiveSmallIntegerField(_("期限（天）"))
    due_on = models.DateField(_("到期日"))
    not_ours_by = models.DateField(_("可以退回到"))
    returned_at = models.DateTimeField(_("申请退回时间"), null=True, blank=True)
    returned_words = models.CharField(_("退回的理由"), max_length=200, blank=True)
    insisted_at = models.DateTimeField(_("坚持交办时间"), null=True, blank=True)
    insist_reason = models.CharField(_("坚持交办的理由"), max_length=200, blank=True)
    taken_back_reason = models.CharField(_("收回的原因"), max_length=200, blank=True)
    # What an assisting department tells the one that leads.
    opinion = models.TextField(_("会办意见"), max_length=4000, blank=True)
    opinion_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("签署人"),
    )
    done_at = models.DateTimeField(_("办完时间"), null=True, blank=True)
    # The last day of which it was reminded: a moved one is reminded of anew.
    reminded_of = models.DateField(null=True, blank=True, editable=False)
    overdue_told_of = models.DateField(null=True, blank=True, editable=False)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "交办")
        verbose_name_plural = pgettext_lazy("many", "交办")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion"],
                condition=Q(role="lead", state__in=STANDING_ASSIGNMENTS),
                name="suggestion_one_lead",
            ),
            models.UniqueConstraint(
                fields=["suggestion", "department"],
                condition=Q(state__in=STANDING_ASSIGNMENTS),
                name="suggestion_department_once",
            ),
            models.CheckConstraint(
                name="suggestion_due_after_start", condition=Q(due_on__gt=F("counted_from"))
            ),
            models.CheckConstraint(
                name="suggestion_not_ours_why",
                condition=~Q(state="not_ours")
                | (~Q(returned_words="") & Q(returned_at__isnull=False)),
            ),
            # Insisted once: whoever was told so cannot hand it back again.
            models.CheckConstraint(
                name="suggestion_insisted_once",
                condition=Q(insisted_at=None, insist_reason="")
                | (~Q(insist_reason="") & Q(insisted_at__isnull=False) & ~Q(state="not_ours")),
            ),
            models.CheckConstraint(
                name="suggestion_taken_back_why",
                condition=~Q(state="taken_back") | ~Q(taken_back_reason=""),
            ),
            models.CheckConstraint(
                name="suggestion_done_has_time",
                condition=~Q(state="done") | Q(done_at__isnull=False),
            ),
            models.CheckConstraint(
                name="suggestion_opinion_of_assistant",
                condition=Q(opinion="") | Q(role="assist"),
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state", "due_on"], name="suggestion_board"),
            models.Index(fields=["suggestion", "id"], name="suggestion_assignments"),
            models.Index(
                fields=["due_on"],
                name="suggestion_due",
                condition=Q(state__in=OPEN_ASSIGNMENTS),
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def is_lead(self):
        """Tell whether the department gives the reply."""
        return self.role == Role.LEAD

    @property
    def is_open(self):
        """Tell whether something is still owed."""
        return self.state in OPEN_ASSIGNMENTS

    def is_overdue(self, day):
        """Tell whether its last day lies before a date and it is not done."""
        return self.is_open and self.due_on < day


class ExtensionState(models.TextChoices):
    """What became of an extension that was asked for."""

    WAITING = "waiting", pgettext_lazy("extension", "待批准")
    GRANTED = "granted", pgettext_lazy("extension", "已同意")
    REFUSED = "refused", pgettext_lazy("extension", "未同意")


class ExtensionQuerySet(models.QuerySet):
    """Questions about extensions."""

    def visible_to(self, user):
        """Keep those of assignments staff may see."""
        return self.filter(assignment__in=Assignment.objects.visible_to(user))

    def waiting(self):
        """Keep those nobody decided, the longest waiting first."""
        rows = self.filter(state=ExtensionState.WAITING, assignment__state__in=OPEN_ASSIGNMENTS)
        return rows.order_by("asked_at", "pk")


class Extension(models.Model):
    """The one time a leading department asks for more days; the coordinator decides."""

    assignment = models.OneToOneField(
        Assignment,
        models.PROTECT,
        related_name="extension",
        verbose_name=pgettext_lazy("one", "交办"),
    )
    days = models.PositiveSmallIntegerField(
        _("延长多少天"), validators=[MinValueValidator(1), MaxValueValidator(MOST_EXTENSION)]
    )
    reason = models.CharField(_("延期的理由"), max_length=200)
    asked_at = models.DateTimeField(_("申请时间"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("申请人"),
    )
    state = models.CharField(
        _("状态"), max_length=8, choices=ExtensionState, default=ExtensionState.WAITING
    )
    words = models.CharField(_("批复意见"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("批复时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("批复人"),
    )

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "延期申请")
        verbose_name_plural = pgettext_lazy("many", "延期申请")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="suggestion_extension_days",
                condition=Q(days__gte=1, days__lte=MOST_EXTENSION),
            ),
            models.CheckConstraint(
                name="suggestion_extension_decided",
                condition=Q(state="waiting", decided_at=None)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="suggestion_extension_refused_why",
                condition=~Q(state="refused") | ~Q(words=""),
            ),
        ]

    def __str__(self):
        return str(self.pk)
