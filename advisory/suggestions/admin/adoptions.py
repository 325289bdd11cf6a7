"""Adoptions, their effect and what authors say to both, in the admin."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action

from advisory.figures import LeadsToFigures
from advisory.suggestions import operations, sheet
from advisory.suggestions.admin import shown
from advisory.suggestions.admin.forms import ContestForm, EffectForm, WithdrawForm
from advisory.suggestions.admin.proofs import ProofPages
from advisory.suggestions.models import Adoption, Contest, EffectReport
from advisory.suggestions.rules import effects, who
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.export import ExportsList
from kernel.admin.lists import OneChoiceFilter, column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.words import day_text

COLOURS = {"entered": "danger", "confirmed": "success", "withdrawn": "warning"}
OUTCOMES = {"": "danger", "stands": "info", "put_right": "success"}


def _coordinates(rule):
    return lambda row, by: who.why_not_coordinate(row.suggestion.campaign, by) or rule(row, by)


def _proofs(row):
    where = reverse("admin:advisory_adoption_proofs", args=[row.pk])
    count = row.proofs.count()
    words = ngettext("%(n)s 份", "%(n)s 份", count) % {"n": count}
    return format_html('<a class="portal-link" href="{}">{}</a>', where, words)


@admin.register(Adoption)
class AdoptionAdmin(LeadsToFigures, ProofPages, OffersByRule, ExportsList, ReadOnly, StaffAdmin):
    """What took suggestions up."""

    has_history = False  # the suggestion's has it
    list_display = ("what", "subject", "kind", "state_shown", "on", "entered_at")
    more_columns = ("confirmed_at", "entered_by", "confirmed_by")
    list_filter = ("state", "kind")
    list_select_related = ("suggestion__campaign", "entered_by", "confirmed_by")
    search_fields = ("suggestion__code", "what")
    search_help_text = gettext_lazy("按建言编号或采纳到哪里查找")
    ordering = ("-id",)
    view_on_site = False
    empty_words = gettext_lazy("还没有采纳。写进文件、列入预算、立项以后，在建言页点“登记采纳”。")
    readonly_fields = (
        "subject",
        "suggestion_shown",
        "proofs_shown",
        "effects_shown",
        "contests_shown",
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "suggestion_shown",
                    ("kind", "state"),
                    ("what", "on"),
                    "link",
                    "proofs_shown",
                    ("entered_by", "entered_at"),
                    "confirmed_by",
                    "confirmed_at",
                    "withdrawn_at",
                    "withdraw_reason",
                )
            },
        ),
        (gettext_lazy("成效"), {"fields": ("effects_shown", "contests_shown")}),
    )
    actions_detail = ("confirm", "withdraw")
    argument = "adoption"
    rules_of_actions = {
        "confirm": _coordinates(effects.why_not_confirm),
        "withdraw": _coordinates(lambda row, by: effects.why_not_withdraw(row)),
    }
    has_run_permission = has_export_permission = has_perm(who.RUN)
    export_operation = staticmethod(operations.export_adoptions)
    export_sheet = staticmethod(sheet.adoption_list)

    state_shown = state_column(COLOURS, ordering="state")
    subject = column(gettext_lazy("建言"), lambda row: shown.called(row.suggestion)[:30])
    suggestion_shown = column(gettext_lazy("建言"), lambda row: shown.suggestion(row.suggestion))
    proofs_shown = column(gettext_lazy("证明文件"), _proofs)
    effects_shown = column(gettext_lazy("成效报告"), shown.effects)
    contests_shown = column(gettext_lazy("本人的异议"), shown.contests)

    @property
    def export_name(self):
        """Return the file's name."""
        return f"{_('建言采纳')}.xlsx"

    def facts_of(self, row):
        """Say what took up what."""
        known = [(_("证明网址"), row.link)]
        return [
            (_("建言"), shown.called(row.suggestion)),
            (_("采纳方式"), row.get_kind_display()),
            (_("采纳到哪里"), row.what),
            (_("采纳日期"), day_text(row.on)),
            *(fact for fact in known if fact[1]),
        ]

    @action(description=gettext_lazy("核实"), url_path="confirm", permissions=["run"])
    def confirm(self, request, object_id):
        """Stand for it as a second person."""
        return self._page(
            request,
            object_id,
            "confirm",
            title=_("核实采纳"),
            submit=_("核实"),
            outcome=_("请对照证明核实。提出人会收到通知和积分；6 个月和 12 个月后报告成效。"),
            operation=operations.confirm_adoption,
            done=_("已核实，已通知提出人。"),
        )

    @action(description=gettext_lazy("撤销采纳"), url_path="withdraw", permissions=["run"])
    def withdraw(self, request, object_id):
        """Say that it is not so."""
        return self._page(
            request,
            object_id,
            "withdraw",
            title=_("撤销采纳"),
            submit=_("撤销采纳"),
            danger=True,
            form_class=WithdrawForm,
            outcome=_("登记错了或没有落实的才撤销。要更正，撤销后重新登记。"),
            operation=operations.withdraw_adoption,
            done=_("已撤销。"),
        )


# --- effects --------------------------------------------------------------------------------------
class EffectDueFilter(OneChoiceFilter):
    """What was not told in time."""

    title = gettext_lazy("到期情况")
    parameter_name = "due"
    choice = ("overdue", gettext_lazy("超期未报告"))

    def narrow(self, queryset):
        """Keep them."""
        return queryset.overdue(timezone.localdate())


