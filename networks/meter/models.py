"""Women's share by rung as somebody entered and somebody else confirmed it, targets, and what an association did."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event
from networks.associations.models import Association
from networks.posts.models import Rung

GREY_AFTER = relativedelta(months=18)
SOON = timedelta(days=183)


class CountState(models.TextChoices):
    """How far a count is."""

    ENTERED = "entered", pgettext_lazy("count", "待确认")
    CONFIRMED = "confirmed", pgettext_lazy("count", "已确认")
    REFUSED = "refused", pgettext_lazy("count", "已退回")
    WITHDRAWN = "withdrawn", pgettext_lazy("count", "已撤销")


class ShareCountQuerySet(models.QuerySet):
    """Questions about counts."""

    def visible_to(self, user):
        """Keep, for staff, those of associations their department looks after: who entered one is named."""
        if not user.is_staff or not user.has_perm("networks.view_sharecount"):
            return self.none()
        if user.sees_all_departments:
            return self
        return self.filter(association__department=user.department_id)

    def confirmed(self):
        """Keep what counts."""
        return self.filter(state=CountState.CONFIRMED)

    def waiting(self):
        """Keep what somebody entered and nobody confirmed."""
        return self.filter(state=CountState.ENTERED)

    def current(self, day):
        """Keep the newest confirmed count of each association and rung up to a day."""
        newer = self.model.objects.confirmed().filter(
            association=OuterRef("association"), rung=OuterRef("rung"), as_of__lte=day
        )
        newest = newer.order_by("-as_of").values("pk")[:1]
        return self.confirmed().filter(pk=Subquery(newest))


class ShareCount(models.Model):
    """How many there are on a rung of an association, and how many of them women, on a day, by a source.

    Entered by one and confirmed by another. A wrong one is withdrawn and entered anew.
    """

    association = models.ForeignKey(
        Association,
        models.PROTECT,
        related_name="share_counts",
        verbose_name=_("协会"),
        db_index=False,
    )
    rung = models.CharField(_("层级"), max_length=10, choices=Rung)
    total = models.PositiveIntegerField(_("总人数"), validators=[MinValueValidator(1)])
    women = models.PositiveIntegerField(_("其中女性"))
    as_of = models.DateField(_("截至日期"))
    source = models.CharField(
        _("来源"), max_length=120, help_text=_("名单、年报或文件的名称，在哪里可以核对")
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=CountState, default=CountState.ENTERED
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("填报人"),
        db_index=False,
    )
    entered_at = models.DateTimeField(_("填报时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("确认人"),
        db_index=False,
    )
    decided_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    reason = models.CharField(_("退回或撤销的原因"), max_length=200, blank=True)

    objects = ShareCountQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "女性比例")
        verbose_name_plural = pgettext_lazy("many", "女性比例")
        ordering = ["-id"]
        permissions = [("confirm_sharecount", _("可以确认女性比例"))]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "rung", "as_of"],
                condition=Q(state__in=("entered", "confirmed")),
                name="share_count_once",
            ),
            models.CheckConstraint(
                name="share_count_women_within_total",
                condition=Q(total__gte=1) & Q(women__lte=F("total")),
            ),
            models.CheckConstraint(name="share_count_source", condition=~Q(source="")),
            models.CheckConstraint(
                name="share_count_by_two",
                condition=~Q(state="confirmed")
                | Q(decided_by=None)
                | Q(entered_by=None)
                | ~Q(decided_by=F("entered_by")),
            ),
            models.CheckConstraint(
                name="share_count_decided",
                condition=Q(state="entered", decided_at=None, reason="")
                | Q(state="confirmed", decided_at__isnull=False, reason="")
                | Q(state__in=("refused", "withdrawn"), decided_at__isnull=False) & ~Q(reason=""),
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="share_count_queue")]

    def __str__(self):
        return f"{self.association.name} · {self.get_rung_display()}"

    @property
    def percent(self):
        """Return women's share in per cent, to one decimal."""
        return round(100 * self.women / self.total, 1)

    def is_old(self, day):
        """Tell whether it is more than eighteen months old: shown in grey."""
        return self.as_of + GREY_AFTER < day


