"""What the app adds to the portal (kernel.portal)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calls import cards, conditions, growth, openings, operations, personal_data, queue
from kernel.portal import (
    Declaration,
    Entry,
    Item,
    Line,
    Link,
    Openings,
    PersonalData,
    Place,
    Role,
    TakingPart,
)
from kernel.retention import Keep, Retention
from notices.kinds import Kind
from talents.departures import Departure

SEES_REVIEWS = ("calls.view_review", "calls.view_reviewer", "calls.view_assignment")
WRITING = (
    "calls.view_call",
    "calls.add_call",
    "calls.change_call",
    "calls.open_call",
    "calls.conclude_call",
    "calls.view_application",
    "calls.accept_application",
    "calls.decide_application",
    "calls.export_application",
    "calls.view_publicnotice",
    "calls.add_publicnotice",
    "calls.change_publicnotice",
    "calls.run_publicnotice",
    "calls.view_objection",
    "calls.decide_objection",
    "calls.run_review",
    *SEES_REVIEWS,
    "calls.view_due",
    "calls.run_due",
    "calls.export_due",
    "calls.view_advantage",
    "calls.add_advantage",
    "calls.change_advantage",
    "calls.export_advantage",
)


def _told(title, body, *placeholders, moments=()):
    return Kind(
        title,
        body,
        frozenset({"title", *placeholders}),
        essential=True,
        moments=frozenset(moments),
    )


NOTICES = {
    "calls.received": _told(
        _("申报已提交"), _("您对《%(title)s》的申报已提交，编号 %(number)s。"), "number"
    ),
    "calls.accepted": _told(
        _("申报已受理"), _("您对《%(title)s》的申报已受理，结果公布后会通知您。")
    ),
    "calls.returned": _told(
        _("申报需要补充"),
        _("您对《%(title)s》的申报需要补充，请在 %(until)s 前补好并重新提交。"),
        "until",
        moments=("until",),
    ),
    "calls.nominated": _told(
        _("有人推荐您"),
        _("%(by)s推荐您参加《%(title)s》。同意的，请在 %(until)s 前登录填写；不同意也可以谢绝。"),
        "by",
        "until",
        moments=("until",),
    ),
    "calls.nomination_taken_back": _told(
        _("推荐已收回"), _("%(by)s收回了推荐您参加《%(title)s》。"), "by"
    ),
    "calls.joined": _told(
        _("同事已加入"), _("%(by)s接受了您的邀请，参与《%(title)s》的申报。"), "by"
    ),
    "calls.endorsed": _told(_("单位已推荐"), _("您的单位推荐了您对《%(title)s》的申报。")),
    "calls.not_endorsed": _told(
        _("单位未推荐"), _("您的单位没有推荐您对《%(title)s》的申报，原因：%(reason)s。"), "reason"
    ),
    "calls.opinion_undone": _told(
        _("单位重新审核"), _("您的单位撤销了对您《%(title)s》申报的意见，正在重新审核。")
    ),
    "calls.refused": _told(
        _("申报未受理"), _("您对《%(title)s》的申报没有受理，原因：%(reason)s。"), "reason"
    ),
    "calls.checked_again": _told(
        _("申报重新核对"), _("您对《%(title)s》的申报正在重新核对，有结果会通知您。")
    ),
    "calls.cancelled": _told(
        _("申报已取消"), _("《%(title)s》的申报已取消，原因：%(reason)s。"), "reason"
    ),
    "calls.on_notice": _told(
        _("申报进入公示"),
        _("您对《%(title)s》的申报拟入选，正在公示。名单和截止日期见公示页。"),
    ),
    "calls.notice_withdrawn": _told(
        _("公示已撤销"), _("《%(title)s》的公示已撤销，原因：%(reason)s。"), "reason"
    ),
    "calls.awarded": _told(_("申报结果"), _("祝贺您！您对《%(title)s》的申报入选。")),
    "calls.reserve": _told(
        _("申报结果"), _("您对《%(title)s》的申报列为备选，有空缺时会与您联系。")
    ),
    "calls.not_awarded": _told(
        _("申报结果"), _("您对《%(title)s》的申报这次没有入选，谢谢您的参与。")
    ),
    "calls.review_began": _told(
        _("请您评审"),
        _("请您担任《%(title)s》的评审专家，%(until)s 前提交评分。登录门户后先完成回避声明。"),
        "until",
        moments=("until",),
    ),
    "calls.review_assigned": _told(
        _("有新的申报请您评审"),
        _("《%(title)s》有新分给您的申报，请在 %(until)s 前提交评分。"),
        "until",
        moments=("until",),
    ),
    "calls.review_due": _told(
        _("评分截止提醒"),
        _("《%(title)s》的评分截止时间是 %(until)s，您还有评分没有提交。"),
        "until",
        moments=("until",),
    ),
    "calls.review_reopened": _told(
        _("评分退回重评"),
        _("《%(title)s》中 %(label)s 的评分退回给您核对，原因：%(reason)s。请改好后重新提交。"),
        "label",
        "reason",
    ),
    "calls.due_asked": _told(
        _("入选后请提交材料"),
        _("《%(title)s》入选后请提交“%(step)s”，最晚%(until)s。登录门户，在“我的申报”里提交。"),
        "step",
        "until",
    ),
    "calls.due_received": _told(
        _("材料已收到"), _("《%(title)s》的“%(step)s”已收到，审核后通知您。"), "step"
    ),
    "calls.due_accepted": _told(
        _("材料已通过"), _("《%(title)s》的“%(step)s”已通过审核。"), "step"
    ),
    "calls.due_returned": _told(
        _("材料需要修改"),
        _("《%(title)s》的“%(step)s”需要修改，最晚%(until)s重新提交，要改什么请看“我的申报”。"),
        "step",
        "until",
    ),
    "calls.due_moved": _told(
        _("截止日期已延后"),
        _("《%(title)s》的“%(step)s”截止日期改为%(until)s。"),
        "step",
        "until",
    ),
    "calls.due_waived": _told(
        _("这一步不用办了"),
        _("《%(title)s》的“%(step)s”已免除，原因请看“我的申报”。"),
        "step",
    ),
    "calls.due_reopened": _told(
        _("办理结果已撤销"),
        _("《%(title)s》的“%(step)s”办理结果已撤销，正在重新办理，请看“我的申报”。"),
        "step",
    ),
    "calls.due_paid": _told(
        _("款项已拨付"),
        _("《%(title)s》的“%(step)s”已拨付，金额和日期请看“我的申报”。"),
        "step",
    ),
    "calls.due_payment_changed": _told(
        _("拨付记录已更正"),
        _("《%(title)s》“%(step)s”的拨付记录有更正，请看“我的申报”。"),
        "step",
    ),
    "calls.due_soon": _told(
        _("材料快到期了"),
        _("《%(title)s》的“%(step)s”最晚%(until)s提交，您还没有提交。"),
        "step",
        "until",
    ),
    "calls.due_late": _told(
        _("材料已过截止日期"),
        _("《%(title)s》的“%(step)s”应在%(until)s以前提交，请尽快补交；有困难请联系经办部门延期。"),
        "step",
        "until",
    ),
    "calls.dues_closed": _told(
        _("后续事项已终止"),
        _("《%(title)s》的入选有变动，没有办完的后续事项已终止。有疑问请联系经办部门。"),
    ),
    "calls.dues_open_again": _told(
        _("后续事项已恢复"),
        _("《%(title)s》没有办完的后续事项已恢复，截止日期请看“我的申报”。"),
    ),
    "calls.review_left": _told(
        _("评审专家调整"), _("《%(title)s》的评审已改由其他专家承担，您不用再评。谢谢您。")
    ),
}

VERBS = {
    "calls.add_call": pgettext_lazy("audit", "新建申报通知"),
    "calls.edit_call": pgettext_lazy("audit", "修改申报通知"),
    "calls.write_form": pgettext_lazy("audit", "修改申报表"),
    "calls.write_requirements": pgettext_lazy("audit", "修改自查条件"),
    "calls.open_call": pgettext_lazy("audit", "发布申报通知"),
    "calls.unpublish_call": pgettext_lazy("audit", "收回申报通知"),
    "calls.extend_call": pgettext_lazy("audit", "延后申报截止时间"),
    "calls.close_call": pgettext_lazy("audit", "截止申报"),
    "calls.cancel_call": pgettext_lazy("audit", "取消申报通知"),
    "calls.conclude_call": pgettext_lazy("audit", "公布申报结果"),
    "calls.start_application": pgettext_lazy("audit", "开始填写申报"),
    "calls.submit_application": pgettext_lazy("audit", "提交申报"),
    "calls.withdraw_application": pgettext_lazy("audit", "撤回申报"),
    "calls.accept_application": pgettext_lazy("audit", "受理申报"),
    "calls.return_application": pgettext_lazy("audit", "退回申报补充"),
    "calls.refuse_application": pgettext_lazy("audit", "不予受理申报"),
    "calls.undo_check": pgettext_lazy("audit", "撤销受理决定"),
    "calls.decide_application": pgettext_lazy("audit", "拟定申报结果"),
    "calls.move_up": pgettext_lazy("audit", "递补备选申报"),
    "calls.nominate": pgettext_lazy("audit", "推荐人选"),
    "calls.take_nomination_back": pgettext_lazy("audit", "收回推荐"),
    "calls.agree_to_nomination": pgettext_lazy("audit", "同意被推荐"),
    "calls.decline_nomination": pgettext_lazy("audit", "谢绝推荐"),
    "calls.invite_colleague": pgettext_lazy("audit", "邀请同事参与申报"),
    "calls.join_application": pgettext_lazy("audit", "接受邀请参与申报"),
    "calls.end_colleague": pgettext_lazy("audit", "结束同事参与申报"),
    "calls.endorse_application": pgettext_lazy("audit", "代表单位推荐申报"),
    "calls.decline_application": pgettext_lazy("audit", "代表单位不推荐申报"),
    "calls.undo_opinion": pgettext_lazy("audit", "撤销单位意见"),
    "calls.draft_notice": pgettext_lazy("audit", "起草公示"),
    "calls.edit_notice": pgettext_lazy("audit", "修改公示草稿"),
    "calls.discard_notice": pgettext_lazy("audit", "删除公示草稿"),
    "calls.start_notice": pgettext_lazy("audit", "开始公示"),
    "calls.suspend_notice": pgettext_lazy("audit", "暂停公示"),
    "calls.resume_notice": pgettext_lazy("audit", "恢复公示"),
    "calls.withdraw_notice": pgettext_lazy("audit", "撤销公示"),
    "calls.end_notice": pgettext_lazy("audit", "结束公示"),
    "calls.end_notice_again": pgettext_lazy("audit", "重试结束公示"),
    "calls.move_notice": pgettext_lazy("audit", "因节假日安排顺延公示"),
    "calls.file_objection": pgettext_lazy("audit", "提出异议"),
    "calls.decide_objection": pgettext_lazy("audit", "处理异议"),
    "calls.reopen_objection": pgettext_lazy("audit", "重新处理异议"),
    "calls.export_applications": pgettext_lazy("audit", "导出申报名单"),
    "calls.export_fairness": pgettext_lazy("audit", "导出评选公平性报告"),
    "calls.edit_review": pgettext_lazy("audit", "修改评审安排"),
    "calls.write_criteria": pgettext_lazy("audit", "修改评分标准"),
    "calls.add_reviewer": pgettext_lazy("audit", "添加评审专家"),
    "calls.remove_reviewer": pgettext_lazy("audit", "移出评审专家"),
    "calls.replace_reviewer": pgettext_lazy("audit", "更换评审专家"),
    "calls.distribute": pgettext_lazy("audit", "分派申报"),
    "calls.assign": pgettext_lazy("audit", "分派一份申报"),
    "calls.withdraw_assignment": pgettext_lazy("audit", "撤回一份分派"),
    "calls.start_judging": pgettext_lazy("audit", "开始评分"),
    "calls.undo_start": pgettext_lazy("audit", "把评审退回准备"),
    "calls.declare_interests": pgettext_lazy("audit", "声明回避情况"),
    "calls.open_file": pgettext_lazy("audit", "打开申报材料"),
    "calls.declare_recognised": pgettext_lazy("audit", "说明认出了申报人"),
    "calls.hand_in_scores": pgettext_lazy("audit", "提交评分"),
    "calls.reopen_scores": pgettext_lazy("audit", "退回评分重评"),
    "calls.undo_recusal": pgettext_lazy("audit", "撤销一份回避"),
    "calls.remind_reviewer": pgettext_lazy("audit", "催交评分"),
    "calls.fix_ranking": pgettext_lazy("audit", "确定排名"),
    "calls.unfix_ranking": pgettext_lazy("audit", "撤销排名"),
    "calls.write_steps": pgettext_lazy("audit", "修改入选后的步骤"),
    "calls.make_due": pgettext_lazy("audit", "生成入选后事项"),
    "calls.hand_in_due": pgettext_lazy("audit", "提交入选后的材料"),
    "calls.correct_due": pgettext_lazy("audit", "修改已提交的材料"),
    "calls.withdraw_due": pgettext_lazy("audit", "撤回入选后的材料"),
    "calls.accept_due": pgettext_lazy("audit", "通过入选后的材料"),
    "calls.return_due": pgettext_lazy("audit", "退回入选后的材料"),
    "calls.extend_due": pgettext_lazy("audit", "延后入选后事项的截止日期"),
    "calls.waive_due": pgettext_lazy("audit", "免除入选后事项"),
    "calls.reopen_due": pgettext_lazy("audit", "撤销入选后事项的办理结果"),
    "calls.pay_due": pgettext_lazy("audit", "登记拨付"),
    "calls.correct_payment": pgettext_lazy("audit", "更正拨付记录"),
    "calls.take_payment_back": pgettext_lazy("audit", "撤销拨付记录"),
    "calls.remind_due": pgettext_lazy("audit", "提醒提交入选后的材料"),
    "calls.remind_due_again": pgettext_lazy("audit", "重试提醒提交入选后的材料"),
    "calls.close_due": pgettext_lazy("audit", "终止入选后事项"),
    "calls.open_due_again": pgettext_lazy("audit", "恢复入选后事项"),
    "calls.export_dues": pgettext_lazy("audit", "导出入选后事项"),
    "calls.register_advantage": pgettext_lazy("audit", "登记优先条件"),
    "calls.end_advantage": pgettext_lazy("audit", "提前结束优先条件"),
    "calls.undo_end_advantage": pgettext_lazy("audit", "恢复优先条件"),
    "calls.export_advantages": pgettext_lazy("audit", "导出优先条件"),
    "calls.take_scores": pgettext_lazy("audit", "取出评分或评审纪要"),
}

declaration = Declaration(
    roles=(Role("reviewer", _("评审专家"), 65, staff=False, scoped=False),),
    permissions={
        "department_clerk": WRITING,
        "auditor": (
            "calls.view_call",
            "calls.view_application",
            "calls.view_publicnotice",
            *SEES_REVIEWS,
            "calls.view_due",
            "calls.view_advantage",
        ),
        "administrator": (
            "calls.view_call",
            "calls.view_application",
            "calls.view_publicnotice",
            *SEES_REVIEWS,
            "calls.view_due",
            "calls.view_advantage",
        ),
        "reviewer": ("calls.score_review",),
        "unit_contact": ("calls.nominate_for_unit",),
    },
    honours_held=(conditions.held_by,),
    notices=NOTICES,
    verbs=VERBS,
    departures=(Departure(20, personal_data.lost_by_leaving, personal_data.withdraw_all),),
    movings=(
        personal_data.MOVING,
        personal_data.MOVING_NOMINATIONS,
        personal_data.MOVING_ADVANTAGES,
    ),
    benefits=(Line(20, _("在线申报荣誉和人才项目")),),
    personal_data=PersonalData(
        32,
        _("申报"),
        personal_data.COVERS,
        personal_data.collect,
        lost=personal_data.lost,
        erase=personal_data.erase,
        files=personal_data.files,
    ),
    retention=(
        Retention(
            40,
            "calls.answers",
            _("申报时填写的内容和上传的文件"),
            Keep(years=3),
            _("自申报截止起算，之后只留是否入选"),
            personal_data.old_applications,
            personal_data.drop_words,
        ),
        Retention(
            42,
            "calls.nominations",
            _("推荐他人时填写的姓名、手机号和理由"),
            Keep(days=90),
            _("自申报截止起算，本人没有同意的删除"),
            personal_data.old_nominations,
        ),
        Retention(
            41,
            "calls.objections",
            _("公示异议的内容、提出人的姓名和联系方式"),
            Keep(years=3),
            _("自收到起算，之后只留处理结果"),
            personal_data.old_objections,
            personal_data.drop_objections,
        ),
        Retention(
            43,
            "calls.dues",
            _("入选后提交的内容和文件"),
            Keep(years=3),
            _("自办结起算，没有办结的自截止日期起算，之后只留办理结果和拨付的金额、日期"),
            personal_data.old_dues,
            personal_data.drop_due_words,
        ),
        Retention(
            44,
            "calls.advantages",
            _("给个人的优先条件"),
            Keep(years=3),
            _("自到期或结束起算，之后删除"),
            personal_data.old_advantages,
        ),
    ),
    places=(Place(25, "calls/", _("申报"), footer=True),),
    navigation=(
        Item(3, 5, pgettext_lazy("many", "申报通知"), "campaign", "calls_call"),
        Item(3, 6, _("申报受理"), "inbox", "calls_application"),
        Item(3, 7, pgettext_lazy("many", "公示"), "visibility", "calls_publicnotice"),
        Item(3, 8, _("异议"), "report", "calls_objection"),
        Item(3, 9, pgettext_lazy("many", "评审"), "gavel", "calls_review"),
        Item(3, 10, _("入选后事项"), "task_alt", "calls_due"),
        Item(3, 11, _("优先条件"), "star", "calls_advantage"),
    ),
    queue=(
        Entry(45, "calls.accept_application", queue.to_accept),
        Entry(46, "calls.decide_objection", queue.to_settle),
        Entry(47, "calls.run_publicnotice", queue.notices_set_aside),
        Entry(48, "calls.run_review", queue.to_rank),
        Entry(49, "calls.run_due", queue.dues_to_settle),
        Entry(50, "calls.run_due", queue.dues_overdue),
        Entry(51, "calls.run_due", queue.dues_set_aside),
    ),
    terms=(operations.move_terms,),
    links=(
        Link(
            "work",
            12,
            _("申报评审"),
            "reviews",
            lambda user, found: _("请您评的申报") if found["panel_seats"] else None,
            {"panel_seats": cards.PANEL_SEATS},
        ),
        Link(
            "work",
            13,
            _("单位推荐"),
            "unit_calls",
            lambda user, found: (
                _("推荐本单位的人选，审核本单位的申报")
                if user.unit_id and user.has_perm("calls.nominate_for_unit")
                else None
            ),
        ),
        Link(
            "settings",
            13,
            _("我的申报"),
            "my_applications",
            lambda user, found: _("填写、补充、查看结果"),
        ),
    ),
    taking_part=(
        TakingPart(20, "calls", _("申报过荣誉或项目"), growth.applied_since, for_good=True),
    ),
    openings=Openings(15, openings.RULES, openings.find),
    growth=growth.milestones,
    scopes={operations.NOMINATE_SCOPE: _("推荐本单位的人员申报")},
    api="calls.api",
    api_sections={"calls": _("申报")},
    beat={
        "calls.tasks.close_due": 60,
        "calls.tasks.end_notices": 600,
        "calls.tasks.remind_reviewers": 600,
        "calls.tasks.remind_dues": 3600,
    },
    demo="calls.demo",
)
