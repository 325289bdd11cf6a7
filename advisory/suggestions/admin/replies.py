"""Replies in the admin: drafted by one, handed in, sent back or signed by another, published or kept back, corrected."""

from functools import partial

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from advisory.figures import LeadsToFigures
from advisory.suggestions import operations
from advisory.suggestions.admin import shown
from advisory.suggestions.admin.forms import KeepBackForm, ReplyBackForm, SignForm, reply_form
from advisory.suggestions.models import Reply
from advisory.suggestions.rules import replies as rules
from advisory.suggestions.rules import who
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule
from kernel.markdown import html
from kernel.words import day_text

COLOURS = {
    "draft": "warning",
    "handed_in": "danger",
    "sent_back": "warning",
    "signed": "success",
}


def _lead(rule, right=who.RUN):
    return lambda row, by: who.why_not_lead(row.suggestion, by, right) or rule(row, by)


def _either(rule):
    """Combine with the right of reviewers of the department that leads, or that coordinates."""
    return lambda row, by: who.why_not_lead_or_coordinate(row.suggestion, by, who.SIGN) or rule(row)


def _why_not_kept_back(row, kept):
    """Say why it cannot be kept back (kept False: it is published now), or published again."""
    if bool(row.kept_back_reason) != kept:
        return who.why_moved_on()
    return rules.why_not_keep_back(row)


def _values(row):
    return {"answer": row.answer, "text": row.text, "second_on": row.second_on}


