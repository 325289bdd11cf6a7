"""What the theme adds to the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.portal import Declaration, Entry, Item, Link, Place
from notices.kinds import Kind
from workplaces.rooms import queue
from workplaces.rooms.models import KEEP

SEES = ("workplaces.view_room", "workplaces.view_roomtier", "workplaces.view_roomcriterion")
STANDARD = (
    "workplaces.add_roomtier",
    "workplaces.change_roomtier",
    "workplaces.add_roomcriterion",
    "workplaces.change_roomcriterion",
)
ROOM = frozenset({"room"})

NOTICES = {
    "workplaces.room_listed": Kind(
        _("妈咪小屋通过了核查"),
        _("“%(room)s”已通过核查并公布，一年内会再来复查。"),
        ROOM,
        essential=True,
    ),
    "workplaces.room_refused": Kind(
        _("妈咪小屋没有通过核查"),
        _("“%(room)s”有必备条件没有达到，哪几条请登录查看，改好后重新申请。"),
        ROOM,
        essential=True,
    ),
    "workplaces.room_called": Kind(
        _("有人反映妈咪小屋没有开"),
        _("不止一位女士反映“%(room)s”没有开或锁着。请先看一看；工作人员会再来核查。"),
        ROOM,
        essential=True,
    ),
}

VERBS = {
    "workplaces.add_room": pgettext_lazy("audit", "申请妈咪小屋"),
    "workplaces.edit_room": pgettext_lazy("audit", "修改妈咪小屋"),
    "workplaces.withdraw_room": pgettext_lazy("audit", "撤下妈咪小屋"),
    "workplaces.take_up_room": pgettext_lazy("audit", "重新申请妈咪小屋"),
    "workplaces.visit_room": pgettext_lazy("audit", "登记妈咪小屋核查"),
    "workplaces.correct_room_visit": pgettext_lazy("audit", "更正妈咪小屋核查"),
    "workplaces.report_room": pgettext_lazy("audit", "收到妈咪小屋的情况反映"),
    "workplaces.take_back_report": pgettext_lazy("audit", "撤回妈咪小屋的情况反映"),
    "workplaces.read_room_photo": pgettext_lazy("audit", "查看妈咪小屋核查照片"),
    "workplaces.export_rooms": pgettext_lazy("audit", "导出妈咪小屋"),
    "workplaces.add_roomtier": pgettext_lazy("audit", "登记妈咪小屋等级"),
    "workplaces.change_roomtier": pgettext_lazy("audit", "修改妈咪小屋等级"),
    "workplaces.add_roomcriterion": pgettext_lazy("audit", "登记妈咪小屋条件"),
    "workplaces.change_roomcriterion": pgettext_lazy("audit", "修改妈咪小屋条件"),
    "workplaces.check_standard": pgettext_lazy("audit", "核对妈咪小屋标准"),
}

declaration = Declaration(
    permissions={
        "department_clerk": (*SEES, *STANDARD, "workplaces.change_room"),
        "department_reviewer": SEES,
        "auditor": SEES,
        "administrator": SEES,
        "unit_contact": (KEEP,),
    },
    notices=NOTICES,
    verbs=VERBS,
    public_models=("workplaces.Room", "workplaces.RoomVisit", "workplaces.RoomTier"),
    places=(Place(33, "workplaces/rooms/", _("爱心妈咪小屋"), footer=True),),
    navigation=(
        Item(4, 65, pgettext_lazy("many", "爱心妈咪小屋"), "meeting_room", "workplaces_room"),
        Item(4, 66, pgettext_lazy("many", "妈咪小屋等级"), "stars", "workplaces_roomtier"),
        Item(4, 67, pgettext_lazy("many", "妈咪小屋条件"), "checklist", "workplaces_roomcriterion"),
    ),
    queue=(
        Entry(82, "workplaces.change_room", queue.to_visit),
        Entry(83, "workplaces.change_room", queue.called),
        Entry(84, "workplaces.change_room", queue.due),
    ),
    links=(
        Link(
            "work",
            64,
            _("本单位的妈咪小屋"),
            "my_rooms",
            lambda user, found: (
                _("申请、修改、登记不开的日子")
                if not user.is_staff and user.unit_id and user.has_perm(KEEP)
                else None
            ),
        ),
    ),
)
