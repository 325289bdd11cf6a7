"""Places in the admin: hours, days that are not as usual, and when somebody last looked."""

from functools import partial

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from kernel.admin.base import has_perm
from kernel.admin.decision import decide
from kernel.admin.forms import OperationAdmin
from kernel.admin.lists import OneChoiceFilter, column
from kernel.downloads import download
from kernel.words import day_text, moment_text
from places import hours, near, opening, operations
from places.exports import place_list
from places.forms import CalendarDaysForm, OtherHoursForm, PlaceForm
from places.models import STALE_MONTHS, CalendarDays, Place, stale_before


class VerifiedFilter(OneChoiceFilter):
    """What nobody has checked for long."""

    title = gettext_lazy("核实")
    parameter_name = "verified"
    choice = ("no", gettext_lazy("待核实"))

    def narrow(self, queryset):
        """Keep what is to be checked."""
        return queryset.to_verify(timezone.now())


def _verified(place):
    """Return when it was checked last; staff see when that is long ago."""
    if place.verified_at is None:
        return _("从未核实")
    if place.verified_at < stale_before(timezone.now()):
        words = {"when": day_text(timezone.localtime(place.verified_at)), "months": STALE_MONTHS}
        return _("%(when)s，已超过 %(months)s 个月，请核实") % words
    return day_text(timezone.localtime(place.verified_at))


def _days(other):
    """Return the days of other hours in words."""
    first, last = day_text(other.first_day), day_text(other.last_day)
    return first if first == last else f"{first} – {last}"


@admin.register(Place)
class PlaceAdmin(OperationAdmin):
    """Places; 历史 says who changed what."""

    form = PlaceForm
    list_display = ["name", "address", "week", "status", "verified_shown", "active"]
    list_filter = ["active", VerifiedFilter]
    search_fields = ["name", "address"]
    search_help_text = gettext_lazy("名称或地址")
    editable = (*PlaceForm.Meta.fields, "position")
    readonly_fields = ["unit", "status", "exceptions", "verified_shown", "verified_by"]
    fieldsets = (
        (None, {"fields": ("name", "address", "position", "map_link", "phone", "unit", "active")}),
        (
            gettext_lazy("开放时间"),
            {"fields": ("weekly", "closed_on_holidays", "status", "exceptions")},
        ),
        (
            gettext_lazy("无障碍"),
            {
                "fields": (
                    "step_free",
                    "has_lift",
                    "accessible_toilet",
                    "has_parking",
                    "access_words",
                )
            },
        ),
        (gettext_lazy("核实"), {"fields": ("verified_shown", "verified_by")}),
    )
    actions = ["write_out"]
    actions_detail = ["verify", "other_hours"]
    empty_words = gettext_lazy("还没有场所。先新增一个，再让加油站指向它。")

    has_verify_permission = has_other_hours_permission = has_perm("places.change_place")
    week = column(gettext_lazy("每周开放时间"), opening.week_text)
    position = column(gettext_lazy("坐标"), lambda place: near.position_text(place.position))
    status = column(gettext_lazy("现在"), lambda place: opening.status_text(place, timezone.now()))
    verified_shown = column(gettext_lazy("最近核实"), _verified, ordering="verified_at")

    @action(description=gettext_lazy("导出所选场所"), permissions=["view"])
    def write_out(self, request, queryset):
        """Write the ticked places to a workbook: address, hours, access, when last checked."""
        data = operations.export_places(rows=queryset, by=request.user, now=timezone.now())
        return download(place_list(data), f"{_('场所')}.xlsx")

    def get_queryset(self, request):
        """Read the other hours of a list along."""
        return super().get_queryset(request).prefetch_related("other_hours")

    def get_fieldsets(self, request, obj=None):
        """Leave out what a new one does not have yet."""
        if obj is not None:
            return super().get_fieldsets(request, obj)
        shown = [(title, dict(options)) for title, options in self.fieldsets[:3]]
        return [
            (title, {"fields": tuple(f for f in options["fields"] if f in self.editable)})
            for title, options in shown
        ]

    @display(description=gettext_lazy("例外的日子"))
    def exceptions(self, place):
        """List the days that are not as usual, each with a link to take it back."""
        today = timezone.localdate()
        lines = [
            (
                _days(other),
                hours.day_text(other.spans),
                other.reason,
                reverse("admin:places_place_usual_again", args=[place.pk, other.pk]),
                _("撤销"),
            )
            for other in place.other_hours.all()
            if other.last_day >= today
        ]
        line = '<li>{} · {} · {} · <a class="portal-link" href="{}">{}</a></li>'
        return format_html("<ul>{}</ul>", format_html_join("", line, lines)) if lines else ""

    def get_urls(self):
        """Add the page on which other hours are taken back."""
        page = self.admin_site.admin_view(self.usual_again)
        where = "<int:pk>/other-hours/<int:number>/"
        return [path(where, page, name="places_place_usual_again"), *super().get_urls()]

    @action(description=gettext_lazy("已核实，信息无误"), url_path="verify", permissions=["verify"])
    def verify(self, request, object_id):
        """Ask, then note that address, phone and hours were checked."""
        place = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("核实场所信息"),
            facts=[
                (_("名称"), place.name),
                (_("地址"), place.address),
                (_("公开电话"), place.phone),
                (_("每周开放时间"), opening.week_text(place)),
                (_("最近核实"), place.verified_at and moment_text(place.verified_at)),
            ],
            outcome=_("记下是您在今天核实的；有变化的请先修改，再核实。"),
            submit=_("已核实"),
            operation=partial(operations.verify_place, place=place),
            done=_("已记下核实时间。"),
            back=self.address("change", place.pk),
        )

    @action(
        description=gettext_lazy("登记例外的日子"),
        url_path="other-hours",
        permissions=["other_hours"],
    )
    def other_hours(self, request, object_id):
        """Enter days on which it is closed or open at other hours."""
        place = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("登记例外的日子"),
            facts=[
                (_("名称"), place.name),
                (_("每周开放时间"), opening.week_text(place)),
            ],
            outcome=_("读者马上会看到；这几天不能再预约服务，已经约好的会列在加油站的待办里。"),
            submit=_("登记"),
            form_class=OtherHoursForm,
            operation=partial(operations.add_other_hours, place=place),
            done=_("已登记。"),
            back=self.address("change", place.pk),
        )

    def usual_again(self, request, pk, number):
        """Take other hours back."""
        place = self.get_or_404(request, pk)
        if not self.has_other_hours_permission(request):
            raise PermissionDenied
        other = get_object_or_404(place.other_hours, pk=number)
        return decide(
            self,
            request,
            title=_("撤销例外的日子"),
            facts=[
                (_("名称"), place.name),
                (_("日子"), _days(other)),
                (_("原因"), other.reason),
            ],
            outcome=_("这几天恢复为每周的开放时间。"),
            submit=_("撤销"),
            danger=True,
            operation=partial(operations.drop_other_hours, other=other),
            done=_("已撤销。"),
            back=self.address("change", place.pk),
        )


