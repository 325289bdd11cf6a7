"""What the app adds to the portal (kernel.portal)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calls import growth, openings, personal_data, queue
from kernel.portal import (
    Declaration,
    Entry,
    Item,
    Line,
    Link,
    Openings,
    PersonalData,
    Place,
    TakingPart,
)
from kernel.retention import Keep, Retention
from notices.kinds import Kind
from talents.departures import Departure

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
    "calls.refused": _told(
        _("申报未受理"), _("您对《%(title)s》的申报没有受理，原因：%(reason)s。"), "reason"
    ),
    "calls.checked_again": _told(
        _("申报重新核对"), _("您对《%(title)s》的申报正在重新核对，有结果会通知您。")
    ),
    "calls.cancelled": _told(
        _("申报已取消"), _("《%(title)s》的申报已取消，原因：%(reason)s。"), "reason"
    ),
    "calls.awarded": _told(_("申报结果"), _("祝贺您！您对《%(title)s》的申报入选。")),
    "calls.reserve": _told(
        _("申报结果"), _("您对《%(title)s》的申报列为备选，有空缺时会与您联系。")
    ),
    "calls.not_awarded": _told(
        _("申报结果"), _("您对《%(title)s》的申报这次没有入选，谢谢您的参与。")
    ),
}

VERBS = {
    "calls.add_call": pgettext_lazy("audit", "新建申报通知"),
    "calls.edit_call": pgettext_lazy("audit", "修改申报通知"),
    "calls.write_form": pgettext_lazy("audit", "修改申报表"),
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
    "calls.export_applications": pgettext_lazy("audit", "导出申报名单"),
}

declaration = Declaration(
    permissions={
        "department_clerk": WRITING,
        "auditor": ("calls.view_call", "calls.view_application"),
        "administrator": ("calls.view_call", "calls.view_application"),
    },
    notices=NOTICES,
    verbs=VERBS,
    departures=(Departure(20, personal_data.lost_by_leaving, personal_data.withdraw_all),),
    movings=(personal_data.MOVING,),
    benefits=(Line(20, _("在线申报荣誉和人才项目")),),
    personal_data=PersonalData(
        32,
        _("申报"),
        personal_data.COVERS,
        personal_data.collect,
        lost=personal_data.lost,
        erase=personal_data.erase,
    ),
    retention=(
        Retention(
            40,
            "calls.answers",
            _("申报时填写的内容"),
            Keep(years=3),
            _("自申报截止起算，之后只留是否入选"),
            personal_data.old_applications,
            personal_data.drop_words,
        ),
    ),
    places=(Place(25, "calls/", _("申报"), footer=True),),
    navigation=(
        Item(3, 5, pgettext_lazy("many", "申报通知"), "campaign", "calls_call"),
        Item(3, 6, _("申报受理"), "inbox", "calls_application"),
    ),
    queue=(Entry(45, "calls.accept_application", queue.to_accept),),
    links=(
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
    beat={"calls.tasks.close_due": 60},
    demo="calls.demo",
)
