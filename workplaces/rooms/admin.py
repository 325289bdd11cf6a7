"""Mothers' rooms in the admin: visits, corrections, photos, and the standard."""

from functools import partial

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.decision import decide
from kernel.admin.forms import OperationAdmin, reason_form
from kernel.admin.lists import column
from kernel.admin.offered import OffersByRule
from kernel.downloads import download
from kernel.words import clauses, day_text, moment_text
from places.forms import position_fields
from workplaces.rooms import figures, operations, rules, sheet, shown, standard
from workplaces.rooms.admin_forms import (
    CriterionForm,
    NewRoomForm,
    TierForm,
    form_of,
    visit_form,
)
from workplaces.rooms.models import Room, RoomCriterion, RoomPhoto, RoomTier


class WaitsFilter(admin.SimpleListFilter):
    """What somebody has to look at."""

    title = gettext_lazy("核查")
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        """Offer the four."""
        return [
            ("applied", _("待核查")),
            ("called", _("有人反映或改了地址")),
            ("due", _("30 天内到期或已到期")),
            ("lost", _("等级已过期")),
        ]

    def queryset(self, request, queryset):
        """Keep what is asked for."""
        day = timezone.localdate()
        kept = {
            "applied": queryset.applied,
            "called": queryset.called,
            "due": partial(queryset.due, day),
            "lost": partial(queryset.without_tier, day),
        }.get(self.value())
        return kept() if kept else queryset


def _correct_rule(room, by):
    latest = room.visits.first()
    return rules.why_not_visit(room, by) if latest else rules.Conflict("none", _("还没有核查过。"))


