"""What may be done with members of cohorts, and why not: pages ask, operations raise."""

from django.utils.translation import gettext as _

from entrepreneurship.ventures.models import Venture, VentureFounder
from kernel.errors import Conflict, Invalid, Refused

LINK, EXPORT = "entrepreneurship.link_planmember", "entrepreneurship.export_planmember"


def ventures_of(member):
    """Return the ventures that may stand for a member: those she confirmed she founds, closed ones too."""
    hers = VentureFounder.objects.confirmed().filter(talent=member.talent_id)
    return Venture.objects.known().filter(pk__in=hers.values("venture"))


def why_not_staff(member, by):
    """Say why `by` is no staff of the department that leads the plan, with the right; never on her own."""
    own = by.sees_all_departments or by.department_id == member.call.department_id
    if by.is_staff and own and by.has_perm(LINK) and member.talent.user_id != by.pk:
        return None
    return Refused("not_allowed", _("只有本人和牵头部门的工作人员可以登记创业项目。"))


def why_not_link(member, by):
    """Say why `by` does not say which venture a member was selected with: she herself does, or staff."""
    if by is None or member.talent.user_id == by.pk:
        return None if member.stands else _taken_back()
    return why_not_staff(member, by) or (None if member.stands else _taken_back())


def _taken_back():
    return Conflict("taken_back", _("入选资格已经收回，不能再改。"))


def why_not_this(member, venture):
    """Say why a venture (None: none) does not stand for a member."""
    if venture is None or ventures_of(member).filter(pk=venture.pk).exists():
        return None
    return Invalid("venture_not_hers", _("只能选本人已确认为创始人的创业项目。"), field="venture")
