"""Cohorts in the admin: read, linked with a venture, taken out as a list."""

from functools import partial

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from calls.models import Call
from entrepreneurship.plans import operations, rules, sheet, words
from entrepreneurship.plans.forms import LinkForm
from entrepreneurship.plans.models import MEASURES, PlanMember
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.export import ExportsList
from kernel.admin.lists import OneChoiceFilter, column
from kernel.admin.offered import OffersByRule
from kernel.words import moment_text, money_text

MOST_CALLS = 50


class PlanFilter(admin.SimpleListFilter):
    """By plan: its cohort."""

    title = gettext_lazy("计划")
    parameter_name = "plan"

    def lookups(self, request, model_admin):
        """Offer the newest plans that selected somebody."""
        calls = Call.objects.visible_to(request.user).filter(measure__in=MEASURES)
        return [(call.pk, call.label) for call in calls.exclude(decided_at=None)[:MOST_CALLS]]

    def queryset(self, request, queryset):
        """Keep those of the chosen one."""
        chosen = self.value() or ""
        return queryset.filter(call=chosen) if chosen.isdecimal() else queryset


class StandsFilter(OneChoiceFilter):
    """Those whose selection was not taken back."""

    title = gettext_lazy("入选资格")
    parameter_name = "stands"
    choice = ("yes", gettext_lazy("有效"))

    def narrow(self, queryset):
        """Keep them."""
        return queryset.standing()


class WithVentureFilter(OneChoiceFilter):
    """Those with a venture."""

    title = gettext_lazy("创业项目")
    parameter_name = "with"
    choice = ("venture", gettext_lazy("有创业项目"))

    def narrow(self, queryset):
        """Keep them."""
        return queryset.exclude(venture=None)


def _link(member, *, venture=None, by, now):
    return operations.link_venture(member=member, venture=venture, by=by, now=now)


@admin.register(PlanMember)
class PlanMemberAdmin(ExportsList, OffersByRule, ReadOnly, StaffAdmin):
    """The women the plans of a department selected."""

    view_on_site = False  # her own page is hers alone
    list_display = ("name", "call_shown", "venture_shown", "stage_shown", "settled_shown")
    more_columns = ("unit", "joined_shown", "paid_shown", "recommended_shown", "stands_shown")
    list_filter = (
        PlanFilter,
        StandsFilter,
        WithVentureFilter,
        "venture__stage",
        "application__recommendation__state",
    )
    list_select_related = ()
    search_fields = ("talent__full_name", "venture__name")
    search_help_text = gettext_lazy("按姓名或创业项目查找")
    ordering = ("-id",)
    empty_words = gettext_lazy("还没有计划入选人。措施三、四的申报公布结果以后，入选的人会在这里。")
    readonly_fields = (
        "name",
        "unit",
        "call_shown",
        "joined_shown",
        "venture_shown",
        "stage_shown",
        "settled_shown",
        "paid_shown",
        "recommended_shown",
        "stands_shown",
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "unit"),
                    ("call_shown", "joined_shown"),
                    ("venture_shown", "stage_shown"),
                    ("settled_shown", "paid_shown"),
                    ("recommended_shown", "stands_shown"),
                )
            },
        ),
    )
    actions_detail = ("link",)
    argument = "member"
    rules_of_actions = {"link": rules.why_not_link}
    has_link_permission = has_perm(rules.LINK)
    has_export_permission = has_perm(rules.EXPORT)
    export_operation = staticmethod(operations.export_plan_members)
    export_sheet, export_name = staticmethod(sheet.made), "plan-members.xlsx"

    name = column(gettext_lazy("姓名"), lambda row: row.talent.full_name)
    unit = column(gettext_lazy("单位"), lambda row: row.talent.unit_name)
    call_shown = column(gettext_lazy("计划"), lambda row: row.call.label)
    joined_shown = column(
        gettext_lazy("入选时间"), lambda row: moment_text(row.joined_at), ordering="joined_at"
    )
    venture_shown = column(gettext_lazy("创业项目"), lambda row: row.venture and row.venture.name)
    stage_shown = column(
        gettext_lazy("阶段"), lambda row: row.venture and row.venture.get_stage_display()
    )
    settled_shown = column(gettext_lazy("后续事项"), words.settled)
    paid_shown = column(gettext_lazy("已拨付（元）"), lambda row: money_text(words.paid(row)))
    recommended_shown = column(gettext_lazy("向上推荐"), words.recommended)
    stands_shown = column(
        gettext_lazy("入选资格"), lambda row: _("有效") if row.stands else _("已收回")
    )

    def get_queryset(self, request):
        """Read what the columns say in a constant number of queries."""
        return operations.read(super().get_queryset(request))

    def facts_of(self, row):
        """Say which it is."""
        return [(_("计划"), row.call.label), (_("姓名"), row.talent.full_name)]

    @action(description=gettext_lazy("登记创业项目"), url_path="link", permissions=["link"])
    def link(self, request, object_id):
        """Ask which venture she was selected with."""
        row = self.get_or_404(request, object_id)
        return self._page(
            request,
            object_id,
            "link",
            title=_("登记创业项目"),
            submit=_("保存"),
            form_class=partial(
                LinkForm,
                ventures=rules.ventures_of(row),
                initial=row.venture_id,
                widget=UnfoldAdminSelectWidget(),
            ),
            outcome=_("只能选她本人已确认为创始人的创业项目；选“不关联”可以撤销。"),
            operation=_link,
            done=_("已保存。"),
        )
