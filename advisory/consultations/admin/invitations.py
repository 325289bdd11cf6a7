"""Who was invited, and what she said, in the admin."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from advisory.consultations import conflicts, operations, rules, sheet
from advisory.consultations.admin.forms import OpinionTextForm, OutcomeForm
from advisory.consultations.models import ConsultationInvitation, Opinion
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.export import ExportsList
from kernel.admin.forms import reason_form
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.words import clauses
from talents.asking.shortlist import card

COLOURS = {
    "sent": "info",
    "accepted": "success",
    "took_part": "success",
    "declined": "warning",
    "lapsed": "warning",
}
OUTCOMES = {"used": "success", "partly": "info", "not_used": "warning", "": "danger"}
LetForm = reason_form(gettext_lazy("为什么可以参加，例如只曾在那里工作、关系不影响判断。"))


def _may(rule):
    return lambda row, by: rules.why_not_run(row.consultation, by) or rule(row)


def _found(row):
    return clauses(conflicts.words(one) for one in row.found)


def _answer(opinion):
    return opinion.outcome, opinion.get_outcome_display() or _("待回应")


@admin.register(ConsultationInvitation)
class InvitationAdmin(SweptAdmin, ExportsList, OffersByRule, ReadOnly, StaffAdmin):
    """Whom a department invited. Of women of other departments it shows the card, and no more."""

    view_on_site = False  # her own page
    list_display = ("who", "consultation", "state_shown", "conflict", "sent_at", "answer_by")
    list_filter = (
        "state",
        "conflict",
        ("consultation", admin.RelatedOnlyFieldListFilter),
        SetAsideFilter,
    )
    list_select_related = ("consultation__department", "talent__unit")
    search_fields = ("talent__full_name", "consultation__title")
    search_help_text = gettext_lazy("按姓名或题目查找")
    ordering = ("-id",)
    empty_words = gettext_lazy("还没有邀请。在咨询页点“邀请专家”。")
    readonly_fields = ("who", "unit", "fields_shown", "found_shown")
    fieldsets = (
        (
            None,
            {"fields": ("consultation", ("who", "unit"), "fields_shown")},
        ),
        (
            gettext_lazy("答复"),
            {"fields": (("state", "answered_at"), ("sent_at", "answer_by"))},
        ),
        (
            gettext_lazy("利害关系"),
            {
                "fields": (
                    ("conflict", "declared"),
                    "declared_words",
                    "found_shown",
                    "conflict_reason",
                )
            },
        ),
    )
    actions = ("try_again",)
    again = staticmethod(operations.retry_invitation)
    actions_detail = ("settle", "note", "withdraw", "ask_again")
    argument = "invitation"
    rules_of_actions = {
        "settle": _may(rules.why_not_settle),
        "note": _may(lambda row: rules.why_not_say(row, timezone.now())),
        "withdraw": _may(rules.why_not_withdraw),
        "ask_again": _may(lambda row: rules.why_not_again(row, timezone.now())),
    }
    has_run_permission = has_again_permission = has_perm(rules.RUN)
    export_operation = staticmethod(operations.export_invitations)
    export_sheet, export_name = staticmethod(sheet.invitations), "invitations.xlsx"

    who = column(gettext_lazy("专家"), lambda row: row.talent.full_name)
    unit = column(gettext_lazy("单位"), lambda row: row.talent.unit_name)
    fields_shown = column(gettext_lazy("职称与专业"), lambda row: _card(row.talent))
    found_shown = column(gettext_lazy("系统发现"), _found)
    state_shown = state_column(COLOURS, ordering="state")

    def has_export_permission(self, request):
        """Who runs consultations takes her own department's out."""
        return rules.why_not_export(request.user) is None

    def facts_of(self, row):
        """Say who, to what, and what stands between the two."""
        known = [(_("本人说明"), row.declared_words), (_("系统发现"), _found(row))]
        return [
            (_("专家"), row.talent.full_name),
            (_("咨询"), row.consultation.title),
            *(fact for fact in known if fact[1]),
        ]

    @action(description=gettext_lazy("研究利害关系"), url_path="settle", permissions=["run"])
    def settle(self, request, object_id):
        """Say why she may take part all the same."""
        return self._page(
            request,
            object_id,
            "settle",
            title=_("研究利害关系"),
            submit=_("可以参加"),
            form_class=LetForm,
            outcome=_("她会收到通知，可以看材料、提意见。不宜参加的，请取消邀请。"),
            operation=operations.settle_conflict,
            done=_("已记下，已通知她。"),
        )

    @action(description=gettext_lazy("代为记录意见"), url_path="note", permissions=["run"])
    def note(self, request, object_id):
        """Write down what she said at the meeting."""
        return self._page(
            request,
            object_id,
            "note",
            title=_("代为记录意见"),
            submit=_("保存"),
            form_class=OpinionTextForm,
            outcome=_("她会收到通知，有出入可以修改。"),
            operation=operations.note_opinion,
            done=_("已记录，已通知她。"),
        )

    @action(description=gettext_lazy("取消邀请"), url_path="withdraw", permissions=["run"])
    def withdraw(self, request, object_id):
        """Let her off."""
        return self._page(
            request,
            object_id,
            "withdraw",
            title=_("取消邀请"),
            submit=_("取消邀请"),
            danger=True,
            outcome=_("会告诉她不用答复或不用来了，名额空出。可以再邀请。"),
            operation=operations.withdraw_invitation,
            done=_("已取消邀请。"),
        )

    @action(description=gettext_lazy("再邀请一次"), url_path="again", permissions=["run"])
    def ask_again(self, request, object_id):
        """Invite her once more."""
        return self._page(
            request,
            object_id,
            "ask_again",
            title=_("再邀请一次"),
            submit=_("再邀请一次"),
            outcome=_("她误点了“不便参加”、错过了时间，或改变了主意。"),
            operation=operations.invite_again,
            done=_("已再次邀请。"),
        )