@admin.register(Room)
class RoomAdmin(OffersByRule, ReadOnly, StaffAdmin):
    """The rooms, one list for all departments; what is said of one is changed by its buttons."""

    view_on_site = False
    list_display = ("name", "unit", "state", "tier_shown", "checked_on", "is_public")
    list_filter = (WaitsFilter, "state", "is_public")
    list_select_related = ("unit", "place", "tier")
    search_fields = ("place__name", "place__address", "unit__name")
    search_help_text = gettext_lazy("按名称、地址或单位查找")
    ordering = ("-pk",)
    empty_words = gettext_lazy("还没有妈咪小屋。单位自己申请，或在这里替单位登记；核查后公布。")
    actions = ("write_out",)
    actions_detail = ("visit", "correct", "edit", "withdraw", "take_up")
    argument = "room"
    rules_of_actions = {
        "visit": rules.why_not_visit,
        "correct": _correct_rule,
        "edit": lambda room, by: rules.why_not_keep(room.unit, by),
        "withdraw": rules.why_not_withdraw,
        "take_up": rules.why_not_take_up,
    }
    has_work_permission = has_perm("workplaces.change_room")
    name = column(gettext_lazy("名称"), lambda room: room.label, ordering="place__name")
    tier_shown = column(gettext_lazy("等级"), lambda room: _tier(room), empty="—")
    where = column(gettext_lazy("地址"), lambda room: room.place.address)
    phone = column(gettext_lazy("公开电话"), lambda room: room.place.phone)
    week = column(gettext_lazy("每周开放时间"), lambda room: clauses(room.place.week_lines))
    readonly_fields = ("name", "where", "phone", "week", "tier_shown", "visits_shown", "told")
    fieldsets = (
        (None, {"fields": (("name", "name_en"), "unit", ("state", "tier_shown"), "reason")}),
        (
            gettext_lazy("读者看到的"),
            {"fields": ("where", ("phone", "week"), ("is_public", "who_may"))},
        ),
        (gettext_lazy("核查"), {"fields": (("checked_on", "moved_on"), "visits_shown", "told")}),
    )

    # --- what stands on the row's page ---
    @display(description=gettext_lazy("历次核查"))
    def visits_shown(self, room):
        """Show each visit with what was missing and its photos."""
        visits = room.visits.select_related("tier", "by", "corrects").prefetch_related("photos")
        lines = [(_visit_words(one), _photo_links(one)) for one in visits[:20]]
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{} {}</li>", lines)) or "—"

    @display(description=gettext_lazy("还没有答复的情况反映"))
    def told(self, room):
        """Show what women found, never who."""
        lines = [
            (moment_text(one.at), one.get_kind_display(), one.words)
            for one in room.reports.filter(ended_at=None)
        ]
        return (
            format_html("<ul>{}</ul>", format_html_join("", "<li>{} {} {}</li>", lines))
            if lines
            else "—"
        )

    def facts_of(self, room):
        """Say which it is."""
        return [
            (_("妈咪小屋"), room.label),
            (_("单位"), room.unit.name),
            (_("地址"), room.place.address),
            (_("现在"), shown.standing(room, timezone.localdate())),
        ]

    # --- buttons ---
    @action(description=gettext_lazy("登记核查"), url_path="visit", permissions=["work"])
    def visit(self, request, object_id):
        """Ask what was found, then let the tier follow."""
        return self._page(
            request,
            object_id,
            "visit",
            title=_("登记核查"),
            submit=_("登记"),
            form_class=visit_form(timezone.localdate()),
            with_files=True,
            outcome=_(
                "必备条件都达到就公布，等级看加分条件达到几条；结果通知单位，情况反映算已答复。"
            ),
            operation=operations.visit_room,
            done=_result,
        )

    @action(description=gettext_lazy("更正最近的核查"), url_path="correct", permissions=["work"])
    def correct(self, request, object_id):
        """Ask what was found in truth and why it was entered wrong."""
        room = self.get_or_404(request, object_id)
        visit = room.visits.first()
        if visit is None:
            raise PermissionDenied
        return decide(
            self,
            request,
            title=_("更正最近的核查"),
            submit=_("更正"),
            why_not=rules.why_not_correct(visit, request.user),
            facts=[*self.facts_of(room), (_("要更正的"), _visit_words(visit))],
            form_class=visit_form(visit.visited_on, visit),
            with_files=True,
            outcome=_("原来的留在记录里；小屋按更正后的结果公布，并通知单位。"),
            operation=partial(operations.correct_visit, visit=visit),
            done=_result,
            back=self.address("change", room.pk),
        )

    @action(description=gettext_lazy("修改"), url_path="edit", permissions=["work"])
    def edit(self, request, object_id):
        """Correct what is said of it, for the unit."""
        room = self.get_or_404(request, object_id)
        return self._page(
            request,
            object_id,
            "edit",
            title=_("修改妈咪小屋"),
            submit=_("保存"),
            form_class=form_of(room),
            outcome=_("读者马上会看到；改了地址的要再去看一次。"),
            operation=_saved,
            done=_("已保存。"),
        )

    @action(description=gettext_lazy("撤下"), url_path="withdraw", permissions=["work"])
    def withdraw(self, request, object_id):
        """Ask why, then take it off."""
        return self._page(
            request,
            object_id,
            "withdraw",
            title=_("撤下妈咪小屋"),
            submit=_("撤下"),
            danger=True,
            form_class=reason_form(_("单位看得到，读者看不到。")),
            outcome=_("公开页面上不再显示，以后可以重新申请。"),
            operation=operations.withdraw_room,
            done=_("已撤下。"),
        )

    @action(description=gettext_lazy("重新申请"), url_path="take-up", permissions=["work"])
    def take_up(self, request, object_id):
        """Ask once more, then take it up again."""
        return self._page(
            request,
            object_id,
            "take_up",
            title=_("重新申请妈咪小屋"),
            submit=_("重新申请"),
            outcome=_("核查还没有过期的马上公布，否则排进待核查。"),
            operation=operations.take_up_room,
            done=_("已重新申请。"),
        )

    @action(description=gettext_lazy("导出所选妈咪小屋"), permissions=["view"])
    def write_out(self, request, queryset):
        """Write the ticked rooms to a workbook."""
        now = timezone.now()
        found = operations.export_rooms(rows=queryset, by=request.user, now=now)
        return download(sheet.rooms(found, timezone.localdate(now)), f"{_('爱心妈咪小屋')}.xlsx")

    # --- pages of its own ---
    def list_links(self, request, changelist):
        """Lead to the form for a unit, and to the figures."""
        links = super().list_links(request, changelist)
        if self.has_work_permission(request):
            links = [*links, (_("替单位登记"), reverse("admin:workplaces_room_enter"), "")]
        return [*links, (_("妈咪小屋数据"), reverse("admin:workplaces_room_figures"), "")]

    def get_urls(self):
        """Add the form for a unit, the page of figures and the photos."""
        view = self.admin_site.admin_view
        return [
            path("enter/", view(self.enter), name="workplaces_room_enter"),
            path("figures/", view(self.figures), name="workplaces_room_figures"),
            path("photos/<str:code>/", view(self.photo), name="workplaces_room_photo"),
            *super().get_urls(),
        ]

    def enter(self, request):
        """Enter a room for a unit."""
        if not self.has_work_permission(request):
            raise PermissionDenied
        return decide(
            self,
            request,
            title=_("替单位登记妈咪小屋"),
            submit=_("登记"),
            form_class=NewRoomForm,
            outcome=_("登记后排进待核查；核查通过才公布。"),
            operation=_entered,
            done=_("已登记。"),
            back=self.address("changelist"),
            go_on=lambda room: self.address("change", room.pk),
        )

    def figures(self, request):
        """Show the figures as of today."""
        day = timezone.localdate()
        part = figures.part(request.user, day)
        if part is None:
            raise PermissionDenied
        return self.page(
            request,
            "kernel/admin/figures.html",
            title=_("妈咪小屋数据"),
            day=day,
            parts=[part],
            back=self.address("changelist"),
        )

    def photo(self, request, code):
        """Show a photo of a visit."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        photo = get_object_or_404(RoomPhoto.objects.select_related("visit__room"), code=code)
        data = operations.read_photo(photo=photo, by=request.user, now=timezone.now())
        kind = "image/png" if photo.kind == "png" else "image/jpeg"
        return HttpResponse(data, content_type=kind, headers={"Cache-Control": "private, no-store"})


def _tier(room):
    tier = room.tier_on(timezone.localdate())
    if room.tier and tier is None:
        return _("未复查")
    return tier and tier.label


def _visit_words(visit):
    """Say what a visit found, in a line."""
    tier = (
        visit.tier.label
        if visit.tier
        else _("没有通过：%(missing)s") % {"missing": "；".join(visit.missing)}
    )
    parts = [day_text(visit.visited_on), tier, str(visit.by or "")]
    if visit.corrects:
        parts.append(_("更正了前一次：%(why)s") % {"why": visit.reason})
    return " · ".join(part for part in (*parts, visit.note) if part)


def _photo_links(visit):
    words = _("照片 %(n)s")
    links = [
        (reverse("admin:workplaces_room_photo", args=[one.code]), words % {"n": number})
        for number, one in enumerate(visit.photos.all(), 1)
    ]
    return format_html_join(" ", '<a class="portal-link" href="{}">{}</a>', links)


def _result(visit):
    if visit.tier:
        return _("已登记，公布为“%(tier)s”。") % {"tier": visit.tier.label}
    return _("已登记：没有通过，不公布；单位会收到通知。")


def _saved(*, room, by, now, **values):
    return operations.save_room(room=room, values=position_fields(values), by=by, now=now)


def _entered(*, unit, by, now, **values):
    return operations.save_room(unit=unit, values=position_fields(values), by=by, now=now)


class _LineAdmin(OperationAdmin):
    """A line of the standard; one that changed gets its last day, and the new one a row of its own."""

    view_on_site = False
    ordering = ("-valid_from", "pk")
    readonly_fields = ("checked_on",)
    actions_detail = ("compare",)

    def get_fieldsets(self, request, obj=None):
        """Leave out of a new one the day it was compared."""
        shown = super().get_fieldsets(request, obj)
        if obj is not None:
            return shown
        return [(None, {"fields": [f for f in shown[0][1]["fields"] if f != "checked_on"]})]

    @action(description=gettext_lazy("已与原文核对"), url_path="compare", permissions=["compare"])
    def compare(self, request, object_id):
        """Ask, then note that it was compared with its source today."""
        line = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("与原文核对"),
            facts=[(_("内容"), str(line)), (_("依据"), line.source)],
            outcome=_("与原文不符的请先修改，再核对。"),
            submit=_("已核对"),
            operation=partial(standard.check_standard, line=line),
            done=_("已记下核对日期。"),
            back=self.address("change", line.pk),
        )


@admin.register(RoomTier)
class RoomTierAdmin(_LineAdmin):
    """The tiers."""

    form = TierForm
    list_display = ("name", "rank", "pluses", "valid_from", "valid_until", "checked_on")
    editable = standard.TIER_FIELDS
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "name_en"),
                    ("rank", "pluses"),
                    ("valid_from", "valid_until"),
                    "source",
                    "checked_on",
                )
            },
        ),
    )
    empty_words = gettext_lazy("还没有等级。没有等级，核查通过的也公布不了。")
    has_compare_permission = has_perm("workplaces.change_roomtier")


@admin.register(RoomCriterion)
class RoomCriterionAdmin(_LineAdmin):
    """The criteria."""

    form = CriterionForm
    list_display = ("words", "must", "valid_from", "valid_until", "checked_on")
    list_filter = ("must",)
    editable = standard.CRITERION_FIELDS
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("code", "must"),
                    "words",
                    "words_en",
                    ("valid_from", "valid_until"),
                    "source",
                    "checked_on",
                )
            },
        ),
    )
    empty_words = gettext_lazy("还没有条件。没有条件，就不能登记核查。")
    has_compare_permission = has_perm("workplaces.change_roomcriterion")
