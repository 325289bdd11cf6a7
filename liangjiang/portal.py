"""What the roof itself adds to the portal (kernel.portal)."""

from django.utils.translation import gettext_lazy as _

from kernel.holes import Hole
from kernel.portal import Declaration, Link, Page, Place
from liangjiang import dashboard, holes
from privacy.purposes import Purpose

# Publicity belongs to honours and role models; until they come, the consent page asks for it already.
PURPOSES = (
    Purpose(
        "publicity",
        50,
        _("在公开页面展示我的事迹（发布前另行与我确认）"),
        "2026-11",
        _("姓名、单位、事迹、照片"),
        _("在门户公开页面展示榜样故事；每次发布前另行与您确认内容。"),
        _("撤回后，我们会从公开页面撤下您的事迹。"),
    ),
)


PLACES = (
    Place(20, "measures/", _("十项措施"), "list-checks", short=_("措施")),
    Place(40, "me/", _("我的"), "user-round", signed_in=True),
    Place(10, "policy/", _("政策原文"), footer=True),
    Place(20, "measures/", _("十项措施"), footer=True),
    Place(50, "help/", _("帮助"), footer=True),
    Place(60, "accessibility/", _("无障碍声明"), footer=True),
)


def _desk(user, found):
    return _("待审核、待确认与数据概览") if user.is_staff else None


declaration = Declaration(
    api_sections={"codes": _("代码表")},
    purposes=PURPOSES,
    places=PLACES,
    holes={
        "messages": Hole(holes.messages),
        "staff_link": Hole(holes.staff_link),
        "account": Hole(holes.account),
        "unread_dot": Hole(holes.unread_dot),
        "client_id": Hole(holes.client_id),
        "greeting": Hole(dashboard.greeting),
        "my_cards": Hole(dashboard.cards),
        "my_work": Hole(dashboard.work),
        "my_settings": Hole(dashboard.settings),
        "sign_out": Hole(dashboard.sign_out),
    },
    links=(Link("work", 20, _("工作台"), "admin:index", _desk),),
    bench=(
        Page(10, "home page", "/", "两江", "anybody", {"cpu": 0.3, "rate": 5000}),
        Page(60, "dashboard, signed in", "/me/", "{name}", "woman", {"cpu": 5, "trips": 3}),
    ),
)
