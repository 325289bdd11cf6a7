"""What staff see of care points: rules, stations and services they keep; the ledger they only read."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import action, display

from care_points import operations
from care_points.forms import ReasonForm, RecordHoursForm, StationForm
from care_points.models import (
    AccountKind,
    CareStation,
    EarningRule,
    Entry,
    HoursState,
    PointsAccount,
    Redemption,
    Service,
    ServiceHours,
    Transfer,
)
from kernel.admin.base import StaffAdmin
from kernel.errors import DomainError
from kernel.words import listed
from privacy import audit


class AuditedEdits:
    """Writes an audit entry whenever staff save a row of the catalogue."""

    def save_model(self, request, obj, form, change):
        """Save, and record which fields changed."""
        super().save_model(request, obj, form, change)
        verb = "change" if change else "add"
        audit.record(
            f"care_points.{verb}_{obj._meta.model_name}",
            obj,
            by=request.user,
            at=timezone.now(),
            fields=sorted(form.changed_data),
        )


class ReadOnly:
    """Nothing is added or changed here; operations do."""

    def has_add_permission(self, request, obj=None):
        """Refuse."""
        return False

    def has_change_permission(self, request, obj=None):
        """Refuse."""
        return False


@admin.register(EarningRule)
class EarningRuleAdmin(AuditedEdits, SimpleHistoryAdmin, StaffAdmin):
    """Points for what; every version is kept under 历史."""

    list_display = [
        "name",
        "points",
        "unit",
        "yearly_cap",
        "valid_months",
        "active_from",
        "active_until",
    ]
    editable = (
        "name",
        "name_en",
        "points",
        "yearly_cap",
        "valid_months",
        "active_from",
        "active_until",
    )
    fields = ["code", "unit", *editable]

    def has_add_permission(self, request):
        """A rule without code that calls it would never give points."""
        return False


@admin.register(CareStation)
class CareStationAdmin(AuditedEdits, StaffAdmin):
    """Stations and the people at their desks."""

    form = StationForm
    list_display = ["name", "open_hours", "phone", "active"]
    list_filter = ["active"]
    search_fields = ["name", "address"]
    editable = ("name", "address", "phone", "open_hours", "active")
    fields = [*editable, "operator_lines", "operator_names"]
    readonly_fields = ["operator_names"]

    @display(description=gettext_lazy("现有核销人员"))
    def operator_names(self, station):
        """Show who may fulfil here, by code and masked name."""
        if not station.pk:
            return "—"
        people = station.operators.order_by("pk")
        return listed(f"{p.code} {p.masked_name}" for p in people) or _("还没有，请在上方填写。")

    def save_model(self, request, obj, form, change):
        """Save the station and set its operators."""
        super().save_model(request, obj, form, change)
        if "operator_lines" in form.cleaned_data:
            obj.operators.set(form.cleaned_data["operator_lines"])


@admin.register(Service)
class ServiceAdmin(AuditedEdits, StaffAdmin):
    """The catalogue of services."""

    list_display = ["title", "category", "station", "cost", "monthly_quota", "active"]
    list_filter = ["category", "active", "station"]
    list_select_related = ["station"]
    search_fields = ["title"]
    editable = (
        "station",
        "category",
        "title",
        "description",
        "cost",
        "monthly_quota",
        "validity_days",
        "active",
    )
    fields = editable


@admin.register(ServiceHours)
class ServiceHoursAdmin(ReadOnly, StaffAdmin):
    """Volunteer hours: recorded for one or many women, confirmed by a colleague."""

    list_display = [
        "talent",
        "activity",
        "starts_at",
        "length",
        "state_label",
        "recorded_by",
        "decided_by",
    ]
    list_filter = ["state", ("starts_at", RangeDateTimeFilter)]
    list_select_related = ["talent", "recorded_by", "decided_by"]
    search_fields = ["activity", "talent__code", "talent__full_name__startswith"]
    actions = ["confirm_selected", "refuse_selected"]

    @display(description=gettext_lazy("时长"))
    def length(self, hours):
        """Show 1.5 小时."""
        return hours.hours_text

    @display(
        description=gettext_lazy("状态"),
        label={
            "recorded": "warning",
            "confirmed": "success",
            "refused": "danger",
            "revoked": "danger",
        },
    )
    def state_label(self, hours):
        """Show the state as a coloured label."""
        return hours.state, hours.get_state_display()

    def has_add_permission(self, request):
        """Who may record."""
        return request.user.has_perm("care_points.add_servicehours")

    def has_confirm_permission(self, request):
        """Who may confirm or refuse."""
        return request.user.has_perm("care_points.confirm_servicehours")

    def add_view(self, request, form_url="", extra_context=None):
        """Record hours of one activity for the people named; all of them or none."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = RecordHoursForm(request.POST or None, user=request.user)
        if request.method == "POST" and form.is_valid():
            data, now = form.cleaned_data, timezone.now()
            try:
                with transaction.atomic():
                    for talent in data["people"]:
                        operations.record_hours(
                            talent=talent,
                            activity=data["activity"],
                            starts_at=data["starts_at"],
                            half_hours=data["hours"],
                            by=request.user,
                            now=now,
                        )
            except DomainError as error:
                form.add_error("people" if error.code == "hours_overlap" else "day", str(error))
            else:
                text = _("已登记 %(count)s 人，请同事确认后积分到账。") % {
                    "count": len(data["people"])
                }
                self.message_user(request, text, messages.SUCCESS)
                return redirect("admin:care_points_servicehours_changelist")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("登记志愿服务时长"),
            "form": form,
        }
        return TemplateResponse(request, "care_points/admin/record_hours.html", context)

    @action(description=gettext_lazy("确认所选时长，发放积分"), permissions=["confirm"])
    def confirm_selected(self, request, queryset):
        """Confirm each; say how many gave points and why others did not."""
        confirmed = points = 0
        for hours in queryset.order_by("pk"):
            try:
                with transaction.atomic():
                    transfer = operations.confirm_hours(
                        hours=hours, by=request.user, now=timezone.now()
                    )
            except DomainError as error:
                self.message_user(request, f"{hours.talent} · {hours} — {error}", messages.ERROR)
            else:
                confirmed += 1
                points += transfer is not None
        if confirmed:
            text = _("已确认 %(confirmed)s 条，其中 %(points)s 条积分已到账。")
            self.message_user(request, text % {"confirmed": confirmed, "points": points})

    @action(description=gettext_lazy("不通过或撤销所选时长"), permissions=["confirm"])
    def refuse_selected(self, request, queryset):
        """Ask for the reason, then refuse each; confirmed ones are revoked and their points taken back."""
        sent = "reason" in request.POST
        form = ReasonForm(request.POST if sent else None)
        if sent and form.is_valid():
            self._refuse(request, queryset, form.cleaned_data["reason"])
            return None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("不通过或撤销志愿服务时长"),
            "form": form,
            "rows": queryset.select_related("talent"),
            "confirmed": queryset.filter(state=HoursState.CONFIRMED).count(),
        }
        return TemplateResponse(request, "care_points/admin/refuse_hours.html", context)

    def _refuse(self, request, queryset, reason):
        done = 0
        for hours in queryset.order_by("pk"):
            try:
                with transaction.atomic():
                    operations.refuse_hours(
                        hours=hours, reason=reason, by=request.user, now=timezone.now()
                    )
            except DomainError as error:
                self.message_user(request, f"{hours.talent} · {hours} — {error}", messages.ERROR)
            else:
                done += 1
        if done:
            text = _("已处理 %(count)s 条；已发放的积分已按规则收回。") % {"count": done}
            self.message_user(request, text)


