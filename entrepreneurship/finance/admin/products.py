"""Banks, their papers, products and versions of terms in the admin."""

from datetime import timedelta
from functools import partial

from django import forms
from django.contrib import admin
from django.db.models import BooleanField, Case, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSingleDateWidget

from accounts.models import Unit, UnitKind
from entrepreneurship.finance import operations, sheet
from entrepreneurship.finance import products_rules as rules
from entrepreneurship.finance.models import (
    BankPaper,
    FinanceBank,
    FinanceProduct,
    FinancePurpose,
    FinanceTerms,
)
from kernel.admin.base import has_perm
from kernel.admin.decision import decide
from kernel.admin.export import ExportsList
from kernel.admin.forms import OperationAdmin, OperationForm, reason_form
from kernel.admin.lists import OneChoiceFilter, column, state_column
from kernel.admin.offered import OffersByRule
from kernel.words import day_text

RIGHT = rules.KEEPS
STANDS = {"open": "success", "soon": "warning", "gone": "danger"}


def _today():
    return timezone.localdate()


class BankFilter(admin.RelatedFieldListFilter):
    """The banks by name, all in one query."""

    def field_choices(self, field, request, model_admin):
        """Return them."""
        banks = FinanceBank.objects.select_related("unit")
        return [(bank.pk, bank.unit.name) for bank in banks]


# --- banks -----------------------------------------------------------------------------------------
class BankForm(OperationForm):
    """A bank as the officer writes it."""

    class Meta:
        model = FinanceBank
        fields = operations.BANK_FIELDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "unit" in self.fields:  # who only looks has no form
            self.fields["unit"].queryset = Unit.objects.filter(kind=UnitKind.BANK)

    def operate(self, stored, *, by, now, **cleaned):
        """Add or change it."""
        return operations.save_bank(bank=stored, values=cleaned, by=by, now=now)


def _papers(bank):
    """Return (colour, words): what may be done with a bank today."""
    held = {paper.kind for paper in bank.papers.all() if _holds(paper)}
    if "agreement" not in held:
        return "gone", _("没有有效协议")
    if "assessment" not in held:
        return "soon", _("可以凭页面对接")
    return "open", _("两种方式都可以")


def _holds(paper):
    return paper.withdrawn_at is None and paper.valid_from <= _today() <= paper.valid_until


@admin.register(FinanceBank)
class FinanceBankAdmin(OperationAdmin):
    """The banks that take part."""

    form = BankForm
    editable = operations.BANK_FIELDS
    list_display = ("unit", "contact", "stands")
    list_select_related = ("unit",)
    search_fields = ("unit__name", "unit__short_name")
    search_help_text = gettext_lazy("按银行名称查找")
    fields = operations.BANK_FIELDS
    empty_words = gettext_lazy("还没有合作银行。先登记银行，再登记协议和产品。")

    stands = state_column(STANDS, words=_papers)

    def get_queryset(self, request):
        """Bring the papers along."""
        return super().get_queryset(request).prefetch_related("papers")


# --- papers ----------------------------------------------------------------------------------------
class PaperForm(OperationForm):
    """A paper as the officer notes it."""

    class Meta:
        model = BankPaper
        fields = operations.PAPER_FIELDS

    def operate(self, stored, *, by, now, bank, **cleaned):
        """Note it."""
        return operations.note_paper(bank=bank, values=cleaned, by=by, now=now)


def _paper_stands(paper):
    if paper.withdrawn_at:
        return "gone", _("已作废")
    if paper.valid_until < _today():
        return "gone", _("已到期")
    if paper.valid_from > _today():
        return "soon", _("尚未生效")
    return "open", _("有效")


class EndingFilter(OneChoiceFilter):
    """What ends soon with nothing behind it."""

    title = gettext_lazy("到期")
    parameter_name = "ends"
    choice = ("soon", gettext_lazy("30 天内到期，没有新的接上"))

    def narrow(self, queryset):
        """Keep them."""
        return queryset.ending(_today()).filter(valid_until__gte=_today())


