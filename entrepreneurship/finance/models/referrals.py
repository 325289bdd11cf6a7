"""An introduction of one woman to one bank: its states, its trail, what each bank counts by itself."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from entrepreneurship.finance.models.products import (
    FinanceBank,
    FinanceProduct,
    FinancePurpose,
    FinanceTerms,
)
from entrepreneurship.ventures.models import Venture
from kernel import ids
from kernel.sweeps import SweptQuerySet
from privacy.fields import EncryptedTextField
from talents.models import Talent

MOST = 3  # introductions of one venture for one purpose, one after the other
CODE = 8


def quarter_text(first):
    """Return the quarter that begins on a date in words."""
    words = {"year": first.year, "quarter": (first.month + 2) // 3}
    return gettext("%(year)s 年第 %(quarter)s 季度") % words


def new_code():
    """Return a code short enough to be typed at a desk."""
    return ids.code(CODE)


class ReferralWay(models.TextChoices):
    """How a bank learns of her."""

    CARRY = "carry", _("自己带页面去银行")
    CALL = "call", _("请银行联系我")


class ReferralState(models.TextChoices):
    """Where an introduction stands; changed by operations alone."""

    INTRODUCED = "introduced", _("已引见")
    RECEIVED = "received", _("银行已收到")
    CONTACTED = "contacted", _("已联系")
    APPROVED = "approved", _("已批准")
    DISBURSED = "disbursed", _("已放款")
    DECLINED_BY_BANK = "declined_by_bank", _("银行未批准")
    DECLINED_BY_HER = "declined_by_her", _("本人未接受")
    NOT_REACHED = "not_reached", _("未联系上")
    WITHDRAWN = "withdrawn", _("已撤回")
    LAPSED = "lapsed", _("已过期")


OPEN = ("introduced", "received", "contacted", "approved")


class ReferralActor(models.TextChoices):
    """Who did a step, where the account says too much or nothing."""

    HERSELF = "herself", _("本人")
    BANK = "bank", _("银行")
    OFFICER = "officer", _("金融专员")
    CLOCK = "clock", _("到期自动")


class DeclineReason(models.TextChoices):
    """Why a bank says no: listed, so that nothing about her is written."""

    CONDITIONS = "conditions", _("不符合产品公布的条件")
    DOCUMENTS = "documents", _("材料不全，未在期限内补齐")
    PURPOSE = "purpose", _("资金用途不在产品范围")
    REGION = "region", _("经营地不在服务范围")
    QUOTA = "quota", _("产品额度已用完或暂停")
    OTHER = "other", _("其他，请联系银行窗口了解")


class AmountBand(models.TextChoices):
    """An amount of a loan as a band: the exact one is nobody's business here."""

    TO_10 = "to_10", _("10 万元以内")
    TO_50 = "to_50", _("10 万至 50 万元")
    TO_100 = "to_100", _("50 万至 100 万元")
    TO_300 = "to_300", _("100 万至 300 万元")
    TO_500 = "to_500", _("300 万至 500 万元")
    MORE = "more", _("500 万元以上")


LEAST_OF_BAND = {"to_10": 0, "to_50": 10, "to_100": 50, "to_300": 100, "to_500": 300, "more": 500}


class SharedField(models.TextChoices):
    """What a bank that calls her may be told, each ticked by herself."""

    NAME = "full_name", _("姓名")
    PHONE = "phone", _("手机号")
    VENTURE = "venture", _("项目或企业名称")
    USCC = "uscc", _("统一社会信用代码")
    INDUSTRY = "industry", _("行业")


class ReferralQuerySet(SweptQuerySet):
    """Questions about introductions."""

    def of_woman(self, user):
        """Keep those she asked for herself."""
        return self.filter(talent__user=user.pk)

    def visible_to(self, user):
        """Keep all for the officer and who audits: they belong to no department."""
        works = user.is_authenticated and user.is_active and user.is_staff
        return self if works and user.has_perm("entrepreneurship.view_referral") else self.none()

    def open(self):
        """Keep what is under way."""
        return self.filter(state__in=OPEN)

    def known_to(self, unit_id):
        """Keep what a bank's unit has been told of: what was sent to it, and what was brought and typed there."""
        told = Q(way=ReferralWay.CALL) | Q(received_on__isnull=False)
        return self.filter(told, bank__unit=unit_id)

    def to_lapse(self, at):
        """Keep what is under way past its time."""
        return self.open().filter(good_until__lte=at)

    def overdue(self, day):
        """Keep what a bank should have answered before a date."""
        return self.open().filter(due_on__lt=day)

    def to_remind(self, day):
        """Keep what is overdue and the bank was not reminded of."""
        return self.overdue(day).filter(reminded_on=None)

    def to_escalate(self, day):
        """Keep what is overdue still, a reminder having been sent before a date."""
        return self.overdue(day).filter(reminded_on__lt=day, escalated_on=None)

    def to_delete(self):
        """Keep what a bank has to delete and has not confirmed."""
        return self.filter(deletion_asked_at__isnull=False, deletion_confirmed_at=None)


