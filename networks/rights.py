"""Who acts for an association: staff of the department that looks after it, and who is in office that day.

A right that comes with a post is asked of dates each time (posts.models, `in_office`), so it ends with term, membership
or resignation whether or not any job ran.
"""

from django.utils.translation import gettext as _

from accounts.models import User
from kernel.errors import Conflict, Refused
from networks.posts.models import Holding


def why_not_staff(association, by, permission):
    """Say why `by` may not use a right on an association (None: a new one): it is for staff of its department."""
    if by is None:
        return None
    if not (by.is_staff and by.has_perm(permission)):
        return Refused("not_allowed", _("您没有这项操作的权限，请联系系统管理员。"))
    if association is None or by.sees_all_departments:
        return None
    if association.department_id == by.department_id:
        return None
    return Refused("not_yours", _("这个协会由其他部门联系，请与该部门联系。"))


def runs(association, by, day):
    """Tell whether `by` holds a post on a day that runs the association's affairs."""
    held = Holding.objects.running(day).of_woman(by)
    return held.filter(association=association).exists()


def why_not_run(association, by, permission, day):
    """Say why `by` may not act for an association on a day: who is in office may, and its department's staff."""
    if by is None or runs(association, by, day):
        return None
    if by.is_staff:
        return why_not_staff(association, by, permission)
    sentence = _("任职期间才能办理协会的事务。任期、会籍或任职结束后，权限随之结束。")
    return Refused("not_in_office", sentence)


def why_not_standing(association):
    """Say that an association was dissolved."""
    if association.dissolved_on is None:
        return None
    return Conflict("dissolved", _("这个协会已登记注销或撤销，不再办理。"))


def runners(association, day):
    """Return the accounts of those in office on a day who run an association's affairs."""
    held = Holding.objects.running(day).filter(association=association)
    return list(User.objects.filter(is_active=True, pk__in=held.values("talent__user")))


def clerks(association, permission):
    """Return the staff of its department who hold a right."""
    holding = User.objects.holding(permission).filter(is_staff=True)
    return list(holding.filter(department=association.department_id))
