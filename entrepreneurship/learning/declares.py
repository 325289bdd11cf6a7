"""What the theme adds to the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from care_points.sources import Source
from entrepreneurship.learning import departures, operations, queue
from kernel.portal import Declaration, Entry, Item, Link
from notices.kinds import Kind
from talents.departures import Departure

TRAINING_SEES = (
    "entrepreneurship.view_programme",
    "entrepreneurship.view_programmemodule",
    "entrepreneurship.view_enrolment",
    "entrepreneurship.view_trainingcertificate",
)
TRAINING_WORKS = (
    *TRAINING_SEES,
    "entrepreneurship.add_programme",
    "entrepreneurship.change_programme",
    "entrepreneurship.add_programmemodule",
    "entrepreneurship.change_programmemodule",
    "entrepreneurship.change_enrolment",
    "entrepreneurship.export_enrolment",
    "entrepreneurship.change_trainingcertificate",
)

COACHING_SEES = ("entrepreneurship.view_coach", "entrepreneurship.view_coachinghour")
COACHING_WORKS = (*COACHING_SEES, "entrepreneurship.change_coach")


def _told(title, body, *placeholders):
    return Kind(title, body, frozenset({"title", *placeholders}), essential=True)


def _of_hour(title, body):
    return Kind(title, body, frozenset({"when"}), essential=True, moments=frozenset({"when"}))


NOTICES = {
    "entrepreneurship.training_tight": _told(
        _("培训学时提醒"),
        _(
            "“%(title)s”已学 %(done)s 分钟，结业要求 %(required)s 分钟；余下的课再缺一场就不够了，请看“我的培训”。"
        ),
        "done",
        "required",
    ),
    "entrepreneurship.training_lost": _told(
        _("培训学时已不够"),
        _(
            "“%(title)s”已学 %(done)s 分钟，学完余下的课也达不到 %(required)s 分钟。签到记录有误请联系主办部门。"
        ),
        "done",
        "required",
    ),
    "entrepreneurship.training_certified": _told(
        _("培训证书已签发"),
        _("“%(title)s”的证书已签发，请在“我的培训”里下载。"),
    ),
    "entrepreneurship.training_revoked": _told(
        _("培训证书有变动"),
        _("“%(title)s”的证书不再有效，原因请看“我的培训”。有疑问请联系主办部门。"),
    ),
    "entrepreneurship.coach_accepted": Kind(
        _("您已是创业辅导人"),
        _("部门已确认您的辅导申请，可以在“我的辅导”里发布时段。"),
        essential=True,
    ),
    "entrepreneurship.coach_declined": Kind(
        _("辅导申请的答复"),
        _("您的辅导申请这次没有采用，原因请看“我的辅导”。"),
        essential=True,
    ),
    "entrepreneurship.hour_booked": _of_hour(
        _("您的辅导时段已被预约"), _("您 %(when)s 的辅导时段已有人预约，请看“我的辅导”。")
    ),
    "entrepreneurship.hour_free": _of_hour(
        _("辅导时段空出来了"), _("您 %(when)s 的辅导时段目前没有人预约。")
    ),
    "entrepreneurship.hour_confirm": _of_hour(
        _("请确认辅导是否进行"), _("对方已确认 %(when)s 的辅导情况，请您也确认一下。")
    ),
    "entrepreneurship.times_proposed": Kind(
        _("有人向您提议辅导时间"),
        _("有人就“%(topic)s”提议了三个辅导时间，请在五个工作日内答复。"),
        frozenset({"topic"}),
        essential=True,
    ),
    "entrepreneurship.times_declined": Kind(
        _("辅导时间的答复"),
        _("%(coach)s没有接受您提议的时间，原因请看“我的辅导”。可以找其他辅导人。"),
        frozenset({"coach"}),
        essential=True,
    ),
    "entrepreneurship.times_lapsed": Kind(
        _("提议的辅导时间已过期"),
        _("%(coach)s没有答复您提议的时间。可以再次提议，或找其他辅导人。"),
        frozenset({"coach"}),
        essential=True,
    ),
}

# Measure 9: who gives an hour is thanked like a volunteer, once both say that it took place.
POINTS = {
    "coaching": Source(
        "创业辅导",
        "Start-up coaching",
        unit="event",
        points=20,
        yearly_cap=400,
        undone=_("辅导未进行"),
    ),
}

VERBS = {
    "entrepreneurship.offer_coaching": pgettext_lazy("audit", "申请担任辅导人"),
    "entrepreneurship.change_coaching": pgettext_lazy("audit", "修改辅导内容"),
    "entrepreneurship.accept_coach": pgettext_lazy("audit", "确认辅导人"),
    "entrepreneurship.decline_coach": pgettext_lazy("audit", "不采用辅导申请"),
    "entrepreneurship.end_coaching": pgettext_lazy("audit", "停止辅导"),
    "entrepreneurship.retry_coach": pgettext_lazy("audit", "重试创业辅导的到期处理"),
    "entrepreneurship.publish_hour": pgettext_lazy("audit", "发布辅导时段"),
    "entrepreneurship.cancel_hour": pgettext_lazy("audit", "取消辅导时段"),
    "entrepreneurship.write_talk": pgettext_lazy("audit", "填写辅导记录"),
    "entrepreneurship.confirm_hour": pgettext_lazy("audit", "确认辅导是否进行"),
    "entrepreneurship.propose_times": pgettext_lazy("audit", "提议辅导时间"),
    "entrepreneurship.accept_proposal": pgettext_lazy("audit", "接受提议的辅导时间"),
    "entrepreneurship.decline_proposal": pgettext_lazy("audit", "婉拒提议的辅导时间"),
    "entrepreneurship.withdraw_proposal": pgettext_lazy("audit", "收回提议的辅导时间"),
    "entrepreneurship.lapse_proposal": pgettext_lazy("audit", "提议的辅导时间过期"),
    "entrepreneurship.add_programme": pgettext_lazy("audit", "新建培训项目"),
    "entrepreneurship.edit_programme": pgettext_lazy("audit", "修改培训项目"),
    "entrepreneurship.open_programme": pgettext_lazy("audit", "开放培训项目"),
    "entrepreneurship.close_programme": pgettext_lazy("audit", "办理培训结业"),
    "entrepreneurship.reopen_programme": pgettext_lazy("audit", "撤回培训结业"),
    "entrepreneurship.recount": pgettext_lazy("audit", "重新核算学时"),
    "entrepreneurship.add_module": pgettext_lazy("audit", "添加培训模块"),
    "entrepreneurship.edit_module": pgettext_lazy("audit", "修改培训模块"),
    "entrepreneurship.drop_module": pgettext_lazy("audit", "删除培训模块"),
    "entrepreneurship.enrol": pgettext_lazy("audit", "加入培训"),
    "entrepreneurship.leave_programme": pgettext_lazy("audit", "退出培训"),
    "entrepreneurship.export_enrolments": pgettext_lazy("audit", "导出培训学员名单"),
    "entrepreneurship.issue_training_certificate": pgettext_lazy("audit", "签发培训证书"),
    "entrepreneurship.revoke_training_certificate": pgettext_lazy("audit", "撤销培训证书"),
    "entrepreneurship.reissue_training_certificate": pgettext_lazy("audit", "换发培训证书"),
    "entrepreneurship.fetch_training_certificate": pgettext_lazy("audit", "下载培训证书"),
}


def _training_hint(user, found):
    return _("学时、进度、证书")


def _coaching_hint(user, found):
    return _("预约的、提议的、我提供的")


declaration = Declaration(
    permissions={
        "department_clerk": (*TRAINING_WORKS, *COACHING_WORKS),
        "event_organiser": (*TRAINING_WORKS, *COACHING_WORKS),
        "auditor": (*TRAINING_SEES, *COACHING_SEES),
        "administrator": (*TRAINING_SEES, *COACHING_SEES),
    },
    notices=NOTICES,
    verbs=VERBS,
    points=POINTS,
    departures=(Departure(30, departures.lost, departures.stop_coaching),),
    terms=(operations.move_terms,),
    navigation=(
        Item(2, 11, pgettext_lazy("many", "培训项目"), "school", "entrepreneurship_programme"),
        Item(
            2, 12, pgettext_lazy("many", "培训模块"), "category", "entrepreneurship_programmemodule"
        ),
        Item(2, 13, pgettext_lazy("many", "培训学员"), "groups", "entrepreneurship_enrolment"),
        Item(
            2,
            14,
            pgettext_lazy("many", "培训证书"),
            "workspace_premium",
            "entrepreneurship_trainingcertificate",
        ),
        Item(2, 15, pgettext_lazy("many", "创业辅导人"), "psychology", "entrepreneurship_coach"),
        Item(2, 16, pgettext_lazy("many", "辅导时段"), "schedule", "entrepreneurship_coachinghour"),
    ),
    queue=(
        Entry(60, "entrepreneurship.change_enrolment", queue.at_risk),
        Entry(61, "entrepreneurship.change_programme", queue.to_conclude),
        Entry(63, "entrepreneurship.change_coach", queue.offers),
        Entry(64, "entrepreneurship.change_coach", queue.coaching_set_aside),
        Entry(62, "entrepreneurship.change_programme", queue.programmes_set_aside),
    ),
    links=(
        Link("settings", 16, _("我的培训"), "my_training", _training_hint),
        Link("settings", 17, _("我的辅导"), "my_coaching", _coaching_hint),
    ),
    beat={
        "entrepreneurship.learning.tasks.look_at_programmes": 600,
        "entrepreneurship.learning.tasks.tell_coaches": 300,
        "entrepreneurship.learning.tasks.lapse_proposals": 3600,
    },
)
