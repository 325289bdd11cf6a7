"""The admin's navigation: the five sections of the policy and administration, filled by the apps."""

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
    return item.permission or f"{app}.view_{model}"


def _line(item):
    """Return an Item as unfold takes it."""
    permission = _permission(item)
    return {
        "title": item.title,
        "icon": item.icon,
        "link": f"{reverse(f'admin:{item.view}_changelist')}{item.query}",
        "permission": lambda request: request.user.has_perm(permission),
    }


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
