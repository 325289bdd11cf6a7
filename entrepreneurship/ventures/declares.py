"""What the theme adds to the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from entrepreneurship.ventures import queue
from entrepreneurship.ventures.prefills import PREFILLS
from kernel.portal import Declaration, Entry, Item, Link
from notices.kinds import Kind

SEES = ("entrepreneurship.view_venture",)
WORKS = (*SEES, "entrepreneurship.correct_venture", "entrepreneurship.export_venture")


def _told(title, body):
    return Kind(title, body, frozenset({"name"}), essential=True)


NOTICES = {
    "entrepreneurship.founder_invited": _told(
        _("邀请您确认是创始人"),
        _("“%(name)s”的发起人请您确认是创始人，请打开链接看分工和份额。不认识可以不理。"),
    ),
    "entrepreneurship.founder_joined": _told(
        _("一位创始人已确认"), _("“%(name)s”有一位创始人确认了分工和份额。")
    ),
    "entrepreneurship.venture_handed": _told(
        _("创业项目已转交给您"),
        _("“%(name)s”以后由您邀请创始人、答复年度问询。"),
    ),
    "entrepreneurship.venture_corrected": _told(
        _("创业项目的登记已更正"),
        _("工作人员更正了“%(name)s”的登记，请看一看；有疑问请联系所属部门。"),
    ),
    "entrepreneurship.check_asked": _told(
        _("年度问询：两分钟"),
        _("“%(name)s”这一年怎么样？点几下就好，答复只用于汇总统计和找到能帮上的服务。"),
    ),
    "entrepreneurship.check_again": _told(
        _("年度问询还没有答复"),
        _("“%(name)s”的年度问询还等着您，两分钟就好；不再经营的，也请告诉我们。"),
    ),
}

VERBS = {
    "entrepreneurship.create_venture": pgettext_lazy("audit", "登记创业项目"),
    "entrepreneurship.save_venture": pgettext_lazy("audit", "修改创业项目"),
    "entrepreneurship.correct_venture": pgettext_lazy("audit", "更正创业项目"),
    "entrepreneurship.export_ventures": pgettext_lazy("audit", "导出创业项目"),
    "entrepreneurship.invite_founder": pgettext_lazy("audit", "邀请创始人"),
    "entrepreneurship.add_outside_founder": pgettext_lazy("audit", "登记另一位创始人"),
    "entrepreneurship.accept_founder": pgettext_lazy("audit", "确认是创始人"),
    "entrepreneurship.set_founder": pgettext_lazy("audit", "修改创始人的分工或份额"),
    "entrepreneurship.end_founder": pgettext_lazy("audit", "结束创始人的参与"),
    "entrepreneurship.hand_over_venture": pgettext_lazy("audit", "转交创业项目"),
    "entrepreneurship.enter_stage": pgettext_lazy("audit", "登记创业项目的阶段"),
    "entrepreneurship.take_stage_back": pgettext_lazy("audit", "撤回创业项目的阶段"),
    "entrepreneurship.ask_check": pgettext_lazy("audit", "发出年度问询"),
    "entrepreneurship.ask_again": pgettext_lazy("audit", "重试年度问询"),
    "entrepreneurship.close_check": pgettext_lazy("audit", "把年度问询记为情况不明"),
    "entrepreneurship.answer_check": pgettext_lazy("audit", "答复年度问询"),
    "entrepreneurship.correct_checkpoint": pgettext_lazy("audit", "更正年度问询的答复"),
}

declaration = Declaration(
    permissions={"department_clerk": WORKS, "auditor": SEES, "administrator": SEES},
    notices=NOTICES,
    prefills=PREFILLS,
    verbs=VERBS,
    beat={"entrepreneurship.tasks.ask_checks": 3600},
    navigation=(
        Item(2, 40, pgettext_lazy("many", "创业项目"), "rocket_launch", "entrepreneurship_venture"),
    ),
    queue=(
        Entry(55, "entrepreneurship.correct_venture", queue.unknown),
        Entry(56, "entrepreneurship.correct_venture", queue.could_not_ask),
    ),
    links=(
        Link(
            "settings",
            16,
            _("我的创业"),
            "my_ventures",
            lambda user, found: _("创业项目、创始人、年度情况"),
        ),
    ),
)
