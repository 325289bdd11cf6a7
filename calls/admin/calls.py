"""Calls in the admin: written, published, extended, copied, concluded; their form line by line."""

from functools import partial

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Count, Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from calls import noticing_rules, operations, rules, sheet
from calls.admin.fairness import FairnessPages
from calls.admin.follow_steps import STEPS, FollowPages
from calls.admin.forms import CallForm, CancelForm, CopyForm, ExtendForm, FieldForm
from calls.admin.lines import LinePages, Lines
from calls.admin.requirements import REQUIREMENTS, RequirementPages
from calls.conditions import sentences
from calls.models import Call, Subject
from calls.operations.writing import TEXTS
from kernel.admin.actions import attempt
from kernel.admin.base import has_perm
from kernel.admin.forms import OperationAdmin
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.widgets import HalfHourMoment
from kernel.downloads import download
from kernel.words import listed, moment_text

COLOURS = {"open": "success", "closed": "warning", "decided": "info", "cancelled": "danger"}


def _managed(call, by):
    return rules.why_not_manage(call, by, "calls.open_call")


FIELDS = Lines(
    "field",
    "fields",
    "form_page",
    "fields",
    FieldForm,
    operations.save_field,
    operations.remove_field,
    {
        "up": partial(operations.move_field, up=True),
        "down": partial(operations.move_field, up=False),
    },
    (gettext_lazy("申报表"), gettext_lazy("添加一项"), gettext_lazy("修改一项")),
)

# Fields that are lists of codes, and what says them in words where they do not change.
SHOWN = {
    "stages": "stages_shown",
    "sources": "sources_shown",
    "subjects": "subjects_shown",
    "sector_quotas": "conditions_shown",
}


