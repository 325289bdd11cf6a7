"""The volunteer team in the admin: decided, trained, checked, counted, taken out as a list."""

from functools import partial

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.export import ExportsList
from kernel.admin.forms import reason_form
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.words import day_text, listed
from outreach.volunteers import figures, operations, rules, sheet
from outreach.volunteers.admin_forms import (
    ClearanceForm,
    CorrectClearanceForm,
    CorrectTrainingForm,
    TrainingForm,
)
from outreach.volunteers.models import VisitTopic, Volunteer

HERS = gettext_lazy("本人会看到这句话，至少四个字。")


class ProofFilter(admin.SimpleListFilter):
    """Who may go, and who may not for want of what."""

    title = gettext_lazy("能否上门")
    parameter_name = "proof"

    def lookups(self, request, model_admin):
        """Offer what the queue and the figures count."""
        return [
            ("ready", _("今天可以上门")),
            ("due", _("培训或审查要办")),
            ("lacking", _("缺培训或审查")),
            ("soon", _("三十天内到期")),
            ("paused", _("暂停中")),
        ]

    def queryset(self, request, queryset):
        """Keep them."""
        today = timezone.localdate()
        rows = queryset.model.objects
        found = {
            "ready": lambda: rows.ready(today),
            "lacking": lambda: rows.unproven(today),
            "soon": lambda: rows.running_out(today),
            "paused": lambda: rows.paused(today),
        }
        if self.value() == "due":
            both = rows.unproven(today).values("pk").union(rows.running_out(today).values("pk"))
            return queryset.filter(pk__in=both)
        if self.value() not in found:
            return queryset
        return queryset.filter(pk__in=found[self.value()]().values("pk"))


class TopicFilter(admin.SimpleListFilter):
    """Who may go today and brings something."""

    title = gettext_lazy("可以带去的内容")
    parameter_name = "topic"

    def lookups(self, request, model_admin):
        """Offer each."""
        return VisitTopic.choices

    def queryset(self, request, queryset):
        """Keep those who may go."""
        if self.value() not in VisitTopic.values:
            return queryset
        ready = queryset.model.objects.ready(timezone.localdate())
        return queryset.filter(topics__contains=[self.value()], pk__in=ready.values("pk"))


def _proofs(rows, words):
    """Return trainings or checks as lines, the newest first."""
    lines = [(_proof_words(row, words(row)),) for row in rows]
    return format_html_join("", "<div>{}</div>", lines)


def _proof_words(row, what):
    said = [day_text(row.done_on), what]
    if row.is_taken_back:
        said.append(_("已撤销"))
    else:
        said.append(_("有效到 %(day)s") % {"day": day_text(row.good_until)})
    if row.by:
        said.append(row.by.full_name)
    if row.reason:
        said.append(_("更正：%(reason)s") % {"reason": row.reason})
    return " · ".join(filter(None, said))


def _may(rule=lambda row: None):
    return lambda row, by: rules.why_not_manage(row, by) or rule(row)


def _goes(row):
    """Say whether she may go today."""
    if not row.is_active:
        return "", "—"
    if no := rules.why_not_go(row, timezone.localdate()):
        return "no", str(no)
    return "yes", _("可以上门")