@admin.register(CalendarDays)
class CalendarDaysAdmin(OperationAdmin):
    """What the State Council made of the year's days; a wrong line is taken back and entered anew."""

    form = CalendarDaysForm
    list_display = ["days_shown", "is_off", "name", "source"]
    list_filter = ["is_off"]
    search_fields = ["name", "source"]
    search_help_text = gettext_lazy("节日或依据")
    editable = CalendarDaysForm.Meta.fields
    fieldsets = ((None, {"fields": (("first_day", "last_day"), ("is_off", "name"), "source")}),)
    actions_detail = ["take_back"]
    empty_words = gettext_lazy(
        "软件里已有的年份不用登记。新一年的放假通知公布后，逐段登记放假的日子和调休上班的日子。"
    )

    has_take_back_permission = has_perm("places.delete_calendardays")
    days_shown = column(gettext_lazy("日子"), _days, ordering="first_day")

    def has_change_permission(self, request, obj=None):
        """A line is taken back and entered anew: what was counted by it shows in the history."""
        return obj is None and super().has_change_permission(request, obj)

    @action(description=gettext_lazy("撤销"), url_path="take-back", permissions=["take_back"])
    def take_back(self, request, object_id):
        """Ask, then take the line back."""
        row = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("撤销登记"),
            facts=[(_("日子"), _days(row)), (_("安排"), str(row.holiday)), (_("依据"), row.source)],
            outcome=_("这几天重新按周一至周五计算。正在进行的期限只会延后，不会提前结束。"),
            submit=_("撤销"),
            danger=True,
            operation=partial(operations.drop_calendar_days, calendar_days=row),
            done=_("已撤销。"),
            back=self.address("changelist"),
        )
