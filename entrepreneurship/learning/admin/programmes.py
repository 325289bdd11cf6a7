"""Programmes and their modules in the admin."""

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelect2MultipleWidget

from calls.models import Call
from entrepreneurship.learning import operations, rules
from entrepreneurship.learning.models import Programme, ProgrammeModule
from entrepreneurship.learning.progress import plan
from events import minutes
from events.models import Event, Series
from kernel.admin.base import has_perm
from kernel.admin.forms import OperationAdmin, OperationForm, reason_form
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule
from kernel.words import span_text

CHANGE = "entrepreneurship.change_programme"
MODULE = ("theme", "name", "minutes_required")


class ProgrammeForm(OperationForm):
    """A programme as staff plan it."""

    class Meta:
        model = Programme
        fields = operations.DESCRIBED

    def operate(self, stored, *, by, now, **cleaned):
        """Plan one, or change what differs from what was shown."""
        if stored is None:
            return operations.add_programme(fields=cleaned, by=by, now=now)
        changes = {name: cleaned[name] for name in self.changed_data if name in cleaned}
        return operations.edit_programme(programme=stored, changes=changes, by=by, now=now)


class EventsField(forms.ModelMultipleChoiceField):
    """Chooses the events of a module."""

    def label_from_instance(self, obj):
        """Return an event's title with its time."""
        return f"{obj.title}（{span_text(obj.starts_at, obj.ends_at)}）"


