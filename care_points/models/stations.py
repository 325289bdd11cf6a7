"""Care Stations, the services they give for points, and vouchers."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Unit
from kernel import days, ids
from kernel.sweeps import SweptQuerySet
from privacy.fields import EncryptedTextField
from talents.models import Talent


class CareStationQuerySet(models.QuerySet):
    """Questions about stations."""

    def visible_to(self, user):
        """Keep every station: the list is public."""
        return self

    def operated_by(self, user):
        """Keep the stations at whose desk `user` may fulfil vouchers; a points clerk: all."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff and user.has_perm("care_points.fulfil_redemption"):
            return self
        return self.filter(operators=user)


class CareStation(models.Model):
    """A Women's Care Station: where vouchers are used."""

    name = models.CharField(_("名称"), max_length=60, unique=True)
    place = models.ForeignKey(
        "places.Place", models.PROTECT, related_name="care_stations", verbose_name=_("场所")
    )
    operators = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="care_stations",
        verbose_name=_("核销人员"),
        help_text=_("可以在本站核销兑换码的账号。"),
    )
    active = models.BooleanField(_("开放"), default=True)

    objects = CareStationQuerySet.as_manager()

    class Meta:
        verbose_name = _("巾帼爱心加油站")
        verbose_name_plural = pgettext_lazy("many", "巾帼爱心加油站")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Category(models.TextChoices):
    """The five kinds of service named by measure 9, in the policy's order."""

    MARRIAGE_FAMILY = "marriage_family", _("婚姻家庭")
    RIGHTS_PROTECTION = "rights_protection", _("权益维护")
    WOMENS_HEALTH = "womens_health", _("女性健康")
    FAMILY_EDUCATION = "family_education", _("家庭教育")
    HOME_ORGANISING = "home_organising", _("家居收纳")


def terms_text(hours, late_refund, movable=True):
    """Return a rule of cancelling in a sentence: without loss until so many hours before, and what happens after.

    `movable`: an appointment has other times, a seat of an event has none.
    """
    if late_refund:
        return gettext("开始之前都可以取消，积分全部退回。")
    if movable:
        sentence = gettext(
            "开始前 %(hours)s 小时以前可以改期或取消，积分全部退回；之后取消或没有来，积分不退。"
        )
    else:
        sentence = gettext(
            "开始前 %(hours)s 小时以前可以取消，积分全部退回；之后取消或没有来，积分不退。"
        )
    return sentence % {"hours": hours}


class Delivery(models.TextChoices):
    """How she gets a service."""

    VOUCHER = "voucher", _("到站出示兑换码")
    APPOINTMENT = "appointment", _("预约时间")
    EVENT = "event", _("活动席位")


class ServiceQuerySet(models.QuerySet):
    """Questions about services."""

    def offered(self):
        """Keep what can be redeemed today, with its station."""
        return self._on().select_related("station__place")

    def _on(self):
        return self.filter(active=True, station__active=True, station__place__active=True)

    def counted(self):
        """Return {services: how many kinds of help are offered, stations: at how many stations}."""
        return self._on().aggregate(
            services=Count("title", distinct=True), stations=Count("station", distinct=True)
        )

    def visible_to(self, user):
        """Keep the offered ones; staff who keep the catalogue: all."""
        if user.is_authenticated and user.is_staff and user.has_perm("care_points.view_service"):
            return self
        return self._on()


