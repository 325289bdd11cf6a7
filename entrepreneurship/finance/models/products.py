"""Banks of the programme, their products, and the terms of a product in versions.

No field says what a bank or the portal thinks of a woman: products are facts, nobody is scored or ranked.
"""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from kernel import ids

VERIFIED_FOR = timedelta(days=180)  # how long what was verified of an offer may be shown
SOON = timedelta(days=30)  # how long before the end it is put to the officer
HIGHEST_RATE = 36  # percent a year


class FinancePurpose(models.TextChoices):
    """What the money is for; kept as codes."""

    START = "start", _("创业启动")
    WORKING_CAPITAL = "working_capital", _("流动资金")
    EQUIPMENT = "equipment", _("购置设备")
    RESEARCH = "research", _("研发投入")
    PREMISES = "premises", _("场地和装修")


class FinanceKind(models.TextChoices):
    """How a product is secured, as the bank's document names it."""

    GUARANTEED = "guaranteed", _("担保贷款")
    CREDIT = "credit", _("信用贷款")
    PLEDGE = "pledge", _("知识产权质押贷款")
    MORTGAGE = "mortgage", _("抵押贷款")


class PaperKind(models.TextChoices):
    """What has to be in order between the programme and a bank."""

    AGREEMENT = "agreement", _("合作协议")
    ASSESSMENT = "assessment", _("个人信息保护影响评估")


class FinanceBankQuerySet(models.QuerySet):
    """Questions about banks."""

    def with_paper(self, kind, day):
        """Keep those with a paper of `kind` in force on a date."""
        papers = BankPaper.objects.in_force(day).filter(kind=kind)
        return self.filter(pk__in=papers.values("bank"))

    def answered_by(self, user):
        """Keep the bank this person answers for: a contact of its unit who holds the role."""
        may = user.is_authenticated and user.is_active and user.unit_id
        if not may or not user.has_perm("entrepreneurship.answer_referral"):
            return self.none()
        return self.filter(unit=user.unit_id)

    def visible_to(self, user):
        """Keep all for who works with them."""
        works = user.is_authenticated and user.is_active and user.is_staff
        return self if works and user.has_perm("entrepreneurship.view_financebank") else self.none()


class FinanceBank(models.Model):
    """A bank that takes part: a Unit of kind bank, and whom one calls there."""

    unit = models.OneToOneField(
        Unit, models.PROTECT, related_name="finance_bank", verbose_name=_("银行")
    )
    contact = models.CharField(
        _("对接窗口"), max_length=100, help_text=_("部门和办公电话，公开显示，不写个人姓名和手机")
    )

    objects = FinanceBankQuerySet.as_manager()

    class Meta:
        verbose_name = _("合作银行")
        verbose_name_plural = pgettext_lazy("many", "合作银行")
        ordering = ["unit__name"]

    def __str__(self):
        return self.unit.name


class BankPaperQuerySet(models.QuerySet):
    """Questions about papers."""

    def in_force(self, day):
        """Keep what holds on a date."""
        return self.filter(withdrawn_at=None, valid_from__lte=day, valid_until__gte=day)

    def ending(self, day):
        """Keep what ends within SOON of a date and has none of its kind behind it."""
        later = self.model.objects.filter(
            bank=OuterRef("bank"),
            kind=OuterRef("kind"),
            withdrawn_at=None,
            valid_until__gt=OuterRef("valid_until"),
        )
        ends = self.filter(withdrawn_at=None, valid_until__lte=day + SOON)
        return ends.filter(~models.Exists(later))

    def visible_to(self, user):
        """Keep all for who works with them."""
        works = user.is_authenticated and user.is_active and user.is_staff
        return self if works and user.has_perm("entrepreneurship.view_bankpaper") else self.none()


class BankPaper(models.Model):
    """An agreement with a bank, or the assessment made before personal data goes to it (PIPL art. 55, 56)."""

    bank = models.ForeignKey(
        FinanceBank, models.PROTECT, related_name="papers", verbose_name=_("银行")
    )
    kind = models.CharField(_("文件种类"), max_length=10, choices=PaperKind)
    document = models.CharField(_("文件名称和文号"), max_length=120)
    valid_from = models.DateField(_("生效日"))
    valid_until = models.DateField(_("有效期至"))
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("登记人"),
    )
    noted_at = models.DateTimeField(_("登记时间"))
    withdrawn_at = models.DateTimeField(_("作废时间"), null=True)

    objects = BankPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("银行的协议和评估")
        verbose_name_plural = pgettext_lazy("many", "银行的协议和评估")
        ordering = ["-valid_until", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="bank_paper_days", condition=Q(valid_until__gte=F("valid_from"))
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.document}"


class FinanceProductQuerySet(models.QuerySet):
    """Questions about products."""

    def open_on(self, day):
        """Keep what may be shown to everybody on a date.

        In use, of a bank whose agreement is in force, with a version of terms that holds and was verified within 180
        days. The rule asks the day: nothing has to be switched off by a job.
        """
        banks = FinanceBank.objects.with_paper(PaperKind.AGREEMENT, day)
        terms = FinanceTerms.objects.shown_on(day)
        return self.filter(in_use=True, bank__in=banks, pk__in=terms.values("product"))

    def with_terms(self, day):
        """Put the version shown on a date into `terms_id`, None where there is none."""
        shown = FinanceTerms.objects.shown_on(day).filter(product=OuterRef("pk"))
        return self.annotate(terms_id=Subquery(shown.values("pk")[:1]))

    def visible_to(self, user):
        """Keep all for who works with them."""
        works = user.is_authenticated and user.is_active and user.is_staff
        seen = works and user.has_perm("entrepreneurship.view_financeproduct")
        return self if seen else self.none()


