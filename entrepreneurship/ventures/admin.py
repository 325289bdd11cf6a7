"""Ventures in the admin: found, read as sentences, put right, told by phone, listed for export."""

from functools import partial

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from unfold.decorators import action

from entrepreneurship.figures.admin import FigurePages, SurvivalFilter
from entrepreneurship.ventures import operations, rules, sheet
from entrepreneurship.ventures.admin_forms import (
    CorrectCheckForm,
    CorrectForm,
    PhoneForm,
    StageForm,
    TakeBackForm,
)
from entrepreneurship.ventures.history import history
from entrepreneurship.ventures.models import Venture
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.export import ExportsList
from kernel.admin.lists import OneChoiceFilter, PeriodFilter, column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.errors import Conflict
from kernel.words import date_text, day_text, moment_text

CORRECT = "entrepreneurship.correct_venture"


class CheckFilter(OneChoiceFilter):
    """Those whose yearly question has no answer."""

    title = gettext_lazy("年度问询")
    parameter_name = "check"
    choice = ("overdue", gettext_lazy("还没有答复"))

    def narrow(self, queryset):
        """Keep what waits, or stayed unknown."""
        return queryset.overdue()


def _may(rule=lambda row: None):
    return lambda row, by: rules.why_not_correct(row, by) or rule(row)


def _why_no_next(venture):
    if rules.next_stages(venture):
        return None
    return Conflict("venture_closed", _("这个项目已关闭，没有下一阶段。"))


def _why_no_checkpoint(venture):
    if venture.checkpoints.standing().exists():
        return None
    return Conflict("no_checkpoint", _("还没有填过年度情况。"))


def _founders(venture):
    rows = venture.founders.standing().select_related("talent")
    lines = [(row, row.get_role_display(), rules.plain(row.share)) for row in rows]
    return format_html_join("", "<div>{} · {} · {}%</div>", lines)


def _told(venture):
    lines = [
        (sentence, moment_text(at) + (f" · {note}" if note else ""))
        for at, sentence, note in history(venture)
    ]
    return format_html_join("", "<div>{}<br><small>{}</small></div>", lines)


def _correct(*, venture, reason, by, now, **values):
    return operations.correct_venture(venture=venture, values=values, reason=reason, by=by, now=now)


def _phoned(*, venture, day, by, now, **values):
    return operations.answer_check(venture=venture, values=values, day=day, by=by, now=now)


def _put_right(*, venture, reason, by, now, **values):
    return operations.correct_checkpoint(
        checkpoint=venture.checkpoints.standing().first(),
        values=values,
        reason=reason,
        by=by,
        now=now,
    )


