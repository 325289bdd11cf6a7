"""What the app adds to the portal (kernel.portal)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cloud_home import cards, departures, personal_data, queue, reports
from kernel.portal import (
    Card,
    Declaration,
    Entry,
    Item,
    Line,
    PersonalData,
    Place,
    TakingPart,
)
from kernel.retention import Keep, Retention
from notices.kinds import Kind, Topic
from talents.departures import Departure

KEEPING_ORDER = (
    "cloud_home.view_circle",
    "cloud_home.moderate_circle",
    "cloud_home.view_report",
    "cloud_home.view_hiding",
    "cloud_home.view_sanction",
)
MANAGING = (*KEEPING_ORDER, "cloud_home.add_circle", "cloud_home.change_circle")

PERMISSIONS = {
    "department_clerk": MANAGING,
    "event_organiser": KEEPING_ORDER,
    "administrator": (
        *MANAGING,
        "cloud_home.view_preference",
        "cloud_home.change_preference",
    ),
}

DIGEST = Topic("cloud_home.digest", _("云之家的新内容摘要"), 60, by_mail=True)
NAMED = Topic("cloud_home.named", _("云之家里有人提到我、请教我"), 61)

NOTICES = {
    "cloud_home.mentioned": Kind(
        _("%(who)s在云之家提到了您"),
        _("%(who)s在《%(title)s》里提到了您。"),
        frozenset({"who", "title"}),
        outside=(_("有人提到了您"), _("有人在云之家提到了您，请登录后查看。")),
        topic=NAMED,
    ),
    "cloud_home.digest": Kind(
        _("云之家的新内容"),
        _("您在云之家关注的内容有 %(news)s。%(titles)s"),
        frozenset({"news", "titles"}),
        outside=(
            _("云之家的新内容"),
            _("您在云之家关注的内容有 %(news)s，请登录后查看。"),
        ),
        topic=DIGEST,
    ),
    "cloud_home.asked": Kind(
        _("同行想请教您：%(title)s"),
        _("有同行想请教您《%(title)s》。您可以回答，也可以婉拒，对方看不到问了谁。"),
        frozenset({"title"}),
        outside=(_("同行想请教您"), _("有同行想请教您一个问题，请登录后在云之家查看。")),
        topic=NAMED,
    ),
    "cloud_home.answered": Kind(
        _("您的求教有了回答"),
        _("《%(title)s》有一位受邀的同行回答了。"),
        frozenset({"title"}),
        outside=(_("您的求教有了回答"), _("您在云之家的求教有了回答，请登录后查看。")),
        topic=NAMED,
    ),
    "cloud_home.willing": Kind(
        _("愿意回答同行的求教吗？"),
        _(
            "云之家的同行有时想请教内行人。愿意的话，请在云之家的设置里打开；每月最多三次，可以婉拒。"
        ),
    ),
    "cloud_home.hidden": Kind(
        _("您的一条发言被隐藏"),
        _(
            "您在《%(title)s》里的发言已被隐藏，原因：%(reason)s。如有异议，可以在“我的发言”里申诉一次。"
        ),
        frozenset({"title", "reason"}),
        essential=True,
        outside=(
            _("您的一条发言被隐藏"),
            _("您在云之家的一条发言已被隐藏，原因请登录后在“我的发言”查看，可以申诉一次。"),
        ),
    ),
    "cloud_home.shown_again": Kind(
        _("您的发言已恢复显示"),
        _("您在《%(title)s》里的发言已恢复显示，原因：%(answer)s。"),
        frozenset({"title", "answer"}),
        essential=True,
        outside=(_("您的发言已恢复显示"), _("您在云之家的一条发言已恢复显示。")),
    ),
    "cloud_home.appeal_refused": Kind(
        _("您的申诉已答复"),
        _("您在《%(title)s》里的发言维持隐藏，答复：%(answer)s。"),
        frozenset({"title", "answer"}),
        essential=True,
        outside=(_("您的申诉已答复"), _("您在云之家的申诉已答复，请登录后在“我的发言”查看。")),
    ),
    "cloud_home.report_upheld": Kind(
        _("您的举报已处理"),
        _("您举报的《%(title)s》里的发言，经核实举报成立，现已看不到。原因：%(answer)s。谢谢您。"),
        frozenset({"title", "answer"}),
        essential=True,
        outside=(_("您的举报已处理"), _("您在云之家的举报已处理，请登录后在“我的通知”查看。")),
    ),
    "cloud_home.report_dismissed": Kind(
        _("您的举报已处理"),
        _("您举报的《%(title)s》里的发言予以保留，理由：%(answer)s。谢谢您。"),
        frozenset({"title", "answer"}),
        essential=True,
        outside=(_("您的举报已处理"), _("您在云之家的举报已处理，请登录后在“我的通知”查看。")),
    ),
    "cloud_home.report_reversed": Kind(
        _("您举报的发言已恢复显示"),
        _(
            "您举报的《%(title)s》里的发言，经复核决定恢复显示。感谢您的提醒，以后看到不妥的内容仍可以举报。"
        ),
        frozenset({"title"}),
        essential=True,
        outside=(
            _("您举报的发言已恢复显示"),
            _("您在云之家举报的一条发言经复核已恢复显示，请登录后在“我的通知”查看。"),
        ),
    ),
    "cloud_home.warned": Kind(
        _("云之家的提醒"),
        _("工作人员提醒您注意云之家的发言：%(reason)s。"),
        frozenset({"reason"}),
        essential=True,
        outside=(
            _("云之家的提醒"),
            _("工作人员有一条关于云之家发言的提醒，请登录后在“我的通知”查看。"),
        ),
    ),
    "cloud_home.suspended": Kind(
        _("云之家的发言权限已暂停"),
        _(
            "您在云之家的发言权限暂停到 %(until)s，原因：%(reason)s。期间仍可阅读；如有异议，可以在“我的发言”里申诉一次。"
        ),
        frozenset({"until", "reason"}),
        essential=True,
        moments=frozenset({"until"}),
        outside=(
            _("云之家的发言权限已暂停"),
            _("您在云之家的发言权限暂停到 %(until)s，原因请登录后在“我的通知”查看。"),
        ),
    ),
    "cloud_home.suspension_lifted": Kind(
        _("云之家的发言权限已恢复"),
        _("您在云之家可以继续发言了，原因：%(answer)s。"),
        frozenset({"answer"}),
        essential=True,
        outside=(_("云之家的发言权限已恢复"), _("您在云之家可以继续发言了。")),
    ),
    "cloud_home.suspension_upheld": Kind(
        _("您的申诉已答复"),
        _("您在云之家的发言权限仍然暂停，答复：%(answer)s。"),
        frozenset({"answer"}),
        essential=True,
        outside=(_("您的申诉已答复"), _("您在云之家的申诉已答复，请登录后在“我的发言”查看。")),
    ),
}

VERBS = {
    "cloud_home.add_circle": pgettext_lazy("audit", "新建圈子"),
    "cloud_home.edit_circle": pgettext_lazy("audit", "修改圈子"),
    "cloud_home.close_circle": pgettext_lazy("audit", "关闭圈子"),
    "cloud_home.reopen_circle": pgettext_lazy("audit", "重新打开圈子"),
    "cloud_home.open_event_circle": pgettext_lazy("audit", "打开活动交流区"),
    "cloud_home.join_circle": pgettext_lazy("audit", "加入圈子"),
    "cloud_home.leave_circle": pgettext_lazy("audit", "退出圈子"),
    "cloud_home.name_moderator": pgettext_lazy("audit", "指定圈主"),
    "cloud_home.remove_moderator": pgettext_lazy("audit", "取消圈主"),
    "cloud_home.start_topic": pgettext_lazy("audit", "发起话题"),
    "cloud_home.reply": pgettext_lazy("audit", "回复话题"),
    "cloud_home.edit_post": pgettext_lazy("audit", "修改发言"),
    "cloud_home.delete_post": pgettext_lazy("audit", "删除发言"),
    "cloud_home.close_topic": pgettext_lazy("audit", "关闭话题"),
    "cloud_home.reopen_topic": pgettext_lazy("audit", "重新打开话题"),
    "cloud_home.report_post": pgettext_lazy("audit", "举报发言"),
    "cloud_home.uphold_report": pgettext_lazy("audit", "认定举报成立"),
    "cloud_home.dismiss_report": pgettext_lazy("audit", "认定举报不成立"),
    "cloud_home.hide_post": pgettext_lazy("audit", "隐藏发言"),
    "cloud_home.unhide_post": pgettext_lazy("audit", "恢复显示发言"),
    "cloud_home.appeal": pgettext_lazy("audit", "提出申诉"),
    "cloud_home.grant_appeal": pgettext_lazy("audit", "同意申诉，恢复显示发言"),
    "cloud_home.refuse_appeal": pgettext_lazy("audit", "不同意申诉，维持隐藏"),
    "cloud_home.sanction": pgettext_lazy("audit", "提醒或暂停发言权限"),
    "cloud_home.lift_suspension": pgettext_lazy("audit", "提前恢复发言权限"),
    "cloud_home.appeal_suspension": pgettext_lazy("audit", "对停止发言提出申诉"),
    "cloud_home.grant_suspension_appeal": pgettext_lazy("audit", "同意申诉，恢复发言权限"),
    "cloud_home.refuse_suspension_appeal": pgettext_lazy("audit", "不同意申诉，维持停止发言"),
    "cloud_home.ask_experts": pgettext_lazy("audit", "向同行求教"),
    "cloud_home.decline_ask": pgettext_lazy("audit", "婉拒求教"),
    "cloud_home.save_preference": pgettext_lazy("audit", "修改云之家设置"),
    "cloud_home.try_again": pgettext_lazy("audit", "重试发送云之家摘要"),
}

RETENTION = (
    Retention(
        45,
        "cloud_home.topics",
        _("云之家的话题和回复"),
        Keep(years=3),
        _("自最后一次回复起算，之后删除"),
        personal_data.old_topics,
    ),
    Retention(
        46,
        "cloud_home.versions",
        _("云之家发言的修改记录"),
        Keep(years=1),
        _("自修改起算，之后删除"),
        personal_data.old_versions,
    ),
    Retention(
        47,
        "cloud_home.reports",
        _("云之家的举报"),
        Keep(years=1),
        _("自处理起算，之后删除"),
        personal_data.old_reports,
    ),
    Retention(
        48,
        "cloud_home.sanctions",
        _("云之家的提醒和停止发言"),
        Keep(years=1),
        _("自办理起算，之后删除"),
        personal_data.old_sanctions,
    ),
)

declaration = Declaration(
    places=(
        Place(
            35,
            "cloud/",
            _("云之家"),
            "messages-square",
            short=pgettext_lazy("tab", "云之家"),
            signed_in=True,
        ),
    ),
    permissions=PERMISSIONS,
    notices=NOTICES,
    verbs=VERBS,
    departures=(Departure(30, departures.lost, departures.leave),),
    benefits=(Line(30, _("在云之家与同行交流")),),
    personal_data=PersonalData(
        35,
        _("云之家"),
        personal_data.COVERS,
        personal_data.collect,
        personal_data.attachments,
        lost=personal_data.lost,
        erase=personal_data.erase,
    ),
    retention=RETENTION,
    navigation=(
        Item(1, 34, pgettext_lazy("many", "云之家圈子"), "forum", "cloud_home_circle"),
        Item(1, 35, _("云之家举报"), "flag", "cloud_home_report"),
        Item(1, 36, _("隐藏的发言与申诉"), "visibility_off", "cloud_home_hiding"),
        Item(1, 37, _("提醒与停止发言"), "gavel", "cloud_home_sanction"),
    ),
    queue=(
        Entry(60, "cloud_home.moderate_circle", queue.reports),
        Entry(61, "cloud_home.moderate_circle", queue.appeals),
        Entry(62, "cloud_home.moderate_circle", queue.suspensions),
        Entry(63, "cloud_home.change_preference", queue.digests),
    ),
    cards=(Card("main", 27, "cloud_home/card.html", cards.card, cards.CARD, cards.said_to_many),),
    taking_part=(
        TakingPart(40, "asked", _("在云之家被请教过"), reports.asked_since, for_good=True),
    ),
    beat={"cloud_home.tasks.send_digests": 600},
    event_parts=(cards.about_event,),
    demo="cloud_home.demo",
)
