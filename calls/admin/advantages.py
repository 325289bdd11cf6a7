"""Advantages in the admin: registered, ended early, put back, listed for export."""

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from calls import advantages_rules as rules
from calls import advantages_sheet, operations
from calls.advantages import EXPORT, RUN
from calls.models import Advantage
from kernel.admin.base import has_perm
from kernel.admin.export import ExportsList
from kernel.admin.forms import OperationAdmin, OperationForm, reason_form
from kernel.admin.lists import OneChoiceFilter, column, state_column
from kernel.admin.offered import OffersByRule
from kernel.words import day_text
from talents.models import Talent

COLOURS = {"holding": "success", "coming": "info", "ended": "warning"}
EndForm = reason_form(gettext_lazy("记入办理记录，至少四个字"))
WRITTEN = ("kind", "words", "words_en", "measure", "unit", "first_day", "last_day", "source")


class AdvantageForm(OperationForm):
    """An advantage as it is registered by hand; a person is found by the number of her record."""

    talent_code = forms.CharField(
        label=gettext_lazy("人才编号"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("优先的是个人时填写，在“人才库”里查；是单位的留空"),
        widget=UnfoldAdminTextInputWidget({"autocomplete": "off"}),
    )

    class Meta:
        model = Advantage
        fields = WRITTEN

    def clean_talent_code(self):
        """Return the record, None for none; it has to be one she may look after."""
        code = self.cleaned_data["talent_code"].strip()
        if not code:
            return None
        found = Talent.objects.visible_to(self.by).filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_("没有这个人才编号，请在“人才库”里核对。"))
        return found

    def operate(self, stored, *, by, now, talent_code=None, **values):
        """Register it."""
        return operations.register_advantage(talent=talent_code, by=by, now=now, **values)


class HoldingFilter(OneChoiceFilter):
    """Those that hold today."""

    title = gettext_lazy("今天")
    parameter_name = "today"
    choice = ("holding", gettext_lazy("有效"))

    def narrow(self, queryset):
        """Keep what holds today."""
        return queryset.holding(timezone.localdate())


class KindOfHolderFilter(admin.SimpleListFilter):
    """Units, or persons."""

    title = gettext_lazy("谁有")
    parameter_name = "of"

    def lookups(self, request, model_admin):
        """Offer both."""
        return [("unit", _("单位")), ("person", _("人才"))]

    def queryset(self, request, queryset):
        """Keep one kind."""
        kept = {"unit": {"unit__isnull": False}, "person": {"talent__isnull": False}}
        return queryset.filter(**kept.get(self.value(), {}))


def _may(rule):
    return lambda row, by: rules.why_not_run(row, by) or rule(row)


@admin.register(Advantage)
class AdvantageAdmin(ExportsList, OffersByRule, OperationAdmin):
    """Who is preferred, for what, until when."""

    form = AdvantageForm
    view_on_site = False
    list_display = ("holder_shown", "words", "state_shown", "first_day", "last_day", "source")
    more_columns = ("measure", "kind", "department")
    list_filter = (HoldingFilter, KindOfHolderFilter, "measure")
    list_select_related = ("unit", "talent", "department")
    search_fields = ("unit__name", "unit__short_name", "words", "source", "kind")
    search_help_text = gettext_lazy("按单位、原因、依据或种类代码查找")
    autocomplete_fields = ("unit",)
    ordering = ("-id",)
    add_words = gettext_lazy("登记优先条件")
    empty_words = gettext_lazy("还没有登记优先条件。到期自动失效，不用处理。")
    readonly_fields = ("holder_shown", "state_words")
    add_fieldsets = (
        (None, {"fields": ("unit", "talent_code", "words", "words_en", ("measure", "kind"))}),
        (gettext_lazy("时间和依据"), {"fields": (("first_day", "last_day"), "source")}),
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("holder_shown", "state_words"),
                    "words",
                    "words_en",
                    ("measure", "kind"),
                    ("first_day", "last_day"),
                    "source",
                )
            },
        ),
        (
            gettext_lazy("登记"),
            {"fields": (("department", "granted_by"), "granted_at")},
        ),
        (
            gettext_lazy("提前结束"),
            {"fields": (("ended_at", "planned_last_day"), "end_reason")},
        ),
    )
    actions_detail = ("end", "undo_end")
    argument = "advantage"
    rules_of_actions = {
        "end": _may(lambda row: rules.why_not_end(row, timezone.now())),
        "undo_end": _may(rules.why_not_undo_end),
    }

    has_run_permission = has_perm(RUN)
    has_export_permission = has_perm(EXPORT)
    export_operation = staticmethod(operations.export_advantages)
    export_sheet, export_name = staticmethod(advantages_sheet.made), "advantages.xlsx"
    holder_shown = column(gettext_lazy("谁有"), "holder")
    state_shown = state_column(COLOURS)
    state_words = column(gettext_lazy("状态"), lambda row: row.get_state_display())

    def has_change_permission(self, request, obj=None):
        """What is registered does not change: it is ended, and another one registered."""
        return False

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def get_changeform_initial_data(self, request):
        """Begin with today."""
        return {"first_day": timezone.localdate()} | super().get_changeform_initial_data(request)

    # --- what is done with one ---
    def facts_of(self, row):
        """Say who has it, why and when."""
        return [
            (_("谁有"), row.holder),
            (_("因为什么优先"), row.label),
            (_("从哪天起"), day_text(row.first_day)),
            (_("到哪天止"), day_text(row.planned_last_day or row.last_day)),
        ]

    @action(description=gettext_lazy("提前结束"), url_path="end", permissions=["run"])
    def end(self, request, object_id):
        """Ask why, then end it."""
        return self._page(
            request,
            object_id,
            "end",
            title=_("提前结束优先条件"),
            submit=_("结束"),
            danger=True,
            form_class=EndForm,
            outcome=_("从今天起不再有效；截止日在今天以前的申报不受影响。结束错了可以恢复。"),
            operation=operations.end_advantage,
            done=_("已结束。"),
        )

    @action(description=gettext_lazy("恢复"), url_path="undo-end", permissions=["run"])
    def undo_end(self, request, object_id):
        """Ask once more, then let it hold again."""
        return self._page(
            request,
            object_id,
            "undo_end",
            title=_("恢复优先条件"),
            submit=_("恢复"),
            outcome=_("恢复到原定的结束日期。"),
            operation=operations.undo_end_advantage,
            done=_("已恢复。"),
        )
