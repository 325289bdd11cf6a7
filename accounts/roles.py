"""Who may do what: the eight roles of the portal as groups with permissions.

The table below is the only place where a role's permissions are written; the groups in the database
are made to match it after every `migrate`. Editing a group by hand does not last. Rows are scoped
by department elsewhere (`visible_to`); `accounts.see_all_departments` lifts that.
"""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext_lazy as _

# Group code: (name, permissions as "app.codename").
ROLES = {
    "department_clerk": (
        _("部门经办人"),
        [
            "accounts.view_department",
            "accounts.view_unit",
            "accounts.add_unit",
            "accounts.change_unit",
            "talents.view_talent",
            "talents.change_talent",
            "talents.verify_talent",
            "talents.import_talent",
            "talents.view_importrun",
            "talents.add_importrun",
            "events.view_event",
            "events.add_event",
            "events.change_event",
            "events.publish_event",
            "events.view_booking",
            "events.change_booking",
            "events.check_in_booking",
            "events.export_booking",
            "care_points.view_servicehours",
            "care_points.add_servicehours",
            "reports.view_monthlyreport",
        ],
    ),
    "department_reviewer": (
        _("部门审核人"),
        [
            "accounts.view_department",
            "accounts.view_unit",
            "talents.view_talent",
            "talents.verify_talent",
            "talents.reveal_talent",
            "care_points.view_servicehours",
            "care_points.confirm_servicehours",
            "reports.view_monthlyreport",
            "reports.request_monthlyreport",
        ],
    ),
    "points_clerk": (
        _("积分管理员"),
        [
            "accounts.view_unit",
            "care_points.view_earningrule",
            "care_points.change_earningrule",
            "care_points.view_carestation",
            "care_points.add_carestation",
            "care_points.change_carestation",
            "care_points.view_service",
            "care_points.add_service",
            "care_points.change_service",
            "care_points.view_servicehours",
            "care_points.confirm_servicehours",
            "care_points.view_redemption",
            "care_points.fulfil_redemption",
            "care_points.view_pointsaccount",
            "care_points.view_transfer",
            "care_points.view_entry",
        ],
    ),
    "event_organiser": (
        _("活动组织者"),
        [
            "accounts.view_department",
            "accounts.view_unit",
            "events.view_event",
            "events.add_event",
            "events.change_event",
            "events.publish_event",
            "events.view_booking",
            "events.change_booking",
            "events.check_in_booking",
            "events.export_booking",
        ],
    ),
    "counsellor": (_("心理咨询师"), []),
    "unit_contact": (_("单位联系人"), []),
    "auditor": (
        _("审计员"),
        [
            "accounts.see_all_departments",
            "accounts.view_department",
            "accounts.view_unit",
            "accounts.view_user",
            "privacy.view_auditentry",
            "privacy.view_consent",
            "events.view_event",
            "events.view_booking",
            "care_points.view_earningrule",
            "care_points.view_transfer",
            "care_points.view_entry",
            "partners.view_partnerkey",
            "reports.view_monthlyreport",
        ],
    ),
    "administrator": (
        _("系统管理员"),
        [
            "accounts.see_all_departments",
            "accounts.view_department",
            "accounts.view_user",
            "accounts.add_user",
            "accounts.change_user",
            "accounts.reveal_user",
            "accounts.view_unit",
            "accounts.add_unit",
            "accounts.change_unit",
            "accounts.admit_unit",
            "notices.view_delivery",
            "notices.change_delivery",
            "events.view_event",
            "events.add_event",
            "events.change_event",
            "events.publish_event",
            "events.view_booking",
            "events.change_booking",
            "events.check_in_booking",
            "events.export_booking",
            "care_points.view_earningrule",
            "care_points.view_carestation",
            "care_points.view_service",
            "partners.view_partnerkey",
            "partners.add_partnerkey",
            "partners.change_partnerkey",
            "reports.view_monthlyreport",
            "reports.request_monthlyreport",
        ],
    ),
}

# Roles whose holders sign in to the admin.
STAFF_ROLES = frozenset(ROLES) - {"unit_contact"}


def role_names(codes):
    """Return the names of these group codes in the reader's language, in the table's order."""
    codes = set(codes)
    return [str(name) for code, (name, _permissions) in ROLES.items() if code in codes]


@transaction.atomic
def sync(app_label, using="default"):
    """Make every role's permissions of one app equal to the table: adds, and takes away the rest.

    A permission the table names but the app does not have yet is left out; a test compares the
    table with the database.
    """
    permissions = {
        f"{app_label}.{p.codename}": p
        for p in Permission.objects.using(using).filter(content_type__app_label=app_label)
    }
    for code, (_name, wanted) in ROLES.items():
        group, _created = Group.objects.using(using).get_or_create(name=code)
        should = {permissions[name] for name in wanted if name in permissions}
        has = set(group.permissions.filter(content_type__app_label=app_label))
        group.permissions.remove(*(has - should))
        group.permissions.add(*(should - has))


def sync_after_migrate(sender, using, **kwargs):
    """Signal handler: runs after each app's permissions were made by django.contrib.auth."""
    if sender.models_module is not None:
        sync(sender.label, using)
