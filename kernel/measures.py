"""The ten measures of the policy by number and name, as lists and forms of the portal call them.

The names are the policy's own headings, shortened. What the measures mean to a reader is told by the pages.
"""

from django.utils.translation import gettext_lazy as _

NAMES = {
    1: _("拓宽成长渠道"),
    2: _("交流合作机制"),
    3: _("支持创业"),
    4: _("科技创新巾帼行动"),
    5: _("激励表彰"),
    6: _("社会良好氛围"),
    7: _("科研学术网络"),
    8: _("生育友好型工作环境"),
    9: _("两江巾帼关爱计划"),
    10: _("鼓励女性从事科学技术工作"),
}


def label(number):
    """Return a measure's number and name in one line: "2 · 交流合作机制"."""
    return f"{number} · {NAMES[number]}"


def choices():
    """Return the measures as the choices of a field."""
    return [(number, label(number)) for number in NAMES]
