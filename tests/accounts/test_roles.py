"""Roles: one table, the database made to match it."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from accounts import roles
from accounts.models import Department
from kernel import portal

pytestmark = pytest.mark.django_db


def in_database():
    return {
        group.name: {
            f"{p.content_type.app_label}.{p.codename}"
            for p in group.permissions.select_related("content_type")
        }
        for group in Group.objects.all()
    }


def in_table():
    return {code: roles.permissions_of(code) for code in roles.roles()}


def test_the_database_matches_the_table_and_the_table_names_real_permissions():
    assert in_database() == in_table()


def test_no_role_lists_a_permission_twice():
    for declared in portal.declarations().values():
        for permissions in (declared.permissions or {}).values():
            assert len(permissions) == len(set(permissions))


def test_migrating_again_repairs_what_was_clicked_together_and_changes_nothing_else():
    clerk = Group.objects.get(name="department_clerk")
    clerk.permissions.add(Permission.objects.get(codename="change_user"))
    clerk.permissions.remove(Permission.objects.get(codename="verify_talent"))
    call_command("migrate", verbosity=0)
    assert in_database() == in_table()


def test_the_roles_and_their_order():
    assert list(roles.roles()) == [
        "department_clerk",
        "department_reviewer",
        "points_clerk",
        "event_organiser",
        "finance_officer",
        "technology_mediator",
        "outreach_coordinator",
        "unit_contact",
        "bank_contact",
        "reviewer",
        "auditor",
        "administrator",
    ]
    assert roles.role_names(["auditor", "department_clerk"]) == ["部门经办人", "审计员"]


def test_only_administrators_change_accounts_and_only_auditors_read_the_log():
    def holders(permission):
        return {code for code in roles.roles() if permission in roles.permissions_of(code)}

    assert holders("accounts.change_user") == holders("accounts.reveal_user") == {"administrator"}
    assert holders("privacy.view_auditentry") == {"auditor"}
    assert holders("accounts.see_all_departments") == {"auditor", "administrator"}
    rights = {
        "calls.nominate_for_unit",
        "role_models.ask_talk",
        "entrepreneurship.offer_transfer",
        "entrepreneurship.answer_for_unit",
        "workplaces.keep_nursery",
        "workplaces.keep_room",
        "outreach.report_choices",
        "outreach.ask_visit",
        "places.keep_place",
        "workplaces.keep_flexibleoffer",
    }
    assert roles.permissions_of("unit_contact") == rights


def test_a_role_brings_the_rights_on_lower_apps_that_its_work_needs():
    organiser = {"accounts.view_department", "accounts.view_unit"}
    assert roles.permissions_of("event_organiser") >= organiser
    # Of requests that two people decide she reads her own alone (accounts.models.JointActionQuerySet).
    assert {p for p in roles.permissions_of("points_clerk") if p.startswith("accounts.")} == {
        "accounts.view_unit",
        "accounts.view_jointaction",
    }
    accounts = portal.declarations()["accounts"]
    assert set(accounts.permissions) <= {role.code for role in accounts.roles}


def test_every_role_may_do_something():
    assert {code for code in roles.roles() if not roles.permissions_of(code)} == set()


def test_the_seven_departments_are_those_of_the_policy():
    assert list(Department.objects.values_list("name", flat=True)) == [
        "重庆两江新区妇女联合会",
        "重庆两江新区组织人事部",
        "重庆两江新区产业促进局",
        "重庆两江新区科技创新局",
        "重庆两江新区社会发展局",
        "重庆两江新区社会保障局",
        "重庆两江新区总工会",
    ]
