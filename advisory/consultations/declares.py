"""What the theme adds to the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from advisory.consultations import hers, personal_data, queue, rules
from kernel.portal import Ask, Declaration, Entry, Item, TakingPart
from notices.kinds import Kind
from talents.departures import Departure

SEES = (
    "advisory.view_consultation",
    "advisory.view_consultationinvitation",
    "advisory.view_opinion",
    "advisory.view_sharetarget",
)
RUNS = (*SEES, rules.RUN)


def _told(title, body, *names, moments=()):
    return Kind(
        title,
        body,
        frozenset({"title", *names, *moments}),
        essential=True,
        moments=frozenset(moments),
    )


NOTICES = {
    "advisory.invited": _told(
        _("有一项咨询想请教您"),
        _("%(department)s就“%(title)s”想请教您，请在 %(until)s 前答复；不便不用说明原因。"),
        "department",
        moments=("until",),
    ),
    "advisory.answer_soon": _told(
        _("咨询邀请快到期了"),
        _("“%(title)s”请在 %(until)s 前答复；不便也请点一下，好另请别人。"),
        moments=("until",),
    ),
    "advisory.taken_back": _told(_("咨询邀请取消了"), _("“%(title)s”不用您答复或参加了，谢谢您。")),
    "advisory.lapsed": _told(
        _("咨询邀请过期了"), _("“%(title)s”的答复时间已过，不用再答复。以后仍会邀请您。")
    ),
    "advisory.cancelled": _told(
        _("咨询取消了"), _("“%(title)s”取消了，原因：%(reason)s。谢谢您。"), "reason"
    ),
    "advisory.let_in": _told(
        _("可以看咨询材料了"), _("“%(title)s”：经研究您可以参加，材料和提意见已经开放。")
    ),
    "advisory.opinion_noted": _told(
        _("您的意见已代为记录"), _("工作人员记下了您对“%(title)s”的意见，有出入请登录修改。")
    ),
    "advisory.outcomes": _told(
        _("您的意见有结果了"), _("“%(title)s”：您的意见采纳了没有、为什么，请登录查看。")
    ),
    "advisory.place_free": _told(
        _("咨询空出一个名额"),
        _("“%(title)s”有人不便参加或没有答复，请邀请下一位：点“邀请专家”，最前面的就是。"),
    ),
    "advisory.conflict_waits": _told(
        _("有利害关系待研究"), _("“%(title)s”有专家申报或被发现有利害关系，请研究能否参加。")
    ),
    "advisory.to_hold": _told(
        _("咨询已到时间"), _("“%(title)s”已开过或意见已截止，请点“已经进行”，再逐条回应意见。")
    ),
}

VERBS = {
    "advisory.add_consultation": pgettext_lazy("audit", "新建咨询"),
    "advisory.change_consultation": pgettext_lazy("audit", "修改咨询"),
    "advisory.plan_meeting": pgettext_lazy("audit", "安排咨询会议"),
    "advisory.open_inviting": pgettext_lazy("audit", "开始邀请咨询专家"),
    "advisory.cancel_consultation": pgettext_lazy("audit", "取消咨询"),
    "advisory.hold_consultation": pgettext_lazy("audit", "记下咨询已经进行"),
    "advisory.count_again": pgettext_lazy("audit", "重新核对咨询到场"),
    "advisory.export_invitations": pgettext_lazy("audit", "导出咨询邀请"),
    "advisory.export_opinions": pgettext_lazy("audit", "导出咨询意见"),
    "advisory.close_consultation": pgettext_lazy("audit", "办结咨询"),
    "advisory.reopen_consultation": pgettext_lazy("audit", "撤销办结咨询"),
    "advisory.invite_expert": pgettext_lazy("audit", "邀请咨询专家"),
    "advisory.invite_again": pgettext_lazy("audit", "再次邀请咨询专家"),
    "advisory.withdraw_invitation": pgettext_lazy("audit", "取消咨询邀请"),
    "advisory.accept_invitation": pgettext_lazy("audit", "答应参加咨询"),
    "advisory.decline_invitation": pgettext_lazy("audit", "答复不便参加咨询"),
    "advisory.lapse_invitation": pgettext_lazy("audit", "咨询邀请过期"),
    "advisory.retry_invitation": pgettext_lazy("audit", "重试自动处理咨询邀请"),
    "advisory.declare_conflict": pgettext_lazy("audit", "说明利害关系"),
    "advisory.settle_conflict": pgettext_lazy("audit", "研究利害关系，可以参加"),
    "advisory.add_paper": pgettext_lazy("audit", "上传咨询材料"),
    "advisory.remove_paper": pgettext_lazy("audit", "删除咨询材料"),
    "advisory.open_paper": pgettext_lazy("audit", "打开内部咨询材料"),
    "advisory.give_opinion": pgettext_lazy("audit", "提咨询意见"),
    "advisory.change_opinion": pgettext_lazy("audit", "修改咨询意见"),
    "advisory.take_opinion_back": pgettext_lazy("audit", "撤回咨询意见"),
    "advisory.note_opinion": pgettext_lazy("audit", "代为记录咨询意见"),
    "advisory.decide_opinion": pgettext_lazy("audit", "回应咨询意见"),
    "advisory.set_target": pgettext_lazy("audit", "设定女性占比目标"),
}

declaration = Declaration(
    permissions={
        "department_clerk": RUNS,
        "department_reviewer": (*SEES, "advisory.change_sharetarget"),
        "auditor": SEES,
        "administrator": SEES,
    },
    notices=NOTICES,
    verbs=VERBS,
    asks={rules.KIND: Ask(pgettext_lazy("asked for", "咨询"), "consultation_invitation")},
    departures=(Departure(27, personal_data.lost_by_leaving, personal_data.left),),
    taking_part=(TakingPart(40, "consultations", _("参加过咨询"), hers.took_part, for_good=True),),
    navigation=(
        Item(1, 24, pgettext_lazy("many", "咨询"), "forum", "advisory_consultation"),
        Item(1, 25, pgettext_lazy("many", "咨询邀请"), "mail", "advisory_consultationinvitation"),
        Item(1, 26, pgettext_lazy("many", "咨询意见"), "rate_review", "advisory_opinion"),
        Item(1, 27, pgettext_lazy("many", "女性占比目标"), "flag", "advisory_sharetarget"),
    ),
    queue=(
        Entry(61, rules.RUN, queue.conflicts),
        Entry(62, rules.RUN, queue.to_hold),
        Entry(63, rules.RUN, queue.to_close),
        Entry(64, rules.RUN, queue.could_not),
    ),
    beat={"advisory.tasks.follow_invitations": 600},
)