class Service(models.Model):
    """Something a Care Station does for points."""

    station = models.ForeignKey(
        CareStation, models.PROTECT, related_name="services", verbose_name=_("加油站")
    )
    category = models.CharField(_("类别"), max_length=20, choices=Category)
    title = models.CharField(_("名称"), max_length=60)
    description = models.TextField(_("说明"), max_length=1000)
    cost = models.PositiveIntegerField(
        _("所需积分"), validators=[MinValueValidator(1), MaxValueValidator(100000)]
    )
    monthly_quota = models.PositiveIntegerField(
        _("每月名额"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("留空表示不限。"),
    )
    person_quota = models.PositiveSmallIntegerField(
        _("每人每月名额"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("留空表示不限。"),
    )
    delivery = models.CharField(
        _("方式"), max_length=12, choices=Delivery, default=Delivery.VOUCHER
    )
    event_code = models.CharField(
        _("活动编号"),
        max_length=12,
        blank=True,
        help_text=_("活动席位的服务填写；那场活动要勾选“席位用积分兑换”。"),
    )
    minutes = models.PositiveSmallIntegerField(
        _("每次几分钟"),
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(480)],
        help_text=_("预约时间的服务填写。"),
    )
    buffer_minutes = models.PositiveSmallIntegerField(
        _("两次之间间隔几分钟"), default=0, validators=[MaxValueValidator(120)]
    )
    cancel_hours = models.PositiveSmallIntegerField(
        _("提前几小时可以取消"),
        default=24,
        validators=[MaxValueValidator(168)],
        help_text=_("预约时间、活动席位的服务：在此之前取消（预约也可改期），积分全部退回。"),
    )
    late_refund = models.BooleanField(_("之后取消也退积分"), default=False)
    validity_days = models.PositiveSmallIntegerField(
        _("兑换码有效天数"), default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    private = models.BooleanField(
        _("私密服务"),
        default=False,
        help_text=_(
            "心理咨询、维权等：时间在兑换之后由本人另选，只有为她服务的老师知道是谁。保存以后不能再改。"
        ),
    )
    offered_from = models.DateField(
        _("活动期间从"),
        null=True,
        blank=True,
        help_text=_(
            "年度体检等只在一段时间里提供的服务填写；开始时通知全部在库女性，结束前提醒没有兑换的。"
        ),
    )
    offered_until = models.DateField(_("活动期间到"), null=True, blank=True)
    period_quota = models.PositiveIntegerField(
        _("活动期间总名额"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("按月计数：活动期间最好从 1 日开始。留空表示不限。"),
    )
    once_a_year = models.BooleanField(_("每人每年一次"), default=False)
    units = models.ManyToManyField(
        Unit,
        blank=True,
        related_name="+",
        verbose_name=_("受邀单位"),  # none: women of all units
    )
    active = models.BooleanField(_("可兑换"), default=True)
    history = HistoricalRecords(verbose_name=_("修改记录"))

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务项目")
        verbose_name_plural = pgettext_lazy("many", "服务项目")
        ordering = ["category", "cost", "id"]
        constraints = [
            models.CheckConstraint(name="service_cost_positive", condition=Q(cost__gte=1)),
            models.CheckConstraint(
                name="service_appointment_has_minutes",
                condition=~Q(delivery="appointment") | Q(minutes__gte=5),
                violation_error_message=_("预约时间的服务要填写每次几分钟。"),
            ),
            models.CheckConstraint(
                name="service_seat_has_event",
                condition=(Q(delivery="event") & ~Q(event_code=""))
                | (~Q(delivery="event") & Q(event_code="")),
                violation_error_message=_("活动席位的服务要填写活动编号，其他服务不填。"),
            ),
            # A seat stands among the event's bookings under the event's title.
            models.CheckConstraint(
                name="service_private_is_no_seat",
                condition=~Q(private=True, delivery="event"),
                violation_error_message=_("活动席位不能是私密服务：活动的报名名单会写明活动名称。"),
            ),
            models.CheckConstraint(
                name="service_period_in_order",
                condition=Q(offered_from=None, offered_until=None, period_quota=None)
                | Q(offered_until__gte=F("offered_from")),
                violation_error_message=_("活动期间要填写从哪天到哪天，结束不早于开始。"),
            ),
            # All women are written to about a campaign, and whose turn was taken is kept for the year.
            models.CheckConstraint(
                name="service_private_is_no_campaign",
                condition=Q(private=False) | Q(offered_from=None, once_a_year=False),
                violation_error_message=_("私密服务不能设活动期间，也不能设每人每年一次。"),
            ),
            models.UniqueConstraint(
                fields=["event_code"],
                name="service_of_event",
                condition=~Q(event_code=""),
                violation_error_message=_("这场活动已经有一项服务。"),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def terms(self):
        """Return the rule of cancelling an appointment in a sentence."""
        return terms_text(self.cancel_hours, self.late_refund, movable=not self.by_event)

    @property
    def by_event(self):
        """Tell whether it is a seat of an event."""
        return self.delivery == Delivery.EVENT

    @property
    def by_appointment(self):
        """Tell whether she chooses a time while she redeems; of a private one she chooses it afterwards."""
        return self.delivery == Delivery.APPOINTMENT and not self.private

    @property
    def by_case(self):
        """Tell whether she chooses a time afterwards, in a case (models.cases) that no row links with her."""
        return self.delivery == Delivery.APPOINTMENT and self.private


class RedemptionState(models.TextChoices):
    """Where a voucher stands."""

    RESERVED = "reserved", _("待使用")
    FULFILLED = "fulfilled", _("已使用")
    CANCELLED = "cancelled", _("已取消")
    EXPIRED = "expired", _("已过期")
    NO_SHOW = "no_show", _("未到")
    # Translators: she cancelled too late to get her points back
    FORFEITED = "forfeited", _("临时取消")


# States that end a voucher with the points spent and the month's place used up.
USED_UP = (RedemptionState.FULFILLED, RedemptionState.NO_SHOW, RedemptionState.FORFEITED)


ENDED = ("cancelled", "expired", "no_show", "forfeited")
KEY_LENGTH = 12  # sealed texts of one length, so that the length tells nothing


class ServiceMonth(models.Model):
    """How often a service was redeemed and used in a month, in numbers: which woman's voucher it was is sealed.

    Quotas and reports read it. `standing` are those of the month that use up a place of it, `used` what was
    fulfilled in the month, whenever it was redeemed.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="months", db_index=False)
    month = models.DateField(_("月份"))
    made = models.PositiveIntegerField(_("兑换次数"), default=0)
    standing = models.PositiveIntegerField(default=0)
    points = models.PositiveIntegerField(_("使用积分"), default=0)
    used = models.PositiveIntegerField(_("已使用"), default=0)
    used_points = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("服务每月次数")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "service"], name="service_month_once"
            ),  # by month first: reports read all services of a year
        ]

    def __str__(self):
        return f"{self.service_id} {self.month}"


class RedemptionQuerySet(SweptQuerySet):
    """Questions about redemptions. The kind of service is sensitive: few people see a row."""

    def today(self, stations, at):
        """Keep today's appointments at `stations`, by time."""
        rows = self.filter(
            station__in=stations,
            **days.within(
                "appointment__starts_at", days.midnight(at), days.midnight(at) + days.DAY
            ),
        ).exclude(state=RedemptionState.CANCELLED)
        rows = rows.select_related("talent", "station", "appointment", "fulfilled_by")
        return rows.order_by("appointment__starts_at", "pk")

    def visible_to(self, user):
        """Keep her own; at a station's desk: the station's; a points clerk: all."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff and user.has_perm("care_points.view_redemption"):
            return self
        return self.filter(Q(talent__user=user) | Q(station__operators=user)).distinct()

    def of(self, user):
        """Keep her own."""
        return self.filter(talent__user=user)

    def overdue(self, at):
        """Keep vouchers nobody used in time."""
        return self.filter(state=RedemptionState.RESERVED, expires_at__lt=at)

    def standing_in(self, at):
        """Keep those of the month (Asia/Shanghai) `at` lies in that use up a place of it."""
        return self.filter(
            state__in=[RedemptionState.RESERVED, *USED_UP],
            **days.within("made_at", *days.month_bounds(days.month_of(at))),
        )

    def with_services(self):
        """Return the rows as a list, each with its service. Queries: two, however many rows."""
        return with_services(list(self))


def with_services(redemptions):
    """Read the services of a list of redemptions in one query; returns the list."""
    wanted = {one.service_id for one in redemptions} - {None}
    found = Service.objects.in_bulk(wanted) if wanted else {}
    for one in redemptions:
        one.found_service = one.as_its(found.get(one.service_id))
    return redemptions


class Redemption(models.Model):
    """Points spent on one service: a voucher with a code, shown at the station's desk.

    Which service is sealed, in every row alike: what she asked for is sensitive, and were only the private ones sealed,
    the seal itself would tell. `service` and `service_id` open it; None once it was kept long enough.
    """

    code = models.CharField(
        _("兑换码"), max_length=10, unique=True, default=ids.code, editable=False
    )
    talent = models.ForeignKey(
        Talent,
        models.PROTECT,
        null=True,  # once it was kept long enough
        related_name="redemptions",
        verbose_name=_("女性科技人才"),
        db_index=False,
    )
    station = models.ForeignKey(
        CareStation, models.PROTECT, related_name="redemptions", verbose_name=_("加油站")
    )
    sealed_service = EncryptedTextField(_("服务"), null=True)
    by_event = models.BooleanField(default=False, editable=False)  # a seat, which its booking names
    cost = models.PositiveIntegerField(_("积分"))
    state = models.CharField(_("状态"), max_length=10, choices=RedemptionState, default="reserved")
    idempotency_key = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(_("兑换时间"))
    expires_at = models.DateTimeField(_("有效至"))
    fulfilled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("核销人"),
    )
    fulfilled_at = models.DateTimeField(_("核销时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = RedemptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("兑换记录")
        verbose_name_plural = pgettext_lazy("many", "兑换记录")
        ordering = ["-id"]
        permissions = [("fulfil_redemption", _("可以在任一加油站核销兑换码"))]
        constraints = [
            models.UniqueConstraint(
                fields=["talent", "idempotency_key"], name="redemption_once_per_key"
            ),
            models.CheckConstraint(
                name="redemption_fulfilled_has_who_and_when",
                condition=Q(
                    state="fulfilled", fulfilled_at__isnull=False, fulfilled_by__isnull=False
                )
                | (~Q(state="fulfilled") & Q(fulfilled_at=None, fulfilled_by=None)),
            ),
            models.CheckConstraint(
                name="redemption_ended_has_time",
                condition=Q(state__in=ENDED, ended_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(ended_at=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["talent", "-id"], name="redemption_talent"),
            models.Index(fields=["fulfilled_at"], name="redemption_fulfilled"),
            models.Index(
                fields=["expires_at"], name="redemption_overdue", condition=Q(state="reserved")
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def service_id(self):
        """Return the key of the service, None where it is not kept any more."""
        return int(self.sealed_service) if self.sealed_service else None

    @property
    def service(self):
        """Return the Service, read once; None where it is not kept any more."""
        if not hasattr(self, "found_service"):
            self.found_service = self.as_its(Service.objects.filter(pk=self.service_id).first())
        return self.found_service

    @service.setter
    def service(self, service):
        self.sealed_service = f"{service.pk:0{KEY_LENGTH}d}"
        self.station, self.by_event = service.station, service.by_event
        self.found_service = service

    def as_its(self, service):
        """Return a service that was read for it, with the station it has read already."""
        if service and "station" in self._state.fields_cache:
            service.station = self.station
        return service

    def refresh_from_db(self, *args, **kwargs):
        """Read the row again, and its service when it is asked for."""
        self.__dict__.pop("found_service", None)
        super().refresh_from_db(*args, **kwargs)

    @property
    def spaced_code(self):
        """Return the code in two groups, as people read it out."""
        return f"{self.code[:5]} {self.code[5:]}"
