"""The admin's look and navigation (unfold), grouped by the five sections of the policy."""

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def _item(title, icon, model, permission=None, query=""):
    """One line of the navigation: a model's list, shown to those who may view it."""
    app, name = model.split(".")
    permission = permission or f"{app}.view_{name}"
    return {
        "title": title,
        "icon": icon,
        "link": _Link(f"admin:{app}_{name}_changelist", query),
        "permission": lambda request: request.user.has_perm(permission),
    }


class _Link:
    """An address with a query, resolved when it is shown (str), because URLs are not loaded yet."""

    def __init__(self, name, query):
        self.name, self.query = reverse_lazy(name), query

    def __str__(self):
        return f"{self.name}{self.query}"


def _events(title, icon, measure):
    return _item(title, icon, "events.event", query=f"?measure__exact={measure}")


UNFOLD = {
    "SITE_TITLE": _("两江女性科技人才门户"),
    "SITE_HEADER": _("工作台"),
    "SITE_SUBHEADER": _("两江女性科技人才门户"),
    "SITE_SYMBOL": "water",
    "SITE_URL": "/",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "sizes": "any",
            "type": "image/svg+xml",
            "href": lambda request: static("mark.svg"),
        }
    ],
    "SHOW_LANGUAGES": False,
    "SHOW_BACK_BUTTON": True,
    "DASHBOARD_CALLBACK": "liangjiang.work_queue.dashboard",
    "STYLES": [lambda request: static("css/admin.css")],
    "COLORS": {
        "primary": {
            "50": "oklch(97.4% .016 172)",
            "100": "oklch(94% .032 172)",
            "200": "oklch(88.5% .055 172)",
            "300": "oklch(79% .075 172)",
            "400": "oklch(66% .085 173)",
            "500": "oklch(54% .083 174)",
            "600": "oklch(45% .075 175)",
            "700": "oklch(38.5% .063 176)",
            "800": "oklch(32% .05 177)",
            "900": "oklch(27% .04 178)",
            "950": "oklch(20% .03 180)",
        },
    },
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "items": [
                    {"title": _("工作台"), "icon": "checklist", "link": reverse_lazy("admin:index")}
                ]
            },
            {
                "title": _("一 成长扶持"),
                "items": [
                    _item(_("人才库"), "groups", "talents.talent"),
                    _item(_("名单导入"), "upload_file", "talents.importrun"),
                    _item(_("交流活动"), "event", "events.event"),
                ],
            },
            {
                "title": _("二 创新创业"),
                "items": [
                    _events(_("创业培训"), "storefront", 3),
                    _events(_("创新行动"), "rocket_launch", 4),
                ],
            },
            {
                "title": _("三 发展环境"),
                "items": [
                    _events(_("宣讲与先进典型"), "campaign", 6),
                    _events(_("学术网络"), "hub", 7),
                ],
            },
            {
                "title": _("四 服务保障"),
                "items": [
                    _events(_("生育友好与身心关爱"), "spa", 8),
                    _item(_("志愿时长"), "volunteer_activism", "care_points.servicehours"),
                    _item(_("兑换记录"), "redeem", "care_points.redemption"),
                    _item(_("积分流水"), "receipt_long", "care_points.transfer"),
                    _item(_("积分规则"), "rule", "care_points.earningrule"),
                    _item(_("爱心加油站"), "home_health", "care_points.carestation"),
                    _item(_("服务项目"), "list_alt", "care_points.service"),
                ],
            },
            {
                "title": _("五 后备人才"),
                "items": [_events(_("进校园与科普"), "school", 10)],
            },
            {
                "title": _("统计与管理"),
                "separator": True,
                "items": [
                    _item(_("数据月报"), "monitoring", "reports.monthlyreport"),
                    _item(_("单位"), "apartment", "accounts.unit"),
                    _item(_("用户与角色"), "manage_accounts", "accounts.user"),
                    _item(_("接口密钥"), "key", "partners.partnerkey"),
                    _item(_("通知发送"), "outgoing_mail", "notices.delivery"),
                    _item(_("个人信息授权"), "verified_user", "privacy.consent"),
                    _item(_("审计日志"), "policy", "privacy.auditentry"),
                ],
            },
        ],
    },
}
