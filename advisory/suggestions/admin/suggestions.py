"""Suggestions in the admin: filed or not, joined, given to departments, answered; who wrote one is not to be read here."""

from functools import partial

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from unfold.decorators import action

from advisory.figures import LeadsToFigures
from advisory.suggestions import operations, sheet
from advisory.suggestions.admin import shown
from advisory.suggestions.admin.forms import (
    AdoptionForm,
    AssignForm,
    FileForm,
    HideForm,
    JoinForm,
    RefuseForm,
    SendBackForm,
    reply_form,
)
from advisory.suggestions.documents import file_of
from advisory.suggestions.models import Suggestion, SuggestionState
from advisory.suggestions.rules import effects, handling, replies, who
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.export import ExportsList
from kernel.admin.lists import OneChoiceFilter, column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.downloads import download
from kernel.errors import Invalid

COLOURS = {
    "sent": "danger",
    "filed": "info",
    "answered": "success",
    "closed": "success",
    "not_filed": "warning",
}


class UnassignedFilter(OneChoiceFilter):
    """What no department leads."""

    title = pgettext_lazy("assignment", "主办")
    parameter_name = "lead"
    choice = ("none", gettext_lazy("还没有主办部门"))

    def narrow(self, queryset):
        """Keep them."""
        return queryset.to_assign().order_by("-pk")


class SecondFilter(OneChoiceFilter):
    """What was promised a second reply that is due."""

    title = gettext_lazy("再次答复")
    parameter_name = "second"
    choice = ("due", gettext_lazy("再次答复已到期"))

    def narrow(self, queryset):
        """Keep them."""
        return queryset.second_due(timezone.localdate())


class AgainFilter(OneChoiceFilter):
    """What somebody was not satisfied with, so that it is answered anew."""

    title = gettext_lazy("重新办理")
    parameter_name = "again"
    choice = ("yes", gettext_lazy("重新办理过的"))

    def narrow(self, queryset):
        """Keep them."""
        return queryset.exclude(reopened_at=None)


def _coordinates(rule):
    return lambda row, by: (
        who.why_not_coordinate(row.campaign, by) or rule(row) or who.why_not_oneself(row, by)
    )


def _why_not_list(row, listed):
    return who.why_moved_on() if row.listed == listed else handling.why_not_listed(row)


