"""Who may do what with a series."""

from django.utils.translation import gettext as _

from kernel import rights
from kernel.errors import Invalid, Refused


def why_not_manage_series(series, by):
    """Say why `by` may not change a series: it is for staff of its department."""
    if not rights.may(by, "events.change_series"):
        return Refused("not_allowed", _("您没有修改活动系列的权限，请联系系统管理员。"))
    if by is None or by.sees_all_departments or by.department_id == series.department_id:
        return None
    return Refused("series_not_yours", _("只有主办部门的工作人员可以修改这个系列。"))


def why_not_name_series(series):
    """Say why a series cannot be called so: once in a department."""
    if not series.name.strip():
        return Invalid("name_missing", _("请填写系列名称。"), field="name")
    others = type(series).objects.filter(department=series.department_id, name=series.name)
    if others.exclude(pk=series.pk).exists():
        return Invalid("name_taken", _("本部门已有同名的系列，请换一个名称。"), field="name")
    return None


def why_not_belong(series, department):
    """Say why an event of `department` cannot be one of `series` (None: of no series)."""
    if series is None or series.department_id == department.pk:
        return None
    return Invalid("series_elsewhere", _("只能选主办部门自己的系列。"), field="series")
