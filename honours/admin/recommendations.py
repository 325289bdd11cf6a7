"""Recommendations upward, in the admin: sent, answered, taken back."""

from functools import partial

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from honours import operations, rules
from honours.admin.forms import AnswerForm, SendForm, UndoAnswerForm, WithdrawForm
from honours.models import Recommendation
from honours.operations.recommending import RIGHT
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule

COLOURS = {"sent": "info", "granted": "success", "pending": "warning"}


def _may(rule):
    return lambda row, by: rules.why_not_handle(row, by, RIGHT) or rule(row)


@admin.register(Recommendation)
class RecommendationAdmin(OffersByRule, ReadOnly, StaffAdmin):
    """Whom a department recommended to the city or the nation."""

    view_on_site = False
    list_display = ("name", "honour", "state_shown", "sent_to", "sent_on", "answered_on")
    list_filter = ("state", "honour")
    list_select_related = ("honour", "talent")
    search_fields = ("talent__full_name",)
    search_help_text = gettext_lazy("按姓名查找")
    ordering = ("-id",)
    empty_words = gettext_lazy(
        "还没有向上推荐。在“获得的荣誉”里打开一项，按“向上推荐”；通向市级、国家级荣誉的申报公布结果后自动列入。"
    )
    readonly_fields = ("name",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "honour"),
                    ("state", "department"),
                    ("application", "based_on"),
                    ("sent_to", "sent_on"),
                    ("answered_on", "note"),
                    "award",
                )
            },
        ),
    )
    actions_detail = ("send", "answer", "undo", "withdraw")
    argument = "recommendation"
    rules_of_actions = {
        "send": _may(rules.why_not_send),
        "answer": _may(rules.why_not_answer),
        "undo": _may(rules.why_not_undo_answer),
        "withdraw": _may(rules.why_not_send),
    }

    has_work_permission = has_perm(RIGHT)

    name = column(gettext_lazy("被推荐人"), lambda row: row.talent.full_name)
    state_shown = state_column(COLOURS, ordering="state")

    def facts_of(self, row):
        """Say which it is."""
        return [
            (_("被推荐人"), row.talent.full_name),
            (_("推荐的荣誉"), row.honour.label),
            (_("状态"), row.get_state_display()),
        ]

    @action(description=gettext_lazy("登记报送"), url_path="send", permissions=["work"])
    def send(self, request, object_id):
        """Ask to whom it went and when; also to put that right."""
        row = self.get_or_404(request, object_id)
        initial = {"sent_to": row.sent_to or row.honour.granted_by, "sent_on": row.sent_on}
        return self._page(
            request,
            object_id,
            "send",
            title=_("登记报送"),
            submit=_("保存"),
            form_class=partial(SendForm, initial=initial),
            outcome=_("第一次登记时通知本人；之后可以更正单位和日期。"),
            operation=operations.send_recommendation,
            done=_("已登记。"),
        )

    @action(description=gettext_lazy("登记结果"), url_path="answer", permissions=["work"])
    def answer(self, request, object_id):
        """Ask what came back."""
        return self._page(
            request,
            object_id,
            "answer",
            title=_("登记结果"),
            submit=_("登记并通知"),
            form_class=AnswerForm,
            outcome=_("已授予的，荣誉记入本人名下，证书和积分随即生成；两种结果都通知本人。"),
            operation=operations.answer_recommendation,
            done=_("已登记，已通知本人。"),
        )

    @action(description=gettext_lazy("撤回结果"), url_path="undo", permissions=["work"])
    def undo(self, request, object_id):
        """Ask why, then wait for the answer again."""
        return self._page(
            request,
            object_id,
            "undo",
            title=_("撤回结果"),
            submit=_("撤回结果"),
            danger=True,
            form_class=UndoAnswerForm,
            outcome=_("回到“等待结果”。已记入的荣誉随即撤销，本人会收到通知。"),
            operation=operations.undo_answer,
            done=_("已撤回。"),
        )

    @action(description=gettext_lazy("撤回推荐"), url_path="withdraw", permissions=["work"])
    def withdraw(self, request, object_id):
        """Ask why, then take the recommendation back."""
        return self._page(
            request,
            object_id,
            "withdraw",
            title=_("撤回推荐"),
            submit=_("撤回推荐"),
            danger=True,
            form_class=WithdrawForm,
            outcome=_("本人会收到通知。以后可以从荣誉重新推荐。"),
            operation=operations.withdraw_recommendation,
            done=_("已撤回。"),
        )
