"""Entries a unit keeps itself and a department looks after: who may write them, who is reminded, for how long they hold."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Department, User
from kernel.errors import DomainError, Refused

CONFIRMED_FOR = timedelta(days=365)  # what nobody confirmed for a year is not to be relied on
SOON = timedelta(days=30)  # how long before that the unit is reminded
LEADS = "women_federation"  # looks after what a unit enters itself


def department_of(person):
    """Return the Department that looks after what somebody enters."""
    if person is not None and person.is_staff and person.department_id:
        return person.department
    return Department.objects.get(code=LEADS)


def why_not_unit(unit, by, *, keep, change):
    """Say why `by` may not keep a unit's entries: its contact (right `keep`) does, and staff (right `change`)."""
    if by is None or (by.is_staff and by.has_perm(change)):
        return None
    if unit is not None and by.unit_id == unit.pk and by.has_perm(keep):
        return None
    return Refused("not_allowed", _("只有本单位的联系人和主管部门的经办人可以维护这些信息。"))


def why_not_keep(row, by, *, keep, change):
    """Say why `by` may not write an entry: its unit's contact does, clerks of its department do."""
    if error := why_not_unit(row.unit, by, keep=keep, change=change):
        return error
    if by is None or not by.is_staff or by.sees_all_departments:
        return None
    if row.department_id == by.department_id:
        return None
    return Refused("not_yours", _("这一条由其他部门主管，请与该部门联系。"))


def keepers(row, *, keep, change):
    """Return the unit's contacts; where it has none, clerks of the department, so that nothing waits for nobody."""
    contacts = list(User.objects.holding(keep).filter(unit=row.unit_id, is_staff=False))
    clerks = User.objects.holding(change).filter(is_staff=True, department=row.department_id)
    return contacts or list(clerks)


def saved(form, operation, **given):
    """Carry out an operation with what a form says; None where it was refused, which stands in the form."""
    if not form.is_valid():
        return None
    try:
        return operation(values=form.cleaned_data, now=timezone.now(), **given)
    except DomainError as error:
        error.add_to(form)
        return None
