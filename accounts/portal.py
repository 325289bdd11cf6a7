"""What the app adds to the portal (kernel.portal)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import access_requests, kept, personal_data, queue, rescue, second_factors, sessions
from kernel.portal import Declaration, Entry, Item, Joint, Line, Link, PersonalData, Role
from kernel.retention import Keep, Retention
from privacy.sealed import Fleeting, Sealed, in_base64

ROLES = (
    Role("department_clerk", _("部门经办人"), 10),
    Role("department_reviewer", _("部门审核人"), 20),
    Role("unit_contact", _("单位联系人"), 60, staff=False, scoped=False),
    Role("auditor", _("审计员"), 70, scoped=False),
    Role("administrator", _("系统管理员"), 80, scoped=False),
)

PERMISSIONS = {
    "department_clerk": (
        "accounts.view_jointaction",
        "accounts.view_department",
        "accounts.view_unit",
        "accounts.add_unit",
        "accounts.change_unit",
    ),
    "department_reviewer": (
        "accounts.view_jointaction",
        "accounts.view_department",
        "accounts.view_unit",
    ),
    "auditor": (
        "accounts.see_all_departments",
        "accounts.view_department",
        "accounts.view_unit",
        "accounts.view_user",
        "accounts.view_jointaction",
        "accounts.confirm_jointaction",
    ),
    "administrator": (
        "accounts.view_jointaction",
        "accounts.confirm_jointaction",
        "accounts.see_all_departments",
        "accounts.view_department",
        "accounts.view_user",
        "accounts.add_user",
        "accounts.change_user",
        "accounts.reveal_user",
        "accounts.view_unit",
        "accounts.add_unit",
        "accounts.change_unit",
        "accounts.admit_unit",
    ),
}

VERBS = {
    "accounts.sign_in": pgettext_lazy("audit", "登录"),
    "accounts.set_language": pgettext_lazy("audit", "修改语言"),
    "accounts.drop_password": pgettext_lazy("audit", "作废原密码"),
    "accounts.set_phone": pgettext_lazy("audit", "验证手机号"),
    "accounts.sign_out_device": pgettext_lazy("audit", "让一台设备退出登录"),
    "accounts.sign_out_everywhere": pgettext_lazy("audit", "在所有设备上退出登录"),
    "accounts.add_authenticator": pgettext_lazy("audit", "开启一种双重验证"),
    "accounts.remove_authenticator": pgettext_lazy("audit", "移除一种双重验证"),
    "accounts.replace_phone": pgettext_lazy("audit", "更换手机号"),
    "accounts.reset_second_factor": pgettext_lazy("audit", "重置双重验证"),
    "accounts.add_user": pgettext_lazy("audit", "添加账号"),
    "accounts.change_user": pgettext_lazy("audit", "修改账号"),
    "accounts.set_roles": pgettext_lazy("audit", "调整角色"),
    "accounts.ask_joint": pgettext_lazy("audit", "提交双人确认申请"),
    "accounts.confirm_joint": pgettext_lazy("audit", "确认并执行双人确认申请"),
    "accounts.refuse_joint": pgettext_lazy("audit", "不同意双人确认申请"),
    "accounts.withdraw_joint": pgettext_lazy("audit", "撤回双人确认申请"),
    "accounts.expire_joint": pgettext_lazy("audit", "关闭过期的双人确认申请"),
    "accounts.find_by_phone": pgettext_lazy("audit", "按手机号查找账号"),
    "accounts.add_unit": pgettext_lazy("audit", "添加单位"),
    "accounts.change_unit": pgettext_lazy("audit", "修改单位"),
}

NAVIGATION = (
    Item(0, 20, pgettext_lazy("many", "单位"), "apartment", "accounts_unit"),
    Item(0, 30, _("用户与角色"), "manage_accounts", "accounts_user"),
    Item(0, 35, _("双人确认"), "supervisor_account", "accounts_jointaction"),
)

LINKS = (
    Link(
        "settings",
        20,
        _("账号与安全"),
        "account_overview",
        lambda user, found: _("手机、邮箱、密码与通行密钥"),
    ),
)

JOINT = {
    access_requests.CHANGE: Joint(
        _("增加账号权限"),
        access_requests.carry_out_change,
        access_requests.change_facts,
        "accounts.change_user",
    ),
    rescue.RESCUE: Joint(
        _("更换工作人员的登录方式"),
        rescue.carry_out,
        rescue.facts,
        "accounts.change_user",
        rescue.kept,
    ),
}

declaration = Declaration(
    roles=ROLES,
    permissions=PERMISSIONS,
    retention=(
        Line(10, _("账号：注销以前。")),
        Retention(
            12,
            "accounts.sessions",
            _("登录状态（所用浏览器的种类、时间）"),
            Keep(days=1),
            _("自失效起算，之后删除；14 天不用自动失效"),
            personal_data.unused_sessions,
        ),
        Line(
            11,
            _(
                "您登录过的浏览器里的标记：180 天，改密码或退出所有设备后立即失效。"
                "它只含随机字符，用来在别人乱试密码时不把您挡在门外，不用于广告和跟踪。"
            ),
        ),
    ),
    personal_data=PersonalData(
        10,
        _("账号与登录"),
        personal_data.COVERS,
        personal_data.collect,
        lost=personal_data.lost,
        erase=personal_data.erase,
    ),
    consent_sources={"signup": _("注册时")},
    verbs=VERBS,
    navigation=NAVIGATION,
    links=LINKS,
    queue=(Entry(5, "accounts.confirm_jointaction", queue.joint_actions),),
    joint=JOINT,
    public_models=("accounts.Department",),
    beat={
        "accounts.tasks.clear_expired_sessions": 24 * 3600,
        "accounts.tasks.expire_joint_actions": 3600,
        "accounts.tasks.clear_expired_pictures": 3600,
    },
    sealed=(
        second_factors.SEALED,
        # A session no key opens is an empty one; whoever had it signs in again.
        Sealed("accounts.Session", "session_data", sessions.LABEL, in_base64, expendable=True),
        Fleeting(kept.LABEL, kept.KEPT_SECONDS),
    ),
    demo="accounts.demo",
)
