"""Measure 9: care points, a double-entry ledger; Care Stations, their services and vouchers.

The database keeps the ledger honest by itself (migration 0002_ledger_guards): balances move only with
entries, a transfer's entries sum to zero, no woman's balance falls below zero, nothing is rewritten.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kernel import ids
from talents.models import Talent


class AccountKind(models.TextChoices):
    """Whose points an account holds; every kind but `talent` exists once."""

    TALENT = "talent", _("个人账户")
    ISSUANCE = "issuance", _("发放")
    REDEEMED = "redeemed", _("已兑换")
    EXPIRED = "expired", _("已过期")
    ADJUSTMENT = "adjustment", _("冲销差额")


class PointsAccountQuerySet(models.QuerySet):
    """Questions about accounts."""

    def visible_to(self, user):
        """Keep her own account; people who may read the ledger: all."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff and user.has_perm("care_points.view_pointsaccount"):
            return self
        return self.filter(talent__user=user)

    def with_overdue_points(self, at):
        """Keep talents' accounts that hold points and earned some whose validity ended before `at`."""
        overdue = Transfer.objects.filter(
            entries__account=models.OuterRef("pk"), kind=TransferKind.EARNED, valid_until__lt=at
        )
        return self.filter(models.Exists(overdue), kind=AccountKind.TALENT, balance__gt=0)

    def system(self, kind):
        """Return the one account of a kind other than `talent`."""
        return self.get_or_create(kind=kind, defaults={"balance": None})[0]

    def of(self, talent):
        """Return the talent's account, opened on first use."""
        return self.get_or_create(talent=talent, defaults={"kind": AccountKind.TALENT})[0]


class PointsAccount(models.Model):
    """A talent's points, or one of the programme's own accounts.

    `balance` is moved by the database when an entry is written, never by code. Only talents' accounts
    keep one: a running balance on the issuing account would make every check-in in the portal wait
    for every other one's commit, and its sum is a query away.
    """

    code = models.CharField(
        _("账户编号"), max_length=12, unique=True, default=ids.code, editable=False
    )
    kind = models.CharField(_("账户类型"), max_length=12, choices=AccountKind)
    talent = models.OneToOneField(
        Talent,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="points_account",
        verbose_name=_("女性科技人才"),
    )
    balance = models.IntegerField(_("余额"), null=True, default=0)

    objects = PointsAccountQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("积分账户")
        constraints = [
            models.CheckConstraint(
                name="points_balance_not_negative",
                condition=Q(kind="talent", balance__gte=0) | (~Q(kind="talent") & Q(balance=None)),
            ),
            models.CheckConstraint(
                name="points_system_has_no_talent", condition=Q(kind="talent") | Q(talent=None)
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=~Q(kind="talent"), name="points_system_once"
            ),
        ]

    def __str__(self):
        return self.code if self.kind == AccountKind.TALENT else self.get_kind_display()


class RuleUnit(models.TextChoices):
    """What a rule's points are for."""

    EVENT = "event", _("每次")
    HOUR = "hour", _("每小时")


class EarningRuleQuerySet(models.QuerySet):
    """Questions about rules."""

    def active(self, on):
        """Keep rules in force on the day `on` (a date in Asia/Shanghai)."""
        return self.filter(Q(active_until=None) | Q(active_until__gte=on), active_from__lte=on)


class EarningRule(models.Model):
    """How many points something earns; staff edit it, every version is kept.

    `yearly_cap` limits what one person earns by this rule in a calendar year of Asia/Shanghai.
    A change counts from then on: each ledger line keeps the points it was written with.
    """

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    unit = models.CharField(_("计分方式"), max_length=5, choices=RuleUnit)
    points = models.PositiveSmallIntegerField(
        _("积分"), validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    yearly_cap = models.PositiveIntegerField(
        _("每人每年上限"), null=True, blank=True, help_text=_("留空表示不设上限。")
    )
    valid_months = models.PositiveSmallIntegerField(
        _("有效月数"),
        null=True,
        blank=True,
        default=36,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("获得后多少个月内有效；留空表示长期有效。"),
    )
    active_from = models.DateField(_("生效日期"))
    active_until = models.DateField(
        _("截止日期"), null=True, blank=True, help_text=_("含当日；留空表示长期有效。")
    )
    history = HistoricalRecords(verbose_name=_("修改记录"))

    objects = EarningRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("积分规则")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="rule_points_positive", condition=Q(points__gte=1)),
            models.CheckConstraint(
                name="rule_ends_after_start",
                condition=Q(active_until=None) | Q(active_until__gte=F("active_from")),
                violation_error_message=_("截止日期不能早于生效日期。"),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def label(self):
        """Return the name in the reader's language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name


class TransferKind(models.TextChoices):
    """Why points moved."""

    EARNED = "earned", _("获得")
    REDEEMED = "redeemed", _("兑换")
    RETURNED = "returned", _("退回")
    REVERSED = "reversed", _("撤销")
    EXPIRED = "expired", _("过期")


class TransferQuerySet(models.QuerySet):
    """Questions about transfers."""

    def visible_to(self, user):
        """Keep what moved her own points; people who may read the ledger: all."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff and user.has_perm("care_points.view_transfer"):
            return self
        return self.filter(entries__account__talent__user=user)


class Transfer(models.Model):
    """One movement of points: two or more entries that sum to zero. Written once, never changed.

    `source` names what caused it ("checkin:17") and is unique, so nothing is paid twice. `about` is
    words for the statement; for a redemption it stays empty, because what kind of help a woman asked
    for is nobody's business but hers and the station's.
    """

    code = models.CharField(
        _("流水号"), max_length=12, unique=True, default=ids.code, editable=False
    )
    kind = models.CharField(_("种类"), max_length=10, choices=TransferKind)
    source = models.CharField(_("来源"), max_length=60, unique=True)
    rule = models.ForeignKey(
        EarningRule, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("规则")
    )
    about = models.CharField(_("事由"), max_length=200, blank=True)
    valid_until = models.DateTimeField(_("有效至"), null=True, blank=True)
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        verbose_name=_("撤销的流水"),
    )
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("经办人"),
    )

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("积分流水")
        ordering = ["-id"]
        indexes = [models.Index(fields=["at", "id"], name="transfer_at")]

    def __str__(self):
        return self.code