@admin.register(Venture)
class VentureAdmin(FigurePages, SweptAdmin, ExportsList, OffersByRule, ReadOnly, StaffAdmin):
    """The ventures of the women a department looks after."""

    list_display = ("name", "talent", "stage", "stage_on", "industry", "base", "next_check_on")
    more_columns = ("uscc", "registered_on", "department", "created_at")
    list_filter = (
        "stage",
        "industry",
        "base",
        CheckFilter,
        SurvivalFilter,
        ("registered_on", PeriodFilter),
        SetAsideFilter,
    )
    list_select_related = ("talent", "base", "department")
    search_fields = ("name", "code", "uscc", "talent__code")
    search_help_text = gettext_lazy("按名称、编号、统一社会信用代码或发起人的人才编号查找")
    ordering = ("-id",)
    view_on_site = False
    empty_words = gettext_lazy(
        "还没有创业项目。女性科技人才在“我的创业项目”里登记后，会出现在这里。"
    )
    readonly_fields = ("founders_shown", "told")
    actions = ("try_again",)
    actions_detail = ("correct", "stage_page", "stage_back", "phoned", "put_right")
    argument = "venture"
    again = staticmethod(operations.ask_again)
    rules_of_actions = {
        "correct": _may(),
        "stage_page": _may(_why_no_next),
        "stage_back": _may(rules.why_not_take_back),
        "phoned": _may(),
        "put_right": _may(_why_no_checkpoint),
    }
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "code"),
                    "summary",
                    ("industry", "base"),
                    ("talent", "department"),
                    "founders_shown",
                )
            },
        ),
        (
            gettext_lazy("阶段"),
            {"fields": (("stage", "stage_on"), ("uscc", "registered_on"), "next_check_on")},
        ),
        (gettext_lazy("经过"), {"fields": ("told",)}),
    )

    has_correct_permission = has_again_permission = has_perm(CORRECT)
    has_export_permission = has_perm("entrepreneurship.export_venture")
    export_operation = staticmethod(operations.export_ventures)
    export_sheet, export_name = staticmethod(sheet.made), "ventures.xlsx"
    founders_shown = column(gettext_lazy("创始人"), _founders)
    told = column(gettext_lazy("经过"), _told)

    def facts_of(self, row):
        """Say which it is."""
        return [
            (_("项目或企业名称"), row.name),
            (pgettext("venture", "发起人"), row.talent.full_name),
            (_("阶段"), f"{row.get_stage_display()}（{day_text(row.stage_on)}）"),
        ]

    @action(description=gettext_lazy("更正"), url_path="correct", permissions=["correct"])
    def correct(self, request, object_id):
        """Ask for what is right, and why."""
        row = self.get_or_404(request, object_id)
        initial = {name: getattr(row, name) for name in rules.TYPED}
        return self._page(
            request,
            object_id,
            "correct",
            title=_("更正创业项目"),
            submit=_("保存更正"),
            form_class=partial(CorrectForm, initial=initial),
            outcome=_("创始人会收到通知。"),
            operation=_correct,
            done=_("已更正，已通知创始人。"),
        )

    @action(description=gettext_lazy("登记阶段"), url_path="stage", permissions=["correct"])
    def stage_page(self, request, object_id):
        """Ask for the next stage."""
        row = self.get_or_404(request, object_id)
        return self._page(
            request,
            object_id,
            "stage_page",
            title=_("登记阶段"),
            submit=_("登记"),
            form_class=partial(StageForm, venture=row),
            outcome=_("历史里写明由工作人员登记。"),
            operation=operations.enter_stage,
            done=_("已登记。"),
        )

    @action(description=gettext_lazy("撤回上一步"), url_path="stage-back", permissions=["correct"])
    def stage_back(self, request, object_id):
        """Say what is taken back, ask why."""
        return self._page(
            request,
            object_id,
            "stage_back",
            title=_("撤回上一步"),
            submit=_("撤回"),
            form_class=TakeBackForm,
            outcome=_("项目回到上一阶段，历史里留下这次更正，创始人会收到通知。"),
            operation=operations.take_stage_back,
            done=_("已撤回，已通知创始人。"),
        )

    @action(description=gettext_lazy("登记电话告知"), url_path="phoned", permissions=["correct"])
    def phoned(self, request, object_id):
        """Take what was told by phone."""
        return self._page(
            request,
            object_id,
            "phoned",
            title=_("登记电话告知的年度情况"),
            submit=_("登记"),
            form_class=PhoneForm,
            outcome=_("来源写明是电话告知；等待答复的年度问询随即算作已答复。"),
            operation=_phoned,
            done=_("已登记。"),
        )

    @action(description=gettext_lazy("更正年度情况"), url_path="put-right", permissions=["correct"])
    def put_right(self, request, object_id):
        """Ask for what is right of the newest checkpoint."""
        row = self.get_or_404(request, object_id)
        last = row.checkpoints.standing().first()
        facts = [(_("更正的一次"), date_text(last.day, "day"))] if last else []
        return self._page(
            request,
            object_id,
            "put_right",
            title=_("更正年度情况"),
            submit=_("保存更正"),
            form_class=partial(CorrectCheckForm, checkpoint=last),
            outcome=_("原来的一次留在历史里。") + "".join(f" {value}" for _label, value in facts),
            operation=_put_right,
            done=_("已更正。"),
        )
