"""Providers and appointments in the admin: vetting, leave, who is met by it, moved, corrected, written out."""

from functools import partial

from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy
from unfold.decorators import action, display

from care_points import operations, slots
from care_points.exports import appointment_list, provider_list
from care_points.forms import (
    CorrectionForm,
    LeaveForm,
    MoveForm,
    ProviderForm,
    VettingForm,
    slot_fields,
)
from care_points.models import Appointment, Provider
from kernel import days
from kernel.admin.actions import for_each
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.decision import decide
from kernel.admin.forms import OperationAdmin
from kernel.admin.lists import DefaultFilter, OneChoiceFilter, PeriodFilter, column, state_column
from kernel.downloads import download
from kernel.words import clauses, day_text, labelled, listed, span_text
from places import hours

WEEK_AHEAD = 14  # days of a provider's calendar


class VettingFilter(OneChoiceFilter):
    """Whose papers have to be looked at."""

    title = gettext_lazy("资质")
    parameter_name = "vetting"
    choice = ("ends", gettext_lazy("已到期或 30 天内到期"))

    def narrow(self, queryset):
        """Keep whose vetting ends."""
        return queryset.vetting_ends(timezone.now())


def _bookable(provider):
    """Return (colour, words) of whether she can be booked today."""
    if provider.paused:
        return "paused", _("暂停预约")
    if provider.vetted_until is None:
        return "out", _("资质待核查")
    if provider.vetted_until < timezone.localdate():
        return "out", _("资质已到期")
    return "open", _("可以预约")


@admin.register(Provider)
class ProviderAdmin(OperationAdmin):
    """Who gives services; 历史 says who vetted, paused and changed what."""

    form = ProviderForm
    list_display = ["name", "station", "kind", "week", "vetted_until", "bookable"]
    list_filter = ["station", "kind", "paused", VettingFilter]
    list_select_related = ["station"]
    search_fields = ["name", "station__name"]
    search_help_text = gettext_lazy("名称或加油站")
    editable = ProviderForm.Meta.fields
    fields = [*editable, "account", "vetted_until", "vetted_by", "leaves_ahead", "calendar"]
    readonly_fields = ["vetted_until", "vetted_by", "leaves_ahead", "calendar"]
    add_fieldsets = ((None, {"fields": (*editable, "account")}),)
    actions = ["write_out"]
    actions_detail = ["vet", "leave"]
    empty_words = gettext_lazy("还没有服务提供者。预约时间的服务要先有人提供。")

    has_vet_permission = has_leave_permission = has_perm("care_points.change_provider")
    week = column(gettext_lazy("工作时间"), lambda one: clauses(hours.week_lines(one.weekly)))
    bookable = state_column({"open": "success", "paused": "info", "out": "danger"}, words=_bookable)

    @action(description=gettext_lazy("导出所选服务提供者"), permissions=["view"])
    def write_out(self, request, queryset):
        """Write the ticked providers to a workbook: services, hours, papers and until when they are good."""
        data = operations.export_providers(rows=queryset, by=request.user, now=timezone.now())
        return download(provider_list(data), f"{_('服务提供者')}.xlsx")

    @display(description=gettext_lazy("请假"))
    def leaves_ahead(self, provider):
        """List leave that is not over, each with a link to take it back."""
        ahead = provider.leaves.filter(ends_at__gt=timezone.now()) if provider.pk else []
        lines = [
            (
                span_text(leave.starts_at, leave.ends_at),
                leave.reason,
                reverse("admin:care_points_provider_back", args=[provider.pk, leave.pk]),
                _("撤销"),
            )
            for leave in ahead
        ]
        line = '<li>{} · {} · <a class="portal-link" href="{}">{}</a></li>'
        return format_html("<ul>{}</ul>", format_html_join("", line, lines)) if lines else ""

    @display(description=gettext_lazy("今后两周"))
    def calendar(self, provider):
        """Show two weeks: for each day the working hours and the times that are taken, no names."""
        if not provider.pk:
            return ""
        today = timezone.localdate()
        until = days.begin(today) + WEEK_AHEAD * days.DAY
        held = provider.appointments.held().filter(
            starts_at__gte=days.begin(today), starts_at__lt=until
        )
        taken = {}
        for one in held:
            start = timezone.localtime(one.starts_at)
            taken.setdefault(start.date(), []).append(
                f"{start:%H:%M}–{timezone.localtime(one.ends_at):%H:%M}"
            )
        lines = []
        for day in (today + n * days.DAY for n in range(WEEK_AHEAD)):
            parts = [day_text(day), hours.day_text(provider.weekly[day.weekday()])]
            if day in taken:
                parts.append(labelled(_("已约"), listed(taken[day])))
            lines.append((" · ".join(parts),))
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", lines))

    def get_urls(self):
        """Add the page on which leave is taken back."""
        page = self.admin_site.admin_view(self.back)
        where = "<int:pk>/leave/<int:number>/"
        return [path(where, page, name="care_points_provider_back"), *super().get_urls()]

    @action(description=gettext_lazy("核查资质"), url_path="vet", permissions=["vet"])
    def vet(self, request, object_id):
        """Ask until when her papers are good, and note it."""
        provider = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("核查资质"),
            facts=[
                (_("名称"), provider.name),
                (_("加油站"), provider.station.name),
                (_("资质"), provider.credentials),
                (_("资质有效至"), provider.vetted_until),
            ],
            outcome=_("记下是您核查的；到期以后不能再预约，到期前 30 天会列在工作台。"),
            submit=_("已核查"),
            form_class=VettingForm,
            operation=partial(operations.vet_provider, provider=provider),
            done=_("已记下资质的有效期。"),
            back=self.address("change", provider.pk),
        )

    @action(description=gettext_lazy("登记请假"), url_path="leave", permissions=["leave"])
    def leave(self, request, object_id):
        """Enter leave; then show whom it meets."""
        provider = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("登记请假"),
            facts=[(_("名称"), provider.name), (_("加油站"), provider.station.name)],
            outcome=_("这段时间不能再预约；已经约好的会列出来，请逐一改期或取消，本人会收到通知。"),
            submit=_("登记"),
            form_class=LeaveForm,
            operation=partial(operations.add_leave, provider=provider),
            done=_met,
            go_on=lambda leave: (
                f"{reverse('admin:care_points_appointment_changelist')}?due=settle"
                if leave.met
                else self.address("change", provider.pk)
            ),
            back=self.address("change", provider.pk),
        )

    def back(self, request, pk, number):
        """Take leave back."""
        provider = self.get_or_404(request, pk)
        if not self.has_leave_permission(request):
            messages.error(request, _("您没有这项操作的权限，请联系系统管理员。"))
            return redirect(self.address("change", provider.pk))
        leave = get_object_or_404(provider.leaves, pk=number)
        return decide(
            self,
            request,
            title=_("撤销请假"),
            facts=[
                (_("名称"), provider.name),
                (_("请假"), span_text(leave.starts_at, leave.ends_at)),
            ],
            outcome=_("这段时间马上可以预约。"),
            submit=_("撤销"),
            danger=True,
            operation=partial(operations.drop_leave, leave=leave),
            done=_("已撤销。"),
            back=self.address("change", provider.pk),
        )


