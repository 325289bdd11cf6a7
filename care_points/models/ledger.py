"""The points ledger: accounts, the rules points are earned by, transfers and their entries.

The database keeps the ledger honest by itself (migration 0002_ledger_guards): balances move only with
entries, a transfer's entries sum to zero, no woman's balance falls below zero, nothing is rewritten.
"""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kernel import ids
from kernel.sweeps import SweptQuerySet
from talents.models import Talent


class AccountKind(models.TextChoices):
    """Whose points an account holds; every kind but `talent` exists once."""

    TALENT = "talent", _("个人账户")
    ISSUANCE = "issuance", _("发放")
    REDEEMED = "redeemed", _("已兑换")
    EXPIRED = "expired", _("已过期")
    ADJUSTMENT = "adjustment", _("冲销差额")
    CORRECTION = "correction", _("更正")


system_accounts = {}  # {AccountKind: PointsAccount}, of this process


class PointsAccountQuerySet(SweptQuerySet):
    """Questions about accounts."""

    def visible_to(self, user):
        """Keep her own account; people who may read the ledger: all."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff and user.has_perm("care_points.view_pointsaccount"):
            return self
        return self.filter(talent__user=user)

    def with_overdue_points(self, at):
        """Keep talents' accounts that hold points and were given some, by whatever kind, whose validity ended before `at`."""
        overdue = Entry.objects.filter(
            account=models.OuterRef("pk"), transfer__valid_until__lt=at, amount__gt=0
        )
        return self.filter(models.Exists(overdue), kind=AccountKind.TALENT, balance__gt=0)

    def running_out(self, start, end):
        """Keep talents' accounts that hold points and earned some that run out between two moments."""
        earned = Entry.objects.filter(
            transfer__valid_until__gt=start, transfer__valid_until__lte=end, amount__gt=0
        )
        accounts = self.filter(pk__in=earned.values("account"), kind=AccountKind.TALENT)
        return accounts.filter(balance__gt=0, talent__isnull=False).order_by("pk")

    def system(self, kind):
        """Return the one account of a kind other than `talent`; remembered, for nothing of it ever changes."""
        if kind in system_accounts:
            return system_accounts[kind]
        account = self.get_or_create(kind=kind, defaults={"balance": None})[0]
        # Not before it is sure to stay.
        transaction.on_commit(lambda: system_accounts.setdefault(kind, account), robust=True)
        return account

    def of(self, talent):
        """Return the talent's account, opened on first use."""
        return self.get_or_create(talent=talent, defaults={"kind": AccountKind.TALENT})[0]

    def look_up(self, talent):
        """Return the talent's account to be read, an unsaved empty one where there is none (or no talent)."""
        account = self.filter(talent=talent).first() if talent else None
        return account or PointsAccount()


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
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = PointsAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("积分账户")
        verbose_name_plural = pgettext_lazy("many", "积分账户")
        permissions = [("adjust_points", _("可以申请更正积分"))]
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
    """What a rule's points are multiplied by: one event, or the hours of one service record."""

    EVENT = "event", _("每次")
    HOUR = "hour", _("每小时")


def _cap(words):
    """Return the field of one cap; nothing is no cap."""
    return models.PositiveIntegerField(
        words,
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("留空表示不设上限。"),
    )


def _fits(shorter, longer):
    """Return the condition that the cap of a shorter time is no more than that of a longer one."""
    return Q(**{shorter: None}) | Q(**{longer: None}) | Q(**{f"{shorter}__lte": F(longer)})


CAPS = ("daily_cap", "monthly_cap", "yearly_cap")
CAPS_FIT = (
    _fits("daily_cap", "monthly_cap")
    & _fits("monthly_cap", "yearly_cap")
    & _fits("daily_cap", "yearly_cap")
)


class EarningRuleQuerySet(models.QuerySet):
    """Questions about rules."""

    def active(self, on):
        """Keep rules in force on the day `on` (a date in Asia/Shanghai)."""
        return self.filter(Q(active_until=None) | Q(active_until__gte=on), active_from__lte=on)


