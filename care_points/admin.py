"""What staff see of care points: rules, stations and services they keep; the ledger they only read."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext
from unfold.admin import TabularInline
from unfold.decorators import action, display

from care_points import (  # noqa: F401 (registers)
    hours_admin,
    keeping_admin,
    operations,
    provider_admin,
    statement,
    versions,
)
from care_points.adjusting_admin import AdjustsAccounts, UndoesAdjustments
from care_points.exports import station_list
from care_points.forms import (
    ServiceForm,
    StationForm,
)
from care_points.keeping_forms import RuleForm
from care_points.models import (
    CAPS,
    AccountKind,
    CareStation,
    EarningRule,
    Entry,
    PointsAccount,
    Redemption,
    Service,
    Transfer,
)
from care_points.report_admin import ReportsCoverage, ReportsYears
from kernel.admin import sweeps
from kernel.admin.actions import for_each
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.forms import OperationAdmin
from kernel.admin.lists import PeriodFilter, column, state_column
from kernel.downloads import download
from kernel.words import day_text, listed


@admin.register(EarningRule)
class EarningRuleAdmin(OperationAdmin):
    """Points for what; 历史 says what each change made of what."""

    form = RuleForm
    list_display = [
        "name",
        "points",
        "unit",
        *CAPS,
        "valid_months",
        "active_from",
        "active_until",
        "version",
    ]
    editable = RuleForm.Meta.fields
    fields = ["code", "unit", *editable, "version_lines"]
    readonly_fields = ["version_lines"]
    change_form_before_template = "care_points/admin/rule_previewed.html"

    @display(description=gettext_lazy("历次版本"))
    def version_lines(self, rule):
        """Show what each version says and since when, the newest first."""
        rows = rule.history.order_by("-history_id")
        lines = (
            (f"{day_text(localtime(row.history_date))} · {versions.sentence(row)}",) for row in rows
        )
        return format_html_join("", "<p>{}</p>", lines)

    def has_add_permission(self, request):
        """A rule without code that calls it would never give points."""
        return False


@admin.register(CareStation)
class CareStationAdmin(OperationAdmin):
    """Stations and the people at their desks."""

    form = StationForm
    list_display = ["name", "place", "active"]
    list_select_related = ["place"]
    list_filter = ["active"]
    search_fields = ["name", "place__address"]
    search_help_text = gettext_lazy("名称或地址")
    editable = StationForm.Meta.fields
    fields = [*editable, "operator_lines", "operator_names"]
    readonly_fields = ["operator_names"]
    actions = ["write_out"]

    @action(description=gettext_lazy("导出所选加油站"), permissions=["view"])
    def write_out(self, request, queryset):
        """Write the ticked stations to a workbook: place, hours, access, when last checked."""
        data = operations.export_stations(rows=queryset, by=request.user, now=timezone.now())
        return download(station_list(data), f"{_('加油站')}.xlsx")

    @display(description=gettext_lazy("现有核销人员"))
    def operator_names(self, station):
        """Show who may fulfil here, by code and masked name."""
        if not station.pk:
            return "—"
        people = station.operators.order_by("pk")
        return listed(f"{p.code} {p.masked_name}" for p in people) or _("还没有，请在上方填写。")


@admin.register(Service)
class ServiceAdmin(ReportsCoverage, OperationAdmin):
    """What points can be redeemed for at the stations; saved by care_points.operations.save_service."""

    form = ServiceForm
    list_display = ["title", "category", "station", "delivery", "cost", "monthly_quota", "active"]
    more_columns = ["person_quota", "minutes", "buffer_minutes", "cancel_hours", "validity_days"]
    list_filter = ["category", "delivery", "active", "station"]
    list_select_related = ["station"]
    search_fields = ["title"]
    search_help_text = gettext_lazy("服务名称")
    editable = ServiceForm.Meta.fields
    fieldsets = (
        (None, {"fields": ("station", "category", "title", "description", "cost", "active")}),
        (
            gettext_lazy("怎么提供"),
            {"fields": ("delivery", "validity_days", "private", "event_code")},
        ),
        (
            gettext_lazy("预约时间和取消"),
            {"fields": ("minutes", "buffer_minutes", "cancel_hours", "late_refund")},
        ),
        (
            gettext_lazy("名额"),
            {"fields": ("monthly_quota", "person_quota", "once_a_year")},
        ),
        (
            gettext_lazy("年度活动"),
            {"fields": ("offered_from", "offered_until", "period_quota", "unit_lines")},
        ),
    )


class SweptAdmin(sweeps.SweptAdmin):
    """Vouchers and accounts the clock works on."""

    again = staticmethod(operations.try_again)
    has_fulfil_permission = has_again_permission = has_perm("care_points.fulfil_redemption")


@admin.register(Redemption)
class RedemptionAdmin(SweptAdmin, ReadOnly, StaffAdmin):
    """Vouchers, for points clerks only: what a woman asked for is sensitive and not named here, only where."""

    empty_words = gettext_lazy("还没有兑换。她们用积分兑换服务后，会列在这里。")
    list_display = ["code", "talent", "station", "cost", "state_shown", "made_at", "expires_at"]
    list_filter = ["state", "station", ("made_at", PeriodFilter), sweeps.SetAsideFilter]
    list_select_related = ["talent", "station"]
    search_fields = ["code__exact", "talent__code__exact", "talent__full_name__startswith"]
    search_help_text = gettext_lazy("兑换码、姓名或人才编号")
    fields = [
        "code",
        "talent",
        "station",
        "cost",
        "state",
        "made_at",
        "expires_at",
        "fulfilled_by",
        "fulfilled_at",
        "ended_at",
    ]
    actions = ["cancel_selected", "try_again"]
    row_actions = {
        **SweptAdmin.row_actions,
        "cancel_selected": (
            gettext_lazy("取消兑换，退回积分"),
            lambda row, by: not operations.why_not_cancel(row),
        ),
    }

    has_module_permission = has_perm("care_points.view_redemption")
    state_shown = state_column(
        {
            "reserved": "warning",
            "fulfilled": "success",
            "cancelled": "info",
            "expired": "danger",
            "no_show": "danger",
            "forfeited": "info",
        }
    )

    @action(description=gettext_lazy("取消所选兑换，退回积分"), permissions=["fulfil"])
    def cancel_selected(self, request, queryset):
        """Cancel each unused voucher on its owner's behalf."""
        for_each(
            request,
            queryset,
            operations.cancel_redemption,
            "redemption",
            done=ngettext_lazy(
                "已取消 %(count)s 张，积分已退回。", "已取消 %(count)s 张，积分已退回。", "count"
            ),
        )