class EntryQuerySet(models.QuerySet):
    """Questions about entries."""

    def visible_to(self, user):
        """Keep the entries on her own account; people who may read the ledger: all."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff and user.has_perm("care_points.view_entry"):
            return self
        return self.filter(account__talent__user=user)

    def page(self, account, before=None, size=20):
        """Return (lines, next key or None) of the account's statement, newest first, from `before` on."""
        lines = self.filter(account=account).order_by("-id")
        lines = lines.select_related(
            "transfer__rule", "transfer__by__department", "transfer__reverses__rule"
        )
        if before is not None:
            lines = lines.filter(id__lt=before)
        lines = list(lines[: size + 1])
        return lines[:size], lines[size - 1].pk if len(lines) > size else None


class Entry(models.Model):
    """What one transfer did to one account; `balance_after` is filled in by the database."""

    transfer = models.ForeignKey(
        Transfer, models.PROTECT, related_name="entries", verbose_name=_("流水")
    )
    account = models.ForeignKey(
        PointsAccount, models.PROTECT, related_name="entries", verbose_name=_("账户")
    )
    amount = models.IntegerField(_("积分"))
    balance_after = models.IntegerField(_("变动后余额"), null=True, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("积分分录")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="entry_moves_something", condition=~Q(amount=0)),
            models.UniqueConstraint(fields=["transfer", "account"], name="entry_once_per_account"),
        ]
        indexes = [models.Index(fields=["account", "-id"], name="entry_statement")]

    def __str__(self):
        return f"{self.amount:+d}"


class HoursState(models.TextChoices):
    """Where recorded volunteer hours stand."""

    RECORDED = "recorded", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    REFUSED = "refused", _("未通过")
    REVOKED = "revoked", _("已撤销")


