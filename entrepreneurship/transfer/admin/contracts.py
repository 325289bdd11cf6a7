"""Contracts in the admin: price shown, signed, registered, paid; each step undone with a reason."""

from django import forms
from django.contrib import admin
from django.http import Http404
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from entrepreneurship.figures.admin import LeadsToFigures
from entrepreneurship.transfer import contracts, sheet
from entrepreneurship.transfer import contracts_rules as rules
from entrepreneurship.transfer.models import (
    ContractKind,
    ContractState,
    PriceWay,
    TransferContract,
)
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.decision import decide
from kernel.admin.export import ExportsList
from kernel.admin.forms import reason_form
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule
from kernel.words import day_text

COLOURS = {"prepared": "warning", "signed": "info", "registered": "success"}
ReasonForm = reason_form(gettext_lazy("会留在记录里，4 到 200 字。"))


def day_field(label):
    """Return the field of a day."""
    return forms.DateField(label=label, widget=UnfoldAdminSingleDateWidget)


def amount_field(label):
    """Return the field of an amount: whole yuan or two places; the operation says what is wrong with it."""
    return forms.CharField(
        label=label,
        max_length=20,
        help_text=gettext_lazy("单位是元，最多两位小数，如 360000 或 1250.50。"),
        widget=UnfoldAdminTextInputWidget({"inputmode": "decimal", "autocomplete": "off"}),
    )


class ContractForm(forms.Form):
    """What is entered of a contract."""

    number = forms.CharField(
        label=gettext_lazy("合同编号"), max_length=40, widget=UnfoldAdminTextInputWidget
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("合同类型"),
        choices=ContractKind.choices,
        widget=UnfoldAdminSelectWidget,
    )
    amount_signed = amount_field(gettext_lazy("合同金额（元）"))
    price_way = forms.ChoiceField(
        label=gettext_lazy("定价方式"), choices=PriceWay.choices, widget=UnfoldAdminSelectWidget
    )
    is_public_owner = forms.BooleanField(
        label=gettext_lazy("成果归国家设立的院所或高校"),
        required=False,
        help_text=gettext_lazy(
            "勾选后，协议定价须先在单位内公示成果名称和拟交易价格，不少于十五日（促进科技成果转化法第十八条）。"
        ),
        widget=UnfoldBooleanWidget,
    )


class DayForm(forms.Form):
    """On which day."""

    day = day_field(gettext_lazy("日期"))


class RegisterForm(forms.Form):
    """What the registration says."""

    registration = forms.CharField(
        label=gettext_lazy("登记编号"), max_length=40, widget=UnfoldAdminTextInputWidget
    )
    amount = amount_field(gettext_lazy("认定的技术交易额（元）"))
    day = day_field(gettext_lazy("认定登记日期"))


class PaymentForm(forms.Form):
    """What arrived."""

    amount = amount_field(gettext_lazy("到账金额（元）"))
    day = day_field(gettext_lazy("到账日期"))


def money(value):
    """Return an amount as people read it."""
    return "" if value is None else f"{value:,.2f}"


def _payments(contract):
    rows = contract.payments.select_related("taken_back")
    lines = [(_payment(contract, row),) for row in rows]
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", lines)) if lines else ""


def _payment(contract, row):
    words = f"{day_text(row.paid_on)} {money(row.amount)}"
    if row.takes_back_id:
        return _("更正：%(words)s（%(reason)s）") % {"words": words, "reason": row.reason}
    if hasattr(row, "taken_back"):
        return _("%(words)s（已更正）") % {"words": words}
    where = reverse("admin:entrepreneurship_transfercontract_correct", args=[contract.pk, row.pk])
    return format_html('{} <a class="portal-link" href="{}">{}</a>', words, where, _("更正"))


def _rule(*states, then=lambda contract: None):
    def rule(contract, by):
        return (
            rules.why_not_keep(contract, by)
            or rules.why_not_in(contract, *states)
            or then(contract)
        )

    return rule


def _needs_notice(contract):
    return None if contract.needs_notice else rules.why_not_in(contract)


