"""What the theme adds to the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from entrepreneurship.learning import queue
from kernel.portal import Declaration, Entry, Item, Link
from notices.kinds import Kind

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


def _told(title, body, *placeholders):
    return Kind(title, body, frozenset({"title", *placeholders}), essential=True)


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
}

VERBS = {
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


declaration = Declaration(
    permissions={
        "department_clerk": TRAINING_WORKS,
        "event_organiser": TRAINING_WORKS,
        "auditor": TRAINING_SEES,
        "administrator": TRAINING_SEES,
    },
    notices=NOTICES,
    verbs=VERBS,
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
    ),
    queue=(
        Entry(60, "entrepreneurship.change_enrolment", queue.at_risk),
        Entry(61, "entrepreneurship.change_programme", queue.to_conclude),
        Entry(62, "entrepreneurship.change_programme", queue.programmes_set_aside),
    ),
    links=(Link("settings", 16, _("我的培训"), "my_training", _training_hint),),
    beat={"entrepreneurship.learning.tasks.look_at_programmes": 600},
)
