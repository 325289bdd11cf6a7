"""Monthly reports in the admin: ask for one, watch it being built, download it."""

from datetime import date
from urllib.parse import quote

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from kernel.admin.base import StaffAdmin
from kernel.days import month_of, months_after
from kernel.errors import DomainError
from kernel.words import month_text
from privacy import audit
from reports import operations
from reports.models import MonthlyReport, ReportState

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
MONTHS_OFFERED = 36
LOOK_AGAIN_SECONDS = 3


class RequestForm(forms.ModelForm):
    """Which month."""

    month = forms.TypedChoiceField(
        label=gettext_lazy("月份"),
        coerce=date.fromisoformat,
        widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy("只能选择已经结束的月份。已有的月报会用最新数据重新生成。"),
    )

    class Meta:
        model = MonthlyReport
        fields = ["month"]

    by = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "month" in self.fields:
            this = month_of(timezone.now())
            months = [months_after(this, -back) for back in range(1, MONTHS_OFFERED + 1)]
            self.fields["month"].choices = [(m.isoformat(), month_text(m)) for m in months]

    def _post_clean(self):
        """Ask for the report; asking for one that exists builds it anew instead of refusing."""
        if self.errors:
            return
        try:
            self.instance = operations.request_monthly(
                month=self.cleaned_data["month"], by=self.by, now=timezone.now()
            )
        except DomainError as error:
            self.add_error(error.field, str(error))

    def save(self, commit=True):
        """Everything is saved already."""
        return self.instance

    def save_m2m(self):
        """Nothing is left to save."""


@admin.register(MonthlyReport)
class MonthlyReportAdmin(StaffAdmin):
    """Reports by month, the latest first."""

    form = RequestForm
    list_display = ["label_shown", "state_shown", "requested_by", "requested_at", "finished_at"]
    list_filter = ["state"]
    list_select_related = ["requested_by"]
    list_display_links = ["label_shown"]
    ordering = ["-month"]
    actions = ["build_again"]
    change_form_outer_before_template = "reports/admin/files.html"

    def get_queryset(self, request):
        """Leave the files in the database."""
        return super().get_queryset(request).without_files()

    def get_fields(self, request, obj=None):
        """Ask for the month; show what became of it."""
        if obj is None:
            return ["month"]
        return ["label_shown", "state_words", "requested_by", "requested_at", "finished_at"]

    def get_readonly_fields(self, request, obj=None):
        """Only a new report has something to fill in."""
        return self.get_fields(request, obj) if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Give the form the person who acts."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"by": request.user})

    def has_add_permission(self, request):
        """Asking for a report is a permission of its own."""
        return request.user.has_perm("reports.request_monthlyreport")

    def has_change_permission(self, request, obj=None):
        """Figures are counted, not edited."""
        return False

    has_build_permission = has_add_permission

    def save_model(self, request, obj, form, change):
        """The form has done it."""

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
        return redirect(reverse("admin:reports_monthlyreport_change", args=[obj.pk]))

    def log_addition(self, request, obj, message):
        """The audit log has it."""

    @display(description=gettext_lazy("月份"), ordering="month")
    def label_shown(self, report):
        """Show 2026年2月."""
        return report.label

    @display(
        description=gettext_lazy("状态"),
        label={
            ReportState.READY.value: "success",
            ReportState.FAILED.value: "danger",
            ReportState.REQUESTED.value: "info",
            ReportState.BUILDING.value: "info",
        },
    )
    def state_shown(self, report):
        """Show the state as a badge."""
        return report.state, report.get_state_display()

    @display(description=gettext_lazy("状态"))
    def state_words(self, report):
        """Show the state as words on the report's own page."""
        return report.get_state_display()

    @admin.action(description=gettext_lazy("重新生成"), permissions=["build"])
    def build_again(self, request, queryset):
        """Ask for the chosen reports again."""
        for report in queryset:
            operations.request_monthly(month=report.month, by=request.user, now=timezone.now())
        self.message_user(request, _("已开始重新生成，稍后刷新查看。"), messages.SUCCESS)

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
        report = self.get_object(request, str(pk))
        if report is None:
            raise Http404
        if not self.has_build_permission(request):
            raise PermissionDenied
        operations.request_monthly(month=report.month, by=request.user, now=timezone.now())
        self.message_user(request, _("已开始重新生成%(month)s月报。") % {"month": report.label})
        return redirect(reverse("admin:reports_monthlyreport_change", args=[pk]))

    def download(self, request, pk, extension):
        """Send one of the two files; who took it is written down."""
        if not self.has_view_permission(request) or extension not in TYPES:
            raise Http404
        report = self.get_queryset(request).filter(pk=pk, state=ReportState.READY).first()
        if report is None:
            raise Http404
        audit.record("reports.download", report, by=request.user, at=timezone.now(), form=extension)
        name = quote(report.filename(extension))
        return HttpResponse(
            bytes(getattr(report, extension)),
            content_type=TYPES[extension],
            headers={
                "Content-Disposition": (
                    f'attachment; filename="report-{report.month:%Y-%m}.{extension}"; '
                    f"filename*=UTF-8''{name}"
                ),
                "Cache-Control": "no-store",
            },
        )