@admin.register(Redemption)
class RedemptionAdmin(ReadOnly, StaffAdmin):
    """Vouchers, for points clerks only: what a woman asked for is sensitive."""

    list_display = ["code", "talent", "service", "cost", "state_label", "made_at", "expires_at"]
    list_filter = ["state", "service__station", ("made_at", RangeDateTimeFilter)]
    list_select_related = ["talent", "service__station"]
    search_fields = ["code__exact", "talent__code__exact", "talent__full_name__startswith"]
    fields = [
        "code",
        "talent",
        "service",
        "cost",
        "state",
        "made_at",
        "expires_at",
        "fulfilled_by",
        "fulfilled_at",
        "ended_at",
    ]
    actions = ["cancel_selected"]

    @display(
        description=gettext_lazy("状态"),
        label={
            "reserved": "warning",
            "fulfilled": "success",
            "cancelled": "info",
            "expired": "danger",
        },
    )
    def state_label(self, redemption):
        """Show the state as a coloured label."""
        return redemption.state, redemption.get_state_display()

    def has_module_permission(self, request):
        """Hide the list from staff who are not points clerks."""
        return request.user.has_perm("care_points.view_redemption")

    def has_fulfil_permission(self, request):
        """Who may act on vouchers of any station."""
        return request.user.has_perm("care_points.fulfil_redemption")

    @action(description=gettext_lazy("取消所选兑换，退回积分"), permissions=["fulfil"])
    def cancel_selected(self, request, queryset):
        """Cancel each unused voucher on its owner's behalf."""
        done = 0
        for redemption in queryset.order_by("pk"):
            try:
                with transaction.atomic():
                    operations.cancel_redemption(
                        redemption=redemption, by=request.user, now=timezone.now()
                    )
            except DomainError as error:
                self.message_user(request, f"{redemption} — {error}", messages.ERROR)
            else:
                done += 1
        if done:
            text = _("已取消 %(count)s 张，积分已退回。") % {"count": done}
            self.message_user(request, text)