class ShareTargetQuerySet(models.QuerySet):
    """Questions about targets."""

    def visible_to(self, user):
        """Keep for staff all of them."""
        return self if user.is_staff and user.has_perm("networks.view_sharetarget") else self.none()


class ShareTarget(models.Model):
    """The share of women a rung is to have, by which document."""

    association = models.ForeignKey(
        Association,
        models.PROTECT,
        related_name="share_targets",
        verbose_name=_("协会"),
        db_index=False,
    )
    rung = models.CharField(_("层级"), max_length=10, choices=Rung)
    percent = models.PositiveSmallIntegerField(
        _("目标（%）"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    source = models.CharField(
        _("依据"), max_length=120, help_text=_("章程、文件或会议决定的名称和文号")
    )

    objects = ShareTargetQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "女性比例目标")
        verbose_name_plural = pgettext_lazy("many", "女性比例目标")
        ordering = ["association", "rung"]
        constraints = [
            models.UniqueConstraint(fields=["association", "rung"], name="share_target_once"),
            models.CheckConstraint(
                name="share_target_percent", condition=Q(percent__gte=1, percent__lte=100)
            ),
            models.CheckConstraint(name="share_target_source", condition=~Q(source="")),
        ]

    def __str__(self):
        return f"{self.association.name} · {self.get_rung_display()}"


class CouncilMeetingQuerySet(models.QuerySet):
    """Questions about meetings."""

    def visible_to(self, user):
        """Keep for staff all of them."""
        return (
            self if user.is_staff and user.has_perm("networks.view_councilmeeting") else self.none()
        )


class CouncilMeeting(models.Model):
    """That a body of an association met: when, how many came, where it is on paper."""

    association = models.ForeignKey(
        Association,
        models.PROTECT,
        related_name="meetings",
        verbose_name=_("协会"),
        db_index=False,
    )
    rung = models.CharField(
        _("什么会议"),
        max_length=10,
        choices=[
            (Rung.MEMBER.value, _("会员大会")),
            (Rung.DELEGATE.value, _("会员代表大会")),
            (Rung.COUNCIL.value, _("理事会（执委会）")),
            (Rung.STANDING.value, _("常务理事会（常委会）")),
        ],
    )
    held_on = models.DateField(_("开会日期"))
    present = models.PositiveIntegerField(_("到会人数"), validators=[MinValueValidator(1)])
    women = models.PositiveIntegerField(_("其中女性"))
    source = models.CharField(_("依据"), max_length=120, help_text=_("会议纪要的名称或编号"))

    objects = CouncilMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "协会会议")
        verbose_name_plural = pgettext_lazy("many", "协会会议")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "rung", "held_on"], name="council_meeting_once"
            ),
            models.CheckConstraint(
                name="council_meeting_women_within_present",
                condition=Q(present__gte=1) & Q(women__lte=F("present")),
            ),
        ]

    def __str__(self):
        return f"{self.association.name} · {self.held_on}"


class AssociationEventQuerySet(models.QuerySet):
    """Questions about which events were associations'."""

    def visible_to(self, user):
        """Keep for staff all of them."""
        may = user.is_staff and user.has_perm("networks.view_associationevent")
        return self if may else self.none()


class AssociationEvent(models.Model):
    """That an event of the portal was an association's: what happened there are facts of `events`."""

    association = models.ForeignKey(
        Association,
        models.CASCADE,
        related_name="held_events",
        verbose_name=_("协会"),
        db_index=False,
    )
    event = models.ForeignKey(Event, models.CASCADE, related_name="held_by", verbose_name=_("活动"))

    objects = AssociationEventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("协会的活动")
        constraints = [
            models.UniqueConstraint(fields=["association", "event"], name="association_event_once"),
        ]

    def __str__(self):
        return f"{self.association.name} · {self.event.title}"
