"""What the theme adds to the portal. Staff's pages, queue and figures: `staff_declares`."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from advisory.suggestions import operations
from advisory.suggestions.operations.effects import RULE
from advisory.suggestions.rules import who
from care_points.sources import Source
from kernel.portal import Declaration, Place
from notices.kinds import Kind

SEES = (
    "advisory.view_suggestioncampaign",
    "advisory.view_suggestion",
    "advisory.view_assignment",
    "advisory.view_extension",
    "advisory.view_reply",
    "advisory.view_rating",
    "advisory.view_adoption",
    "advisory.view_effectreport",
    "advisory.view_contest",
)


def _told(title, body, *names):
    return Kind(title, body, frozenset({"title", *names}), essential=True)


# To who is not named: SMS, mail and the list of deliveries staff read say nothing of suggestions.
OUTSIDE = (_("您有一项办理有新进展"), _("请登录门户查看。"))


def _for_her(title, body, *names):
    return replace(_told(title, body, *names), outside=OUTSIDE)


TO_HER = {
    "advisory.suggestion_back": _for_her(
        _("请把建言分开写"), _("“%(title)s”写了不止一件事，请分开再提交：%(words)s。"), "words"
    ),
    "advisory.suggestion_filed": _for_her(
        _("您的建言立案了"), _("“%(title)s”已立案，谁来办、什么时候答复，请登录查看。")
    ),
    "advisory.suggestion_not_filed": _for_her(
        _("您的建言没有立案"),
        _("“%(title)s”没有立案：%(reason)s。%(words)s。"),
        "reason",
        "words",
    ),
    "advisory.suggestion_reconsidered": _for_her(
        _("您的建言重新审查"), _("“%(title)s”重新审查，结果会通知您。")
    ),
    "advisory.suggestion_joined": _for_her(
        _("您的建言并案办理"),
        _("“%(title)s”与“%(to)s”说的是同一件事，一并办理，答复时同样答复您。"),
        "to",
    ),
    "advisory.suggestion_joined_late": _for_her(
        _("您的建言并案了"),
        _("“%(title)s”与“%(to)s”说的是同一件事，那一件已经有答复，请登录查看。"),
        "to",
    ),
    "advisory.suggestion_extended": _for_her(
        _("建言答复延期"), _("“%(title)s”还要多些时间，最晚 %(due)s 答复您。"), "due"
    ),
    "advisory.suggestion_answered": _for_her(
        _("您的建言有答复了"), _("“%(title)s”有答复了，请登录查看，并说说满意不满意。")
    ),
    "advisory.suggestion_corrected": _for_her(
        _("建言答复更正了"), _("“%(title)s”的答复更正了，原因写在答复里，请登录查看。")
    ),
    "advisory.suggestion_cosigned": _for_her(
        _("您附议的建言有答复了"), _("您附议的“%(title)s”有答复了，请登录查看。")
    ),
    "advisory.suggestion_reopened_for_her": _for_her(
        _("建言重新办理"), _("“%(title)s”由另一位同事重新办理，最晚 %(due)s 再次答复您。"), "due"
    ),
    "advisory.suggestion_adopted": _for_her(
        _("您的建言被采纳了"),
        _("“%(title)s”已被采纳：%(what)s。谢谢您！半年和一年后告诉您成效。"),
        "what",
    ),
    "advisory.suggestion_not_adopted": _for_her(
        _("建言采纳更正"), _("“%(title)s”的采纳撤销了，原因：%(reason)s。"), "reason"
    ),
    "advisory.suggestion_effect": _for_her(
        _("您的建言采纳以后怎样了"),
        _("“%(title)s”被采纳以后带来了什么，请登录查看；与事实不符可以提出。"),
    ),
    "advisory.suggestion_contest_decided": _for_her(
        _("您提出的异议有结果了"),
        _("“%(title)s”：%(outcome)s。%(words)s。"),
        "outcome",
        "words",
    ),
}
TO_STAFF = {
    "advisory.suggestion_withdrawn": _told(
        _("建言本人撤回了"), _("“%(title)s”本人已撤回，不再办理。")
    ),
    "advisory.suggestion_assigned": _told(
        _("有建言交给您的部门"),
        _("“%(title)s”由您的部门%(role)s，%(due)s到期；不属于本部门的请在%(back)s前退回。"),
        "role",
        "due",
        "back",
    ),
    "advisory.suggestion_handed_back": _told(
        _("部门申请退回建言"),
        _("%(department)s认为“%(title)s”不属于本部门，请改交其他部门或坚持交办。"),
        "department",
    ),
    "advisory.suggestion_insisted": _told(
        _("建言仍由您的部门办"),
        _("“%(title)s”经研究仍由您的部门办，%(due)s到期。理由：%(reason)s。"),
        "due",
        "reason",
    ),
    "advisory.suggestion_taken_back": _told(
        _("建言不用您的部门办了"), _("“%(title)s”不用您的部门办了，原因：%(reason)s。"), "reason"
    ),
    "advisory.suggestion_opinion": _told(
        _("会办意见到了"), _("%(department)s对“%(title)s”提出了会办意见。"), "department"
    ),
    "advisory.suggestion_extension_asked": _told(
        _("部门申请延期答复"),
        _("%(department)s申请把“%(title)s”延期 %(days)s 天，请批复。"),
        "department",
        "days",
    ),
    "advisory.suggestion_extension_decided": _told(
        _("延期申请批复了"),
        _("“%(title)s”的延期申请：%(outcome)s，%(due)s到期。"),
        "outcome",
        "due",
    ),
    "advisory.reply_handed_in": _told(
        _("有建言答复待签发"), _("“%(title)s”的答复已经送签，请审阅签发。")
    ),
    "advisory.reply_sent_back": _told(
        _("建言答复退回修改"), _("“%(title)s”的答复退回修改：%(words)s。"), "words"
    ),
    "advisory.suggestion_reopened": _told(
        _("建言须重新办理"),
        _("“%(title)s”本人不满意，请另由一位同事起草，%(due)s前再次答复。"),
        "due",
    ),
    "advisory.suggestion_to_assign_anew": _told(
        _("建言须重新交办"), _("“%(title)s”本人不满意，原主办部门已不在办，请重新交办。")
    ),
    "advisory.suggestion_due_soon": _told(
        _("建言快到期了"), _("“%(title)s”%(due)s到期，请抓紧办理。"), "due"
    ),
    "advisory.suggestion_overdue": _told(
        _("建言逾期了"),
        _("“%(title)s”由%(department)s办理，%(due)s到期，还没有办完。"),
        "department",
        "due",
    ),
    "advisory.suggestion_second_due": _told(
        _("建言该再次答复了"), _("“%(title)s”答应 %(due)s 再次答复，请准备。"), "due"
    ),
    "advisory.suggestion_effect_due": _told(
        _("该报告建言的成效了"),
        _("“%(title)s”采纳 %(months)s 个月的成效，请在 %(due)s 前报告。"),
        "months",
        "due",
    ),
    "advisory.suggestion_contested": _told(
        _("有人对采纳提出异议"), _("“%(title)s”本人认为采纳或成效与事实不符，请核实处理。")
    ),
}

VERBS = {
    "advisory.add_campaign": pgettext_lazy("audit", "新建建言征集"),
    "advisory.change_campaign": pgettext_lazy("audit", "修改建言征集"),
    "advisory.open_campaign": pgettext_lazy("audit", "发布建言征集"),
    "advisory.close_campaign": pgettext_lazy("audit", "结束建言征集"),
    "advisory.reopen_campaign": pgettext_lazy("audit", "重新开放建言征集"),
    "advisory.cancel_campaign": pgettext_lazy("audit", "取消建言征集"),
    "advisory.send_suggestion": pgettext_lazy("audit", "收到一件建言"),
    "advisory.withdraw_suggestion": pgettext_lazy("audit", "登记建言由作者撤回"),
    "advisory.cosign": pgettext_lazy("audit", "收到一个附议"),
    "advisory.withdraw_cosignature": pgettext_lazy("audit", "登记附议由附议人撤回"),
    "advisory.send_back_suggestion": pgettext_lazy("audit", "退回建言请作者分开写"),
    "advisory.file_suggestion": pgettext_lazy("audit", "立案建言"),
    "advisory.list_suggestion": pgettext_lazy("audit", "修改建言是否公开"),
    "advisory.refuse_suggestion": pgettext_lazy("audit", "决定建言不予立案"),
    "advisory.reconsider_suggestion": pgettext_lazy("audit", "重新审查建言"),
    "advisory.join_suggestion": pgettext_lazy("audit", "把建言并案"),
    "advisory.assign_suggestion": pgettext_lazy("audit", "交办建言"),
    "advisory.take_up_assignment": pgettext_lazy("audit", "接收交办的建言"),
    "advisory.hand_back_assignment": pgettext_lazy("audit", "申请退回交办的建言"),
    "advisory.insist_on_assignment": pgettext_lazy("audit", "坚持交办建言"),
    "advisory.take_back_assignment": pgettext_lazy("audit", "收回交办的建言"),
    "advisory.tell_opinion": pgettext_lazy("audit", "提出会办意见"),
    "advisory.ask_extension": pgettext_lazy("audit", "申请建言延期"),
    "advisory.grant_extension": pgettext_lazy("audit", "同意建言延期"),
    "advisory.refuse_extension": pgettext_lazy("audit", "不同意建言延期"),
    "advisory.draft_reply": pgettext_lazy("audit", "起草建言答复"),
    "advisory.hand_in_reply": pgettext_lazy("audit", "送签建言答复"),
    "advisory.send_back_reply": pgettext_lazy("audit", "退回建言答复修改"),
    "advisory.sign_reply": pgettext_lazy("audit", "签发建言答复"),
    "advisory.keep_back_reply": pgettext_lazy("audit", "决定建言答复不公开"),
    "advisory.publish_reply": pgettext_lazy("audit", "公开建言答复"),
    "advisory.correct_reply": pgettext_lazy("audit", "起草建言答复的更正"),
    "advisory.drop_reply": pgettext_lazy("audit", "放弃一份建言答复稿"),
    "advisory.rate_reply": pgettext_lazy("audit", "收到建言答复的评价"),
    "advisory.end_suggestion": pgettext_lazy("audit", "办结建言"),
    "advisory.add_adoption": pgettext_lazy("audit", "登记建言采纳"),
    "advisory.add_proof": pgettext_lazy("audit", "上传采纳证明"),
    "advisory.read_proof": pgettext_lazy("audit", "打开采纳证明"),
    "advisory.confirm_adoption": pgettext_lazy("audit", "核实建言采纳"),
    "advisory.withdraw_adoption": pgettext_lazy("audit", "撤销建言采纳"),
    "advisory.report_effect": pgettext_lazy("audit", "报告建言成效"),
    "advisory.contest_adoption": pgettext_lazy("audit", "收到对采纳的异议"),
    "advisory.decide_contest": pgettext_lazy("audit", "处理对采纳的异议"),
    "advisory.retry_assignment": pgettext_lazy("audit", "重试建言交办的到期处理"),
    "advisory.part_suggestion": pgettext_lazy("audit", "撤销建言并案"),
    "advisory.remove_proof": pgettext_lazy("audit", "删除采纳证明"),
    "advisory.retry_suggestion": pgettext_lazy("audit", "重试建言的到期处理"),
    "advisory.retry_effect": pgettext_lazy("audit", "重试成效报告的到期处理"),
    "advisory.export_suggestions": pgettext_lazy("audit", "导出建言"),
    "advisory.export_assignments": pgettext_lazy("audit", "导出建言交办"),
    "advisory.export_adoptions": pgettext_lazy("audit", "导出建言采纳"),
    "advisory.move_limit": pgettext_lazy("audit", "因节假日调整推迟建言期限"),
}

POINTS = {
    RULE: Source(
        "建言被采纳",
        "Suggestion taken up",
        unit="event",
        points=50,
        yearly_cap=500,
        undone=_("采纳撤销"),
    ),
}

declaration = Declaration(
    permissions={
        "department_clerk": (*SEES, who.RUN),
        "department_reviewer": (*SEES, who.SIGN),
        "auditor": SEES,
        "administrator": SEES,
    },
    notices=TO_HER | TO_STAFF,
    verbs=VERBS,
    points=POINTS,
    benefits=(),
    places=(Place(33, "advisory/suggestions/", _("建言献策"), footer=True),),
    # No way of taking part (`taking_part`): its lists would name who is nameless to the departments.
    public_models=(
        "advisory.SuggestionCampaign",
        "advisory.Adoption",
        "advisory.EffectReport",
    ),
    terms=(operations.move_terms,),
    beat={"advisory.tasks.follow_suggestions": 3600},
)
