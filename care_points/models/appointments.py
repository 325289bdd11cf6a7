"""Who gives services at a station, when, and who comes at which time."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from care_points.models.apart import apart
from care_points.models.stations import CareStation, Redemption, RedemptionState, Service
from kernel import days
from places.hours import closed_week
from places.models import OtherHours, days_in_row

VETTING_ENDS_SOON = 30  # days before, in the work queue


class ProviderKind(models.TextChoices):
    """What a provider is."""

    PERSON = "person", _("个人")
    ORGANISATION = "organisation", _("机构")


class ProviderQuerySet(models.QuerySet):
    """Questions about providers."""

    def visible_to(self, user):
        """Keep all for those who look after them; a provider with an account: herself."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff and user.has_perm("care_points.view_provider"):
            return self
        return self.filter(user=user)

    def bookable(self, day):
        """Keep who may be booked for a date: vetted that long, not paused."""
        return self.filter(paused=False, vetted_until__gte=day)

    def vetting_ends(self, at):
        """Keep whose vetting has run out or will within VETTING_ENDS_SOON days, the paused left alone."""
        soon = timezone.localdate(at) + VETTING_ENDS_SOON * days.DAY
        return self.filter(Q(vetted_until=None) | Q(vetted_until__lte=soon), paused=False)


class Provider(models.Model):
    """A person or an organisation that gives services at a station, vetted until a day.

    `weekly` are the working hours (places.hours), gaps are breaks. Without vetting, or once it has run out, nobody is
    booked with her. `user` is her account, if she has one: she sees her own appointments.
    """

    station = models.ForeignKey(
        CareStation,
        models.PROTECT,
        related_name="providers",
        verbose_name=_("加油站"),
        db_index=False,
    )
    name = models.CharField(_("名称"), max_length=60, help_text=_("预约的人会看到，如“周老师”。"))
    kind = models.CharField(
        _("类别"), max_length=12, choices=ProviderKind, default=ProviderKind.PERSON
    )
    services = models.ManyToManyField(
        Service, blank=True, related_name="providers", verbose_name=_("提供的服务")
    )
    weekly = models.JSONField(_("每周工作时间"), default=closed_week)
    credentials = models.CharField(
        _("资质"),
        max_length=200,
        blank=True,
        help_text=_("核对过的证书、协议，如“心理咨询师，2029 年到期”。"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="provides",
        verbose_name=_("账号"),
    )
    vetted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("核查人"),
    )
    vetted_until = models.DateField(_("资质有效至"), null=True, blank=True)
    paused = models.BooleanField(_("暂停预约"), default=False)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务提供者")
        verbose_name_plural = pgettext_lazy("many", "服务提供者")
        ordering = ["station", "name"]
        constraints = [
            models.CheckConstraint(
                name="provider_week_has_seven_days", condition=days_in_row("weekly")
            ),
            models.CheckConstraint(
                name="provider_vetted_by_somebody",
                condition=Q(vetted_until=None, vetted_by=None)
                | Q(vetted_until__isnull=False, vetted_by__isnull=False),
            ),
            models.UniqueConstraint(fields=["station", "name"], name="provider_once_at_a_station"),
        ]
        indexes = [models.Index(fields=["vetted_until"], name="provider_vetting")]

    def __str__(self):
        return self.name


class Leave(models.Model):
    """A stretch of time in which a provider does not work although her week says so."""

    provider = models.ForeignKey(
        Provider,
        models.CASCADE,
        related_name="leaves",
        verbose_name=_("服务提供者"),
        db_index=False,
    )
    starts_at = models.DateTimeField(_("从"))
    ends_at = models.DateTimeField(_("到"))
    reason = models.CharField(_("原因"), max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = _("请假")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                name="leave_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            )
        ]
        indexes = [models.Index(fields=["provider", "ends_at"], name="leave_ahead")]

    def __str__(self):
        return self.reason


class AppointmentQuerySet(models.QuerySet):
    """Questions about appointments. The kind of service is sensitive: few people see a row."""

    def visible_to(self, user):
        """Keep those whose voucher she may see, and those with herself as provider."""
        hers = Redemption.objects.visible_to(user).values("pk")
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(Q(redemption__in=hers) | Q(provider__user=user))

    def held(self):
        """Keep those that take up their time."""
        return self.filter(held=True)

    def open(self):
        """Keep those still to come about: nobody has said yet what became of them."""
        return self.filter(redemption__state=RedemptionState.RESERVED)

    def on(self, day):
        """Keep those of a date."""
        return self.filter(**days.within("starts_at", days.begin(day), days.begin(day) + days.DAY))

    def overlapping(self, start, end):
        """Keep those that last into a stretch of time."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def to_settle(self, at):
        """Keep those ahead that cannot take place: on leave, a closed day or station, a provider paused or not vetted."""
        leave = Leave.objects.filter(
            provider=OuterRef("provider"),
            starts_at__lt=OuterRef("ends_at"),
            ends_at__gt=OuterRef("starts_at"),
        )
        closed = OtherHours.objects.filter(
            place=OuterRef("provider__station__place"),
            first_day__lte=OuterRef("day"),
            last_day__gte=OuterRef("day"),
            spans=[],
        )
        station = Q(provider__station__active=False) | Q(provider__station__place__active=False)
        unfit = station | Q(provider__paused=True) | Q(provider__vetted_until__lt=F("day"))
        day = TruncDate("starts_at", tzinfo=timezone.get_default_timezone())
        ahead = self.held().open().filter(starts_at__gt=at).annotate(day=day)
        return ahead.filter(Exists(leave) | Exists(closed) | unfit)

    def unmarked(self, at):
        """Keep those that are over and nobody has said whether she came."""
        return self.held().open().filter(ends_at__lt=at)


class Appointment(models.Model):
    """A voucher's time with a provider. While `held` nobody else has it: the database sees to that.

    The rule of cancelling is the one that was shown when it was booked: without loss until `cancel_hours` before
    the start, after that points come back only if `late_refund`.
    """

    redemption = models.OneToOneField(
        Redemption, models.PROTECT, related_name="appointment", verbose_name=_("兑换记录")
    )
    provider = models.ForeignKey(
        Provider,
        models.PROTECT,
        related_name="appointments",
        verbose_name=_("服务提供者"),
        db_index=False,
    )
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    busy_until = models.DateTimeField(_("占用至"))
    held = models.BooleanField(_("占用时间"), default=True)
    cancel_hours = models.PositiveSmallIntegerField(_("提前几小时可以取消"))
    late_refund = models.BooleanField(_("之后取消也退积分"), default=False)
    moves = models.PositiveSmallIntegerField(_("改期次数"), default=0)
    reminded = models.BooleanField(default=False, editable=False)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("预约")
        verbose_name_plural = pgettext_lazy("many", "预约")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="appointment_lasts",
                condition=Q(ends_at__gt=F("starts_at"), busy_until__gte=F("ends_at")),
            ),
            apart(
                "appointment_alone_with_provider",
                "provider",
                until="busy_until",
                condition=Q(held=True),
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "starts_at"], name="appointment_provider"),
            models.Index(fields=["starts_at", "id"], name="appointment_time"),
        ]

    def __str__(self):
        return self.redemption.code

    @property
    def free_until(self):
        """Return until when cancelling loses nothing."""
        return self.starts_at - timedelta(hours=self.cancel_hours)

    def points_back(self, at):
        """Return how many points she gets back who cancels at a moment."""
        return self.redemption.cost if self.late_refund or at <= self.free_until else 0