@admin.register(Call)
class CallAdmin(
    LinePages, RequirementPages, FollowPages, FairnessPages, OffersByRule, OperationAdmin
):
    """The calls a department leads or takes part in."""

    line_lists = (FIELDS, REQUIREMENTS, STEPS)

    form = CallForm
    editable = (*operations.EDITABLE, "joint_departments")
    list_display = ("title", "kind", "state_shown", "closes", "handed_in", "department")
    list_filter = ("state", "kind", "measure")
    list_select_related = ("department",)
    search_fields = ("title", "code")
    search_help_text = gettext_lazy("按标题或编号查找")
    ordering = ("-id",)
    empty_words = gettext_lazy("还没有申报通知。先写条件和时间，再编申报表，最后发布。")
    formfield_overrides = {
        models.DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": HalfHourMoment},
    }
    fieldsets = (
        (
            None,
            {"fields": ("title", "title_en", ("kind", "measure"), "text", "text_en", "contact")},
        ),
        (
            gettext_lazy("时间和条件"),
            {
                "fields": (
                    "opens_at",
                    "closes_at",
                    "sources",
                    ("places", "surplus_percent"),
                    ("unit_quota", "endorse_by"),
                    "sector_quotas",
                    "stages",
                    ("open_to_all", "women_preferred"),
                    "shows_advantages",
                )
            },
        ),
        (
            gettext_lazy("推荐谁"),
            {
                "fields": (
                    "subjects",
                    "women_percent",
                    ("leaders_percent", "leaders_by"),
                    "award",
                    ("no_repeat", "cool_down_years"),
                    "most_awards",
                )
            },
        ),
        (gettext_lazy("负责"), {"fields": ("department", "joint_departments")}),
    )
    actions_detail = (
        "form_page",
        "requirements_page",
        "steps_page",
        "publish",
        "extend",
        "make_known",
        "conclude",
        "unpublish",
        "cancel",
        "again",
        "export",
        "how_fair",
    )
    actions = ("how_fair_selected",)
    argument = "call"
    rules_of_actions = {
        "publish": lambda call, by: _managed(call, by) or rules.why_not_open(call, timezone.now()),
        "extend": lambda call, by: (
            _managed(call, by) or rules.why_not_extend(call, None, timezone.now())
        ),
        "make_known": lambda call, by: (
            rules.why_not_manage(call, by, "calls.run_publicnotice")
            or noticing_rules.why_not_draft(call)
        ),
        "conclude": lambda call, by: (
            _managed(call, by) or rules.why_not_conclude(call, timezone.now())
        ),
        "unpublish": lambda call, by: _managed(call, by) or rules.why_not_unpublish(call),
        "cancel": lambda call, by: _managed(call, by) or rules.why_not_cancel(call),
        "again": _managed,
        "export": _managed,
        "how_fair": lambda call, by: (
            rules.why_not_manage(call, by, "calls.view_application") or rules.why_not_compare(call)
        ),
    }

    has_open_permission = has_perm("calls.open_call")
    has_conclude_permission = has_perm("calls.conclude_call")
    has_run_permission = has_perm("calls.run_publicnotice")
    has_copy_permission = has_perm("calls.add_call")
    has_export_permission = has_perm("calls.export_application")

    state_shown = state_column(COLOURS, ordering="state")
    closes = column(
        gettext_lazy("申报截止"), lambda call: moment_text(call.closes_at), ordering="closes_at"
    )
    handed_in = column(gettext_lazy("已提交"), lambda call: call.handed_in_count)

    # --- rows and fields ---
    def get_queryset(self, request):
        """Count what was handed in to each."""
        handed_in = Count("applications", filter=Q(applications__number__isnull=False))
        return super().get_queryset(request).annotate(handed_in_count=handed_in)

    def has_change_permission(self, request, obj=None):
        """Those who lead it change it, as long as anything of it changes."""
        if not super().has_change_permission(request, obj):
            return False
        own = obj is None or rules.why_not_manage(obj, request.user, "calls.change_call") is None
        return own and not (obj and obj.is_settled)

    def get_readonly_fields(self, request, obj=None):
        """The department is hers unless she has none; what is frozen is read."""
        fields = super().get_readonly_fields(request, obj)
        if obj is None:
            return [f for f in fields if f != "department" or request.user.department_id]
        if not obj.is_draft:
            fields = [*fields, *(f for f in self.editable if f not in TEXTS)]
        if not obj.is_draft or not self.has_change_permission(request, obj):
            fields = [*fields, *SHOWN.values()]
        return fields

    def get_fieldsets(self, request, obj=None):
        """Show the stages as they stand where they do not change."""
        shown = "stages_shown" in self.get_readonly_fields(request, obj)
        known = {"department"} if obj is None and request.user.department_id else set()
        named = SHOWN if shown else {}
        return self.told_fieldsets(
            request,
            obj,
            [
                (
                    title,
                    {"fields": tuple(named.get(f, f) for f in o["fields"] if f not in known)},
                )
                for title, o in self.fieldsets
            ],
        )

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Leave the fields that are none of the model's, but for a draft, out of the form."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if "stages_shown" in self.get_readonly_fields(request, obj):
            for name in SHOWN:
                form.base_fields.pop(name, None)
        return form

    stages_shown = column(
        gettext_lazy("阶段"), lambda call: " → ".join(str(s) for s in call.stages.all())
    )

    sources_shown = column(gettext_lazy("谁可以推荐"), lambda call: listed(call.sources_text))
    subjects_shown = column(
        gettext_lazy("推荐对象"), lambda call: listed(Subject(one).label for one in call.subjects)
    )
    conditions_shown = column(
        gettext_lazy("申报条件"),
        lambda call: format_html_join(mark_safe("<br>"), "{}", ((c,) for c in sentences(call))),
    )

    def get_view_on_site_url(self, obj=None):
        """A draft has no public page."""
        return obj.get_absolute_url() if obj and not obj.is_draft else None

    # --- what is done with one ---
    def facts_of(self, row):
        """Say which it is."""
        return [(_("申报通知"), row.label), (_("申报截止"), moment_text(row.closes_at))]

    @action(description=gettext_lazy("发布"), url_path="publish", permissions=["open"])
    def publish(self, request, object_id):
        """Ask once more, then publish."""
        return self._page(
            request,
            object_id,
            "publish",
            title=_("发布申报通知"),
            submit=_("发布"),
            outcome=_("发布后申报条件、阶段和申报表不再改动；说明可以更正，截止时间可以延后。"),
            operation=operations.open_call,
            done=_("已发布。"),
        )

    @action(description=gettext_lazy("收回"), url_path="unpublish", permissions=["open"])
    def unpublish(self, request, object_id):
        """Make it a draft again."""
        return self._page(
            request,
            object_id,
            "unpublish",
            title=_("收回申报通知"),
            submit=_("收回为草稿"),
            outcome=_("还没有人申报，收回后可以修改，再重新发布。"),
            operation=operations.unpublish_call,
            done=_("已收回为草稿。"),
        )

    @action(description=gettext_lazy("延期"), url_path="extend", permissions=["open"])
    def extend(self, request, object_id):
        """Ask for the new deadline."""
        return self._page(
            request,
            object_id,
            "extend",
            title=_("延后截止时间"),
            submit=_("延期"),
            form_class=ExtendForm,
            outcome=_("只能延后，不能提前；正在填写的申报一起延后。"),
            operation=operations.extend_call,
            done=_("已延期。"),
        )

    @action(description=gettext_lazy("取消"), url_path="cancel", permissions=["open"])
    def cancel(self, request, object_id):
        """Ask for the reason, then call it off."""
        return self._page(
            request,
            object_id,
            "cancel",
            title=_("取消申报"),
            submit=_("取消并通知"),
            form_class=CancelForm,
            danger=True,
            outcome=_("取消后不能恢复，正在填写和已提交的人会收到通知。"),
            operation=operations.cancel_call,
            done=_("已取消，已通知申报人。"),
        )

    @action(description=gettext_lazy("公示"), url_path="make-known", permissions=["run"])
    def make_known(self, request, object_id):
        """Lead to the page on which a public notice of it is written."""
        call = self.get_or_404(request, object_id)
        return redirect(f"{reverse('admin:calls_publicnotice_add')}?call={call.pk}")

    @action(description=gettext_lazy("公布结果"), url_path="conclude", permissions=["conclude"])
    def conclude(self, request, object_id):
        """Say what will be told, then tell it."""
        return self._page(
            request,
            object_id,
            "conclude",
            title=_("公布结果"),
            submit=_("公布并通知"),
            danger=True,
            outcome=_(
                "公布后不能撤回：每位已受理的申报人会收到自己的结果。个别发错的，以后在那份申报里按“荣誉”更正或撤销。"
            ),
            operation=operations.conclude_call,
            done=_("已公布，已通知申报人。"),
        )

    @action(description=gettext_lazy("复制"), url_path="copy", permissions=["copy"])
    def again(self, request, object_id):
        """Ask for the times, then make a draft like it."""
        return self._page(
            request,
            object_id,
            "again",
            title=_("复制为新的申报通知"),
            submit=_("复制为草稿"),
            form_class=CopyForm,
            outcome=_("条件、阶段和申报表都带过去，申报不带。"),
            operation=operations.copy_call,
            done=_("已复制为草稿，请核对后发布。"),
            go_on=lambda copy: self.address("change", copy.pk),
        )

    @action(description=gettext_lazy("导出申报"), url_path="export", permissions=["export"])
    def export(self, request, object_id):
        """Hand out the list of applications; each export is written to the audit log."""
        call = self.get_or_404(request, object_id)
        if attempt(request, operations.take_export, call=call) is None:
            return redirect(self.address("change", call.pk))
        return download(sheet.made(call), f"applications-{call.code}.xlsx")

    # --- its form ---
    @action(description=gettext_lazy("申报表"), url_path="fields")
    def form_page(self, request, object_id):
        """Show the lines of the form in their order."""
        return self.show_lines(request, object_id, FIELDS)
