"""Who may do what with campaigns and suggestions: the right, and whose department it is."""

from django.utils.translation import gettext as _

from advisory.suggestions.models import Authorship
from kernel.errors import Conflict, Refused

RUN = "advisory.run_suggestion"
SIGN = "advisory.sign_suggestion"


def _why_no_right(by, right):
    if by.has_perm(right):
        return None
    return Refused("not_allowed", _("您没有这项操作的权限，请联系系统管理员。"))


def why_not_coordinate(campaign, by, right=RUN):
    """Say why `by` may not act for the department that coordinates a campaign."""
    if by is None:
        return None
    if error := _why_no_right(by, right):
        return error
    if by.department_id == campaign.department_id:
        return None
    return Refused("not_yours", _("这项征集由其他部门牵头。"))


def why_not_export(by):
    """Say why `by` may not take a list out: she does not work on suggestions."""
    return None if by is None else _why_no_right(by, RUN)


def why_no_department(department):
    """Say that who works for no department has none to run a campaign for."""
    if department is not None:
        return None
    return Refused("no_department", _("您不属于任何部门，不能组织征集。"))


def lead_of(suggestion):
    """Return the Assignment of the department that leads, or None."""
    rows = suggestion.assignments.standing().leading().select_related("department")
    return rows.first()


def why_not_lead(suggestion, by, right=RUN):
    """Say why `by` may not act for the department that gives the reply."""
    if by is None:
        return None
    if error := _why_no_right(by, right):
        return error
    lead = lead_of(suggestion)
    if lead and lead.department_id == by.department_id:
        return None
    return Refused("not_yours", _("这件建言不由您的部门主办。"))


def why_not_lead_or_coordinate(suggestion, by, right=RUN):
    """Say why `by` may act neither for the department that leads nor for the one that coordinates."""
    if why_not_coordinate(suggestion.campaign, by, right) is None:
        return None
    return why_not_lead(suggestion, by, right)


def why_not_department(assignment, by, right=RUN):
    """Say why `by` may not act for the department that was given an assignment."""
    if by is None:
        return None
    if error := _why_no_right(by, right):
        return error
    if by.department_id == assignment.department_id:
        return None
    return Refused("not_yours", _("这件建言没有交给您的部门。"))


def why_not_lead_open(suggestion):
    """Say that no department leads it yet."""
    if lead_of(suggestion):
        return None
    return Conflict("no_lead", _("还没有确定主办部门，请先交办。"))


def why_not_author(suggestion, by):
    """Say why `by` may not act as the author: whoever wrote it does; for others it does not exist."""
    if by is not None and suggestion.authorship_of(by) is not None:
        return None
    return Refused("not_yours", _("只有写这件建言的本人可以操作。"))


def why_not_oneself(suggestion, by):
    """Say that nobody decides what is about herself: a suggestion of her own, or what hers was joined to."""
    if by is None or not Authorship.objects.of(suggestion.main).filter(user=by).exists():
        return None
    return Conflict("oneself", _("事关您自己，请由同事办理。"))


def why_moved_on():
    """Say that something does not stand where this can be done any more."""
    return Conflict("moved_on", _("这一步现在不能做：状态已经变化，请刷新页面再看。"))