class EffectToldFilter(admin.SimpleListFilter):
    """What was told, and what of it is proven."""

    title = gettext_lazy("成效")
    parameter_name = "told"

    def lookups(self, request, model_admin):
        """Offer each."""
        return [
            ("proven", _("有可核实的成效")),
            ("none", _("还没有成效")),
            ("waiting", _("待报告")),
        ]

    def queryset(self, request, queryset):
        """Keep what was chosen."""
        if self.value() == "waiting":
            return queryset.waiting()
        if self.value() in ("proven", "none"):
            return queryset.told().filter(proven=self.value() == "proven")
        return queryset


@admin.register(EffectReport)
class EffectReportAdmin(LeadsToFigures, SweptAdmin, OffersByRule, ReadOnly, StaffAdmin):
    """What adoptions brought about, half a year and a year later."""

    has_history = False  # the suggestion's has it
    list_display = ("what", "months", "due_on", "told_at", "proven")
    list_filter = (EffectDueFilter, EffectToldFilter, SetAsideFilter)
    list_select_related = ("adoption__suggestion__campaign",)
    search_fields = ("adoption__suggestion__code", "adoption__what")
    search_help_text = gettext_lazy("按建言编号或采纳到哪里查找")
    ordering = ("due_on", "pk")
    view_on_site = False
    empty_words = gettext_lazy("还没有成效报告。采纳核实以后，6 个月和 12 个月各报告一次。")
    readonly_fields = ("what", "adoption_shown")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "adoption_shown",
                    ("months", "due_on"),
                    "words",
                    "proven",
                    "told_at",
                    "told_by",
                )
            },
        ),
    )
    actions = ("try_again",)
    again = staticmethod(operations.retry_effect)
    actions_detail = ("report",)
    argument = "effect"
    rules_of_actions = {
        "report": lambda row, by: (
            who.why_not_lead_or_coordinate(row.adoption.suggestion, by) or effects.why_not_told(row)
        )
    }
    has_run_permission = has_again_permission = has_perm(who.RUN)

    what = column(gettext_lazy("采纳到哪里"), lambda row: row.adoption.what)
    adoption_shown = column(
        gettext_lazy("采纳"),
        lambda row: shown.linked("adoption", row.adoption, shown.adoption_words(row.adoption)),
    )

    def facts_of(self, row):
        """Say of what."""
        return [
            (_("建言"), shown.called(row.adoption.suggestion)),
            (_("采纳到哪里"), row.adoption.what),
            (_("到期日"), day_text(row.due_on)),
        ]

    @action(description=gettext_lazy("报告成效"), url_path="report", permissions=["run"])
    def report(self, request, object_id):
        """Tell what it brought about."""
        return self._page(
            request,
            object_id,
            "report",
            title=_("报告成效"),
            submit=_("报告"),
            form_class=EffectForm,
            outcome=_("提出人会收到通知，可以提出异议；公开的建言，成效也公开。"),
            operation=operations.report_effect,
            done=_("已报告，已通知提出人。"),
        )


# --- contests -------------------------------------------------------------------------------------
class UndecidedFilter(OneChoiceFilter):
    """What nobody has decided."""

    title = gettext_lazy("处理结果")
    parameter_name = "decided"
    choice = ("no", gettext_lazy("待处理"))

    def narrow(self, queryset):
        """Keep them."""
        return queryset.waiting()


@admin.register(Contest)
class ContestAdmin(OffersByRule, ReadOnly, StaffAdmin):
    """What authors say is not so."""

    has_history = False  # the suggestion's has it
    list_display = ("what", "about", "outcome_shown", "at")
    list_filter = (UndecidedFilter, "outcome")
    list_select_related = ("adoption__suggestion__campaign", "effect")
    ordering = ("-id",)
    view_on_site = False
    empty_words = gettext_lazy("还没有异议。提出人对采纳或成效有不同意见时，在自己的页面提出。")
    readonly_fields = ("what", "about", "outcome_shown", "adoption_shown")
    fieldsets = (
        (None, {"fields": ("adoption_shown", ("about", "at"), "words")}),
        (
            gettext_lazy("处理"),
            {"fields": ("outcome_shown", "decision", "decided_at", "decided_by")},
        ),
    )
    actions_detail = ("decide",)
    argument = "contest"
    rules_of_actions = {
        "decide": lambda row, by: (
            who.why_not_coordinate(row.adoption.suggestion.campaign, by)
            or effects.why_decided(row)
            or who.why_not_oneself(row.adoption.suggestion, by)
        )
    }
    has_run_permission = has_perm(who.RUN)

    what = column(gettext_lazy("采纳到哪里"), lambda row: row.adoption.what)
    about = column(gettext_lazy("对什么有异议"), shown.contested)
    adoption_shown = column(
        gettext_lazy("采纳"),
        lambda row: shown.linked("adoption", row.adoption, shown.adoption_words(row.adoption)),
    )
    outcome_shown = state_column(
        OUTCOMES,
        words=lambda row: (row.outcome, row.get_outcome_display() or _("待处理")),
        title=gettext_lazy("处理结果"),
    )

    def facts_of(self, row):
        """Say what is said not to be so, and why."""
        told = [(_("报告的成效"), row.effect.words)] if row.effect else []
        return [
            (_("采纳到哪里"), row.adoption.what),
            (_("对什么有异议"), shown.contested(row)),
            *told,
            (_("不同意见"), row.words or ""),
        ]

    @action(description=gettext_lazy("处理"), url_path="decide", permissions=["run"])
    def decide(self, request, object_id):
        """Say what comes of it."""
        return self._page(
            request,
            object_id,
            "decide",
            title=_("处理异议"),
            submit=_("处理"),
            form_class=ContestForm,
            outcome=_("她会收到通知。"),
            operation=operations.decide_contest,
            done=_("已处理，已通知她。"),
        )
