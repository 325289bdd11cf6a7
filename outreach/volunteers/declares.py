"""What the theme adds to the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.portal import Declaration, Entry, Item, Link, Role
from notices.kinds import Kind
from outreach.volunteers import queue

SEES = ("outreach.view_volunteer",)
KEEPS = (*SEES, "outreach.change_volunteer", "outreach.export_volunteer")

NOTICES = {
    "outreach.volunteer_accepted": Kind(
        _("欢迎加入巾帼科技志愿服务队"),
        _("您的报名已确认。上岗培训和从业审查办好以后，就可以去学校了，安排见您的志愿服务页。"),
        essential=True,
    ),
    "outreach.volunteer_refused": Kind(
        _("志愿服务队的报名结果"),
        _("这次没有采用您的报名，原因和下一步请登录查看。"),
        essential=True,
    ),
    "outreach.volunteer_reopened": Kind(
        _("志愿服务队的报名重新核对"),
        _("您的报名正在重新核对，原因请登录查看。这期间不会安排您上门。"),
        essential=True,
    ),
    "outreach.volunteer_runs_out": Kind(
        _("志愿服务的培训或审查快到期了"),
        _("您的上岗培训或从业审查有效到 %(until)s，过期后不能安排上门，请联系志愿服务队续办。"),
        frozenset({"until"}),
        essential=True,
    ),
}

VERBS = {
    "outreach.save_choices": pgettext_lazy("audit", "修改志愿服务的内容和时间"),
    "outreach.apply_volunteer": pgettext_lazy("audit", "报名志愿服务队"),
    "outreach.pause_volunteering": pgettext_lazy("audit", "暂停志愿服务"),
    "outreach.resume_volunteering": pgettext_lazy("audit", "恢复志愿服务"),
    "outreach.leave_team": pgettext_lazy("audit", "退出志愿服务队"),
    "outreach.accept_volunteer": pgettext_lazy("audit", "确认志愿者入队"),
    "outreach.refuse_volunteer": pgettext_lazy("audit", "婉拒志愿者报名"),
    "outreach.reopen_volunteer": pgettext_lazy("audit", "撤回志愿者报名的办理结果"),
    "outreach.export_volunteers": pgettext_lazy("audit", "导出志愿者名单"),
    "outreach.enter_training": pgettext_lazy("audit", "登记志愿者培训"),
    "outreach.correct_training": pgettext_lazy("audit", "更正志愿者培训"),
    "outreach.enter_clearance": pgettext_lazy("audit", "登记志愿者从业审查"),
    "outreach.correct_clearance": pgettext_lazy("audit", "更正志愿者从业审查"),
    "outreach.retry_volunteer": pgettext_lazy("audit", "重试提醒志愿者"),
}

declaration = Declaration(
    roles=(Role("outreach_coordinator", _("志愿服务协调员"), 47),),
    permissions={
        "department_clerk": KEEPS,
        "outreach_coordinator": (*KEEPS, "outreach.coordinate_volunteer"),
        "department_reviewer": SEES,
        "auditor": SEES,
        "administrator": SEES,
    },
    notices=NOTICES,
    verbs=VERBS,
    beat={"outreach.tasks.follow_volunteers": 3600},
    navigation=(
        Item(5, 20, pgettext_lazy("many", "志愿者"), "volunteer_activism", "outreach_volunteer"),
    ),
    queue=(
        Entry(66, "outreach.change_volunteer", queue.to_decide),
        Entry(67, "outreach.change_volunteer", queue.to_prove),
        Entry(68, "outreach.change_volunteer", queue.could_not_remind),
    ),
    links=(
        Link(
            "settings",
            19,
            _("志愿服务队"),
            "my_volunteering",
            lambda user, found: _("去学校讲科学：报名、培训和审查、暂停"),
        ),
    ),
)