class Referral(models.Model):
    """One woman introduced to one bank about one product, under the version of its terms of that day.

    `contents` is the JSON of what she ticked, there only while the bank may read it. Nothing else of hers stands here.
    """

    code = models.CharField(_("引见码"), max_length=CODE, unique=True, default=new_code)
    venture = models.ForeignKey(
        Venture,
        models.PROTECT,
        related_name="referrals",
        verbose_name=_("创业项目"),
        db_index=False,
    )
    talent = models.ForeignKey(
        Talent, models.PROTECT, related_name="referrals", verbose_name=_("申请人")
    )
    bank = models.ForeignKey(
        FinanceBank,
        models.PROTECT,
        related_name="referrals",
        verbose_name=_("银行"),
        db_index=False,
    )
    product = models.ForeignKey(
        FinanceProduct, models.PROTECT, related_name="referrals", verbose_name=_("产品")
    )
    terms = models.ForeignKey(
        FinanceTerms, models.PROTECT, related_name="referrals", verbose_name=_("产品条件")
    )
    purpose = models.CharField(_("用途"), max_length=20, choices=FinancePurpose)
    number = models.PositiveSmallIntegerField(_("第几次"))
    way = models.CharField(_("方式"), max_length=5, choices=ReferralWay)
    state = models.CharField(
        _("状态"), max_length=16, choices=ReferralState, default=ReferralState.INTRODUCED
    )
    tells_amount = models.BooleanField(_("同意银行告知金额档"), default=False)
    shared = ArrayField(
        models.CharField(max_length=10, choices=SharedField),
        default=list,
        blank=True,
        verbose_name=_("同意提供的信息"),
    )
    contents = EncryptedTextField(null=True)
    reason = models.CharField(
        _("未批准的原因"), max_length=10, choices=DeclineReason, blank=True, default=""
    )
    band = models.CharField(_("金额档"), max_length=6, choices=AmountBand, blank=True, default="")
    introduced_at = models.DateTimeField(_("引见时间"))
    introduced_on = models.DateField(_("引见日期"))
    received_on = models.DateField(_("收到日期"), null=True)
    contacted_on = models.DateField(_("联系日期"), null=True)
    approved_on = models.DateField(_("批准日期"), null=True)
    disbursed_on = models.DateField(_("放款日期"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    # Under way until then; of one the bank calls about, her agreement ends with it.
    good_until = models.DateTimeField(_("有效至"))
    due_on = models.DateField(_("银行最晚答复日"), null=True)
    reminded_on = models.DateField(_("提醒银行"), null=True)
    escalated_on = models.DateField(_("转金融专员"), null=True)
    deletion_asked_at = models.DateTimeField(_("要求删除"), null=True)
    deletion_reminded_at = models.DateTimeField(null=True)
    deletion_confirmed_at = models.DateTimeField(_("银行确认删除"), null=True)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = ReferralQuerySet.as_manager()

    audit_code = "code"

    class Meta:
        verbose_name = _("金融对接")
        verbose_name_plural = pgettext_lazy("many", "金融对接")
        ordering = ["-id"]
        permissions = [
            ("answer_referral", _("可以代表银行答复金融对接")),
            ("correct_referral", _("可以更正银行的答复")),
            ("export_referral", _("可以导出金融对接")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["venture", "purpose"], name="referral_one_bank", condition=Q(state__in=OPEN)
            ),
            models.UniqueConstraint(
                fields=["venture", "purpose", "number"], name="referral_number_once"
            ),
            models.CheckConstraint(
                name="referral_three_at_most", condition=Q(number__gte=1, number__lte=MOST)
            ),
            models.CheckConstraint(
                name="referral_received_after",
                condition=Q(received_on=None) | Q(received_on__gte=F("introduced_on")),
            ),
            models.CheckConstraint(
                name="referral_contacted_after",
                condition=Q(contacted_on=None)
                | Q(received_on__isnull=False, contacted_on__gte=F("received_on")),
            ),
            models.CheckConstraint(
                name="referral_approved_after",
                condition=Q(approved_on=None)
                | Q(contacted_on__isnull=False, approved_on__gte=F("contacted_on")),
            ),
            models.CheckConstraint(
                name="referral_disbursed_after",
                condition=Q(disbursed_on=None)
                | Q(approved_on__isnull=False, disbursed_on__gte=F("approved_on")),
            ),
            models.CheckConstraint(
                name="referral_ends_once",
                condition=Q(state__in=OPEN, ended_at=None)
                | ~Q(state__in=OPEN) & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_gone_when_withdrawn",
                condition=~Q(state__in=["withdrawn", "lapsed"]) | Q(contents__isnull=True),
            ),
            models.CheckConstraint(
                name="referral_band_if_agreed", condition=Q(band="") | Q(tells_amount=True)
            ),
            models.CheckConstraint(
                name="referral_carries_nothing",
                condition=Q(way="call") | Q(contents__isnull=True, shared=[]),
            ),
        ]
        indexes = [
            models.Index(fields=["bank", "-id"], name="referral_of_bank"),
            models.Index(
                fields=["good_until"], name="referral_lapses", condition=Q(state__in=OPEN)
            ),
            models.Index(
                fields=["due_on"],
                name="referral_due",
                condition=Q(state__in=OPEN, due_on__isnull=False),
            ),
            models.Index(fields=["state", "-id"], name="referral_state"),
            models.Index(
                fields=["ended_at"], name="referral_kept", condition=Q(contents__isnull=False)
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        """Return the address of her page."""
        return reverse("my_referral", args=[self.code])

    @property
    def is_open(self):
        """Tell whether it is under way."""
        return self.state in OPEN

    @property
    def spaced_code(self):
        """Return its code in two halves, as people read it out."""
        return f"{self.code[:4]} {self.code[4:]}"

    def state_at(self, at):
        """Return the state in words; what ran out says so before the sweep has written it."""
        ran_out = self.is_open and self.good_until <= at
        return (ReferralState.LAPSED if ran_out else ReferralState(self.state)).label


class ReferralStep(models.Model):
    """That an introduction went from one state to another, or that such a step was taken back. Append-only (trigger)."""

    referral = models.ForeignKey(
        Referral, models.CASCADE, related_name="steps", verbose_name=_("金融对接")
    )
    before = models.CharField(_("原状态"), max_length=16, choices=ReferralState, blank=True)
    state = models.CharField(_("状态"), max_length=16, choices=ReferralState)
    on = models.DateField(_("日期"))
    at = models.DateTimeField(_("登记时间"))
    actor = models.CharField(_("由谁"), max_length=8, choices=ReferralActor)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=10, choices=DeclineReason, blank=True, default="")
    band = models.CharField(max_length=6, choices=AmountBand, blank=True, default="")
    undoes = models.OneToOneField(
        "self", models.CASCADE, null=True, related_name="undone_by", verbose_name=_("撤回的一步")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("对接进展")
        ordering = ["pk"]

    def __str__(self):
        return str(self.get_state_display())


class BankTotal(models.Model):
    """What a bank counts by itself for a quarter, without names: told beside our own counts."""

    bank = models.ForeignKey(
        FinanceBank, models.PROTECT, related_name="totals", verbose_name=_("银行"), db_index=False
    )
    quarter = models.DateField(_("季度"))  # its first day
    received = models.PositiveIntegerField(_("收到"))
    approved = models.PositiveIntegerField(_("批准"))
    disbursed = models.PositiveIntegerField(_("放款"))
    amount = models.DecimalField(
        _("放款金额（万元）"),
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(0, _("金额不能小于 0。"))],
    )
    entered_at = models.DateTimeField(_("填报时间"))

    class Meta:
        verbose_name = _("银行季度合计")
        verbose_name_plural = pgettext_lazy("many", "银行季度合计")
        ordering = ["-quarter", "bank"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "quarter"], name="bank_total_once"),
            models.CheckConstraint(
                name="bank_total_falls",
                condition=Q(approved__lte=F("received"), disbursed__lte=F("approved")),
            ),
            models.CheckConstraint(
                name="bank_total_amount",
                condition=Q(disbursed=0, amount=0) | Q(disbursed__gt=0, amount__gt=0),
            ),
            models.CheckConstraint(
                name="bank_total_quarter",
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]),
            ),
        ]

    def __str__(self):
        return f"{self.bank} {self.quarter_words}"

    @property
    def quarter_words(self):
        """Return its quarter in words."""
        return quarter_text(self.quarter)