@admin.register(Volunteer)
class VolunteerAdmin(SweptAdmin, ExportsList, OffersByRule, ReadOnly, StaffAdmin):
    """The volunteers a member of staff looks after."""

    view_on_site = False
    list_display = ("talent", "topics_shown", "stages_shown", "state_shown", "goes", "proven_until")
    more_columns = ("most_a_term", "trained_until", "cleared_until", "applied_at")
    list_filter = ("state", ProofFilter, TopicFilter, SetAsideFilter)
    list_select_related = ("talent",)
    search_fields = ("talent__full_name__startswith", "talent__code")
    search_help_text = gettext_lazy("按姓名或人才编号查找")
    ordering = ("-id",)
    empty_words = gettext_lazy(
        "还没有人报名。女性科技人才在“我的 → 志愿服务队”里报名后，会出现在这里。"
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("talent", "state"),
                    "goes",
                    "topics_shown",
                    "stages_shown",
                    ("days_shown", "most_a_term"),
                    "areas_shown",
                    ("paused_on", "paused_until"),
                )
            },
        ),
        (gettext_lazy("上岗培训"), {"fields": ("trainings_shown",)}),
        (gettext_lazy("从业审查"), {"fields": ("clearances_shown",)}),
        (
            gettext_lazy("办理"),
            {"fields": (("applied_at", "left_at"), ("decided_by", "decided_at"), "reason")},
        ),
    )
    readonly_fields = (
        "goes",
        "topics_shown",
        "stages_shown",
        "days_shown",
        "areas_shown",
        "trainings_shown",
        "clearances_shown",
    )
    argument = "volunteer"
    actions = ("try_again",)
    again = staticmethod(operations.retry_volunteer)
    actions_detail = (
        "accept",
        "refuse",
        "enter_training",
        "enter_clearance",
        "correct_training",
        "correct_clearance",
        "reopen",
    )
    rules_of_actions = {
        "accept": _may(rules.why_not_decide),
        "refuse": _may(rules.why_not_decide),
        "reopen": _may(rules.why_not_reopen),
        "enter_training": _may(rules.why_not_enter),
        "enter_clearance": _may(rules.why_not_enter),
        "correct_training": _may(lambda row: rules.why_not_correct(row.trainings.first())),
        "correct_clearance": _may(lambda row: rules.why_not_correct(row.clearances.first())),
    }
    has_keep_permission = has_again_permission = has_perm(rules.CHANGE)
    has_export_permission = has_perm(rules.EXPORT)
    export_operation = staticmethod(operations.export_volunteers)
    export_sheet, export_name = staticmethod(sheet.made), "volunteers.xlsx"

    topics_shown = column(gettext_lazy("可以带去的内容"), lambda row: listed(row.topic_names))
    stages_shown = column(gettext_lazy("面向学段"), lambda row: listed(row.stage_names))
    days_shown = column(gettext_lazy("方便的日子"), lambda row: listed(row.day_names))
    areas_shown = column(gettext_lazy("愿意去的片区"), lambda row: listed(row.area_names))
    trainings_shown = column(
        gettext_lazy("登记"),
        lambda row: _proofs(row.trainings.select_related("by"), lambda one: one.title),
    )
    clearances_shown = column(
        gettext_lazy("登记"),
        lambda row: _proofs(row.clearances.select_related("by"), lambda one: ""),
    )
    state_shown = state_column(
        {"draft": "", "applied": "warning", "active": "success", "refused": "", "left": ""}
    )
    goes = state_column(
        {"yes": "success", "no": "warning"}, words=_goes, title=gettext_lazy("能否上门")
    )

    def facts_of(self, row):
        """Say who, and what she brings."""
        return [
            (_("姓名"), row.talent.full_name),
            (_("可以带去的内容"), listed(row.topic_names)),
            (_("面向学段"), listed(row.stage_names)),
        ]

    def list_links(self, request, changelist):
        """Lead to the figures."""
        links = super().list_links(request, changelist)
        return [*links, (_("志愿服务队数据"), reverse("admin:outreach_volunteer_figures"), "")]

    def get_urls(self):
        """Add the page of figures."""
        view = self.admin_site.admin_view(self.figures)
        return [path("figures/", view, name="outreach_volunteer_figures"), *super().get_urls()]

    def figures(self, request):
        """Show the figures as of today."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        day = timezone.localdate()
        return self.page(
            request,
            "kernel/admin/figures.html",
            title=_("志愿服务队数据"),
            day=day,
            parts=[figures.part(request.user, day)],
            back=self.address("changelist"),
        )

    @action(description=gettext_lazy("确认入队"), url_path="accept", permissions=["keep"])
    def accept(self, request, object_id):
        """Ask, then take her in."""
        return self._page(
            request,
            object_id,
            "accept",
            title=_("确认入队"),
            submit=_("确认"),
            outcome=_("本人会收到通知。上岗培训和从业审查登记齐全以后，才会安排上门。"),
            operation=operations.accept_volunteer,
            done=_("已确认，已通知本人。"),
        )

    @action(description=gettext_lazy("不采用"), url_path="refuse", permissions=["keep"])
    def refuse(self, request, object_id):
        """Ask why, then say no."""
        return self._page(
            request,
            object_id,
            "refuse",
            title=_("不采用这份报名"),
            submit=_("不采用"),
            form_class=reason_form(HERS),
            outcome=_("本人会收到通知，可以修改后再报名。"),
            operation=operations.refuse_volunteer,
            done=_("已办理，已通知本人。"),
        )

    @action(description=gettext_lazy("撤回办理结果"), url_path="reopen", permissions=["keep"])
    def reopen(self, request, object_id):
        """Ask why, then let her application wait again."""
        return self._page(
            request,
            object_id,
            "reopen",
            title=_("撤回办理结果"),
            submit=_("撤回"),
            danger=True,
            form_class=reason_form(HERS),
            outcome=_("报名回到待确认，本人会收到通知；这期间不会安排她上门。"),
            operation=operations.reopen_volunteer,
            done=_("已撤回，已通知本人。"),
        )

    @action(description=gettext_lazy("登记培训"), url_path="training", permissions=["keep"])
    def enter_training(self, request, object_id):
        """Ask which training, when, until when."""
        return self._page(
            request,
            object_id,
            "enter_training",
            title=_("登记上岗培训"),
            submit=_("登记"),
            form_class=TrainingForm,
            operation=operations.enter_training,
            done=_("已登记。"),
        )

    @action(description=gettext_lazy("登记审查"), url_path="clearance", permissions=["keep"])
    def enter_clearance(self, request, object_id):
        """Ask when she was checked, until when it holds."""
        return self._page(
            request,
            object_id,
            "enter_clearance",
            title=_("登记从业审查"),
            submit=_("登记"),
            form_class=ClearanceForm,
            outcome=_("只记谁在哪天审查、有效到哪天；审查的内容不写在门户里。"),
            operation=operations.enter_clearance,
            done=_("已登记。"),
        )

    @action(description=gettext_lazy("更正培训"), url_path="training-fix", permissions=["keep"])
    def correct_training(self, request, object_id):
        """Ask what is right of the newest training."""
        newest = self.get_or_404(request, object_id).trainings.first()
        initial = _initial(newest) | {"title": newest.title if newest else ""}
        return self._page(
            request,
            object_id,
            "correct_training",
            title=_("更正最近一次培训"),
            submit=_("保存更正"),
            form_class=partial(CorrectTrainingForm, initial=initial),
            outcome=_("原来的记录保留，注明已更正。"),
            operation=operations.correct_training,
            done=_("已更正。"),
        )

    @action(description=gettext_lazy("更正审查"), url_path="clearance-fix", permissions=["keep"])
    def correct_clearance(self, request, object_id):
        """Ask what is right of the newest check."""
        newest = self.get_or_404(request, object_id).clearances.first()
        return self._page(
            request,
            object_id,
            "correct_clearance",
            title=_("更正最近一次审查"),
            submit=_("保存更正"),
            form_class=partial(CorrectClearanceForm, initial=_initial(newest)),
            outcome=_("原来的记录保留，注明已更正。"),
            operation=operations.correct_clearance,
            done=_("已更正。"),
        )


def _initial(proof):
    return {"done_on": proof.done_on, "good_until": proof.good_until} if proof else {}
