"""That somebody was recommended to the city or the nation, and what came of it."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department
from calls.models import Application
from honours.models.awards import Award
from honours.models.catalogue import Honour
from kernel import ids
from talents.models import Talent


class RecommendationState(models.TextChoices):
    """How far a recommendation has come."""

    PENDING = "pending", pgettext_lazy("recommendation", "待报送")
    SENT = "sent", pgettext_lazy("recommendation", "已报送，等待结果")
    GRANTED = "granted", pgettext_lazy("recommendation", "已授予")
    NOT_GRANTED = "not_granted", pgettext_lazy("recommendation", "未授予")
    WITHDRAWN = "withdrawn", pgettext_lazy("recommendation", "已撤回")


State = RecommendationState
OPEN = (State.PENDING, State.SENT)
ANSWERED = (State.GRANTED, State.NOT_GRANTED)


class RecommendationQuerySet(models.QuerySet):
    """Questions about recommendations."""

    def visible_to(self, user):
        """Keep her own; for staff, those of their department."""
        if not user.is_staff or not user.has_perm("honours.view_recommendation"):
            return self.filter(talent__user=user.pk)
        return self if user.sees_all_departments else self.filter(department=user.department_id)

    def to_send(self):
        """Keep what has not gone to anybody yet, the oldest first."""
        return self.filter(state=State.PENDING).order_by("made_at", "pk")


class Recommendation(models.Model):
    """A woman, or the team she stands for, is put forward for an honour that others grant.

    It comes from a call whose honour is not the district's own, or from an honour she holds already.
    """

    code = models.CharField(max_length=12, unique=True, default=ids.code, editable=False)
    talent = models.ForeignKey(
        Talent,
        models.PROTECT,
        related_name="recommendations",
        verbose_name=_("女性科技人才"),
        db_index=False,
    )
    honour = models.ForeignKey(
        Honour, models.PROTECT, related_name="recommendations", verbose_name=_("推荐的荣誉")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name=_("经办部门"), related_name="+", db_index=False
    )
    application = models.OneToOneField(
        Application,
        models.PROTECT,
        null=True,
        related_name="recommendation",
        verbose_name=_("申报"),
    )
    based_on = models.ForeignKey(
        Award,
        models.PROTECT,
        null=True,
        related_name="recommendations",
        verbose_name=_("依据的荣誉"),
    )
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.PENDING)
    made_at = models.DateTimeField(_("登记时间"))
    sent_to = models.CharField(_("报送单位"), max_length=80, blank=True)
    sent_on = models.DateField(_("报送日期"), null=True)
    answered_on = models.DateField(_("答复日期"), null=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    award = models.OneToOneField(
        Award, models.PROTECT, null=True, related_name="answer_to", verbose_name=_("获得的荣誉")
    )

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "向上推荐")
        verbose_name_plural = pgettext_lazy("many", "向上推荐")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["talent", "honour"],
                condition=Q(state__in=["pending", "sent"]),
                name="recommendation_one_open",
            ),
            models.CheckConstraint(
                name="recommendation_sent_somewhere",
                condition=Q(state__in=["pending", "withdrawn"])
                | (Q(sent_on__isnull=False) & ~Q(sent_to="")),
            ),
            models.CheckConstraint(
                name="recommendation_answer",
                condition=Q(state="granted", answered_on__isnull=False, award__isnull=False)
                | Q(state="not_granted", answered_on__isnull=False, award=None)
                | Q(state__in=["pending", "sent", "withdrawn"], answered_on=None, award=None),
            ),
        ]
        indexes = [
            models.Index(fields=["talent", "-id"], name="recommendation_hers"),
            models.Index(fields=["department", "-id"], name="recommendation_department"),
            models.Index(fields=["state", "made_at"], name="recommendation_waiting"),
        ]

    audit_code = "code"

    def __str__(self):
        return f"{self.talent.full_name} · {self.honour.label}"

    def get_absolute_url(self):
        """Return where she reads it."""
        return reverse("my_honours") + "#recommendations"

    @property
    def is_open(self):
        """Tell whether an answer is still to come."""
        return self.state in OPEN

    @property
    def tone(self):
        """Return the colour of its badge."""
        return {"granted": "success", "sent": "honour"}.get(self.state, "")
