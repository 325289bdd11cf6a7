"""What the theme adds to the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from entrepreneurship.bases import operations, queue
from kernel.portal import Declaration, Entry, Item, Link
from notices.kinds import Kind

SEES = (
    "entrepreneurship.view_base",
    "entrepreneurship.view_baseservice",
    "entrepreneurship.view_baserequest",
)
WORKS = (
    *SEES,
    "entrepreneurship.add_base",
    "entrepreneurship.change_base",
    "entrepreneurship.add_baseservice",
    "entrepreneurship.change_baseservice",
    "entrepreneurship.change_baserequest",
)


def _told(title, body):
    return Kind(title, body, frozenset({"base", "code"}), essential=True)


NOTICES = {
    "entrepreneurship.base_asked": _told(
        _("有一项基地服务申请等您答复"),
        _("“%(base)s”收到申请 %(code)s，请在五个工作日内答复。"),
    ),
    "entrepreneurship.base_due": _told(
        _("基地服务申请快到期了"), _("“%(base)s”的申请 %(code)s 快到期了，请尽快答复。")
    ),
    "entrepreneurship.base_overdue": _told(
        _("基地服务申请超期未答复"), _("“%(base)s”的申请 %(code)s 已过五个工作日，请督促或转交。")
    ),
    "entrepreneurship.base_answered": _told(
        _("基地答复了您"), _("“%(base)s”答复了您的申请 %(code)s，请登录查看。")
    ),
    "entrepreneurship.base_declined": _told(
        _("基地没能办理"),
        _("“%(base)s”这次没能办理您的申请 %(code)s，原因和下一步请登录查看。"),
    ),
}

VERBS = {
    "entrepreneurship.add_base": pgettext_lazy("audit", "新建基地"),
    "entrepreneurship.edit_base": pgettext_lazy("audit", "修改基地"),
    "entrepreneurship.add_service": pgettext_lazy("audit", "新建基地服务"),
    "entrepreneurship.edit_service": pgettext_lazy("audit", "修改基地服务"),
    "entrepreneurship.verify_service": pgettext_lazy("audit", "核实基地服务"),
    "entrepreneurship.end_service": pgettext_lazy("audit", "停止基地服务"),
    "entrepreneurship.restore_service": pgettext_lazy("audit", "恢复基地服务"),
    "entrepreneurship.ask_base": pgettext_lazy("audit", "请基地帮忙"),
    "entrepreneurship.withdraw_base_request": pgettext_lazy("audit", "撤回基地服务申请"),
    "entrepreneurship.reopen_base_request": pgettext_lazy("audit", "重新提出基地服务申请"),
    "entrepreneurship.say_helped": pgettext_lazy("audit", "反馈基地服务"),
    "entrepreneurship.answer_base_request": pgettext_lazy("audit", "答复基地服务申请"),
    "entrepreneurship.decline_base_request": pgettext_lazy("audit", "说明没能办理基地服务申请"),
    "entrepreneurship.hand_over_request": pgettext_lazy("audit", "转交基地服务申请"),
    "entrepreneurship.escalate_request": pgettext_lazy("audit", "上报超期的基地服务申请"),
    "entrepreneurship.retry_request": pgettext_lazy("audit", "重试提醒基地服务申请"),
    "entrepreneurship.move_due": pgettext_lazy("audit", "因节假日安排顺延答复期限"),
    "entrepreneurship.read_base_request": pgettext_lazy("audit", "查看基地服务申请"),
}

declaration = Declaration(
    permissions={
        "department_clerk": WORKS,
        "department_reviewer": (*SEES, "entrepreneurship.lead_baserequest"),
        "auditor": SEES,
        "administrator": SEES,
        "unit_contact": ("entrepreneurship.answer_for_unit",),
    },
    notices=NOTICES,
    verbs=VERBS,
    scopes={
        "bases:read": _("读取本单位基地收到的服务申请"),
        "bases:answer": _("答复本单位基地收到的服务申请"),
    },
    api_sections={"bases": _("创新创业基地")},
    terms=(operations.move_due,),
    beat={"entrepreneurship.tasks.follow_base_requests": 3600},
    public_models=("entrepreneurship.Base", "entrepreneurship.BaseService"),
    navigation=(
        Item(
            2,
            41,
            pgettext_lazy("many", "基地服务申请"),
            "help_center",
            "entrepreneurship_baserequest",
        ),
        Item(2, 42, pgettext_lazy("many", "创新创业基地"), "domain", "entrepreneurship_base"),
        Item(2, 43, pgettext_lazy("many", "基地服务"), "handshake", "entrepreneurship_baseservice"),
    ),
    queue=(
        Entry(57, "entrepreneurship.change_baserequest", queue.to_answer),
        Entry(58, "entrepreneurship.lead_baserequest", queue.overdue),
        Entry(59, "entrepreneurship.change_baseservice", queue.to_verify),
        Entry(59, "entrepreneurship.change_baserequest", queue.could_not_remind),
    ),
    links=(
        Link(
            "settings",
            17,
            _("我请基地帮的忙"),
            "my_base_requests",
            lambda user, found: _("申请、答复、帮上了没有"),
        ),
        Link(
            "work",
            60,
            _("待我答复的基地申请"),
            "base_requests_to_answer",
            # Staff have the work queue.
            lambda user, found: (
                _("五个工作日内答复") if not user.is_staff and queue.answers(user) else None
            ),
        ),
    ),
)
