"""What the theme adds to the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.portal import Declaration, Entry, Item, Link, Place
from notices.kinds import Kind
from workplaces.childcare import queue
from workplaces.childcare.models import KEEP

SEES = (
    "workplaces.view_nursery",
    "workplaces.view_nurseryclass",
    "workplaces.view_nurseryrule",
)
WORKS = (
    *SEES,
    "workplaces.add_nursery",
    "workplaces.change_nursery",
    "workplaces.add_nurseryclass",
    "workplaces.change_nurseryclass",
    "workplaces.add_nurseryrule",
    "workplaces.change_nurseryrule",
)

NOTICES = {
    "workplaces.nursery_confirm": Kind(
        _("请确认托育信息"),
        _("“%(nursery)s”快满一年没有确认了，满一年就查不到。没有变化，登录按“确认无误”就行。"),
        frozenset({"nursery"}),
        essential=True,
    ),
    "workplaces.nursery_free": Kind(
        _("空余托位超过 30 天没有更新"),
        _("“%(nursery)s”的空位页面上现在写着“请电话询问”，请登录更新。"),
        frozenset({"nursery"}),
        essential=True,
    ),
}

VERBS = {
    "workplaces.add_nursery": pgettext_lazy("audit", "登记托育机构"),
    "workplaces.edit_nursery": pgettext_lazy("audit", "修改托育机构"),
    "workplaces.confirm_nursery": pgettext_lazy("audit", "确认托育机构"),
    "workplaces.check_registration": pgettext_lazy("audit", "核实托育机构备案"),
    "workplaces.add_class": pgettext_lazy("audit", "新开托育班级"),
    "workplaces.edit_class": pgettext_lazy("audit", "修改托育班级"),
    "workplaces.state_free": pgettext_lazy("audit", "更新空余托位"),
    "workplaces.end_class": pgettext_lazy("audit", "停办托育班级"),
    "workplaces.restore_class": pgettext_lazy("audit", "恢复托育班级"),
    "workplaces.undo_change": pgettext_lazy("audit", "撤销托育信息的修改"),
    "workplaces.retry_nursery": pgettext_lazy("audit", "重试提醒托育机构"),
    "workplaces.add_nurseryrule": pgettext_lazy("audit", "登记托育班级标准"),
    "workplaces.change_nurseryrule": pgettext_lazy("audit", "修改托育班级标准"),
    "workplaces.check_nurseryrule": pgettext_lazy("audit", "核对托育班级标准"),
    "workplaces.export_nurseries": pgettext_lazy("audit", "导出托育机构"),
}

declaration = Declaration(
    permissions={
        "department_clerk": WORKS,
        "department_reviewer": SEES,
        "auditor": SEES,
        "administrator": SEES,
        "unit_contact": (KEEP,),
    },
    notices=NOTICES,
    verbs=VERBS,
    scopes={
        "nurseries:read": _("读取本单位的托育班级"),
        "nurseries:write": _("更新本单位的空余托位"),
    },
    api_sections={"nurseries": _("托育")},
    beat={"workplaces.tasks.remind_nurseries": 24 * 3600},
    public_models=(
        "workplaces.Nursery",
        "workplaces.NurseryClass",
        "workplaces.NurseryRule",
    ),
    places=(Place(34, "workplaces/nurseries/", _("托育机构"), footer=True),),
    navigation=(
        Item(4, 61, pgettext_lazy("many", "托育机构"), "child_care", "workplaces_nursery"),
        Item(4, 62, pgettext_lazy("many", "托育班级"), "crib", "workplaces_nurseryclass"),
        Item(4, 63, pgettext_lazy("many", "托育班级标准"), "rule", "workplaces_nurseryrule"),
    ),
    queue=(
        Entry(70, "workplaces.change_nursery", queue.to_check),
        Entry(71, "workplaces.change_nursery", queue.to_confirm),
        Entry(72, "workplaces.change_nursery", queue.old_free),
        Entry(73, "workplaces.change_nursery", queue.could_not_remind),
        Entry(76, "workplaces.change_nurseryclass", queue.could_not_remind_free),
        Entry(77, "workplaces.change_nurseryrule", queue.rules_to_check),
    ),
    links=(
        Link(
            "work",
            62,
            _("本单位的托育机构"),
            "my_nurseries",
            lambda user, found: (
                _("登记、确认、更新空位")
                if not user.is_staff and user.unit_id and user.has_perm(KEEP)
                else None
            ),
        ),
    ),
)
