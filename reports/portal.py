"""What the app adds to the portal (kernel.portal)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.portal import Declaration, Item
from notices.kinds import Kind

PERMISSIONS = {
    "department_clerk": ("reports.view_monthlyreport",),
    "department_reviewer": ("reports.view_monthlyreport", "reports.request_monthlyreport"),
    "auditor": ("reports.view_monthlyreport",),
    "administrator": ("reports.view_monthlyreport", "reports.request_monthlyreport"),
}

NOTICES = {
    "reports.ready": Kind(
        _("%(month)s月报已生成"),
        _("%(month)s的数据月报已生成，可在后台下载 Excel 与 PDF。"),
        frozenset({"month"}),
        essential=True,
        months=frozenset({"month"}),
    ),
}

VERBS = {
    "reports.request_monthly": pgettext_lazy("audit", "申请数据月报"),
    "reports.build": pgettext_lazy("audit", "生成数据月报"),
    "reports.download": pgettext_lazy("audit", "下载数据月报"),
}

declaration = Declaration(
    permissions=PERMISSIONS,
    notices=NOTICES,
    verbs=VERBS,
    scopes={"statistics:read": _("读取统计数据")},
    api="reports.api",
    api_sections={"statistics": _("统计")},
    navigation=(
        Item(0, 10, pgettext_lazy("many", "数据月报"), "monitoring", "reports_monthlyreport"),
    ),
    beat={"reports.tasks.build_reports": 300},
    demo="reports.demo",
)
