"""Who may do what: roles as groups with permissions.

Each app declares the roles that exist because of it, and which roles hold its permissions
(kernel.portal); the groups in the database are made to match after every `migrate`. Editing a group
by hand does not last. Rows are scoped by department elsewhere (`visible_to`);
`accounts.see_all_departments` lifts that.
"""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from kernel import portal


def roles():
    """Return {code: kernel.portal.Role} of every role, in the order they are shown."""
    return {role.code: role for role in portal.listed("roles")}


def choices():
    """Return the roles as the choices of a form field."""
    return [(role.code, role.name) for role in roles().values()]


def staff_roles():
    """Return the codes of the roles whose holders sign in to the admin."""
    return {role.code for role in roles().values() if role.staff}


def permissions_of(code):
    """Return the permissions ("app.codename") of a role, over all apps."""
    role = roles().get(code)
    return set(role.also if role else ()) | {
        permission
        for declared in portal.declarations().values()
        for permission in (declared.permissions or {}).get(code, ())
    }


def role_names(codes):
    """Return the names of these group codes in the reader's language, in the roles' order."""
    return [str(role.name) for code, role in roles().items() if code in set(codes)]


@transaction.atomic
def sync(app_label, using="default"):
    """Make every role's permissions of one app equal to what is declared: adds, and takes away the rest.

    A permission that is declared but not made yet is left out; a test compares the declarations with
    the database.
    """
    permissions = {
        f"{app_label}.{p.codename}": p
        for p in Permission.objects.using(using).filter(content_type__app_label=app_label)
    }
    for code in roles():
        group, _created = Group.objects.using(using).get_or_create(name=code)
        should = {permissions[name] for name in permissions_of(code) if name in permissions}
        has = set(group.permissions.filter(content_type__app_label=app_label))
        group.permissions.remove(*(has - should))
        group.permissions.add(*(should - has))


def sync_after_migrate(sender, using, **kwargs):
    """Signal handler: runs after each app's permissions were made by django.contrib.auth."""
    if sender.models_module is not None:
        sync(sender.label, using)