def _card(talent):
    shown = card(talent)
    return " · ".join(filter(None, (shown.title, shown.fields)))


@admin.register(Opinion)
class OpinionAdmin(ExportsList, OffersByRule, ReadOnly, StaffAdmin):
    """What was said, and what became of it."""

    view_on_site = False
    list_display = ("short", "who", "title", "outcome_shown", "given_at")
    list_filter = (
        "outcome",
        ("invitation__consultation", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("invitation__consultation__department", "invitation__talent")
    ordering = ("-id",)
    empty_words = gettext_lazy("还没有意见。答应参加的人在自己的页面提，会上说的可以代为记录。")
    readonly_fields = ("who", "title", "outcome_shown")
    fieldsets = (
        (None, {"fields": ("title", "who", "text", ("given_at", "changed_at"), "noted_by")}),
        (gettext_lazy("结果"), {"fields": ("outcome_shown", "why", ("decided_at", "decided_by"))}),
    )
    actions_detail = ("decide",)
    argument = "opinion"
    rules_of_actions = {
        "decide": lambda row, by: (
            rules.why_not_run(row.invitation.consultation, by) or rules.why_not_decide(row)
        )
    }
    has_run_permission = has_perm(rules.RUN)
    export_operation = staticmethod(operations.export_opinions)
    export_sheet, export_name = staticmethod(sheet.opinions), "opinions.xlsx"

    short = column(gettext_lazy("意见"), lambda row: (row.text or "")[:40])
    who = column(gettext_lazy("提出人"), lambda row: row.invitation.talent.full_name)
    title = column(gettext_lazy("咨询"), lambda row: row.invitation.consultation.title)
    outcome_shown = state_column(OUTCOMES, words=_answer, title=gettext_lazy("结果"))

    def has_export_permission(self, request):
        """Who runs consultations takes her own department's out."""
        return rules.why_not_export(request.user) is None

    def facts_of(self, row):
        """Say what was said, and by whom."""
        return [
            (_("咨询"), row.invitation.consultation.title),
            (_("提出人"), row.invitation.talent.full_name),
            (_("意见"), row.text or ""),
        ]

    @action(description=gettext_lazy("回应"), url_path="decide", permissions=["run"])
    def decide(self, request, object_id):
        """Say what became of it."""
        return self._page(
            request,
            object_id,
            "decide",
            title=_("回应意见"),
            submit=_("保存"),
            form_class=OutcomeForm,
            outcome=_("办结时告诉她；已经办结的，马上告诉她。"),
            operation=operations.decide_opinion,
            done=_("已保存。"),
        )