class EntryInline(ReadOnly, TabularInline):
    """The entries of a transfer."""

    model = Entry
    hide_title = True
    extra = 0
    fields = readonly_fields = ["account_shown", "amount", "balance_after"]
    can_delete = False

    @display(description=gettext_lazy("账户"))
    def account_shown(self, entry):
        """Lead to a woman's account; the programme's own have no page (PointsAccountAdmin)."""
        if entry.account.kind != AccountKind.TALENT:
            return str(entry.account)
        url = reverse("admin:care_points_pointsaccount_change", args=[entry.account_id])
        return format_html('<a href="{}">{}</a>', url, entry.account)

    def get_queryset(self, request):
        """Read the accounts along."""
        return super().get_queryset(request).select_related("account").order_by("pk")


def _points(transfer):
    """Return what the transfer did to the person's account."""
    moved = [e.amount for e in transfer.entries.all() if e.account.kind == AccountKind.TALENT]
    return f"{moved[0]:+d}" if moved else "0"


def _operator(transfer):
    """Name staff; the woman herself stays a code in the ledger."""
    if transfer.by is None:
        return _("系统自动")
    return str(transfer.by) if transfer.by.is_staff else pgettext("seen by others", "本人")


@admin.register(Transfer)
class TransferAdmin(ReportsYears, UndoesAdjustments, ReadOnly, StaffAdmin):
    """The ledger, read-only; the lines name accounts by code, not people."""

    empty_words = gettext_lazy("还没有积分变动。签到、确认时长和兑换之后，会记在这里。")
    list_display = ["code", "kind", "points", "rule", "about_shown", "at", "operator"]
    more_columns = ["rule_version"]
    list_filter = ["kind", "rule", ("at", PeriodFilter)]
    list_select_related = ["rule", "by", "hours"]
    search_fields = ["code__exact", "entries__account__code__exact"]
    search_help_text = gettext_lazy("流水号或账户编号")
    fields = [
        "code",
        "kind",
        "rule",
        "rule_then",
        "about_shown",
        "valid_until",
        "reverses",
        "request",
        "at",
        "operator",
    ]
    readonly_fields = ["operator", "about_shown", "rule_then"]
    inlines = [EntryInline]

    def get_queryset(self, request):
        """Read the entries along."""
        return super().get_queryset(request).prefetch_related("entries__account")

    points = column(gettext_lazy("积分"), _points)
    about_shown = column(gettext_lazy("事由"), statement.about)
    operator = column(gettext_lazy("经办人"), _operator)

    @display(description=gettext_lazy("当时的规则"))
    def rule_then(self, transfer):
        """Say what the rule said on its day."""
        return versions.said([transfer]).get((transfer.rule_id, transfer.rule_version), "")


@admin.register(PointsAccount)
class PointsAccountAdmin(AdjustsAccounts, SweptAdmin, ReadOnly, StaffAdmin):
    """Balances, for points clerks who answer a woman's question."""

    empty_words = gettext_lazy("还没有积分账户。第一次获得积分时自动建立。")
    list_display = ["code", "talent", "balance", "ledger"]
    list_filter = [sweeps.SetAsideFilter]
    actions = ["try_again"]
    list_select_related = ["talent"]
    search_fields = ["code__exact", "talent__code__exact", "talent__full_name__startswith"]
    search_help_text = gettext_lazy("账户编号、姓名或人才编号")
    fields = ["code", "kind", "talent", "balance", "ledger"]
    readonly_fields = ["ledger"]

    def get_queryset(self, request):
        """People's accounts; the programme's own have no balance to show."""
        return super().get_queryset(request).filter(kind=AccountKind.TALENT)

    @display(description=gettext_lazy("流水"))
    def ledger(self, account):
        """Link to the account's transfers."""
        url = reverse("admin:care_points_transfer_changelist")
        return format_html('<a href="{}?q={}">{}</a>', url, account.code, _("查看流水"))
