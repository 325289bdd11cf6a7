"""Changes of accounts' rights: done at once, or asked for and carried out once a second person confirms.

Which of the two, `accounts.access` says; what waits for the second person, `accounts.joint` keeps.
"""

import json

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import joint, operations
from accounts.access import raising
from accounts.models import Department, User
from accounts.roles import role_names
from kernel import rights
from kernel.words import listed

CHANGE = "accounts.change_access"


@transaction.atomic
def add(*, roles, by, now, reason="", **fields):
    """Create an account (operations.add_user) with these roles, or a request for those one may not give alone.

    Returns (the User, the JointAction or None).
    """
    user = operations.add_user(by=by, now=now, **fields)
    return change(user=user, roles=roles, by=by, now=now, reason=reason)


@transaction.atomic
def change(*, user, roles, by, now, reason="", **changes):
    """Change an account and its roles: at once what one person may, the rest as a request.

    `roles` and `changes` as in operations.set_roles and change_user. Returns (the User, the JointAction or
    None). Raises what those raise, and Invalid("reason_missing") for a request without one.
    """
    rights.require(by, joint.ADMINISTER)
    user = User.objects.get(pk=user.pk)
    raised = {} if joint.works_alone(by) else raising(user, roles=roles, **changes)
    at_once = {name: value for name, value in changes.items() if name not in raised}
    user = operations.change_user(user=user, by=by, now=now, **at_once)
    if "roles" not in raised:
        user = operations.set_roles(user=user, roles=roles, by=by, now=now)
    if not raised:
        return user, None
    return user, ask(user=user, raised=raised, by=by, now=now, reason=reason)


def ask(*, user, raised, by, now, reason):
    """Ask for what raises an account's rights (as access.raising returns it); returns the JointAction."""
    rights.require(by, joint.ADMINISTER)
    operations.refuse_raising(user, by, raised.keys())
    department = raised.get("department", user.department)
    if "roles" in raised:
        operations.check_roles(set(raised["roles"]), department, user.unit)
    return joint.ask(
        kind=CHANGE, person=user, by=by, now=now, reason=reason, params=_kept(user, raised)
    )


def _kept(user, raised):
    """Return the changes as they are stored: roles as what comes and goes, a department as its code."""
    kept = {name: value for name, value in raised.items() if name == "is_active"}
    if "roles" in raised:
        before, after = set(user.groups.values_list("name", flat=True)), set(raised["roles"])
        kept |= {"added": sorted(after - before), "removed": sorted(before - after)}
    if "department" in raised:
        kept["department"] = getattr(raised["department"], "code", None)
    return kept


def carry_out_change(action, *, by, now):
    """Make the changes that were confirmed, in the name of the system: two people stand behind it."""
    user, kept = action.person, json.loads(action.params)
    changes = {"is_active": True} if kept.get("is_active") else {}
    if "department" in kept:
        changes["department"] = Department.objects.filter(code=kept["department"]).first()
    if changes:
        user = operations.change_user(user=user, by=None, now=now, **changes)
    if "added" in kept:
        held = set(user.groups.values_list("name", flat=True))
        wanted = (held | set(kept["added"])) - set(kept["removed"])
        operations.set_roles(user=user, roles=wanted, by=None, now=now)


def change_facts(action):
    """Return what a request would change, as (label, value) pairs."""
    kept = json.loads(action.params)
    facts = [
        (_("增加的角色"), listed(role_names(kept.get("added", ())))),
        (_("去掉的角色"), listed(role_names(kept.get("removed", ())))),
    ]
    if "department" in kept:
        facts.append((_("部门改为"), Department.objects.filter(code=kept["department"]).first()))
    if kept.get("is_active"):
        held = action.person.groups.values_list("name", flat=True)
        facts += [(_("账号"), _("重新启用")), (_("启用后恢复的角色"), listed(role_names(held)))]
    return [(label, value) for label, value in facts if value]
