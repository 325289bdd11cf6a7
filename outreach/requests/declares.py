"""What the theme adds to the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.portal import Ask, Declaration, Entry, Item, Link
from notices.kinds import Kind
from outreach.requests import queue, rules
from outreach.requests.models import ASK

SEES = (
    "outreach.view_schoolrequest",
    "outreach.view_campusentry",
    "outreach.view_priorityvenue",
)
LISTS = (
    "outreach.add_campusentry",
    "outreach.change_campusentry",
    "outreach.add_priorityvenue",
)
ABOUT = frozenset({"unit", "topic"})
DATED = frozenset({"unit", "topic", "day"})

NOTICES = {
    "outreach.visit_invited": Kind(
        _("学校请您去讲科学"),
        _("%(unit)s想请您去：%(topic)s。请在 72 小时内登录答复，先答应的去；不方便不用说原因。"),
        ABOUT,
        essential=True,
    ),
    "outreach.visit_arranged": Kind(
        _("申请的志愿者找到了"),
        _("%(topic)s已排好，%(day)s来。来的是谁、几点到，请登录查看。"),
        DATED,
        essential=True,
    ),
    "outreach.visit_cancelled": Kind(
        _("学校取消了上门"),
        _("%(unit)s取消了%(day)s的%(topic)s，您不用去了。"),
        DATED,
        essential=True,
    ),
    "outreach.visit_given_back": Kind(
        _("原来答应的志愿者来不了"),
        _("您申请的%(topic)s，原来答应的志愿者来不了，正在另外找人，日期还是您提出的那几天。"),
        ABOUT,
        essential=True,
    ),
    "outreach.visit_released": Kind(
        _("这次上门改请别人去"),
        _("%(unit)s的%(topic)s改请别人去，原因见您的志愿服务页，或问志愿服务队。"),
        ABOUT,
        essential=True,
    ),
    "outreach.visit_not_found": Kind(
        _("还没有找到志愿者"),
        _("您申请的%(topic)s，14 天还没有找到人，还在找。多给日期、换一个常见的内容，更容易找到。"),
        ABOUT,
        essential=True,
    ),
    "outreach.visit_unmet": Kind(
        _("没有找到志愿者"),
        _("您申请的%(topic)s，几个日期都过了也没有找到人，很抱歉。可以换日期或内容重新申请。"),
        ABOUT,
        essential=True,
    ),
    "outreach.visit_soon": Kind(
        _("上门快到了"),
        _("%(day)s，%(unit)s，%(topic)s。时间和地点请登录查看。"),
        DATED,
        essential=True,
    ),
}

VERBS = {
    "outreach.send_request": pgettext_lazy("audit", "提交学校申请"),
    "outreach.cancel_request": pgettext_lazy("audit", "取消学校申请"),
    "outreach.accept_visit": pgettext_lazy("audit", "答应上门"),
    "outreach.decline_visit": pgettext_lazy("audit", "回复上门不便"),
    "outreach.give_back_visit": pgettext_lazy("audit", "退出已答应的上门"),
    "outreach.attest_visit": pgettext_lazy("audit", "证明上门"),
    "outreach.miss_visit": pgettext_lazy("audit", "记下上门没有进行"),
    "outreach.take_back_attest": pgettext_lazy("audit", "撤回上门证明"),
    "outreach.end_unmet": pgettext_lazy("audit", "结束没有找到人的学校申请"),
    "outreach.retry_request": pgettext_lazy("audit", "重试跟进学校申请"),
    "outreach.export_requests": pgettext_lazy("audit", "导出学校申请"),
    "outreach.add_campusentry": pgettext_lazy("audit", "登记校园活动白名单"),
    "outreach.change_campusentry": pgettext_lazy("audit", "修改校园活动白名单"),
    "outreach.add_priorityvenue": pgettext_lazy("audit", "登记优先学校"),
    "outreach.drop_priorityvenue": pgettext_lazy("audit", "撤销优先学校"),
}

declaration = Declaration(
    permissions={
        "department_clerk": (*SEES, *LISTS),
        "outreach_coordinator": (*SEES, *LISTS),
        "department_reviewer": SEES,
        "auditor": SEES,
        "administrator": SEES,
        "unit_contact": (ASK,),
    },
    notices=NOTICES,
    verbs=VERBS,
    asks={rules.VISIT: Ask(pgettext_lazy("asked for", "去学校"), "visit_invitation")},
    beat={"outreach.tasks.follow_requests": 600},
    navigation=(
        Item(5, 24, pgettext_lazy("many", "学校申请"), "school", "outreach_schoolrequest"),
        Item(5, 25, _("校园活动白名单"), "fact_check", "outreach_campusentry"),
        Item(5, 26, _("优先学校"), "priority_high", "outreach_priorityvenue"),
    ),
    queue=(
        Entry(80, rules.COORDINATE, queue.not_found),
        Entry(81, rules.COORDINATE, queue.could_not_follow),
    ),
    links=(
        Link(
            "work",
            65,
            _("申请志愿者"),
            "my_requests",
            lambda user, found: (
                _("请女科学家来讲一堂课")
                if not user.is_staff and user.unit_id and user.has_perm(ASK)
                else None
            ),
        ),
    ),
)
