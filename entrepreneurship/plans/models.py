"""Cohorts: the women a plan selected, each with her venture."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from calls.models import Application, Call
from entrepreneurship.ventures.models import Venture
from talents.models import Talent

MEASURES = (3, 4)


class PlanMemberQuerySet(models.QuerySet):
    """Questions about members of cohorts."""

    def visible_to(self, user):
        """Keep, for staff, those of calls their department leads; for others their own."""
        if not user.is_staff or not user.has_perm("entrepreneurship.view_planmember"):
            return self.of_woman(user)
        if user.sees_all_departments:
            return self
        return self.filter(call__department=user.department_id)

    def of_woman(self, user):
        """Keep her own."""
        return self.filter(talent__user=user.pk)

    def standing(self):
        """Keep those whose selection was not taken back."""
        return self.filter(application__taken_back_at=None)


class PlanMember(models.Model):
    """A woman selected by a plan: the call is the cohort. Made with the result, once; who selects is `calls`."""

    application = models.OneToOneField(
        Application, models.PROTECT, related_name="plan_member", verbose_name=_("申报")
    )
    talent = models.ForeignKey(
        Talent, models.PROTECT, related_name="+", verbose_name=_("女性科技人才")
    )
    call = models.ForeignKey(
        Call,
        models.PROTECT,
        related_name="plan_members",
        verbose_name=_("申报通知"),
        db_index=False,
    )
    venture = models.ForeignKey(
        Venture,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="plan_members",
        verbose_name=_("创业项目"),
    )
    joined_at = models.DateTimeField(_("入选时间"))

    objects = PlanMemberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("计划入选人")
        ordering = ["-id"]
        permissions = [
            ("link_planmember", _("可以登记入选人的创业项目")),
            ("export_planmember", _("可以导出计划入选人")),
        ]
        indexes = [models.Index(fields=["call", "-id"], name="plan_member_cohort")]

    def __str__(self):
        return f"{self.talent.full_name} · {self.call.label}"

    def get_absolute_url(self):
        """Return the page on which she reads it."""
        return reverse("plans")

    @property
    def stands(self):
        """Tell whether her selection was not taken back."""
        return self.application.taken_back_at is None