class FinanceProduct(models.Model):
    """Something a bank offers; what it costs stands in its versions of terms.

    Its `code` is random, and lists follow it: an order that favours no bank and no rate.
    """

    code = models.CharField(_("编号"), max_length=8, unique=True, editable=False)
    bank = models.ForeignKey(
        FinanceBank, models.PROTECT, related_name="products", verbose_name=_("银行")
    )
    name = models.CharField(_("产品名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    kind = models.CharField(_("贷款方式"), max_length=12, choices=FinanceKind)
    purposes = ArrayField(
        models.CharField(max_length=20, choices=FinancePurpose), verbose_name=_("用途")
    )
    in_use = models.BooleanField(_("正在办理"), default=True)

    objects = FinanceProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("金融产品")
        verbose_name_plural = pgettext_lazy("many", "金融产品")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "name"], name="finance_product_once"),
            models.CheckConstraint(
                name="finance_product_purposes", condition=Q(purposes__len__gte=1)
            ),
        ]

    def __str__(self):
        return f"{self.name} · {self.bank}"

    def save(self, *args, **kwargs):
        """Give it its code."""
        self.code = self.code or ids.code(8)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        """Return the address of its public page."""
        return reverse("finance_product", args=[self.code])

    @property
    def label(self):
        """Return its name in the reader's language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name

    @property
    def names(self):
        """Return its name in both languages, as notices keep it."""
        return {"zh-hans": self.name, "en": self.name_en or self.name}

    @property
    def purpose_words(self):
        """Return what the money may be for, in words."""
        return [FinancePurpose(code).label for code in self.purposes]


class FinanceTermsQuerySet(models.QuerySet):
    """Questions about versions of terms."""

    def shown_on(self, day):
        """Keep what holds on a date and was verified within the 180 days before."""
        return self.filter(
            valid_from__lte=day, valid_until__gte=day, verified_on__gt=day - VERIFIED_FOR
        )

    def going(self, day):
        """Keep what is shown on a date and vanishes within SOON: it ends with no version behind it, or is to be verified."""
        later = self.model.objects.filter(
            product=OuterRef("product"), valid_from__gt=OuterRef("valid_until")
        )
        ends = Q(valid_until__lte=day + SOON) & ~models.Exists(later)
        unverified = Q(verified_on__lte=day + SOON - VERIFIED_FOR)
        return self.shown_on(day).filter(product__in_use=True).filter(ends | unverified)

    def visible_to(self, user):
        """Keep all for who works with them."""
        works = user.is_authenticated and user.is_active and user.is_staff
        seen = works and user.has_perm("entrepreneurship.view_financeterms")
        return self if seen else self.none()


class FinanceTerms(models.Model):
    """One version of what a product offers; versions of a product never overlap.

    Once a woman was introduced under it, what it says is frozen (a trigger holds it); it may end earlier and be
    verified again.
    """

    product = models.ForeignKey(
        FinanceProduct, models.PROTECT, related_name="versions", verbose_name=_("产品")
    )
    number = models.PositiveSmallIntegerField(_("版本"), editable=False)
    document = models.CharField(
        _("银行文件"), max_length=120, help_text=_("银行公布条件的文件名称和文号")
    )
    valid_from = models.DateField(_("开始日"))
    valid_until = models.DateField(_("结束日"), help_text=_("这一天仍有效"))
    limit = models.DecimalField(
        _("最高额度（万元）"),
        max_digits=9,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01"), _("最高额度要大于 0。"))],
    )
    rate = models.DecimalField(
        _("年利率（%）"),
        max_digits=7,
        decimal_places=4,
        validators=[
            MinValueValidator(Decimal("0.0001"), _("年利率要大于 0，请填百分数，如 3.45。")),
            MaxValueValidator(HIGHEST_RATE, _("年利率请填百分数，如 3.45，不超过 36。")),
        ],
    )
    subsidy = models.CharField(
        _("贴息"), max_length=120, blank=True, help_text=_("由谁贴息、贴多少；没有就空着")
    )
    conditions = models.TextField(_("办理条件"), max_length=1000)
    verified_on = models.DateField(_("核实日期"), editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("核实人"),
    )

    objects = FinanceTermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("产品条件")
        verbose_name_plural = pgettext_lazy("many", "产品条件")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            ExclusionConstraint(
                name="finance_terms_apart",
                expressions=[
                    ("product", RangeOperators.EQUAL),
                    (
                        Func(
                            "valid_from",
                            "valid_until",
                            RangeBoundary(inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.UniqueConstraint(fields=["product", "number"], name="finance_terms_number"),
            models.CheckConstraint(
                name="finance_terms_days", condition=Q(valid_until__gte=F("valid_from"))
            ),
            models.CheckConstraint(name="finance_terms_limit", condition=Q(limit__gt=0)),
            models.CheckConstraint(
                name="finance_terms_rate", condition=Q(rate__gt=0, rate__lte=HIGHEST_RATE)
            ),
        ]

    def __str__(self):
        name, number = self.product.name, self.number
        return _("%(product)s第 %(number)s 版") % {"product": name, "number": number}

    @property
    def gone_on(self):
        """Return the first date on which it is not shown any more."""
        return min(self.valid_until + timedelta(days=1), self.verified_on + VERIFIED_FOR)

    @property
    def limit_text(self):
        """Return the limit without needless zeros."""
        return plain(self.limit)

    @property
    def rate_text(self):
        """Return the rate without needless zeros, two places at least."""
        return plain(self.rate, least=2)


def plain(number, *, least=0):
    """Return a Decimal as people write it: 3.4500 as 3.45, 300.00 as 300; `least` places are kept."""
    whole, _point, places = f"{number:f}".partition(".")
    places = places[:least] + places[least:].rstrip("0")
    return f"{whole}.{places}" if places else whole