@admin.register(BankPaper)
class BankPaperAdmin(OffersByRule, OperationAdmin):
    """Agreements and assessments: noted once, withdrawn by a decision, never rewritten."""

    form = PaperForm
    list_display = ("bank", "kind", "document", "stands", "valid_until")
    list_filter = ("kind", EndingFilter)
    list_select_related = ("bank__unit",)
    search_fields = ("document", "bank__unit__name")
    search_help_text = gettext_lazy("按文件或银行名称查找")
    add_fieldsets = ((None, {"fields": operations.PAPER_FIELDS}),)
    fields = (
        "bank",
        ("kind", "document"),
        ("valid_from", "valid_until"),
        ("noted_by", "noted_at"),
        "withdrawn_at",
    )
    actions_detail = ("withdraw",)
    argument = "paper"
    rules_of_actions = {"withdraw": rules.why_not_withdraw_paper}
    empty_words = gettext_lazy("还没有登记协议和影响评估。没有有效协议，产品不会公开。")

    has_withdraw_permission = has_perm(RIGHT)
    stands = state_column(STANDS, words=_paper_stands)

    def has_change_permission(self, request, obj=None):
        """Nobody rewrites a paper."""
        return False

    def facts_of(self, row):
        """Say which it is."""
        return [
            (_("银行"), row.bank),
            (_("文件"), row),
            (_("有效期至"), day_text(row.valid_until)),
        ]

    @action(description=gettext_lazy("作废"), url_path="withdraw", permissions=["withdraw"])
    def withdraw(self, request, object_id):
        """Ask why, then withdraw it."""
        return self._page(
            request,
            object_id,
            "withdraw",
            title=_("作废文件"),
            submit=_("作废"),
            danger=True,
            form_class=reason_form(_("记入历史，至少四个字")),
            outcome=_("依据它的产品立即不再公开，也不能再新请银行联系；已在进行的对接照常办完。"),
            operation=operations.withdraw_paper,
            done=_("已作废。"),
        )


# --- products --------------------------------------------------------------------------------------
class ProductForm(OperationForm):
    """A product as the officer writes it."""

    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("用途"),
        choices=FinancePurpose.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = FinanceProduct
        fields = operations.PRODUCT_FIELDS

    def operate(self, stored, *, by, now, **cleaned):
        """Add or change it."""
        return operations.save_product(product=stored, values=cleaned, by=by, now=now)


def _product_stands(product):
    """Return (colour, words): on the public pages, or why not."""
    if product.terms_id and product.is_open:
        return "open", _("公开")
    error = rules.why_not_show(product, _today())
    return "gone", str(error or _("没有公开")).rstrip("。.")


class HiddenFilter(OneChoiceFilter):
    """What is in use and yet not shown."""

    title = gettext_lazy("公开")
    parameter_name = "shown"
    choice = ("no", gettext_lazy("没有公开"))

    def narrow(self, queryset):
        """Keep what the public does not see."""
        shown = FinanceProduct.objects.open_on(_today())
        return queryset.exclude(pk__in=shown.values("pk"))


@admin.register(FinanceProduct)
class FinanceProductAdmin(ExportsList, OperationAdmin):
    """What banks offer; the versions of terms stand in a list of their own."""

    form = ProductForm
    view_on_site = False
    editable = operations.PRODUCT_FIELDS
    list_display = ("name", "bank", "kind", "stands")
    list_filter = (HiddenFilter, "kind", "in_use", ("bank", BankFilter))
    list_select_related = ("bank__unit",)
    search_fields = ("name", "bank__unit__name")
    search_help_text = gettext_lazy("按产品或银行名称查找")
    fields = ("bank", ("name", "name_en"), "kind", "purposes", "in_use")
    empty_words = gettext_lazy("还没有产品。产品要有合作协议和核实过的条件才会公开。")
    export_operation = staticmethod(operations.export_products)
    export_sheet = staticmethod(sheet.product_list)

    has_export_permission = has_perm(RIGHT)
    stands = state_column(STANDS, words=_product_stands)

    @property
    def export_name(self):
        """Return the file's name."""
        return f"{_('金融产品')}.xlsx"

    def get_queryset(self, request):
        """Bring along whether the public sees them."""
        day = _today()
        shown = FinanceProduct.objects.open_on(day).values("pk")
        rows = super().get_queryset(request).with_terms(day)
        return rows.annotate(is_open=_is_among(shown))


def _is_among(keys):
    return Case(
        When(pk__in=keys, then=Value(True)), default=Value(False), output_field=BooleanField()
    )


# --- versions of terms -----------------------------------------------------------------------------
class TermsForm(OperationForm):
    """A version as the officer writes it."""

    class Meta:
        model = FinanceTerms
        fields = ("product", *operations.TERMS_FIELDS)

    def operate(self, stored, *, by, now, product=None, **cleaned):
        """Add a version, or put one right."""
        if stored is None:
            return operations.add_terms(product=product, values=cleaned, by=by, now=now)
        return operations.change_terms(terms=stored, values=cleaned, by=by, now=now)