class ModuleForm(OperationForm):
    """A module as staff write it."""

    events = EventsField(
        label=gettext_lazy("课程"),
        queryset=Event.objects.none(),
        required=False,
        help_text=gettext_lazy(
            "先在本项目的系列里新建“创业培训”活动，再在这里选；一课只属于一个模块"
        ),
        widget=UnfoldAdminSelect2MultipleWidget,
    )

    class Meta:
        model = ProgrammeModule
        fields = ("programme", *MODULE)

    def __init__(self, *args, instance=None, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        programmes = Programme.objects.visible_to(self.by)
        if self.instance.pk:
            programmes = programmes.filter(pk=self.instance.programme_id)
            self.initial["events"] = list(self.instance.taught.values_list("event", flat=True))
        taught = Event.objects.filter(kind__in=minutes.TAUGHT, series__programme__in=programmes)
        self.fields["events"].queryset = taught.exclude(state="cancelled").order_by("starts_at")

    def operate(self, stored, *, by, now, programme=None, events=(), **cleaned):
        """Add one, or write what it is now."""
        if stored is None:
            return operations.add_module(
                programme=programme, fields=cleaned, events=events, by=by, now=now
            )
        return operations.edit_module(module=stored, changes=cleaned, events=events, by=by, now=now)


def _participants(row):
    """Return the link to who takes part."""
    where = (
        f"{reverse('admin:entrepreneurship_enrolment_changelist')}?programme__id__exact={row.pk}"
    )
    words = ngettext("%(n)s 人", "%(n)s 人", row.people) % {"n": row.people}
    return format_html('<a class="portal-link" href="{}">{}</a>', where, words)


def _modules(row):
    """Return the link to its modules."""
    where = reverse("admin:entrepreneurship_programmemodule_changelist")
    words = _("查看和添加模块")
    return format_html(
        '<a class="portal-link" href="{}?programme__id__exact={}">{}</a>', where, row.pk, words
    )


def _planned(row):
    """Say how many minutes are planned."""
    found = plan(row)
    said = {"events": len(found.events), "minutes": found.planned()}
    return _("%(events)s 课，共 %(minutes)s 分钟") % said


def _may(rule):
    return lambda row, by: rules.why_not_manage_programme(row, by) or rule(row)


@admin.register(Programme)
class ProgrammeAdmin(OffersByRule, OperationAdmin):
    """The programmes a department gives."""

    form = ProgrammeForm
    editable = operations.DESCRIBED
    list_display = ("name", "series", "state_shown", "minutes_required", "people", "looked_at")
    list_filter = ("state",)
    list_select_related = ("series__department",)
    search_fields = ("name",)
    search_help_text = gettext_lazy("按培训名称查找")
    ordering = ("-id",)
    argument = "programme"
    add_words = gettext_lazy("新建培训项目")
    empty_words = gettext_lazy(
        "还没有培训项目。先建一个活动系列，把课程作为“创业培训”活动放进去，再在这里定学时要求。"
    )
    readonly_fields = ("people", "modules_shown", "planned")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "name_en"),
                    ("series", "minutes_required"),
                    "description",
                    "call",
                )
            },
        ),
        (
            gettext_lazy("进展"),
            {
                "fields": (
                    ("state", "planned"),
                    ("modules_shown", "people"),
                    ("opened_at", "closed_at"),
                    "looked_at",
                )
            },
        ),
    )
    add_fieldsets = fieldsets[:1]
    actions_detail = ("open_it", "close_it", "reopen", "recount")
    rules_of_actions = {
        "open_it": _may(lambda row: rules.why_not_open_programme(plan(row))),
        "close_it": _may(lambda row: rules.why_not_close(plan(row))),
        "reopen": _may(rules.why_not_reopen),
        "recount": _may(lambda row: None),
    }
    has_run_permission = has_perm(CHANGE)

    state_shown = state_column({"draft": "", "open": "success", "closed": "info"})
    people = column(pgettext_lazy("many", "学员"), _participants)
    modules_shown = column(pgettext_lazy("many", "模块"), _modules)
    planned = column(gettext_lazy("已排课程"), _planned)

    def get_queryset(self, request):
        """Count who takes part."""
        standing = Count("enrolments", filter=~Q(enrolments__state="left"))
        return super().get_queryset(request).annotate(people=standing)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer the series and calls she looks after."""
        if db_field.name == "series":
            kwargs["queryset"] = Series.objects.visible_to(request.user).order_by("name", "pk")
        if db_field.name == "call":
            kwargs["queryset"] = Call.objects.visible_to(request.user).order_by("-pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_view_on_site_url(self, obj=None):
        """A draft has no page."""
        return obj.get_absolute_url() if obj and obj.opened_at else None

    def facts_of(self, row):
        """Say which it is, and what stands planned."""
        return [
            (_("培训名称"), row.name),
            (_("结业要求（分钟）"), row.minutes_required),
            (_("已排课程"), _planned(row)),
        ]

    @action(description=gettext_lazy("开放报名"), url_path="open", permissions=["run"])
    def open_it(self, request, object_id):
        """Ask, then let women take part."""
        return self._page(
            request,
            object_id,
            "open_it",
            title=_("开放培训项目"),
            submit=_("开放"),
            outcome=_("入库人才可以看到并加入；每课仍按活动报名、签到和签退。"),
            operation=operations.open_programme,
            done=_("已开放。"),
        )

    @action(description=gettext_lazy("结业"), url_path="close", permissions=["run"])
    def close_it(self, request, object_id):
        """Say what follows, then conclude it."""
        return self._page(
            request,
            object_id,
            "close_it",
            title=_("培训结业"),
            submit=_("结业"),
            outcome=_(
                "达到要求的学员得到结业证书，其他学满 1 学时的得到学习证明，并通知本人。以后更正了签到记录，证书自动换发或失效。"
            ),
            operation=operations.close_programme,
            done=_("已结业，证书已签发。"),
        )

    @action(description=gettext_lazy("撤回结业"), url_path="reopen", permissions=["run"])
    def reopen(self, request, object_id):
        """Ask why, then let it run again."""
        return self._page(
            request,
            object_id,
            "reopen",
            title=_("撤回结业"),
            submit=_("撤回结业"),
            form_class=reason_form(gettext_lazy("记入历史，至少四个字。")),
            outcome=_(
                "项目重新进行，可以加课、改要求；已签发的证书仍有效，再次结业时按新的记录核对。"
            ),
            operation=operations.reopen_programme,
            done=_("已撤回结业。"),
        )

    @action(description=gettext_lazy("重新核算"), url_path="recount", permissions=["run"])
    def recount(self, request, object_id):
        """Ask, then count at once."""
        return self._page(
            request,
            object_id,
            "recount",
            title=_("重新核算学时"),
            submit=_("重新核算"),
            outcome=_(
                "按现在的签到记录核算每人的分钟数、进度和证书。系统每十分钟也会自动核算一次。"
            ),
            operation=operations.recount,
            done=lambda changed: (
                ngettext("已核算，%(n)s 处有变化。", "已核算，%(n)s 处有变化。", changed)
                % {"n": changed}
            ),
        )


@admin.register(ProgrammeModule)
class ProgrammeModuleAdmin(OffersByRule, OperationAdmin):
    """The modules of programmes."""

    form = ModuleForm
    editable = MODULE
    list_display = ("name", "theme", "programme", "minutes_required", "taught_shown")
    list_filter = ("theme", ("programme", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("programme",)
    search_fields = ("name",)
    search_help_text = gettext_lazy("按模块名称查找")
    ordering = ("programme", "id")
    argument = "module"
    add_words = gettext_lazy("添加模块")
    empty_words = gettext_lazy("还没有模块。模块把课程按主题归类，可以各有学时要求。")
    fieldsets = (
        (None, {"fields": ("programme", ("theme", "name"), "minutes_required", "events")}),
    )
    add_fieldsets = fieldsets
    actions_detail = ("drop",)
    rules_of_actions = {
        "drop": lambda row, by: rules.why_not_change_modules(row.programme, by),
    }
    has_drop_permission = has_perm("entrepreneurship.change_programmemodule")
    taught_shown = column(gettext_lazy("课程"), lambda row: row.taught_count)

    def get_queryset(self, request):
        """Count the events of each."""
        rows = super().get_queryset(request).select_related("programme__series")
        return rows.annotate(taught_count=Count("taught"))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer the programmes she looks after."""
        if db_field.name == "programme":
            rows = Programme.objects.visible_to(request.user).exclude(state="closed")
            kwargs["queryset"] = rows.order_by("-pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def facts_of(self, row):
        """Say which it is."""
        return [(_("培训项目"), row.programme.name), (_("模块名称"), row.name)]

    @action(description=gettext_lazy("删除模块"), url_path="drop", permissions=["drop"])
    def drop(self, request, object_id):
        """Ask, then take it off."""
        return self._page(
            request,
            object_id,
            "drop",
            title=_("删除模块"),
            submit=_("删除"),
            danger=True,
            outcome=_("课程不受影响，仍计入总时长。"),
            operation=operations.drop_module,
            back=self.address("changelist"),
            done=_("已删除。"),
        )
