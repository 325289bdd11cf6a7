"""The clerks' pages of taking a list out: the question, and the list of their long ones."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold import widgets

from kernel.admin.actions import attempt
from kernel.admin.base import COLUMNS_KEPT, ReadOnly, StaffAdmin, has_perm
from kernel.admin.decision import carry_out, form_page
from kernel.admin.forms import reason_field
from kernel.admin.lists import column, state_column
from kernel.admin.widgets import GroupedCheckboxes
from kernel.downloads import download, streamed
from kernel.errors import DomainError
from talents.exports import operations, running, sheet
from talents.exports.models import Export, ExportState

COOKIE = "export_columns"


class ExportForm(forms.Form):
    """Which columns, masked or in full, and why."""

    columns = forms.MultipleChoiceField(
        label=gettext_lazy("导出哪些列"),
        choices=lambda: [
            (group, [(name, sheet.heading(name)) for name in names])
            for group, names in sheet.GROUPS
        ],
        widget=GroupedCheckboxes,
        error_messages={"required": gettext_lazy("请至少选择一列。")},
        help_text=gettext_lazy("您的选择会保留到下一次。"),
    )
    full = forms.ChoiceField(
        label=gettext_lazy("手机号、身份证号、邮箱"),
        choices=[("", gettext_lazy("脱敏显示")), ("full", gettext_lazy("完整号码"))],
        required=False,
        widget=widgets.UnfoldAdminSelectWidget,
    )
    reason = reason_field(gettext_lazy("如“报送2026年度人才统计”。写入审计日志。"))

    def __init__(self, data=None, *, may_reveal, columns):
        super().__init__(data, initial={"columns": columns})
        if not may_reveal:
            del self.fields["full"]

    def clean(self):
        """Say whether in full as a truth value."""
        data = super().clean()
        return data | {"full": data.get("full") == "full"}


class ExportOfList:
    """Adds the page to the records' admin."""

    has_export_permission = has_perm(operations.RIGHT)

    def export(self, request):
        """Ask which columns and why, then hand the narrowed list out, or have a long one written."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            changelist = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(self.address("changelist"))
        rows = changelist.queryset.defer(None)
        form = ExportForm(
            request.POST if request.method == "POST" else None,
            may_reveal=request.user.has_perm(operations.FULL_RIGHT),
            columns=_remembered(request),
        )
        is_long = operations.is_long(rows)
        if form.is_valid():
            names = sorted({str(name) for name in changelist.filter_params})
            hand_out = _order if is_long else _at_once
            if answer := hand_out(request, form, {"rows": rows, "filters": names}):
                return _remember(request, answer, form.cleaned_data["columns"])
        narrowed = [(name, value) for name, value, _without in changelist.chips]
        return form_page(
            self,
            request,
            "kernel/admin/decision.html",
            title=_("导出当前列表"),
            form=form,
            facts=[(_("记录"), changelist.paginator.count_text), *narrowed],
            outcome=operations.why_not_export(rows) or _outcome(is_long),
            submit_label=_("后台生成") if is_long else _("导出 Excel"),
            back=f"{self.address('changelist')}?{request.GET.urlencode()}",
        )


def _outcome(is_long):
    said = _(
        "导出会连同您的姓名、理由和筛选条件记入审计日志，文件里也写明由谁在何时导出。离开门户后请按规定保管和销毁。"
    )
    if not is_long:
        return said
    later = _(
        "名单较长，在后台生成；可以离开，生成后会通知您，在“我的导出”里下载，保留 %(days)s 天。"
    )
    return later % {"days": running.KEPT_FOR.days} + said


def _at_once(request, form, asked):
    data = carry_out(form, partial(operations.export_list, **asked), request)
    day = f"{timezone.localdate():%Y%m%d}"
    return data and download(data, _("人才名单-%(day)s.xlsx") % {"day": day})


def _order(request, form, asked):
    export = carry_out(form, partial(operations.order_export, **asked), request)
    return export and redirect("admin:talents_export_change", export.pk)


def _remembered(request):
    """Return the columns she chose last in this browser, else the usual ones."""
    return sheet.in_order(request.COOKIES.get(COOKIE, "").split(".")) or list(sheet.FIELDS)


def _remember(request, answer, columns):
    answer.set_cookie(
        COOKIE,
        ".".join(sheet.in_order(columns)),
        max_age=COLUMNS_KEPT,
        path=request.path,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return answer


def _standing(export):
    """Return how an export stands: one past its time is not there any more, though it is deleted by the clock."""
    state = ExportState(export.state)
    if state == ExportState.READY and operations.why_not_fetch(export, timezone.now()):
        state = ExportState.DROPPED
    return state.value, state.label


@admin.register(Export)
class ExportAdmin(ReadOnly, StaffAdmin):
    """Her own long lists: how far they are, the finished ones to fetch."""

    list_display = ["reason", "state_shown", "total", "asked_at", "expires_at"]
    ordering = ["-pk"]
    sortable_by = ()
    actions = None
    empty_words = gettext_lazy(
        "超过 5000 人的名单导出后在这里下载：到人才库筛选，再点“导出当前列表”。"
    )
    has_view_permission = has_perm(operations.RIGHT)
    state_shown = state_column(
        {"writing": "info", "ready": "success", "failed": "danger"}, words=_standing
    )
    size_shown = column(gettext_lazy("大小"), lambda export: filesizeformat(export.size))

    def get_queryset(self, request):
        """Leave the records' ids out: up to a million of them."""
        return super().get_queryset(request).defer("rows")

    def get_urls(self):
        """Add what is done with one."""
        pages = {"fetch": self.fetch, "cancel": self.cancel}
        urls = [
            path(
                f"<int:object_id>/{name}/",
                self.admin_site.admin_view(require_POST(page)),
                name=f"talents_export_{name}",
            )
            for name, page in pages.items()
        ]
        return [*urls, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show how far it is, and the button to fetch it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        export, now = self.get_or_404(request, object_id), timezone.now()
        return self.page(
            request,
            "talents/admin/export.html",
            title=export.reason,
            export=export,
            columns=[sheet.heading(name) for name in sheet.in_order(export.columns)],
            is_there=operations.why_not_fetch(export, now) is None,
            why_not=operations.why_not_hold(export, request.user),
            can_cancel=operations.why_not_cancel_export(export) is None,
        )

    def fetch(self, request, object_id):
        """Hand the finished file out."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        export = self.get_or_404(request, object_id)
        try:
            data = operations.fetch_export(export=export, by=request.user, now=timezone.now())
        except DomainError as error:
            messages.error(request, str(error))
            return redirect(self.address("change", export.pk))
        kind = "xlsx" if export.total <= running.PART else "zip"
        day = f"{timezone.localtime(export.asked_at):%Y%m%d}"
        return streamed(data, _("人才名单-%(day)s.%(kind)s") % {"day": day, "kind": kind})

    def cancel(self, request, object_id):
        """Stop it, or delete the file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        export = self.get_or_404(request, object_id)
        attempt(request, operations.cancel_export, _("已取消，文件已删除。"), export=export)
        return redirect(self.address("change", export.pk))
