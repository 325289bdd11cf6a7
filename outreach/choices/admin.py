"""Subject choice in the admin: what schools counted, figures, the list in Excel."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from kernel.admin.base import ReadOnly, StaffAdmin
from kernel.admin.lists import column
from kernel.downloads import download
from outreach.choices import figures, operations, sheet, shown
from outreach.choices.models import ChoiceReport, First, Sex


@admin.register(ChoiceReport)
class ChoiceReportAdmin(ReadOnly, StaffAdmin):
    """What schools counted; each corrects its own."""

    view_on_site = False
    list_display = ("unit", "year", "girls", "entered_at", "withdrawn_at")
    list_filter = ("year",)
    list_select_related = ("unit",)
    search_fields = ("unit__name",)
    search_help_text = gettext_lazy("按学校查找")
    ordering = ("-year", "unit")
    empty_words = gettext_lazy("还没有填报。学校的联系人登录后，在“我的 › 本校的选科统计”里填。")
    actions = ("write_out",)
    girls = column(gettext_lazy("女生选物理"), lambda row: _girls(row))
    readonly_fields = ("girls", "cells_shown")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("unit", "year"),
                    ("entered_at", "withdrawn_at"),
                    "girls",
                    "cells_shown",
                )
            },
        ),
    )

    def get_queryset(self, request):
        """Read the cells along."""
        return super().get_queryset(request).prefetch_related("cells")

    @display(description=gettext_lazy("人数"))
    def cells_shown(self, report):
        """List what was counted, small cells closed."""
        counts = shown.counts_of(report)
        lines = [
            (sex.label, first.label, words, "—" if n is None else n)
            for sex in Sex
            for first in First
            for words, n in shown.pairs_of(counts, sex.value, first.value)
        ]
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{} · {} · {}：{}</li>", lines))

    @action(description=gettext_lazy("导出所选统计"), permissions=["view"])
    def write_out(self, request, queryset):
        """Write the ticked counts to a workbook."""
        found = operations.export_choices(rows=queryset, by=request.user, now=timezone.now())
        return download(sheet.choices(found), f"{_('选科统计')}.xlsx")

    def list_links(self, request, changelist):
        """Lead to the figures."""
        links = super().list_links(request, changelist)
        return [*links, (_("选科数据"), reverse("admin:outreach_choicereport_figures"), "")]

    def get_urls(self):
        """Add the page of figures."""
        view = self.admin_site.admin_view(self.figures)
        return [
            path("figures/", view, name="outreach_choicereport_figures"),
            *super().get_urls(),
        ]

    def figures(self, request):
        """Show the figures."""
        day = timezone.localdate()
        part = figures.part(request.user, day)
        if part is None:
            raise PermissionDenied
        return self.page(
            request,
            "kernel/admin/figures.html",
            title=_("选科数据"),
            day=day,
            parts=[part],
            back=self.address("changelist"),
        )


def _girls(report):
    counts = shown.counts_of(report)
    firsts = shown.closed(list(shown.first_choices(counts)[Sex.GIRLS].values()))
    return "—" if None in firsts else shown.physics_share(counts, Sex.GIRLS)
