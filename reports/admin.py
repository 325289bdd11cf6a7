"""Monthly reports in the admin: ask for one, watch it being built, download it."""

from datetime import date

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from kernel.admin.actions import attempt, for_each
from kernel.admin.base import ReadOnly, has_perm
from kernel.admin.forms import OperationAdmin, OperationForm
from kernel.admin.lists import column, state_column
from kernel.days import month_of, months_after
from kernel.downloads import download
from kernel.errors import DomainError
from kernel.words import month_text
from reports import operations
from reports.models import MonthlyReport

MONTHS_OFFERED = 36
LOOK_AGAIN_SECONDS = 3


class RequestForm(OperationForm):
    """Which month."""

    month = forms.TypedChoiceField(
        label=gettext_lazy("月份"),
        coerce=date.fromisoformat,
        widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy(
            "只能选择已经结束的月份。已有的月报保持原样，用最新数据另出一版；与人有关的数字每天最多变动一次。"
        ),
    )

    class Meta:
        model = MonthlyReport
        fields = ["month"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "month" in self.fields:
            this = month_of(timezone.now())
            months = [months_after(this, -back) for back in range(1, MONTHS_OFFERED + 1)]
            self.fields["month"].choices = [(m.isoformat(), month_text(m)) for m in months]

    def operate(self, stored, **values):
        """Ask for the report; asking for one that exists builds it anew instead of refusing."""
        return operations.request_monthly(**values)


@admin.register(MonthlyReport)
class MonthlyReportAdmin(ReadOnly, OperationAdmin):
    """Reports by month, the latest first; figures are counted, not edited."""

    form = RequestForm
    list_display = ["label_shown", "state_shown", "requested_by", "requested_at", "finished_at"]
    list_filter = ["state"]
    list_select_related = ["requested_by"]
    list_display_links = ["label_shown"]
    add_words = gettext_lazy("生成月报")
    ordering = ["-month", "-version"]
    actions = ["build_again"]
    change_form_outer_before_template = "reports/admin/files.html"
    add_fieldsets = [(None, {"fields": ["month"]})]
    fields = ["label_shown", "state", "requested_by", "requested_at", "finished_at"]
    readonly_fields = ["label_shown"]

    # Asking for a report is a permission of its own.
    has_add_permission = has_build_permission = has_perm("reports.request_monthlyreport")
    label_shown = column(gettext_lazy("月份"), "label", ordering="month")
    state_shown = state_column(
        {"ready": "success", "failed": "danger", "requested": "info", "building": "info"}
    )

    def get_queryset(self, request):
        """Leave the files in the database."""
        return super().get_queryset(request).without_files()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Look again by itself while a worker is busy with the report (no script needed)."""
        report = self.get_object(request, object_id)
        under_way = report is not None and report.is_under_way(timezone.now())
        context = {
            **(extra_context or {}),
            "under_way": under_way,
            "may_build": self.has_build_permission(request),
        }
        response = super().change_view(request, object_id, form_url, context)
        if under_way and request.method == "GET":
            response.headers["Refresh"] = str(LOOK_AGAIN_SECONDS)
        return response

    def response_add(self, request, obj, post_url_continue=None):
        """Go to the report and watch."""
        self.message_user(request, _("已开始生成%(month)s月报。") % {"month": obj.label})
        return redirect(self.address("change", obj.pk))

    @action(description=gettext_lazy("用最新数据另出一版"), permissions=["build"])
    def build_again(self, request, queryset):
        """Ask for the chosen reports again."""
        for_each(
            request,
            queryset,
            lambda report, **who: operations.request_monthly(month=report.month, **who),
            "report",
            done=ngettext_lazy(
                "已开始生成 %(count)s 份月报的新一版，稍后刷新查看。",
                "已开始生成 %(count)s 份月报的新一版，稍后刷新查看。",
                "count",
            ),
        )

    def get_urls(self):
        """Add downloads and the button."""
        view = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/again/",
                view(require_POST(self.again)),
                name="reports_monthlyreport_again",
            ),
            path(
                "<int:pk>/file.<str:extension>",
                view(self.download),
                name="reports_monthlyreport_file",
            ),
            *super().get_urls(),
        ]

    def again(self, request, pk):
        """Ask for one report again."""
        report = self.get_or_404(request, pk)
        if not self.has_build_permission(request):
            raise PermissionDenied
        sentence = _("已开始生成%(month)s月报的新一版。") % {"month": month_text(report.month)}
        asked = attempt(request, operations.request_monthly, sentence, month=report.month)
        return redirect(self.address("change", asked.pk if asked else pk))

    def download(self, request, pk, extension):
        """Send one of the two files; who took it is written down."""
        report, now = self.get_or_404(request, pk), timezone.now()
        try:
            data, name = operations.download(
                report=report, kind=extension, by=request.user, now=now
            )
        except DomainError as error:  # an address nobody was offered
            raise Http404 from error
        return download(data, name)