class ServiceHoursQuerySet(models.QuerySet):
    """Questions about volunteer hours."""

    def visible_to(self, user):
        """Keep her own hours; staff: those of their department's talents."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if not user.is_staff or not user.has_perm("care_points.view_servicehours"):
            return self.filter(talent__user=user)
        if user.sees_all_departments or user.has_perm("care_points.view_redemption"):
            return self
        return self.filter(talent__department=user.department_id)

    def waiting(self):
        """Keep hours a colleague should confirm, the oldest first."""
        return self.filter(state=HoursState.RECORDED).order_by("starts_at", "pk")


class ServiceHours(models.Model):
    """Volunteer hours of one talent on one day, in half hours; two entries never overlap in time."""

    talent = models.ForeignKey(
        Talent, models.PROTECT, related_name="service_hours", verbose_name=_("女性科技人才")
    )
    activity = models.CharField(_("志愿服务内容"), max_length=80)
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"), editable=False)
    half_hours = models.PositiveSmallIntegerField(
        _("半小时数"), validators=[MinValueValidator(1), MaxValueValidator(24)]
    )
    state = models.CharField(_("状态"), max_length=10, choices=HoursState, default="recorded")
    reason = models.CharField(_("说明"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    recorded_at = models.DateTimeField(_("登记时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("确认人"),
    )
    decided_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    objects = ServiceHoursQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("志愿服务时长")
        ordering = ["-starts_at", "-id"]
        permissions = [("confirm_servicehours", _("可以确认志愿服务时长"))]
        constraints = [
            models.CheckConstraint(
                name="hours_within_a_day", condition=Q(half_hours__gte=1, half_hours__lte=24)
            ),
            models.CheckConstraint(
                name="hours_end_follows",
                condition=Q(
                    ends_at=F("starts_at") + F("half_hours") * Value(timedelta(minutes=30))
                ),
            ),
            models.CheckConstraint(
                name="hours_confirmed_by_another",
                condition=Q(state="recorded", decided_by=None)
                | (
                    ~Q(state="recorded")
                    & Q(decided_by__isnull=False)
                    & ~Q(decided_by=F("recorded_by"))
                ),
            ),
            models.CheckConstraint(
                name="hours_no_has_reason",
                condition=~Q(state__in=["refused", "revoked"]) | ~Q(reason=""),
            ),
            ExclusionConstraint(
                name="hours_do_not_overlap",
                expressions=[
                    ("talent", RangeOperators.EQUAL),
                    (
                        Func(
                            "starts_at",
                            "ends_at",
                            RangeBoundary(),
                            function="TSTZRANGE",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state__in=["recorded", "confirmed"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["starts_at", "id"], name="hours_waiting", condition=Q(state="recorded")
            )
        ]

    def __str__(self):
        return f"{self.activity} {self.hours_text}"

    @property
    def hours_text(self):
        """Return the length as 1.5 小时."""
        hours = f"{self.half_hours / 2:g}"
        return gettext("%(hours)s 小时") % {"hours": hours}


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
    address = models.CharField(_("地址"), max_length=200)
    phone = models.CharField(_("公开电话"), max_length=20)
    open_hours = models.CharField(_("开放时间"), max_length=100)
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
        verbose_name = verbose_name_plural = _("巾帼爱心加油站")
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


class ServiceQuerySet(models.QuerySet):
    """Questions about services."""

    def offered(self):
        """Keep what can be redeemed today, with its station."""
        return self.filter(active=True, station__active=True).select_related("station")

    def visible_to(self, user):
        """Keep the offered ones; staff who keep the catalogue: all."""
        if user.is_authenticated and user.is_staff and user.has_perm("care_points.view_service"):
            return self
        return self.filter(active=True, station__active=True)


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
    validity_days = models.PositiveSmallIntegerField(
        _("兑换码有效天数"), default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    active = models.BooleanField(_("可兑换"), default=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("加油站服务")
        ordering = ["category", "cost", "id"]
        constraints = [
            models.CheckConstraint(name="service_cost_positive", condition=Q(cost__gte=1))
        ]

    def __str__(self):
        return self.title


class RedemptionState(models.TextChoices):
    """Where a voucher stands."""

    RESERVED = "reserved", _("待使用")
    FULFILLED = "fulfilled", _("已使用")
    CANCELLED = "cancelled", _("已取消")
    EXPIRED = "expired", _("已过期")


class RedemptionQuerySet(models.QuerySet):
    """Questions about redemptions. The kind of service is sensitive: few people see a row."""

    def visible_to(self, user):
        """Keep her own; at a station's desk: the station's; a points clerk: all."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff and user.has_perm("care_points.view_redemption"):
            return self
        return self.filter(Q(talent__user=user) | Q(service__station__operators=user)).distinct()

    def of(self, user):
        """Keep her own."""
        return self.filter(talent__user=user)

    def overdue(self, at):
        """Keep vouchers nobody used in time."""
        return self.filter(state=RedemptionState.RESERVED, expires_at__lt=at)

    def counting_against_quota(self, service, at):
        """Keep those that use up the service's places of the month (Asia/Shanghai) around `at`."""
        local = timezone.localtime(at)
        start = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        following = (start + timedelta(days=32)).replace(day=1)
        return self.filter(
            service=service,
            state__in=[RedemptionState.RESERVED, RedemptionState.FULFILLED],
            made_at__gte=start,
            made_at__lt=following,
        )


class Redemption(models.Model):
    """Points spent on one service: a voucher with a code, shown at the station's desk."""

    code = models.CharField(
        _("兑换码"), max_length=10, unique=True, default=ids.code, editable=False
    )
    talent = models.ForeignKey(
        Talent, models.PROTECT, related_name="redemptions", verbose_name=_("女性科技人才")
    )
    service = models.ForeignKey(
        Service, models.PROTECT, related_name="redemptions", verbose_name=_("服务")
    )
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
    ended_at = models.DateTimeField(_("取消或过期时间"), null=True, blank=True)

    objects = RedemptionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("兑换记录")
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
                condition=Q(state__in=["cancelled", "expired"], ended_at__isnull=False)
                | (~Q(state__in=["cancelled", "expired"]) & Q(ended_at=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["talent", "-id"], name="redemption_talent"),
            models.Index(fields=["service", "made_at"], name="redemption_quota"),
            models.Index(fields=["fulfilled_at"], name="redemption_fulfilled"),
            models.Index(
                fields=["expires_at"], name="redemption_overdue", condition=Q(state="reserved")
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def spaced_code(self):
        """Return the code in two groups, as people read it out."""
        return f"{self.code[:5]} {self.code[5:]}"

    def is_usable(self, at):
        """Tell whether the station may fulfil it at the moment `at`."""
        return self.state == RedemptionState.RESERVED and at <= self.expires_at