class EarningRule(models.Model):
    """How many points something earns; staff edit it, every version is kept.

    The caps limit what one person earns by this rule in a calendar day, month and year of Asia/Shanghai.
    A change counts from then on: each ledger line keeps the points it was written with and names the
    `version` it was written by (care_points.versions says what that one said).
    """

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    unit = models.CharField(_("计分方式"), max_length=5, choices=RuleUnit)
    points = models.PositiveSmallIntegerField(
        _("积分"), validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    daily_cap = _cap(_("每人每天上限"))
    monthly_cap = _cap(_("每人每月上限"))
    yearly_cap = _cap(_("每人每年上限"))
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
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)
    history = HistoricalRecords(verbose_name=_("修改记录"))

    objects = EarningRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("积分规则")
        verbose_name_plural = pgettext_lazy("many", "积分规则")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="rule_points_positive", condition=Q(points__gte=1)),
            models.CheckConstraint(
                name="rule_caps_positive",
                condition=Q(*(Q(**{cap: None}) | Q(**{f"{cap}__gte": 1}) for cap in CAPS)),
            ),
            models.CheckConstraint(
                name="rule_caps_fit",
                condition=CAPS_FIT,
                violation_error_message=_(
                    "上限不合理：每天的不能大于每月的，每月的不能大于每年的。"
                ),
            ),
            models.CheckConstraint(
                name="rule_validity_positive",
                condition=Q(valid_months=None) | Q(valid_months__gte=1),
            ),
            models.CheckConstraint(
                name="rule_ends_after_start",
                condition=Q(active_until=None) | Q(active_until__gte=F("active_from")),
                violation_error_message=_("截止日期不能早于生效日期。"),
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def label(self):
        """Return the name in the reader's language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name


class TransferKind(models.TextChoices):
    """Why points moved."""

    EARNED = "earned", _("获得")
    REDEEMED = "redeemed", _("兑换")
    # Translators: points that went back to her account
    RETURNED = "returned", pgettext_lazy("points", "退回")
    # Translators: points that were taken back, a kind of transaction
    REVERSED = "reversed", _("撤销")
    EXPIRED = "expired", _("过期")
    # Translators: points that came over when two records of one woman were merged, or went back
    MERGED = "merged", _("合并转移")
    # Translators: points given back that had been revoked meanwhile; the programme takes them
    RECOVERED = "recovered", _("收回")
    # Translators: points put on or taken off by two members of staff, a kind of transaction
    ADJUSTED = "adjusted", pgettext_lazy("points", "更正")


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

    What caused it is a foreign key, and each cause moves points once: `hours` earned them, `redemption`
    spent them, `request` is what two people agreed to correct or to undo, `reverses` is the transfer that is
    taken or given back. What an app above rewards keeps
    the transfer itself (events.Booking.earned). `key` names the cause for a caller that may repeat
    itself; it is compared, never parsed.

    `about` is text as somebody typed it: an event's title, an activity, the reason of a revocation.
    For a redemption it stays empty, because what kind of help a woman asked for is nobody's business
    but hers and the station's. Everything else is said in the reader's language (care_points.statement).
    """

    code = models.CharField(
        _("流水号"), max_length=12, unique=True, default=ids.code, editable=False
    )
    kind = models.CharField(_("种类"), max_length=10, choices=TransferKind)
    key = models.CharField(max_length=60, unique=True, editable=False)
    rule = models.ForeignKey(
        EarningRule, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("规则")
    )
    rule_version = models.PositiveIntegerField(_("规则版本"), null=True, blank=True)
    hours = models.OneToOneField(
        "care_points.ServiceHours",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("志愿服务时长"),
    )
    redemption = models.OneToOneField(
        "care_points.Redemption",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("兑换记录"),
    )
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        verbose_name=_("撤销的流水"),
    )
    request = models.OneToOneField(
        "accounts.JointAction",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("双人确认"),
    )
    about = models.CharField(_("事由"), max_length=200, blank=True)
    valid_until = models.DateTimeField(_("有效至"), null=True, blank=True)
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
        verbose_name = _("积分流水")
        verbose_name_plural = pgettext_lazy("many", "积分流水")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="transfer_names_its_cause",
                condition=Q(kind="earned", redemption=None, reverses=None, request=None)
                | Q(kind="expired", redemption=None, reverses=None, hours=None, request=None)
                | Q(kind="merged", redemption=None, hours=None, request=None)
                | Q(
                    kind="redeemed",
                    redemption__isnull=False,
                    reverses=None,
                    hours=None,
                    request=None,
                )
                | Q(
                    kind="adjusted",
                    request__isnull=False,
                    redemption=None,
                    reverses=None,
                    hours=None,
                )
                | Q(
                    kind__in=["returned", "reversed", "recovered"],
                    reverses__isnull=False,
                    redemption=None,
                    hours=None,
                ),
            ),
            models.CheckConstraint(
                name="transfer_names_rule_version",
                condition=Q(rule=None, rule_version=None)
                | Q(rule__isnull=False, rule_version__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["at", "id"], name="transfer_at"),
            models.Index(
                fields=["valid_until"],
                name="transfer_runs_out",
                condition=Q(valid_until__isnull=False),
            ),
        ]

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


class Entry(models.Model):
    """What one transfer did to one account; `balance_after` is filled in by the database."""

    transfer = models.ForeignKey(
        Transfer, models.PROTECT, related_name="entries", verbose_name=_("流水"), db_index=False
    )
    account = models.ForeignKey(
        PointsAccount,
        models.PROTECT,
        related_name="entries",
        verbose_name=_("账户"),
        db_index=False,
    )
    amount = models.IntegerField(_("积分"))
    balance_after = models.IntegerField(_("变动后余额"), null=True, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("积分分录")
        verbose_name_plural = pgettext_lazy("many", "积分分录")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="entry_moves_something", condition=~Q(amount=0)),
            models.UniqueConstraint(fields=["transfer", "account"], name="entry_once_per_account"),
        ]
        indexes = [models.Index(fields=["account", "-id"], name="entry_statement")]

    def __str__(self):
        return f"{self.amount:+d}"

    @property
    def moved_at(self):
        """Return when the points moved."""
        return self.transfer.at

    @property
    def moved_by(self):
        """Return the kind of the movement in words."""
        return self.transfer.get_kind_display()

    @property
    def moved_for(self):
        """Return what they were given for, as it was typed; else the rule they were earned by."""
        return self.transfer.about or str(self.transfer.rule or "")