@admin.register(TransferContract)
class TransferContractAdmin(LeadsToFigures, ExportsList, OffersByRule, ReadOnly, StaffAdmin):
    """Contracts of the interests a mediator accompanies; all of them for auditors."""

    argument = "contract"
    list_display = ("number", "kind", "state_shown", "signed_shown", "paid_shown", "signed_on")
    more_columns = ("registration", "registered_on", "price_way")
    list_filter = ("state", "kind", "price_way")
    search_fields = ("number", "registration")
    search_help_text = gettext_lazy("按合同编号或登记编号查找")
    list_select_related = ("interest__profile",)
    ordering = ("-id",)
    readonly_fields = ("signed_shown", "paid_shown", "registered_shown", "payments_shown", "about")
    empty_words = gettext_lazy("还没有合同。双方签了保密协议以后，在意向页上登记。")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("number", "state"),
                    ("kind", "about"),
                    ("signed_shown", "price_way"),
                    ("is_public_owner", "notice_ends"),
                    ("signed_on", "void_reason"),
                )
            },
        ),
        (
            gettext_lazy("认定登记"),
            {"fields": (("registration", "registered_on"), "registered_shown")},
        ),
        (gettext_lazy("到账"), {"fields": ("paid_shown", "payments_shown")}),
    )
    actions_detail = (
        "pay",
        "sign",
        "notice",
        "register",
        "change_it",
        "unregister",
        "unsign",
        "void",
    )
    rules_of_actions = {
        "pay": _rule(ContractState.SIGNED, ContractState.REGISTERED),
        "sign": _rule(ContractState.PREPARED),
        "notice": _rule(ContractState.PREPARED, then=_needs_notice),
        "register": _rule(ContractState.SIGNED),
        "change_it": _rule(ContractState.PREPARED),
        "unregister": _rule(ContractState.REGISTERED),
        "unsign": _rule(ContractState.SIGNED, then=rules.why_not_unsign),
        "void": lambda contract, by: (
            rules.why_not_keep(contract, by) or rules.why_not_void(contract)
        ),
    }
    has_keep_permission = has_perm(rules.KEEP_RIGHT)
    has_export_permission = has_perm("entrepreneurship.export_transfercontract")
    export_operation = staticmethod(contracts.export_contracts)
    export_sheet, export_name = staticmethod(sheet.contracts), "contracts.xlsx"

    state_shown = state_column(COLOURS, ordering="state")
    about = column(gettext_lazy("成果或需求"), lambda row: row.interest.profile.title)
    signed_shown = column(gettext_lazy("合同金额（元）"), lambda row: money(row.amount_signed))
    paid_shown = column(gettext_lazy("已到账（元）"), lambda row: money(row.paid))
    registered_shown = column(
        gettext_lazy("认定的技术交易额（元）"), lambda row: money(row.amount_registered)
    )
    payments_shown = column(gettext_lazy("到账记录"), _payments)

    def get_urls(self):
        """Add the correction of a payment."""
        view = self.admin_site.admin_view(self.correct)
        name = f"{self.opts.app_label}_{self.opts.model_name}_correct"
        return [path("<int:pk>/payments/<int:payment>/", view, name=name), *super().get_urls()]

    def facts_of(self, row):
        """Say which contract it is."""
        return [
            (_("合同编号"), row.number),
            (_("合同类型"), row.get_kind_display()),
            (_("合同金额（元）"), money(row.amount_signed)),
            (_("已到账（元）"), money(row.paid)),
        ]

    def correct(self, request, pk, payment):
        """Ask why, then take a payment back."""
        row = self.get_or_404(request, pk)
        found = row.payments.filter(pk=payment).first()
        if found is None or rules.why_not_keep(row, request.user):
            raise Http404

        def operation(*, reason, by, now):
            return contracts.take_back_payment(payment=found, reason=reason, by=by, now=now)

        facts = [(_("到账日期"), day_text(found.paid_on)), (_("金额（元）"), money(found.amount))]
        return decide(
            self,
            request,
            title=_("更正到账"),
            submit=_("更正"),
            why_not=rules.why_not_take_back(found),
            form_class=ReasonForm,
            facts=[*self.facts_of(row), *facts],
            outcome=_("原来的一笔和更正都留在记录里，合计随之改变。要改金额，请再登记一笔对的。"),
            operation=operation,
            back=self.address("change", row.pk),
            done=_("已更正。"),
        )

    @action(description=gettext_lazy("登记到账"), url_path="pay", permissions=["keep"])
    def pay(self, request, object_id):
        """Ask what arrived."""
        return self._page(
            request,
            object_id,
            "pay",
            title=_("登记到账"),
            submit=_("登记"),
            form_class=PaymentForm,
            outcome=_("到账合计不能超过合同金额。登记错了可以更正，原来的一笔留在记录里。"),
            operation=contracts.add_payment,
            done=_("已登记到账。"),
        )

    @action(description=gettext_lazy("登记签订"), url_path="sign", permissions=["keep"])
    def sign(self, request, object_id):
        """Ask when it was signed."""
        return self._page(
            request,
            object_id,
            "sign",
            title=_("登记签订"),
            submit=_("登记"),
            form_class=DayForm,
            outcome=_("双方会收到通知。从此计为一份合同。"),
            operation=contracts.sign_contract,
            done=_("已登记签订，已通知双方。"),
        )

    @action(description=gettext_lazy("登记公示"), url_path="notice", permissions=["keep"])
    def notice(self, request, object_id):
        """Ask since when the price is shown."""
        return self._page(
            request,
            object_id,
            "notice",
            title=_("登记公示"),
            submit=_("登记"),
            form_class=DayForm,
            outcome=_(
                "填写在单位内开始公示成果名称和拟交易价格的日期。公示满十五日，第二天起可以签订。"
            ),
            operation=contracts.start_notice,
            done=_("已登记公示。"),
        )

    @action(description=gettext_lazy("认定登记"), url_path="register", permissions=["keep"])
    def register(self, request, object_id):
        """Ask what the registration says."""
        return self._page(
            request,
            object_id,
            "register",
            title=_("认定登记"),
            submit=_("登记"),
            form_class=RegisterForm,
            outcome=_("填写技术合同登记机构给出的编号和技术交易额。"),
            operation=contracts.register_contract,
            done=_("已登记。"),
        )

    @action(description=gettext_lazy("修改"), url_path="change-it", permissions=["keep"])
    def change_it(self, request, object_id):
        """Put right what was entered."""
        row = self.get_or_404(request, object_id)
        known = {name: getattr(row, name) for name in contracts.ENTERED}

        class ChangeForm(ContractForm):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, initial=known, **kwargs)

        def operation(*, contract, by, now, **values):
            return contracts.change_contract(contract=contract, values=values, by=by, now=now)

        return self._page(
            request,
            object_id,
            "change_it",
            title=_("修改合同"),
            submit=_("保存"),
            form_class=ChangeForm,
            outcome=_("金额改变时，公示要重新开始。"),
            operation=operation,
            done=_("已保存。"),
        )

    @action(description=gettext_lazy("撤销认定登记"), url_path="unregister", permissions=["keep"])
    def unregister(self, request, object_id):
        """Ask why, then undo the registration."""
        return self._page(
            request,
            object_id,
            "unregister",
            title=_("撤销认定登记"),
            submit=_("撤销"),
            form_class=ReasonForm,
            outcome=_("合同回到已签订，理由留在记录里。"),
            operation=contracts.undo_registration,
            done=_("已撤销。"),
        )

    @action(description=gettext_lazy("撤销签订"), url_path="unsign", permissions=["keep"])
    def unsign(self, request, object_id):
        """Ask why, then undo the signing."""
        return self._page(
            request,
            object_id,
            "unsign",
            title=_("撤销签订"),
            submit=_("撤销"),
            form_class=ReasonForm,
            outcome=_("合同回到拟签，意向回到已签保密协议；理由留在记录里。"),
            operation=contracts.undo_signing,
            done=_("已撤销。"),
        )

    @action(description=gettext_lazy("作废"), url_path="void", permissions=["keep"])
    def void(self, request, object_id):
        """Ask why, then make it void."""
        return self._page(
            request,
            object_id,
            "void",
            title=_("作废合同"),
            submit=_("作废"),
            danger=True,
            form_class=ReasonForm,
            outcome=_("不再计数，编号可以重新登记。不能恢复，理由留在记录里。"),
            operation=contracts.void_contract,
            done=_("已作废。"),
        )
