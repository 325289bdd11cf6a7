"""What keeps points and stations in order, as staff see it: checks of the ledger, budgets, numbers to call."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from care_points import budgets, operations
from care_points.keeping_forms import BudgetForm, NumberForm
from care_points.models import EmergencyNumber, LedgerCheck, PointsBudget
from care_points.reconciliation import sentence
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.decision import decide
from kernel.admin.forms import OperationAdmin
from kernel.admin.lists import PeriodFilter, column, state_column


@admin.register(LedgerCheck)
class LedgerCheckAdmin(ReadOnly, StaffAdmin):
    """When the ledger was checked, and what was found."""

    list_display = ["asked_at", "found_shown", "done_at", "transfers", "accounts", "asked_by_shown"]
    list_select_related = ["asked_by"]
    list_filter = ["sound", ("asked_at", PeriodFilter)]
    fields = ["asked_at", "asked_by_shown", "done_at", "outcome"]
    readonly_fields = ["asked_by_shown", "outcome"]
    add_words = gettext_lazy("现在核对")
    empty_words = gettext_lazy("还没有核对过；每天夜里自动核对一次，也可以现在核对。")

    has_add_permission = has_perm("care_points.check_ledger")
    asked_by_shown = column(
        gettext_lazy("发起人"), lambda check: check.asked_by or _("系统自动"), ordering="asked_by"
    )
    outcome = column(
        gettext_lazy("结果"), lambda check: sentence(check) if check.done_at else _("正在核对。")
    )
    found_shown = state_column(
        {"waiting": "info", "sound": "success", "wrong": "danger"},
        words=lambda check: (check.state, CHECKED[check.state]),
    )

    def add_view(self, request, form_url="", extra_context=None):
        """Ask whether to check now."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return decide(
            self,
            request,
            title=_("核对积分账本"),
            submit=_("现在核对"),
            outcome=_("逐笔核对全部流水、余额和分录，在后台进行；只读，不改动任何积分。"),
            operation=operations.ask_check,
            done=_("已开始核对，稍后刷新列表查看结果。"),
            back=self.address("changelist"),
        )


CHECKED = {
    "waiting": gettext_lazy("核对中"),
    "sound": gettext_lazy("无误"),
    "wrong": gettext_lazy("有误"),
}


@admin.register(PointsBudget)
class PointsBudgetAdmin(OperationAdmin):
    """How many points a year is meant to issue; what of it is used is shown, nothing is stopped by it."""

    form = BudgetForm
    list_display = ["year", "points", "used", "cost_per_point", "liability"]
    editable = fields = BudgetForm.Meta.fields
    add_words = gettext_lazy("设定年度预算")
    empty_words = gettext_lazy("还没有预算。设定以后，这里写明用了多少、尚未使用的积分值多少钱。")

    def get_queryset(self, request):
        """Count once for all years what was issued, and say beside each which is the newest."""
        rows = super().get_queryset(request)
        self.issued = budgets.issued() if rows.exists() else {}
        return rows.annotate(
            newest=Subquery(PointsBudget.objects.order_by("-year").values("pk")[:1])
        )

    @display(description=gettext_lazy("已用"))
    def used(self, budget):
        """Show the points issued in the year, and their share."""
        points, percent = budgets.used(budget, self.issued)
        return f"{points}（{percent}%）"

    @display(description=gettext_lazy("负债估算（元）"))
    def liability(self, budget):
        """Show what the points that are left would cost, for the newest year alone: they are left now."""
        is_newest = budget.pk == budget.newest
        return f"{budgets.liability(budget.year):.2f}" if is_newest else "—"


@admin.register(EmergencyNumber)
class EmergencyNumberAdmin(OperationAdmin):
    """The numbers that stand first on pages of private services and of vouchers."""

    form = NumberForm
    list_display = ["number", "name", "hours", "order", "active", "checked_on", "checked_by_shown"]
    list_select_related = ["checked_by"]
    editable = NumberForm.Meta.fields
    fields = [*NumberForm.Meta.fields, "checked_on"]
    add_words = gettext_lazy("添加号码")
    empty_words = gettext_lazy("没有号码：页面上显示 110、120、12338、12356。")
    checked_by_shown = column(
        gettext_lazy("核对人"), lambda one: one.checked_by or "—", ordering="checked_by"
    )
