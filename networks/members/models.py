"""Who is a member of what, from which day to which."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel import ids
from kernel.sweeps import SweptQuerySet
from networks.associations.models import Association
from talents.models import Talent

# Renewing is possible from so long before the end, and so long behind it, with her seniority kept.
RENEW_FROM, RENEW_UNTIL = timedelta(days=60), timedelta(days=90)
REMIND_BEFORE = timedelta(days=30)


class MemberState(models.TextChoices):
    """How a membership stands. Whether it is in force is a question of the day (`in_force`)."""

    APPLIED = "applied", pgettext_lazy("member", "等待审核")
    ACTIVE = "active", pgettext_lazy("member", "会员")
    DECLINED = "declined", pgettext_lazy("member", "没有通过")
    WITHDRAWN = "withdrawn", pgettext_lazy("member", "已撤回")
    LEFT = "left", pgettext_lazy("member", "已退会")
    LAPSED = "lapsed", pgettext_lazy("member", "会籍已失效")


OPEN = (MemberState.APPLIED, MemberState.ACTIVE)


class MembershipQuerySet(SweptQuerySet):
    """Questions about memberships."""

    def visible_to(self, user):
        """Keep her own; for staff, those of associations their department looks after."""
        if not user.is_staff or not user.has_perm("networks.view_membership"):
            return self.of_woman(user)
        if user.sees_all_departments:
            return self
        return self.filter(association__department=user.department_id)

    def of_woman(self, user):
        """Keep hers."""
        return self.filter(talent__user=user.pk)

    def in_force(self, day):
        """Keep who is a member on a day, paused or not: by dates alone, whatever job ran."""
        begun = self.filter(joined_on__lte=day, valid_until__gte=day)
        return begun.filter(Q(left_on=None) | Q(left_on__gt=day))

    def waiting(self):
        """Keep applications nobody decided."""
        return self.filter(state=MemberState.APPLIED)

    def to_remind(self, day):
        """Keep members whose membership ends within thirty days and who were not told; a dissolved one is not renewed."""
        ends = self.filter(state=MemberState.ACTIVE, valid_until__lte=day + REMIND_BEFORE)
        ends = ends.filter(valid_until__gte=day, reminded_at=None)
        return ends.filter(association__dissolved_on=None)

    def to_lapse(self, day):
        """Keep those nobody renewed within ninety days of their end."""
        return self.filter(state=MemberState.ACTIVE, valid_until__lt=day - RENEW_UNTIL)


class Membership(models.Model):
    """That a woman asks to be a member of an association, is one, or was.

    `valid_until` is the last day; renewed late, within ninety days, `joined_on` and with it her seniority stays. A
    pause moves `valid_until` by its length at once, so that nothing has to run; why she pauses nobody asks.
    """

    code = models.CharField(_("编号"), max_length=12, unique=True, default=ids.code, editable=False)
    association = models.ForeignKey(
        Association,
        models.PROTECT,
        related_name="memberships",
        verbose_name=_("协会"),
        db_index=False,
    )
    talent = models.ForeignKey(
        Talent, models.PROTECT, related_name="memberships", verbose_name=_("女性科技人才")
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=MemberState, default=MemberState.APPLIED
    )
    applied_at = models.DateTimeField(_("申请或登记时间"))
    decided_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    # Why she was not taken in, or the association ended it; empty where she left herself.
    reason = models.CharField(_("没有通过或结束的原因"), max_length=200, blank=True)
    joined_on = models.DateField(_("入会日期"), null=True, blank=True)
    valid_until = models.DateField(_("会籍到期日"), null=True, blank=True)
    left_on = models.DateField(_("退会日期"), null=True, blank=True)
    paused_from = models.DateField(_("暂停从"), null=True, blank=True)
    paused_until = models.DateField(_("暂停到"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, editable=False)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "协会会员")
        verbose_name_plural = pgettext_lazy("many", "协会会员")
        ordering = ["-id"]
        permissions = [
            ("import_membership", _("可以导入会员名单")),
            ("export_membership", _("可以导出会员名单")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "talent"],
                condition=Q(state__in=("applied", "active")),
                name="membership_one_open",
            ),
            models.CheckConstraint(
                name="membership_of_members",
                condition=Q(
                    state__in=("applied", "declined", "withdrawn"),
                    joined_on=None,
                    valid_until=None,
                    left_on=None,
                    paused_from=None,
                )
                | Q(
                    state="active",
                    joined_on__isnull=False,
                    valid_until__isnull=False,
                    valid_until__gte=F("joined_on"),
                    left_on=None,
                )
                | Q(state__in=("left", "lapsed"), joined_on__isnull=False, left_on__isnull=False),
            ),
            models.CheckConstraint(
                name="membership_declined_why",
                condition=Q(state="declined") & ~Q(reason="")
                | Q(state="left")
                | ~Q(state__in=("declined", "left")) & Q(reason=""),
            ),
            models.CheckConstraint(
                name="membership_pause",
                condition=Q(paused_from=None, paused_until=None)
                | Q(
                    paused_from__isnull=False,
                    paused_until__isnull=False,
                    paused_until__gte=F("paused_from"),
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["association", "state", "-id"], name="membership_list"),
            models.Index(
                fields=["valid_until"], name="membership_ends", condition=Q(state="active")
            ),
        ]

    audit_code = "code"

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        """Return her page of it."""
        return reverse("my_membership", args=[self.code])

    def is_in_force(self, day):
        """Tell whether she is a member on a day."""
        if self.joined_on is None or not self.joined_on <= day <= self.valid_until:
            return False
        return self.left_on is None or day < self.left_on

    def is_paused(self, day):
        """Tell whether it rests on a day; she is a member all the same."""
        return self.paused_from is not None and self.paused_from <= day <= self.paused_until

    def state_on(self, day):
        """Return how it stands on a day, in words: what ran out says so before any job has."""
        if self.state != MemberState.ACTIVE:
            return MemberState(self.state).label
        if not self.is_in_force(day):
            lapsed = day > self.valid_until + RENEW_UNTIL
            return MemberState.LAPSED.label if lapsed else pgettext_lazy("member", "已到期")
        paused = self.is_paused(day)
        return pgettext_lazy("member", "已暂停") if paused else MemberState.ACTIVE.label

    def years_on(self, day):
        """Return how many whole years she has been a member; pauses count."""
        if self.joined_on is None:
            return 0
        before = (day.month, day.day) < (self.joined_on.month, self.joined_on.day)
        return max(0, day.year - self.joined_on.year - before)
