"""The admin's look (unfold); its navigation is liangjiang.navigation."""

from django.templatetags.static import static
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

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
    "STYLES": [
        lambda request: static("css/admin.css"),
        lambda request: static("css/print.css"),
    ],
    "SCRIPTS": [
        lambda request: static("js/focus.js"),
        lambda request: static("js/select_names.js"),
        lambda request: static("js/filters.js"),
        lambda request: static("js/several_files.js"),
        lambda request: static("js/sent.js"),
    ],
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
        "navigation": lambda request: import_string("liangjiang.navigation.sidebar")(request),
    },
}
