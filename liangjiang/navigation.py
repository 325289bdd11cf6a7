"""The admin's navigation: the five sections of the policy and administration, filled by the apps."""

from urllib.parse import parse_qsl

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel import portal

SECTIONS = (
    (1, _("一 成长扶持")),
    (2, _("二 创新创业")),
    (3, _("三 发展环境")),
    (4, _("四 服务保障")),
    (5, _("五 后备人才")),
    (0, _("统计与管理")),
)


def _permission(item):
    app, _, model = item.view.rpartition("_")
    return f"{app}.view_{model}"


def _line(item):
    """Return an Item as unfold takes it."""
    permission = _permission(item)
    address = reverse(f"admin:{item.view}_changelist")
    return {
        "title": item.title,
        "icon": item.icon,
        "link": f"{address}{item.query}",
        "permission": lambda request: request.user.has_perm(permission),
        "active": lambda request: _is_current(item, address, request),
    }


def _is_current(item, address, request):
    """Tell whether the reader is in this list: of lists of one model the one with her filter."""
    if not request.path.startswith(address):
        return False
    same = [other for other in portal.listed("navigation") if other.view == item.view]
    here = [other for other in same if other.query and _shows(other, request)]
    return item is here[0] if here else not item.query


def _shows(item, request):
    """Tell whether the address carries the filter of `item`."""
    return set(parse_qsl(item.query.removeprefix("?"))) <= set(request.GET.items())


def sidebar(request):
    """Return the navigation for the reader, unfold's groups of items."""
    first = {"title": _("工作台"), "icon": "checklist", "link": reverse("admin:index")}
    items = portal.listed("navigation")
    groups = [
        {
            "title": title,
            "separator": section == 0,
            "items": [_line(item) for item in items if item.section == section],
        }
        for section, title in SECTIONS
    ]
    return [{"items": [first]}, *(group for group in groups if group["items"])]