def _met(leave):
    """Say whom a leave meets."""
    if not leave.met:
        return _("已登记请假，没有影响到预约。")
    text = ngettext(
        "已登记请假。有 %(count)s 个预约受影响，请在下面改期或取消。",
        "已登记请假。有 %(count)s 个预约受影响，请在下面改期或取消。",
        len(leave.met),
    )
    return text % {"count": len(leave.met)}


class DueFilter(DefaultFilter):
    """Appointments by what is to be done; those ahead by default."""

    title = gettext_lazy("待办")
    parameter_name = "due"
    default = "ahead"

    def lookups(self, request, model_admin):
        """Offer what is ahead, what cannot take place, what has no outcome yet."""
        return [
            ("ahead", _("今天和以后")),
            ("settle", _("要改期或取消的")),
            ("unmarked", _("没有登记结果的")),
            ("all", _("全部")),
        ]

    def queryset(self, request, queryset):
        """Keep what was chosen."""
        now, value = timezone.now(), self.value()
        if value == "settle":
            return queryset.to_settle(now)
        if value == "unmarked":
            return queryset.unmarked(now)
        if value == "ahead":
            return queryset.filter(starts_at__gte=days.midnight(now), held=True)
        return queryset


COLOURS = {
    "reserved": "warning",
    "fulfilled": "success",
    "cancelled": "info",
    "expired": "danger",
    "no_show": "danger",
    "forfeited": "info",
}


