"""The first line of an operation: may `by` do this?

A right is a permission ("app.codename"); `by=None` is the system itself (a task, a migration), which
may everything. Operations that ask for more (this event's organiser, her own record) ask after this.
"""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refused


def may(by, permission):
    """Tell whether `by` (a User, or None for the system) holds a permission."""
    return by is None or by.has_perm(permission)


def require(by, permission, message=None):
    """Raise Refused("not_allowed") unless `by` holds the permission; `message` says it in other words."""
    if not may(by, permission):
        raise Refused("not_allowed", message or _("您没有这项操作的权限，请联系系统管理员。"))
