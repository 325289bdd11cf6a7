"""Who takes part in programmes, in the admin: how far each is, removed, taken out as a list."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from entrepreneurship.learning import operations, rules, sheet
from entrepreneurship.learning.models import Enrolment, EnrolmentState, periods
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.export import ExportsList
from kernel.admin.forms import reason_form
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule

CHANGE = "entrepreneurship.change_enrolment"


def _times(row):
    """Return the links to the events of the programme: what was noted of her is put right there."""
    where = (
        f"{reverse('admin:events_event_changelist')}?series__id__exact={row.programme.series_id}"
    )
    return format_html(
        '<a class="portal-link" href="{}">{}</a>', where, _("到课程的签到记录里更正")
    )


def _risk(row):
    """Return whether she can still reach it; nothing once it is decided."""
    running = row.state == EnrolmentState.ENROLLED
    return (row.risk, row.get_risk_display()) if running else ("", "—")


@admin.register(Enrolment)
class EnrolmentAdmin(ExportsList, OffersByRule, ReadOnly, StaffAdmin):
    """Who takes part, with what the clock counted last."""

    list_display = ("talent", "programme", "state_shown", "minutes", "periods_shown", "risk_shown")
    list_filter = ("state", "risk", ("programme", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("programme__series", "talent")
    search_fields = ("talent__full_name__startswith", "talent__code__exact")
    search_help_text = gettext_lazy("姓名或人才编号")
    ordering = ("-id",)
    empty_words = gettext_lazy("还没有学员。培训开放以后，入库人才在“创业培训”里加入，列在这里。")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("talent", "programme"),
                    ("state", "enrolled_at"),
                    ("minutes", "periods_shown"),
                    ("attainable", "risk_shown"),
                    "times",
                )
            },
        ),
        (gettext_lazy("退出"), {"fields": ("left_at", "left_reason")}),
    )
    readonly_fields = ("periods_shown", "risk_shown", "times")
    argument = "enrolment"
    actions_detail = ("remove",)
    rules_of_actions = {
        "remove": lambda row, by: (
            rules.why_not_manage_programme(row.programme, by, CHANGE)
            or rules.why_not_leave_programme(row)
        ),
    }
    has_remove_permission = has_perm(CHANGE)
    has_export_permission = has_perm("entrepreneurship.export_enrolment")
    export_operation = staticmethod(operations.export_enrolments)
    export_sheet, export_name = staticmethod(sheet.made), "training.xlsx"

    state_shown = state_column(
        {"enrolled": "info", "completed": "success", "ended": "", "left": ""}
    )
    risk_shown = state_column(
        {"": "", "tight": "warning", "lost": "danger"},
        words=_risk,
        title=gettext_lazy("进度"),
    )
    periods_shown = column(gettext_lazy("学时"), lambda row: periods(row.minutes))
    times = column(gettext_lazy("签到有误"), _times)

    def facts_of(self, row):
        """Say who, and of what."""
        return [(_("姓名"), row.talent.full_name), (_("培训项目"), row.programme.name)]

    @action(description=gettext_lazy("移出培训"), url_path="remove", permissions=["remove"])
    def remove(self, request, object_id):
        """Ask why, then end her part."""
        return self._page(
            request,
            object_id,
            "remove",
            title=_("移出培训"),
            submit=_("移出"),
            danger=True,
            form_class=reason_form(gettext_lazy("本人会看到这句话，至少四个字。")),
            outcome=_("各课的报名和签到不受影响；她可以重新加入。"),
            operation=operations.leave_programme,
            done=_("已移出。"),
        )