@admin.register(Appointment)
class AppointmentAdmin(ReadOnly, StaffAdmin):
    """Appointments, for points clerks: moved, cancelled, corrected. What she asked for is sensitive and not named here."""

    list_display = ["when", "with_whom", "station", "talent", "code", "state_shown"]
    list_filter = [DueFilter, "provider__station", ("starts_at", PeriodFilter)]
    list_select_related = ["provider__station", "redemption__talent"]
    # Not by provider: a counsellor's name would find who came to her.
    search_fields = ["redemption__code__exact", "redemption__talent__code__exact"]
    search_help_text = gettext_lazy("兑换码或人才编号")
    ordering = ("starts_at", "pk")
    fields = [
        "when",
        "with_whom",
        "station",
        "talent",
        "code",
        "outcome",
        "held",
        "cancel_hours",
        "late_refund",
        "moves",
    ]
    readonly_fields = ["when", "with_whom", "station", "talent", "code", "outcome"]
    actions = ["cancel_selected", "write_out"]
    row_actions = {
        "cancel_selected": (
            gettext_lazy("取消预约，退回积分"),
            lambda row, by: not operations.why_not_cancel(row.redemption),
        )
    }
    actions_detail = ["move", "absent", "correct"]
    empty_words = gettext_lazy("没有预约。")

    has_settle_permission = has_perm("care_points.fulfil_redemption")
    has_module_permission = has_perm("care_points.view_appointment")
    when = column(
        gettext_lazy("时间"),
        lambda one: span_text(one.starts_at, one.ends_at),
        ordering="starts_at",
    )
    with_whom = column(gettext_lazy("服务提供者"), lambda one: one.provider.name)
    station = column(gettext_lazy("加油站"), lambda one: one.provider.station.name)
    talent = column(gettext_lazy("姓名"), lambda one: one.redemption.talent)
    code = column(gettext_lazy("兑换码"), lambda one: one.redemption.code)
    state_shown = state_column(
        COLOURS, words=lambda one: (one.redemption.state, one.redemption.get_state_display())
    )

    outcome = column(gettext_lazy("状态"), lambda one: one.redemption.get_state_display())

    def get_actions_detail(self, request, object_id):
        """Offer what can be done with this one."""
        one = self.get_object(request, object_id)
        if one is None:
            return []
        now, voucher = timezone.now(), one.redemption
        offered = {
            "move": operations.why_not_move(voucher, request.user, now) is None,
            "absent": operations.why_not_mark_absent(voucher, request.user, now) is None,
            "correct": operations.why_not_correct(voucher) is None,
        }
        return [
            entry
            for entry in super().get_actions_detail(request, object_id)
            if offered.get(entry.action_name.rpartition("_")[2], True)
        ]

    def get_queryset(self, request):
        """Read along what the rules ask."""
        rows = super().get_queryset(request)
        return rows.select_related(
            "redemption__talent__user", "redemption__station__place", "provider__station"
        )

    @action(description=gettext_lazy("取消所选预约，退回积分"), permissions=["settle"])
    def cancel_selected(self, request, queryset):
        """Cancel each on its owner's behalf; she is told, and her points come back."""
        for_each(
            request,
            queryset,
            _cancel,
            "appointment",
            done=ngettext_lazy(
                "已取消 %(count)s 个，积分已退回。", "已取消 %(count)s 个，积分已退回。", "count"
            ),
        )

    @action(description=gettext_lazy("导出所选预约"), permissions=["settle"])
    def write_out(self, request, queryset):
        """Write the ticked appointments to a workbook: times, providers, masked names, outcomes."""
        data = operations.export_appointments(rows=queryset, by=request.user, now=timezone.now())
        return download(appointment_list(data), f"{_('预约')}.xlsx")

    @action(description=gettext_lazy("改期"), url_path="move", permissions=["settle"])
    def move(self, request, object_id):
        """Choose another free time on her behalf."""
        one = self.get_or_404(request, object_id)
        voucher, now = one.redemption, timezone.now()
        return decide(
            self,
            request,
            title=_("改期"),
            why_not=operations.why_not_move(voucher, request.user, now),
            facts=_facts(one),
            outcome=_("积分不变，本人会收到通知。请先与本人商量好时间。"),
            submit=_("改期"),
            form_class=partial(MoveForm, choices=_free(one, now)),
            operation=partial(operations.move_appointment, redemption=voucher),
            done=_("已改期。"),
            back=self.address("change", one.pk),
        )

    @action(description=gettext_lazy("登记未到"), url_path="absent", permissions=["settle"])
    def absent(self, request, object_id):
        """Note that she did not come."""
        one = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("登记未到"),
            why_not=operations.why_not_mark_absent(one.redemption, request.user, timezone.now()),
            facts=_facts(one),
            outcome=_("积分不退，本人会收到通知；有误可以更正。"),
            submit=_("登记未到"),
            danger=True,
            operation=partial(operations.mark_absent, redemption=one.redemption),
            done=_("已登记未到。"),
            back=self.address("change", one.pk),
        )

    @action(description=gettext_lazy("更正结果"), url_path="correct", permissions=["settle"])
    def correct(self, request, object_id):
        """Correct "did not come" or a late cancellation, with a reason."""
        one = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("更正结果"),
            why_not=operations.why_not_correct(one.redemption),
            facts=_facts(one),
            outcome=_("本人会收到通知；原因记入审计日志。"),
            submit=_("更正"),
            form_class=CorrectionForm,
            operation=partial(operations.correct_absence, redemption=one.redemption),
            done=_("已更正。"),
            back=self.address("change", one.pk),
        )


def _cancel(*, appointment, by, now):
    return operations.cancel_redemption(redemption=appointment.redemption, by=by, now=now)


def _facts(one):
    return [
        (_("姓名"), one.redemption.talent),
        (_("加油站"), one.provider.station.name),
        (_("时间"), operations.told(one)),
        (_("状态"), one.redemption.get_state_display()),
    ]


def _free(one, now):
    """Return the free times of the service as choices: when and with whom."""
    today = timezone.localdate(now)
    last = today + slots.BOOK_AHEAD * days.DAY
    talent = one.redemption.talent
    times = slots.free_times(
        one.redemption.service, today, last, now, besides=one, without=talent and talent.user_id
    )
    times = slots.other_times(times, one)
    length = slots.lengths(one.redemption.service)[0]
    return [
        (
            f"{slot_fields(slots.Slot(start))['at']}|{provider.pk}",
            f"{span_text(start, start + length)} · {provider.name}",
        )
        for day in times.values()
        for start, providers in day.items()
        for provider in providers
    ]