class EndForm(forms.Form):
    """The new last day."""

    ends_on = forms.DateField(
        label=gettext_lazy("最后一天"),
        help_text=gettext_lazy("这一天仍有效；填昨天，今天起不再显示"),
        widget=UnfoldAdminSingleDateWidget,
    )


def _terms_stand(terms):
    day = _today()
    if terms.valid_from > day:
        return "soon", _("尚未开始")
    if terms.valid_until < day:
        return "past", _("已结束")
    if terms.gone_on <= day:
        return "gone", _("超过 180 天没有核实")
    last = terms.gone_on - timedelta(days=1)
    return "open", _("公开至 %(day)s") % {"day": day_text(last)}


class GoingFilter(OneChoiceFilter):
    """What vanishes within a month."""

    title = gettext_lazy("快要撤下")
    parameter_name = "going"
    choice = ("soon", gettext_lazy("30 天内到期，或该再核实"))

    def narrow(self, queryset):
        """Keep them."""
        return queryset.going(_today())


@admin.register(FinanceTerms)
class FinanceTermsAdmin(OffersByRule, OperationAdmin):
    """What products cost: versions, verified by a click, ended, never rewritten once somebody was introduced under one."""

    form = TermsForm
    editable = operations.TERMS_FIELDS
    list_display = ("product", "number", "stands", "limit_said", "rate_said", "verified_on")
    list_filter = (GoingFilter, ("product__bank", BankFilter))
    list_select_related = ("product__bank__unit",)
    search_fields = ("product__name", "document", "product__bank__unit__name")
    search_help_text = gettext_lazy("按产品、银行或文件名称查找")
    add_fieldsets = ((None, {"fields": ("product", *operations.TERMS_FIELDS)}),)
    fields = (
        ("product", "number"),
        "document",
        ("valid_from", "valid_until"),
        ("limit", "rate"),
        "subsidy",
        "conditions",
        ("verified_on", "verified_by"),
    )
    actions_detail = ("verify", "end")
    argument = "terms"
    rules_of_actions = {
        "verify": lambda row, by: rules.why_not_verify_terms(row, _today(), by),
        "end": lambda row, by: rules.why_not_end_terms(row, _today(), by),
    }
    empty_words = gettext_lazy("还没有产品条件。")

    has_verify_permission = has_end_permission = has_perm(RIGHT)
    stands = state_column(STANDS, words=_terms_stand)
    limit_said = column(gettext_lazy("最高额度（万元）"), "limit_text", ordering="limit")
    rate_said = column(gettext_lazy("年利率（%）"), "rate_text", ordering="rate")

    def has_change_permission(self, request, obj=None):
        """Leave a version somebody was introduced under as it is."""
        allowed = super().has_change_permission(request, obj)
        return allowed and not (obj and rules.is_used(obj))

    def facts_of(self, row):
        """Say which it is."""
        return [
            (_("产品"), row.product),
            (_("版本"), row.number),
            (_("银行文件"), row.document),
            (_("最高额度（万元）"), row.limit_text),
            (_("年利率（%）"), row.rate_text),
            (_("结束日"), day_text(row.valid_until)),
        ]

    @action(description=gettext_lazy("核实"), url_path="verify", permissions=["verify"])
    def verify(self, request, object_id):
        """Say that the bank still offers it."""
        return self._page(
            request,
            object_id,
            "verify",
            title=_("核实条件"),
            submit=_("与银行公布的一致"),
            outcome=_("记下今天由您核实，再公开 180 天。条件变了的，请让它提前结束并新增一版。"),
            operation=operations.verify_terms,
            done=_("已核实。"),
        )

    @action(description=gettext_lazy("提前结束"), url_path="end", permissions=["end"])
    def end(self, request, object_id):
        """Ask for the last day."""
        row = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            why_not=rules.why_not_end_terms(row, _today()),
            facts=self.facts_of(row),
            title=_("提前结束这一版"),
            submit=_("提前结束"),
            form_class=EndForm,
            outcome=_("这一天以后不再公开；已按这一版对接的人不受影响。"),
            operation=partial(operations.end_terms, terms=row),
            done=_("已更改结束日。"),
            back=self.address("change", row.pk),
        )
