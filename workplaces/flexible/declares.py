"""What the theme adds to the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.portal import Declaration, Entry, Item, Link, Place
from notices.kinds import Kind
from workplaces.flexible import queue
from workplaces.flexible.models import KEEP

SEES = ("workplaces.view_flexibleoffer",)
WORKS = (*SEES, "workplaces.add_flexibleoffer", "workplaces.change_flexibleoffer")

NOTICES = {
    "workplaces.offer_confirm": Kind(
        _("请确认弹性工作"),
        _(
            "“%(posts)s”的弹性工作快满一年没有确认了，满一年页面上写“未复核”，再过 60 天查不到。没有变化，登录按“确认无误”就行。"
        ),
        frozenset({"posts"}),
        essential=True,
    ),
}

VERBS = {
    "workplaces.add_offer": pgettext_lazy("audit", "登记弹性工作"),
    "workplaces.edit_offer": pgettext_lazy("audit", "修改弹性工作"),
    "workplaces.confirm_offer": pgettext_lazy("audit", "确认弹性工作"),
    "workplaces.withdraw_offer": pgettext_lazy("audit", "撤下弹性工作"),
    "workplaces.put_back_offer": pgettext_lazy("audit", "恢复弹性工作"),
    "workplaces.undo_offer_change": pgettext_lazy("audit", "撤销弹性工作的修改"),
    "workplaces.retry_offer": pgettext_lazy("audit", "重试提醒确认弹性工作"),
    "workplaces.export_offers": pgettext_lazy("audit", "导出弹性工作"),
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
        "flexible-work:read": _("读取本单位的弹性工作"),
        "flexible-work:write": _("登记、修改、确认本单位的弹性工作"),
    },
    api_sections={"flexible-work": pgettext_lazy("many", "弹性工作")},
    beat={"workplaces.tasks.remind_offers": 24 * 3600},
    public_models=("workplaces.FlexibleOffer",),
    places=(Place(35, "workplaces/flexible/", pgettext_lazy("many", "弹性工作"), footer=True),),
    navigation=(
        Item(4, 64, pgettext_lazy("many", "弹性工作"), "schedule", "workplaces_flexibleoffer"),
    ),
    queue=(
        Entry(74, "workplaces.change_flexibleoffer", queue.to_confirm),
        Entry(75, "workplaces.change_flexibleoffer", queue.could_not_remind),
    ),
    links=(
        Link(
            "work",
            63,
            _("本单位的弹性工作"),
            "my_flexible_offers",
            lambda user, found: (
                _("登记、改正、每年确认")
                if not user.is_staff and user.unit_id and user.has_perm(KEEP)
                else None
            ),
        ),
    ),
)
