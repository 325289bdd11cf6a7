"""Who deals with what by when, in the admin: taken up, handed back, insisted on, extended; and the board of it by department."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from advisory.figures import LeadsToFigures
from advisory.suggestions import board, operations, sheet
from advisory.suggestions.admin import shown
from advisory.suggestions.admin.forms import (
    DecideExtensionForm,
    InsistForm,
    NotOursForm,
    OpinionForm,
    TakeBackForm,
    extension_form,
)
from advisory.suggestions.models import Assignment
from advisory.suggestions.rules import handling, who
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.export import ExportsList
from kernel.admin.lists import OneChoiceFilter, column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.words import day_text

COLOURS = {"waiting": "warning", "working": "info", "done": "success", "not_ours": "danger"}


class DueFilter(admin.SimpleListFilter):
    """What is due soon or overdue."""

    title = gettext_lazy("到期情况")
    parameter_name = "due"

    def lookups(self, request, model_admin):
        """Offer both."""
        return [("overdue", _("已超期")), ("soon", _("七天内到期"))]

    def queryset(self, request, queryset):
        """Keep what was chosen."""
        today = timezone.localdate()
        if self.value() == "overdue":
            return queryset.overdue(today)
        if self.value() == "soon":
            return queryset.due_soon(today, board.SOON)
        return queryset


class ExtensionFilter(OneChoiceFilter):
    """What an extension was asked for that nobody has decided."""

    title = gettext_lazy("延期")
    parameter_name = "extension"
    choice = ("waiting", gettext_lazy("待批复"))

    def narrow(self, queryset):
        """Keep them."""
        return queryset.open().filter(extension__state="waiting")


class BoardPage:
    """Adds the board to the admin of assignments, and the way to it. Stands first among the bases."""

    def list_links(self, request, changelist):
        """Lead to the board."""
        return [
            *super().list_links(request, changelist),
            (_("办理看板"), self.address("board"), ""),
        ]

    def get_urls(self):
        """Add the page."""
        view = self.admin_site.admin_view(self.board)
        return [path("board/", view, name="advisory_assignment_board"), *super().get_urls()]

    def board(self, request):
        """Show what is due and overdue, by department."""
        day = timezone.localdate()
        part = board.part(request.user, day)
        if part is None:
            raise PermissionDenied
        return self.page(
            request,
            "kernel/admin/figures.html",
            title=_("建言办理看板"),
            day=day,
            parts=[part],
            back=self.address("changelist"),
        )


def _department(rule):
    return lambda row, by: who.why_not_department(row, by) or rule(row)


def _coordinates(rule):
    return lambda row, by: who.why_not_coordinate(row.suggestion.campaign, by) or rule(row)


def _why_not_decide(row):
    extension = getattr(row, "extension", None)
    return handling.why_not_decide_extension(extension) if extension else who.why_moved_on()


def _extension(row):
    """Say what was asked for, and what came of it."""
    found = getattr(row, "extension", None)
    if found is None:
        return ""
    said = (
        _("%(days)s 天") % {"days": found.days},
        found.reason,
        found.get_state_display(),
        found.words,
    )
    return " · ".join(filter(None, map(str, said)))


def _when(row):
    """Say by when, and that it is late."""
    words = day_text(row.due_on)
    late = row.is_overdue(timezone.localdate())
    return _("%(day)s（超期）") % {"day": words} if late else words


@admin.register(Assignment)
class AssignmentAdmin(
    BoardPage, LeadsToFigures, SweptAdmin, OffersByRule, ExportsList, ReadOnly, StaffAdmin
):
    """What each department deals with, by when."""

    has_history = False  # the suggestion's has it
    list_display = ("subject", "department", "role", "state_shown", "when", "at")
    more_columns = ("done_at", "not_ours_by", "extension_shown")
    list_filter = (
        DueFilter,
        "state",
        "role",
        ("department", admin.RelatedOnlyFieldListFilter),
        ExtensionFilter,
        SetAsideFilter,
    )
    list_select_related = ("suggestion__campaign", "department", "extension")
    search_fields = ("suggestion__code",)
    search_help_text = gettext_lazy("按建言编号查找")
    ordering = ("-id",)
    empty_words = gettext_lazy("还没有交办。建言立案后，在它的页面点“交办”。")
    readonly_fields = ("subject", "suggestion_shown", "when", "extension_shown")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "suggestion_shown",
                    ("department", "role"),
                    ("state", "when"),
                    ("at", "not_ours_by"),
                    "done_at",
                )
            },
        ),
        (
            gettext_lazy("退回和收回"),
            {
                "fields": (
                    "returned_at",
                    "returned_words",
                    "insisted_at",
                    "insist_reason",
                    "taken_back_reason",
                )
            },
        ),
        (
            gettext_lazy("办理"),
            {"fields": ("extension_shown", "opinion", "opinion_by")},
        ),
    )
    actions = ("try_again",)
    again = staticmethod(operations.retry_assignment)
    actions_detail = (
        "take_up",
        "opine",
        "extend",
        "hand_back",
        "decide",
        "insist",
        "take_back",
    )
    argument = "assignment"
    rules_of_actions = {
        "take_up": _department(handling.why_not_take_up),
        "opine": _department(handling.why_not_opinion),
        "extend": _department(lambda row: handling.why_not_extension(row, timezone.now())),
        "hand_back": _department(lambda row: handling.why_not_hand_back(row, timezone.now())),
        "decide": _coordinates(_why_not_decide),
        "insist": _coordinates(handling.why_not_insist),
        "take_back": _coordinates(handling.why_not_take_back),
    }
    has_run_permission = has_again_permission = has_export_permission = has_perm(who.RUN)
    export_operation = staticmethod(operations.export_assignments)
    export_sheet = staticmethod(sheet.assignment_list)

    state_shown = state_column(COLOURS, ordering="state")
    subject = column(gettext_lazy("建言"), lambda row: shown.called(row.suggestion)[:30])
    suggestion_shown = column(
        gettext_lazy("建言"),
        lambda row: shown.suggestion(row.suggestion),
    )
    when = column(gettext_lazy("到期日"), _when, ordering="due_on")
    extension_shown = column(gettext_lazy("延期申请"), _extension)

    @property
    def export_name(self):
        """Return the file's name."""
        return f"{_('建言交办')}.xlsx"

    def facts_of(self, row):
        """Say what, whose and by when."""
        known = [
            (_("退回的理由"), row.returned_words),
            (_("延期申请"), _extension(row)),
        ]
        return [
            (_("建言"), shown.called(row.suggestion)),
            (_("部门"), row.department.label),
            (_("分工"), row.get_role_display()),
            (_("到期日"), _when(row)),
            *(fact for fact in known if fact[1]),
        ]

    # --- the department's -------------------------------------------------------------------------
    @action(description=gettext_lazy("接收"), url_path="take-up", permissions=["run"])
    def take_up(self, request, object_id):
        """Note that the department works on it."""
        return self._page(
            request,
            object_id,
            "take_up",
            title=_("接收"),
            submit=_("接收"),
            outcome=_("表示由本部门办理，本人会看到。到期日不变。"),
            operation=operations.take_up,
            done=_("已接收。"),
        )

    @action(description=gettext_lazy("会办意见"), url_path="opinion", permissions=["run"])
    def opine(self, request, object_id):
        """Tell the lead what the department thinks."""
        return self._page(
            request,
            object_id,
            "opine",
            title=_("会办意见"),
            submit=_("签署"),
            form_class=OpinionForm,
            outcome=_("主办部门会收到通知；答复签发以前可以再改。"),
            operation=operations.tell_opinion,
            done=_("已交给主办部门。"),
        )

    @action(description=gettext_lazy("申请延期"), url_path="extend", permissions=["run"])
    def extend(self, request, object_id):
        """Ask for more days."""
        row = self.get_or_404(request, object_id)
        return self._page(
            request,
            object_id,
            "extend",
            title=_("申请延期"),
            submit=_("申请"),
            form_class=extension_form(row),
            outcome=_("由牵头部门批复；批复以前到期日不变。"),
            operation=operations.ask_extension,
            done=_("已申请，等牵头部门批复。"),
        )

    @action(description=gettext_lazy("不属于本部门"), url_path="not-ours", permissions=["run"])
    def hand_back(self, request, object_id):
        """Hand it back to the coordinator."""
        return self._page(
            request,
            object_id,
            "hand_back",
            title=_("不属于本部门"),
            submit=_("退回牵头部门"),
            danger=True,
            form_class=NotOursForm,
            outcome=_("只退给牵头部门，不能转给别的部门；退回后本部门不再看到这件建言。"),
            operation=_not_ours,
            done=_("已退回牵头部门。"),
            go_on=self.address("changelist"),
        )

    # --- the coordinator's ------------------------------------------------------------------------
    @action(description=gettext_lazy("批复延期"), url_path="decide", permissions=["run"])
    def decide(self, request, object_id):
        """Grant the extension or refuse it."""
        return self._page(
            request,
            object_id,
            "decide",
            title=_("批复延期"),
            submit=_("批复"),
            form_class=DecideExtensionForm,
            outcome=_("同意的，到期日顺延；提出人会看到新的到期日。"),
            operation=_decide,
            done=_("已批复，已通知主办部门。"),
        )

    @action(description=gettext_lazy("坚持交办"), url_path="insist", permissions=["run"])
    def insist(self, request, object_id):
        """Give it to the same department after all."""
        return self._page(
            request,
            object_id,
            "insist",
            title=_("坚持交办"),
            submit=_("坚持交办"),
            form_class=InsistForm,
            outcome=_("该部门不能再退回。要交给别的部门，请在建言页点“交办”。"),
            operation=operations.insist,
            done=_("已坚持交办，已通知该部门。"),
        )

    @action(description=gettext_lazy("收回交办"), url_path="take-back", permissions=["run"])
    def take_back(self, request, object_id):
        """End it."""
        return self._page(
            request,
            object_id,
            "take_back",
            title=_("收回交办"),
            submit=_("收回交办"),
            danger=True,
            form_class=TakeBackForm,
            outcome=_("该部门不再办理，也不再看到；可以交给别的部门。"),
            operation=operations.take_back_assignment,
            done=_("已收回。"),
        )


def _not_ours(*, assignment, reason, by, now):
    return operations.not_ours(assignment=assignment, words=reason, by=by, now=now)


def _decide(*, assignment, granted, words, by, now):
    return operations.decide_extension(
        extension=assignment.extension, granted=granted, words=words, by=by, now=now
    )