@admin.register(Suggestion)
class SuggestionAdmin(LeadsToFigures, SweptAdmin, OffersByRule, ExportsList, ReadOnly, StaffAdmin):
    """What women brought in, as far as the reader's department coordinates it or deals with it."""

    view_on_site = False  # most are not public
    list_display = ("short", "byline", "state_shown", "campaign", "sent_at", "answered_at")
    more_columns = ("code", "filed_at", "second_on", "answer_shown", "listed")
    list_filter = (
        "state",
        UnassignedFilter,
        SecondFilter,
        AgainFilter,
        ("campaign", admin.RelatedOnlyFieldListFilter),
        SetAsideFilter,
    )
    list_select_related = ("campaign__department",)
    search_fields = ("code", "search_text")
    search_help_text = gettext_lazy("按编号，或已公开的题目查找")
    ordering = ("-id",)
    empty_words = gettext_lazy("还没有建言。征集发布以后，提交的在这里立案、交办。")
    readonly_fields = (
        "byline",
        "title_shown",
        "matter",
        "proposal",
        "cosigners",
        "joined_to_shown",
        "joined_shown",
        "assignments_shown",
        "replies_shown",
        "adoptions_shown",
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("campaign", "code"),
                    ("byline", "state"),
                    "title_shown",
                    "matter",
                    "proposal",
                    "cosigners",
                )
            },
        ),
        (
            gettext_lazy("审查"),
            {
                "fields": (
                    ("sent_at", "filed_at"),
                    ("listed", "unlisted_reason"),
                    "back_words",
                    "not_filed",
                    "not_filed_words",
                    "joined_to_shown",
                    "joined_shown",
                )
            },
        ),
        (
            gettext_lazy("办理"),
            {
                "fields": (
                    "assignments_shown",
                    "replies_shown",
                    "answered_at",
                    "second_on",
                    "reopened_at",
                    "ended_at",
                    "adoptions_shown",
                )
            },
        ),
    )
    actions = ("try_again",)
    again = staticmethod(operations.retry_suggestion)
    actions_detail = (
        "file",
        "assign",
        "draft",
        "adopt",
        "join",
        "send_back",
        "refuse",
        "reconsider",
        "part",
        "publish",
        "hide",
        "word",
        "pdf",
    )
    argument = "suggestion"
    rules_of_actions = {
        "file": _coordinates(handling.why_not_file),
        "assign": _coordinates(lambda row: handling.why_not_state(row, SuggestionState.FILED)),
        "draft": lambda row, by: who.why_not_lead(row, by) or replies.why_not_draft(row, by),
        "adopt": lambda row, by: (
            who.why_not_lead_or_coordinate(row, by) or effects.why_not_adopt(row)
        ),
        "join": _coordinates(handling.why_not_file),
        "send_back": _coordinates(handling.why_not_send_back),
        "refuse": _coordinates(handling.why_not_file),
        "reconsider": _coordinates(handling.why_not_reconsider),
        "part": _coordinates(handling.why_not_part),
        "publish": _coordinates(lambda row: _why_not_list(row, True)),
        "hide": _coordinates(lambda row: _why_not_list(row, False)),
    }
    has_run_permission = has_again_permission = has_export_permission = has_perm(who.RUN)
    export_operation = staticmethod(operations.export_suggestions)
    export_sheet = staticmethod(sheet.suggestion_list)

    state_shown = state_column(COLOURS, ordering="state")
    short = column(gettext_lazy("题目"), lambda row: shown.called(row)[:30])
    title_shown = column(gettext_lazy("题目"), "title")
    byline = column(pgettext_lazy("suggestion", "提出人"), "byline")
    answer_shown = column(gettext_lazy("答复类别"), "answer")
    cosigners = column(pgettext_lazy("many", "附议"), shown.cosigners)
    joined_shown = column(gettext_lazy("并入的建言"), shown.joined)
    joined_to_shown = column(gettext_lazy("并入哪一件"), shown.joined_to)
    assignments_shown = column(pgettext_lazy("many", "交办"), shown.assignments)
    replies_shown = column(gettext_lazy("答复"), shown.replies)
    adoptions_shown = column(gettext_lazy("采纳"), shown.adoptions)

    @property
    def export_name(self):
        """Return the file's name."""
        return f"{_('建言')}.xlsx"

    def facts_of(self, row):
        """Say which it is, and what it says."""
        return [
            (_("征集"), row.campaign.title),
            (pgettext("suggestion", "提出人"), row.byline),
            (_("题目"), shown.called(row)),
            (_("情况和问题"), row.matter or ""),
            (_("建议"), row.proposal or ""),
        ]

    # --- filing -----------------------------------------------------------------------------------
    @action(description=gettext_lazy("立案"), url_path="file", permissions=["run"])
    def file(self, request, object_id):
        """File it."""
        return self._page(
            request,
            object_id,
            "file",
            title=_("立案"),
            submit=_("立案"),
            form_class=FileForm,
            outcome=_("她会收到通知；接着请交办给主办部门，期限从交办那天算起。"),
            operation=operations.file_suggestion,
            done=_("已立案，请交办。"),
        )

    @action(description=gettext_lazy("不予立案"), url_path="refuse", permissions=["run"])
    def refuse(self, request, object_id):
        """Do not file it, for a reason of the list."""
        return self._page(
            request,
            object_id,
            "refuse",
            title=_("不予立案"),
            submit=_("不予立案"),
            danger=True,
            form_class=RefuseForm,
            outcome=_("她会看到原因和说明。除“个人诉求”外可以撤销。"),
            operation=operations.refuse_suggestion,
            done=_("已记下，已通知她。"),
        )

    @action(description=gettext_lazy("撤销不予立案"), url_path="reconsider", permissions=["run"])
    def reconsider(self, request, object_id):
        """Undo it."""
        return self._page(
            request,
            object_id,
            "reconsider",
            title=_("撤销不予立案"),
            submit=_("撤销不予立案"),
            outcome=_("回到待立案，她会收到通知。"),
            operation=operations.reconsider,
            done=_("已撤销，请重新审查。"),
        )

    @action(description=gettext_lazy("请她拆分"), url_path="send-back", permissions=["run"])
    def send_back(self, request, object_id):
        """Have her part it in two."""
        return self._page(
            request,
            object_id,
            "send_back",
            title=_("请她拆分"),
            submit=_("退回给她"),
            form_class=SendBackForm,
            outcome=_("一件建言说一件事。退回后她可以改，再提交；截止时间过了也可以。"),
            operation=_send_back,
            done=_("已退回，已通知她。"),
            go_on=self.address("changelist"),  # a draft of hers again
        )

    @action(description=gettext_lazy("并案"), url_path="join", permissions=["run"])
    def join(self, request, object_id):
        """Join it to another."""
        return self._page(
            request,
            object_id,
            "join",
            title=_("并案"),
            submit=_("并案"),
            form_class=JoinForm,
            outcome=_("由那一件一起办理，答复同时给两位提出人；可以撤销。"),
            operation=_join,
            done=_("已并案，已通知她。"),
        )

    @action(description=gettext_lazy("撤销并案"), url_path="part", permissions=["run"])
    def part(self, request, object_id):
        """Undo joining."""
        return self._page(
            request,
            object_id,
            "part",
            title=_("撤销并案"),
            submit=_("撤销并案"),
            outcome=_("回到待立案，单独审查；她会收到通知。"),
            operation=operations.part_suggestion,
            done=_("已撤销并案，请重新审查。"),
        )

    @action(description=gettext_lazy("公开内容"), url_path="publish", permissions=["run"])
    def publish(self, request, object_id):
        """Let everybody read it."""
        return self._page(
            request,
            object_id,
            "publish",
            title=_("公开内容"),
            submit=_("公开"),
            outcome=_("题目、情况和建议公开，可以附议；答复公开与否由签发人定。"),
            operation=partial(operations.set_listed, listed=True),
            done=_("已公开。"),
        )

    @action(description=gettext_lazy("不再公开内容"), url_path="hide", permissions=["run"])
    def hide(self, request, object_id):
        """Let nobody but its author and staff read it."""
        return self._page(
            request,
            object_id,
            "hide",
            title=_("不再公开内容"),
            submit=_("不再公开"),
            form_class=HideForm,
            outcome=_("公开页上不再出现，照常办理；可以重新公开。"),
            operation=partial(operations.set_listed, listed=False),
            done=_("已不再公开。"),
        )

    # --- what departments do ----------------------------------------------------------------------
    @action(description=gettext_lazy("交办"), url_path="assign", permissions=["run"])
    def assign(self, request, object_id):
        """Give it to a department."""
        return self._page(
            request,
            object_id,
            "assign",
            title=_("交办"),
            submit=_("交办"),
            form_class=AssignForm,
            outcome=_("部门会收到通知，写明到期日；不属于本部门的，可以在期限内退回。"),
            operation=operations.assign,
            done=_("已交办。"),
        )

    @action(description=gettext_lazy("起草答复"), url_path="draft", permissions=["run"])
    def draft(self, request, object_id):
        """Begin a reply."""
        return self._page(
            request,
            object_id,
            "draft",
            title=_("起草答复"),
            submit=_("保存草稿"),
            form_class=reply_form(),
            outcome=_("保存后可以改，再送签；起草和签发须是两个人。"),
            operation=_draft,
            done=_("草稿已保存。"),
            go_on=lambda reply: reverse("admin:advisory_reply_change", args=[reply.pk]),
        )

    @action(description=gettext_lazy("登记采纳"), url_path="adopt", permissions=["run"])
    def adopt(self, request, object_id):
        """Enter what took it up."""
        return self._page(
            request,
            object_id,
            "adopt",
            title=_("登记采纳"),
            submit=_("登记"),
            form_class=AdoptionForm,
            outcome=_("另一位经办人核实后通知本人、奖励积分，并在 6 个月和 12 个月后报告成效。"),
            operation=_adopt,
            done=_("已登记，请另一位经办人核实。"),
            go_on=lambda row: reverse("admin:advisory_adoption_change", args=[row.pk]),
        )

    # --- files ------------------------------------------------------------------------------------
    @action(description=gettext_lazy("下载 Word"), url_path="word")
    def word(self, request, object_id):
        """Hand out the suggestion and its replies as Word."""
        row = self.get_or_404(request, object_id)
        return download(*file_of(row, "docx"))

    @action(description=gettext_lazy("下载 PDF"), url_path="pdf")
    def pdf(self, request, object_id):
        """Hand the same out as PDF."""
        row = self.get_or_404(request, object_id)
        return download(*file_of(row, "pdf"))


def _send_back(*, suggestion, reason, by, now):
    return operations.send_back(suggestion=suggestion, words=reason, by=by, now=now)


def _join(*, suggestion, code, by, now):
    """Find the other one among those the reader sees, then join."""
    to = Suggestion.objects.visible_to(by).filter(code=code.strip().upper()).first()
    if to is None:
        raise Invalid("no_such_suggestion", _("没有这个编号的建言，请核对。"), field="code")
    return operations.join_suggestion(suggestion=suggestion, to=to, by=by, now=now)


def _draft(*, suggestion, by, now, **values):
    return operations.save_reply(suggestion=suggestion, reply=None, values=values, by=by, now=now)


def _adopt(*, suggestion, by, now, **values):
    return operations.add_adoption(suggestion=suggestion, values=values, by=by, now=now)
