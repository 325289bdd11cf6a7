"""The kind of browser somebody uses, coarsely: enough to tell her devices apart, too little to follow her by."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The first whose word stands in the User-Agent header; browsers name those they descend from as well.
BROWSERS = (
    ("wechat", "MicroMessenger", gettext_lazy("微信")),
    ("edge", "Edg", "Edge"),
    ("huawei", "HuaweiBrowser", gettext_lazy("华为浏览器")),
    ("xiaomi", "MiuiBrowser", gettext_lazy("小米浏览器")),
    ("qq", "QQBrowser", gettext_lazy("QQ 浏览器")),
    ("uc", "UCBrowser", gettext_lazy("UC 浏览器")),
    ("firefox", "Firefox", "Firefox"),
    ("firefox", "FxiOS", "Firefox"),
    ("chrome", "CriOS", "Chrome"),
    ("chrome", "Chrome", "Chrome"),
    ("safari", "Safari", "Safari"),
)
SYSTEMS = (
    ("harmony", "OpenHarmony", gettext_lazy("鸿蒙")),
    ("harmony", "HarmonyOS", gettext_lazy("鸿蒙")),
    ("android", "Android", gettext_lazy("安卓")),
    ("iphone", "iPhone", "iPhone"),
    ("ipad", "iPad", "iPad"),
    ("windows", "Windows", "Windows"),
    ("mac", "Macintosh", "Mac"),
    ("linux", "Linux", "Linux"),
)


def kind(user_agent):
    """Return (code of the browser, code of the system) of a User-Agent header; "" for what is not known."""
    return _code(BROWSERS, user_agent), _code(SYSTEMS, user_agent)


def label(browser, system):
    """Name a kind of browser in the reader's language: "安卓 · 微信"."""
    names = [_name(SYSTEMS, system), _name(BROWSERS, browser)]
    return " · ".join(name for name in names if name) or _("未能识别的浏览器")


def _code(known, user_agent):
    return next((code for code, word, _label in known if word in user_agent), "")


def _name(known, code):
    return next((str(name) for own, _word, name in known if own == code), "")
