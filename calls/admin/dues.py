"""What is due after an award, in the admin: read, accepted, returned, extended, waived, noted as paid, listed, exported."""

from functools import partial

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from calls import afterwards_rules as after
from calls import dues_sheet, operations
from calls.admin.applications import CallFilter
from calls.models import Due
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.export import ExportsList
from kernel.admin.forms import reason_field, reason_form
from kernel.admin.lists import OneChoiceFilter, column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.downloads import download
from kernel.errors import Refused
from kernel.words import day_text, moment_text, money_text

COLOURS = {
    "late": "danger",
    "handed_in": "info",
    "returned": "warning",
    "accepted": "success",
    "paid": "success",
}
WaiveForm = reason_form(gettext_lazy("本人会看到，至少四个字"))
UndoForm = reason_form(gettext_lazy("记入办理记录，至少四个字"))


def day_field(label, help_text="", *, required=True):
    """Return the field of a day."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=UnfoldAdminTextInputWidget({"type": "date", "max": "2999-12-31"}),
    )


class AcceptForm(forms.Form):
    """Which version staff have read."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class SendBackForm(forms.Form):
    """What is lacking, and until when."""

    lacking = forms.CharField(
        label=gettext_lazy("要修改什么"),
        max_length=1000,
        help_text=gettext_lazy("一行一项，本人会看到"),
        widget=UnfoldAdminTextareaWidget({"rows": 4}),
        error_messages={"required": gettext_lazy("请至少写明一项要修改什么。")},
    )
    due_on = day_field(gettext_lazy("最晚哪天重新提交"), gettext_lazy("原定日期更晚的，按原定日期"))


class ExtendForm(forms.Form):
    """The new last day."""

    due_on = day_field(gettext_lazy("新的截止日期"))


class PayForm(forms.Form):
    """What was paid, on which day, by which voucher."""

    amount = forms.DecimalField(
        label=gettext_lazy("拨付金额（元）"),
        widget=UnfoldAdminTextInputWidget({"inputmode": "decimal", "autocomplete": "off"}),
    )
    paid_on = day_field(gettext_lazy("拨付日期"))
    reference = forms.CharField(
        label=gettext_lazy("凭证号"),
        max_length=60,
        help_text=gettext_lazy("财务凭证或转账流水号，不要写银行账号"),
        widget=UnfoldAdminTextInputWidget({"autocomplete": "off"}),
    )


class CorrectForm(PayForm):
    """The same put right, and why."""

    reason = reason_field(gettext_lazy("记入办理记录，至少四个字"))


class LateFilter(OneChoiceFilter):
    """What should have been done by yesterday."""

    title = gettext_lazy("逾期")
    parameter_name = "late"
    choice = ("yes", gettext_lazy("已逾期"))

    def narrow(self, queryset):
        """Keep what is overdue."""
        return queryset.overdue(timezone.localdate())


class WaitsFilter(OneChoiceFilter):
    """What waits for staff."""

    title = gettext_lazy("等谁办")
    parameter_name = "waits"
    choice = ("staff", gettext_lazy("等工作人员"))

    def narrow(self, queryset):
        """Keep what is to be checked or paid."""
        return queryset.filter(Q(state="handed_in") | Q(state="open", step__kind="payment"))


class OfCallFilter(CallFilter):
    """By call."""

    def queryset(self, request, queryset):
        """Keep those of the chosen one."""
        chosen = self.value() or ""
        return queryset.filter(application__call=chosen) if chosen.isdecimal() else queryset


def _may(rule):
    return lambda row, by: after.why_not_run(row, by) or rule(row)


def _state(due):
    return ("late", _("已逾期")) if due.is_late else (due.state, due.state_words)


def _amount(due):
    return due.step.amount and _("%(amount)s 元") % {"amount": money_text(due.step.amount)}


def _files(due):
    lines = (
        (
            reverse("admin:calls_due_file", args=[due.pk, one.code]),
            one.file_name,
            filesizeformat(one.size),
        )
        for one in due.files.all()
    )
    line = '<div><a class="portal-link" href="{}">{}</a>（{}）</div>'
    return format_html_join("", line, lines)


def _payments(due):
    """Return what was noted of payments, what was wrong included."""
    return format_html_join(
        mark_safe("<br>"), "{}", ((_payment(one),) for one in due.payments.all())
    )


def _payment(payment):
    if payment.taken_back_at is None:
        return payment.words
    why = {"at": moment_text(payment.taken_back_at), "reason": payment.taken_back_reason}
    return payment.words + _("（%(at)s更正：%(reason)s）") % why


