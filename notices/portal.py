"""What the app adds to the portal (kernel.portal)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.portal import Card, Declaration, Entry, Item, Link, PersonalData
from kernel.retention import Keep, Retention
from notices import personal_data, queue
from notices.cards import NEW, UNREAD, new_notices
from notices.kinds import Kind
from notices.models import MESSAGES
from privacy.purposes import Purpose

PURPOSES = (
    Purpose(
        MESSAGES,
        40,
        _("通过短信或邮件提醒我办理的事项"),
        "2026-11",
        _("手机号、邮箱"),
        _("您办理的事项有了结果、快到时间时提醒您。"),
        _("撤回后不再发送提醒，站内通知照常；验证码和您主动办理事项的结果仍会发送。"),
        at_signup=True,
    ),
)

PERMISSIONS = {"administrator": ("notices.view_delivery", "notices.change_delivery")}

NOTICES = {
    "notices.alert": Kind(
        _("异常操作提醒"),
        _("%(who)s%(what)s。请在审计日志中核对。"),
        frozenset({"who", "what"}),
        essential=True,
    ),
    "notices.phone_replaced": Kind(
        _("您的手机号已更换"),
        _("管理员已按您的要求为您的账号更换手机号。如非本人要求，请立即联系我们。"),
        essential=True,
    ),
    "notices.factor_reset": Kind(
        _("您的双重验证已重置"),
        _("管理员已按您的要求重置双重验证，下次登录时请重新设置。如非本人要求，请立即联系我们。"),
        essential=True,
    ),
    "notices.data_copy": Kind(
        _("您的个人信息副本已备好"),
        _(
            "您申请的个人信息副本已备好，两天内可在“我的数据”下载。如非本人申请，请立即修改密码并联系我们。"
        ),
        essential=True,
    ),
    "notices.account_closed": Kind(
        _("您的账号已停用"),
        _("管理员已停用您的账号。如有疑问，请立即联系我们或您所在部门的负责人。"),
        essential=True,
        to_closed=True,
    ),
    "notices.joint_asked": Kind(
        _("有一项与您有关的申请待第二人确认"),
        _(
            "%(who)s申请：%(what)s。须由另一位管理员（没有时由审计员）确认后才会执行。如有疑问，请立即联系我们。"
        ),
        frozenset({"who", "what"}),
        essential=True,
        to_closed=True,
    ),
    "notices.joint_done": Kind(
        _("双人确认的事项已执行"),
        _("%(what)s：由%(who)s申请，经第二人确认，已经执行。如有疑问，请立即联系我们。"),
        frozenset({"who", "what"}),
        essential=True,
        to_closed=True,
    ),
    "notices.joint_ended": Kind(
        _("双人确认的申请没有执行"),
        _("%(what)s：%(who)s的申请没有执行（未获同意、已撤回或已过期）。"),
        frozenset({"who", "what"}),
        essential=True,
        to_closed=True,
    ),
}

declaration = Declaration(
    notices=NOTICES,
    permissions=PERMISSIONS,
    purposes=PURPOSES,
    personal_data=PersonalData(
        80,
        pgettext_lazy("many", "通知"),
        ("notices.Notice.recipient", "notices.ChosenWay.user"),
        personal_data.collect,
        erase=personal_data.erase,
    ),
    retention=(
        Retention(
            70,
            "notices.old",
            _("站内通知和发送记录"),
            Keep(years=1),
            _("之后删除"),
            personal_data.old,
        ),
    ),
    verbs={
        "notices.send_again": pgettext_lazy("audit", "重新发送通知"),
        "notices.choose_ways": pgettext_lazy("audit", "选择提醒方式"),
    },
    navigation=(Item(0, 50, _("通知发送"), "outgoing_mail", "notices_delivery"),),
    queue=(Entry(60, "notices.view_delivery", queue.undelivered),),
    counted_with_user={"unread": UNREAD},
    cards=(Card("main", 10, "notices/card.html", new_notices, {"new": NEW}),),
    links=(
        Link(
            "settings",
            40,
            _("我的通知"),
            "notices",
            lambda user, found: _("您办理的事项有了结果，都在这里"),
        ),
    ),
    beat={"notices.tasks.send_due": 10, "notices.tasks.tell_what_is_written_down": 60},
    demo="notices.demo",
)
