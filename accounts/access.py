"""Rights of accounts: which changes give somebody more of them, and how those are done by two people.

A role of the staff, an account opened again that has one, another department for it, another phone or no
second factor for it: each would give an administrator who acts alone a second account that reads everything. So each
is asked for and confirmed (accounts.joint). Taking away is done by one, at once, except the roles of those who
confirm: else she would first make herself the only one. What a closed account had it keeps, and it counts
as somebody (joint.works_alone), so closing one is done at once as well.
"""

from accounts import joint
from accounts.roles import staff_roles


def has_access(user):
    """Tell whether an account has rights of the staff, or would have them were it opened again."""
    held = set(user.groups.values_list("name", flat=True))
    return user.is_superuser or user.is_staff or bool(held & staff_roles())


def raising(user, *, roles=None, **changes):
    """Return those of the changes that one person may not make alone.

    `roles` are the codes she is to have, `changes` fields of operations.USER_FIELDS; `user` is as she is now.
    """
    raised = {}
    if roles is not None and _raises(set(user.groups.values_list("name", flat=True)), set(roles)):
        raised["roles"] = roles
    if not has_access(user):
        return raised
    if changes.get("is_active") and not user.is_active:
        raised["is_active"] = True
    if "department" in changes and changes["department"] != user.department:
        raised["department"] = changes["department"]
    return raised


def _raises(before, after):
    return bool((after - before) & staff_roles() or (before - after) & set(joint.SECOND_ROLES))


def why_not_alone(user, by, **changes):
    """Return why `by` may not make these changes to an account alone, as a DomainError, else None."""
    if joint.works_alone(by) or not raising(user, **changes):
        return None
    return joint.needs_second()


def why_not_rescue_alone(user, by):
    """Return why `by` may not change how `user` signs in alone, as a DomainError, else None."""
    return None if joint.works_alone(by) or not has_access(user) else joint.needs_second()