@admin.register(Due)
class DueAdmin(ExportsList, SweptAdmin, OffersByRule, ReadOnly, StaffAdmin):
    """What follows for whom the calls of a department selected."""

    view_on_site = False  # her own page is hers alone
    list_display = ("number_shown", "name", "step_shown", "state_shown", "due_on", "amount_shown")
    more_columns = ("unit", "call_shown", "handed_in_at", "settled_at")
    list_filter = (OfCallFilter, "state", LateFilter, WaitsFilter, "step__kind", SetAsideFilter)
    list_select_related = ("step", "application__call", "application__talent__unit")
    search_fields = ("application__talent__full_name", "step__title")
    search_help_text = gettext_lazy("按姓名或事项名称查找")
    ordering = ("-id",)
    empty_words = gettext_lazy(
        "还没有入选后事项。发布申报通知以前，在“入选以后”里写好步骤；公布结果时自动生成。"
    )
    readonly_fields = (
        "number_shown",
        "name",
        "unit",
        "call_shown",
        "step_shown",
        "wanted",
        "state_words",
        "amount_shown",
        "words",
        "files_shown",
        "lacking_shown",
        "payments_shown",
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("number_shown", "name"),
                    ("call_shown", "unit"),
                    ("step_shown", "amount_shown"),
                    "wanted",
                    ("state_words", "due_on"),
                )
            },
        ),
        (
            gettext_lazy("提交的内容"),
            {"fields": ("handed_in_at", "words", "files_shown", "lacking_shown")},
        ),
        (
            gettext_lazy("办理"),
            {"fields": ("settled_at", "waive_reason", "payments_shown")},
        ),
    )
    actions = ("try_again",)
    actions_detail = ("accept", "send_back", "pay", "correct", "unpay", "extend", "waive", "reopen")
    argument = "due"
    rules_of_actions = {
        "accept": _may(after.why_not_check),
        "send_back": _may(after.why_not_check),
        "pay": _may(after.why_not_pay),
        "correct": _may(after.why_not_correct),
        "unpay": _may(after.why_not_unpay),
        "extend": _may(after.why_not_extend),
        "waive": _may(after.why_not_waive),
        "reopen": _may(after.why_not_reopen),
    }
    again = staticmethod(operations.try_reminding_again)
    has_run_permission = has_again_permission = has_perm(after.RUN)
    has_export_permission = has_perm(after.EXPORT)
    export_operation = staticmethod(operations.export_dues)
    export_sheet, export_name = staticmethod(dues_sheet.made), "after-award.xlsx"

    number_shown = column(gettext_lazy("受理编号"), lambda row: row.application.number_text)
    name = column(gettext_lazy("申报人"), lambda row: row.application.talent.full_name)
    unit = column(gettext_lazy("单位"), lambda row: row.application.talent.unit_name)
    call_shown = column(gettext_lazy("申报通知"), lambda row: row.application.call.label)
    step_shown = column(gettext_lazy("事项"), lambda row: row.step.name)
    wanted = column(gettext_lazy("要求"), lambda row: row.step.words)
    state_shown = state_column(COLOURS, ordering="state", words=_state)
    state_words = column(gettext_lazy("状态"), "state_words")
    amount_shown = column(gettext_lazy("金额"), _amount)
    words = column(gettext_lazy("内容"), lambda row: row.text)
    files_shown = column(gettext_lazy("文件"), _files)
    lacking_shown = column(gettext_lazy("要修改什么"), lambda row: row.lacking)
    payments_shown = column(gettext_lazy("拨付记录"), _payments)

    def get_urls(self):
        """Add the addresses of the files."""
        view = self.admin_site.admin_view(self.file)
        return [
            path("<int:pk>/files/<slug:code>/", view, name="calls_due_file"),
            *super().get_urls(),
        ]

    def file(self, request, pk, code):
        """Send a file that was handed in."""
        row = self.get_or_404(request, pk)
        found = get_object_or_404(row.files.select_related("due__application__talent"), code=code)
        try:
            name, data = operations.read_due_file(file=found, by=request.user)
        except Refused as error:
            raise PermissionDenied from error
        return download(data, name)

    # --- what is done with one ---
    def facts_of(self, row):
        """Say whose it is, and what is due of her when."""
        facts = [
            (_("申报通知"), row.application.call.label),
            (_("申报人"), f"{row.application.talent.full_name} {row.application.number_text}"),
            (_("事项"), row.step.name),
        ]
        if row.step.amount:
            facts.append((_("金额"), _amount(row)))
        if row.due_on:
            facts.append((_("截止日期"), day_text(row.due_on)))
        return facts

    @action(description=gettext_lazy("通过"), url_path="accept", permissions=["run"])
    def accept(self, request, object_id):
        """Ask once more, then accept what was read."""
        row = self.get_or_404(request, object_id)
        return self._page(
            request,
            object_id,
            "accept",
            title=_("通过材料"),
            submit=_("通过"),
            form_class=partial(AcceptForm, initial={"seen": after.version(row)}),
            outcome=_("本人会收到通知，后一步随即开始。后一步办理以前可以撤销。"),
            operation=operations.accept_due,
            done=_("已通过，已通知本人。"),
        )

    @action(description=gettext_lazy("退回修改"), url_path="return", permissions=["run"])
    def send_back(self, request, object_id):
        """Ask what is lacking and until when."""
        return self._page(
            request,
            object_id,
            "send_back",
            title=_("退回修改"),
            submit=_("退回"),
            form_class=SendBackForm,
            outcome=_("本人会看到这份清单，改好后重新提交。"),
            operation=operations.return_due,
            done=_("已退回，已通知本人。"),
        )

    @action(description=gettext_lazy("登记拨付"), url_path="pay", permissions=["run"])
    def pay(self, request, object_id):
        """Ask what was paid."""
        row = self.get_or_404(request, object_id)
        start = {"amount": row.step.amount, "paid_on": timezone.localdate()}
        return self._page(
            request,
            object_id,
            "pay",
            title=_("登记拨付"),
            submit=_("登记"),
            form_class=partial(PayForm, initial=start),
            outcome=_("这里只作记录，不会转账。本人会收到通知；登记错了可以更正或撤销。"),
            operation=operations.pay_due,
            done=_("已登记，已通知本人。"),
        )

    @action(description=gettext_lazy("更正拨付"), url_path="correct", permissions=["run"])
    def correct(self, request, object_id):
        """Ask what is right, and why."""
        row = self.get_or_404(request, object_id)
        noted = row.payments.filter(taken_back_at=None).first()
        names = ("amount", "paid_on", "reference")
        start = {name: getattr(noted, name) for name in names} if noted else {}
        return self._page(
            request,
            object_id,
            "correct",
            title=_("更正拨付"),
            submit=_("更正"),
            form_class=partial(CorrectForm, initial=start),
            outcome=_("原来的登记和更正原因都保留。本人会收到通知。"),
            operation=operations.correct_payment,
            done=_("已更正，已通知本人。"),
        )

    @action(description=gettext_lazy("撤销拨付"), url_path="unpay", permissions=["run"])
    def unpay(self, request, object_id):
        """Ask why the note goes."""
        return self._page(
            request,
            object_id,
            "unpay",
            title=_("撤销拨付记录"),
            submit=_("撤销"),
            danger=True,
            form_class=UndoForm,
            outcome=_("用于没有真正拨付的。这一笔回到“待拨付”，原来的登记和原因都保留。"),
            operation=operations.take_payment_back,
            done=_("已撤销，已通知本人。"),
        )

    @action(description=gettext_lazy("延期"), url_path="extend", permissions=["run"])
    def extend(self, request, object_id):
        """Ask for the new day."""
        return self._page(
            request,
            object_id,
            "extend",
            title=_("延后截止日期"),
            submit=_("延期"),
            form_class=ExtendForm,
            outcome=_("只能延后。本人会收到通知。"),
            operation=operations.extend_due,
            done=_("已延期，已通知本人。"),
        )

    @action(description=gettext_lazy("免除"), url_path="waive", permissions=["run"])
    def waive(self, request, object_id):
        """Ask why it is done without."""
        return self._page(
            request,
            object_id,
            "waive",
            title=_("免除这一步"),
            submit=_("免除"),
            danger=True,
            form_class=WaiveForm,
            outcome=_("本人会看到原因，后一步随即开始。后一步办理以前可以撤销。"),
            operation=operations.waive_due,
            done=_("已免除，已通知本人。"),
        )

    @action(description=gettext_lazy("撤销办理"), url_path="reopen", permissions=["run"])
    def reopen(self, request, object_id):
        """Ask why, then take the acceptance or the waiver back."""
        return self._page(
            request,
            object_id,
            "reopen",
            title=_("撤销办理结果"),
            submit=_("撤销"),
            form_class=UndoForm,
            outcome=_("通过的回到“已提交，待审核”，免除的回到免除以前。本人会收到通知。"),
            operation=operations.reopen_due,
            done=_("已撤销，已通知本人。"),
        )