@admin.register(Reply)
class ReplyAdmin(LeadsToFigures, OffersByRule, ReadOnly, StaffAdmin):
    """What departments answer."""

    has_history = False  # the suggestion's has it
    list_display = ("subject", "answer", "state_shown", "drafted_at", "signed_at", "public")
    more_columns = ("round", "number", "second_on", "drafted_by", "signed_by")
    list_filter = ("state", "answer", "round")
    list_select_related = ("suggestion__campaign", "drafted_by", "signed_by")
    search_fields = ("suggestion__code",)
    search_help_text = gettext_lazy("按建言编号查找")
    ordering = ("-id",)
    view_on_site = False
    empty_words = gettext_lazy("还没有答复。主办部门在建言页点“起草答复”。")
    readonly_fields = ("subject", "suggestion_shown", "which", "text_shown", "public", "said")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "suggestion_shown",
                    ("which", "state"),
                    "answer",
                    "second_on",
                    "text_shown",
                )
            },
        ),
        (
            gettext_lazy("起草和签发"),
            {
                "fields": (
                    ("drafted_by", "drafted_at"),
                    "handed_in_at",
                    "back_words",
                    "signed_by",
                    "signed_at",
                    "due_on",
                    "public",
                    "kept_back_reason",
                    "correct_reason",
                )
            },
        ),
        (gettext_lazy("本人的评价"), {"fields": ("said",)}),
    )
    actions_detail = (
        "edit",
        "hand_in",
        "sign",
        "back",
        "correct",
        "keep_back",
        "publish",
        "drop",
    )
    argument = "reply"
    rules_of_actions = {
        "edit": _lead(
            lambda row, by: rules.why_not_edit(row) or rules.why_not_drafter(row.suggestion, by)
        ),
        "hand_in": _lead(lambda row, by: rules.why_not_hand_in(row)),
        "sign": _lead(lambda row, by: rules.why_not_sign(row, by, timezone.now()), who.SIGN),
        "back": _lead(lambda row, by: rules.why_not_send_back(row), who.SIGN),
        "correct": _lead(lambda row, by: rules.why_not_correct(row)),
        "keep_back": _either(lambda row: _why_not_kept_back(row, False)),
        "publish": _either(lambda row: _why_not_kept_back(row, True)),
        "drop": _lead(lambda row, by: rules.why_not_drop(row)),
    }
    has_run_permission = has_perm(who.RUN)
    has_sign_permission = has_perm(who.SIGN)

    state_shown = state_column(COLOURS, ordering="state")
    subject = column(gettext_lazy("建言"), lambda row: shown.called(row.suggestion)[:30])
    suggestion_shown = column(gettext_lazy("建言"), lambda row: shown.suggestion(row.suggestion))
    which = column(gettext_lazy("第几次答复"), lambda row: shown.which_reply(row))
    text_shown = column(
        gettext_lazy("答复"),
        lambda row: html(row.text or ""),
    )
    public = column(gettext_lazy("公开"), lambda row: _("公开") if row.is_published else "")
    said = column(gettext_lazy("评价"), shown.ratings)

    def facts_of(self, row):
        """Say to what it replies, and what."""
        known = [
            (_("再次答复日期"), row.second_on and day_text(row.second_on)),
            (_("退回的说明"), row.back_words),
            (_("更正的原因"), row.correct_reason),
        ]
        return [
            (_("建言"), shown.called(row.suggestion)),
            (_("情况和问题"), row.suggestion.matter or ""),
            (_("建议"), row.suggestion.proposal or ""),
            (_("答复类别"), row.get_answer_display()),
            (_("答复"), row.text or ""),
            *(fact for fact in known if fact[1]),
        ]

    # --- who drafts -------------------------------------------------------------------------------
    @action(description=gettext_lazy("修改"), url_path="edit", permissions=["run"])
    def edit(self, request, object_id):
        """Change the draft."""
        row = self.get_or_404(request, object_id)
        return self._page(
            request,
            object_id,
            "edit",
            title=_("修改答复"),
            submit=_("保存"),
            form_class=reply_form(_values(row)),
            outcome=_("修改的人就是起草人，不能签发自己起草的。"),
            operation=_edit,
            done=_("已保存。"),
        )

    @action(description=gettext_lazy("送签"), url_path="hand-in", permissions=["run"])
    def hand_in(self, request, object_id):
        """Give it to be signed."""
        return self._page(
            request,
            object_id,
            "hand_in",
            title=_("送签"),
            submit=_("送签"),
            outcome=_("本部门的复核人会收到通知；退回以前不能再改。"),
            operation=operations.hand_in_reply,
            done=_("已送签。"),
        )

    @action(description=gettext_lazy("更正"), url_path="correct", permissions=["run"])
    def correct(self, request, object_id):
        """Begin a corrected version."""
        row = self.get_or_404(request, object_id)
        return self._page(
            request,
            object_id,
            "correct",
            title=_("更正答复"),
            submit=_("保存更正稿"),
            form_class=reply_form(_values(row), with_reason=True),
            outcome=_("更正稿送签、签发后替换这一份，并告诉提出人；原来的保留备查。"),
            operation=_correct,
            done=_("更正稿已保存，请送签。"),
            go_on=lambda new: reverse("admin:advisory_reply_change", args=[new.pk]),
        )

    @action(description=gettext_lazy("不用这一份"), url_path="drop", permissions=["run"])
    def drop(self, request, object_id):
        """Throw an unsigned one away."""
        return self._page(
            request,
            object_id,
            "drop",
            title=_("不用这一份"),
            submit=_("不用这一份"),
            danger=True,
            outcome=_("不再送签；可以重新起草。"),
            operation=operations.drop_reply,
            done=_("已不用这一份。"),
        )

    # --- who signs --------------------------------------------------------------------------------
    @action(description=gettext_lazy("签发答复"), url_path="sign", permissions=["sign"])
    def sign(self, request, object_id):
        """Sign it."""
        return self._page(
            request,
            object_id,
            "sign",
            title=_("签发答复"),
            submit=_("签发答复"),
            form_class=SignForm,
            outcome=_("提出人、并案的提出人和附议人都会收到通知；签发后只能更正，不能改。"),
            operation=operations.sign_reply,
            done=_("已签发，已通知提出人。"),
        )

    @action(description=gettext_lazy("退回修改"), url_path="back", permissions=["sign"])
    def back(self, request, object_id):
        """Give it back."""
        return self._page(
            request,
            object_id,
            "back",
            title=_("退回修改"),
            submit=_("退回修改"),
            form_class=ReplyBackForm,
            outcome=_("起草人会收到通知，改好再送签。"),
            operation=_send_back,
            done=_("已退回起草人。"),
        )

    @action(description=gettext_lazy("不公开答复"), url_path="keep-back", permissions=["sign"])
    def keep_back(self, request, object_id):
        """Publish it no more."""
        return self._page(
            request,
            object_id,
            "keep_back",
            title=_("不公开答复"),
            submit=_("不公开答复"),
            form_class=KeepBackForm,
            outcome=_("公开页上不再出现；提出人仍看得到。"),
            operation=operations.keep_back_reply,
            done=_("已不公开。"),
        )

    @action(description=gettext_lazy("公开答复"), url_path="publish", permissions=["sign"])
    def publish(self, request, object_id):
        """Publish it."""
        return self._page(
            request,
            object_id,
            "publish",
            title=_("公开答复"),
            submit=_("公开答复"),
            outcome=_("内容公开的建言，答复出现在公开页上。"),
            operation=partial(operations.keep_back_reply, reason=""),
            done=_("已公开。"),
        )


def _edit(*, reply, by, now, **values):
    return operations.save_reply(
        suggestion=reply.suggestion, reply=reply, values=values, by=by, now=now
    )


def _correct(*, reply, reason, by, now, **values):
    return operations.correct_reply(reply=reply, reason=reason, values=values, by=by, now=now)


def _send_back(*, reply, reason, by, now):
    return operations.send_back_reply(reply=reply, words=reason, by=by, now=now)