class EntryInline(ReadOnly, TabularInline):
    """The entries of a transfer."""

    model = Entry
    extra = 0
    fields = readonly_fields = ["account", "amount", "balance_after"]
    can_delete = False

    def get_queryset(self, request):
        """Read the accounts along."""
        return super().get_queryset(request).select_related("account").order_by("pk")


@admin.register(Transfer)
class TransferAdmin(ReadOnly, StaffAdmin):
    """The ledger, read-only; the lines name accounts by code, not people."""

    list_display = ["code", "kind", "points", "rule", "about", "at", "operator"]
    list_filter = ["kind", "rule", ("at", RangeDateTimeFilter)]
    list_select_related = ["rule", "by"]
    search_fields = ["code__exact", "entries__account__code__exact"]
    fields = ["code", "kind", "rule", "about", "valid_until", "reverses", "at", "operator"]
    readonly_fields = ["operator"]
    inlines = [EntryInline]

    def get_queryset(self, request):
        """Read the entries along."""
        return super().get_queryset(request).prefetch_related("entries__account")

    @display(description=gettext_lazy("积分"))
    def points(self, transfer):
        """Show what it did to the person's account."""
        moved = [e.amount for e in transfer.entries.all() if e.account.kind == AccountKind.TALENT]
        return f"{moved[0]:+d}" if moved else "0"

    @display(description=gettext_lazy("经办人"))
    def operator(self, transfer):
        """Name staff; the woman herself stays a code in the ledger."""
        if transfer.by is None:
            return _("系统自动")
        return str(transfer.by) if transfer.by.is_staff else _("本人")


@admin.register(PointsAccount)
class PointsAccountAdmin(ReadOnly, StaffAdmin):
    """Balances, for points clerks who answer a woman's question."""

    list_display = ["code", "talent", "balance", "ledger"]
    list_select_related = ["talent"]
    search_fields = ["code__exact", "talent__code__exact", "talent__full_name__startswith"]
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
