"""People and units: who may change what, and what is recorded."""

import pytest
from django.core.management import CommandError, call_command
from stdnum.cn import uscc

from accounts import operations
from accounts.models import Unit, User
from kernel.errors import Conflict, Invalid, Refused
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
# The check digit of an invented body: no registered code begins like this.
USCC = "91500000000000001" + uscc.calc_check_digit("91500000000000001")


@pytest.fixture
def administrator():
    return factories.staff("administrator")


def actions():
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_an_administrator_adds_a_clerk_who_can_sign_in_by_phone(administrator):
    user = operations.add_user(
        phone="138 1234 5678",
        full_name="李干事",
        department=factories.department(),
        roles=["department_clerk"],
        by=administrator,
        now=NOW,
    )
    user = User.objects.get(pk=user.pk)
    assert (user.phone, user.phone_verified, user.is_staff) == ("13812345678", True, True)
    assert not user.has_usable_password()
    assert user.has_perm("talents.verify_talent") and not user.has_perm("accounts.change_user")
    assert actions() == ["accounts.set_phone", "accounts.add_user", "accounts.set_roles"]


def test_a_known_number_or_a_wrong_one_is_refused(administrator):
    known = factories.user()
    with pytest.raises(Conflict) as caught:
        operations.add_user(phone=known.phone, full_name="x", by=administrator, now=NOW)
    assert caught.value.field == "phone"
    with pytest.raises(Invalid):
        operations.add_user(phone="123", full_name="x", by=administrator, now=NOW)
    assert User.objects.count() == 2


def test_a_clerk_changes_nobody():
    clerk, other = factories.staff("department_clerk"), factories.staff("event_organiser")
    for change in (
        lambda: operations.set_roles(user=other, roles=["auditor"], by=clerk, now=NOW),
        lambda: operations.change_user(user=other, is_active=False, by=clerk, now=NOW),
        lambda: operations.add_user(phone="13812345678", full_name="x", by=clerk, now=NOW),
    ):
        with pytest.raises(Refused):
            change()
    assert actions() == []


def test_nobody_raises_herself(administrator):
    with pytest.raises(Refused) as caught:
        operations.set_roles(
            user=administrator, roles=["administrator", "auditor"], by=administrator, now=NOW
        )
    assert caught.value.code == "own_account"
    with pytest.raises(Refused):
        other = factories.department("trade_union")
        operations.change_user(user=administrator, department=other, by=administrator, now=NOW)
    operations.change_user(user=administrator, full_name="李处长", by=administrator, now=NOW)
    assert User.objects.get(pk=administrator.pk).full_name == "李处长"


def test_only_a_superuser_changes_a_superuser(administrator):
    chief = User.objects.create_superuser(full_name="站长", phone="13800000000")
    with pytest.raises(Refused) as caught:
        operations.change_user(user=chief, is_active=False, by=administrator, now=NOW)
    assert caught.value.code == "superuser"


def test_taking_the_roles_away_takes_the_admin_away(administrator):
    clerk = factories.staff("department_clerk")
    operations.set_roles(user=clerk, roles=[], by=administrator, now=NOW)
    assert User.objects.get(pk=clerk.pk).is_staff is False
    entry = AuditEntry.objects.get(action="accounts.set_roles")
    assert entry.detail == {"added": [], "removed": ["department_clerk"]}


def test_roles_want_a_department_or_a_unit(administrator):
    person = factories.user()
    with pytest.raises(Invalid) as caught:
        operations.set_roles(user=person, roles=["department_clerk"], by=administrator, now=NOW)
    assert caught.value.code == "department_missing"
    with pytest.raises(Invalid) as caught:
        operations.set_roles(user=person, roles=["unit_contact"], by=administrator, now=NOW)
    assert caught.value.code == "unit_missing"
    with pytest.raises(Invalid):
        operations.set_roles(user=person, roles=["queen"], by=administrator, now=NOW)


def test_her_language_is_one_of_the_portals_and_recorded_when_it_changes():
    person = factories.user()
    given = {"user": person, "by": person, "now": NOW}
    for _twice in range(2):
        assert operations.set_language(language="en", **given).language == "en"
    with pytest.raises(Invalid) as caught:
        operations.set_language(language="tlh", **given)
    assert (caught.value.code, caught.value.field) == ("language_unknown", "language")
    assert actions() == ["accounts.set_language"]


def test_a_password_is_dropped_once():
    person = factories.user(password="两江Camellia2026")
    for _twice in range(2):
        dropped = operations.drop_password(user=person, by=person, now=NOW)
        assert dropped.has_usable_password() is False
    assert actions() == ["accounts.drop_password"]


def test_changing_nothing_records_nothing(administrator):
    clerk = factories.staff("department_clerk")
    operations.set_roles(user=clerk, roles=["department_clerk"], by=administrator, now=NOW)
    operations.change_user(user=clerk, full_name=clerk.full_name, by=administrator, now=NOW)
    assert actions() == []


def save(administrator, unit=None, **changes):
    return operations.save_unit(unit=unit, by=administrator, now=NOW, **changes)


def test_a_units_credit_code_is_checked_and_written_uniformly(administrator):
    typed = f" {USCC[:8]}-{USCC[8:].lower()} "
    unit = save(administrator, name="重庆示例有限公司", kind="enterprise", uscc=typed)
    assert Unit.objects.get(pk=unit.pk).uscc == USCC
    for wrong in (USCC[:-1] + "0", USCC[:-1], "重庆" * 9, "9150000000000000I" + "X"):
        with pytest.raises(Invalid) as caught:
            save(administrator, unit=unit, uscc=wrong)
        assert (caught.value.code, caught.value.field) == ("uscc_invalid", "uscc")
    assert Unit.objects.get(pk=unit.pk).uscc == USCC
    assert save(administrator, unit=unit, uscc="").uscc is None
    assert actions() == ["accounts.add_unit", "accounts.change_unit"]


def test_a_name_or_code_of_another_unit_is_refused(administrator):
    factories.unit("甲有限公司", uscc=USCC)
    with pytest.raises(Conflict) as caught:
        save(administrator, name="甲有限公司", kind="enterprise")
    assert caught.value.field == "name"
    with pytest.raises(Conflict) as caught:
        save(administrator, name="乙有限公司", kind="enterprise", uscc=USCC)
    assert caught.value.field == "uscc"


def test_only_who_may_admit_a_unit_makes_a_partner_of_a_new_one(administrator):
    clerk = factories.staff("department_clerk")
    given = {"unit": None, "name": "甲有限公司", "kind": "enterprise", "now": NOW}
    with pytest.raises(Refused) as caught:
        operations.save_unit(**given, is_partner=True, by=clerk)
    assert (caught.value.code, Unit.objects.count()) == ("not_allowed", 0)
    assert operations.save_unit(**given, by=clerk).is_partner is False
    partner = save(administrator, name="乙有限公司", kind="enterprise", is_partner=True)
    assert partner.is_partner is True


def test_an_event_organiser_does_not_change_units():
    with pytest.raises(Refused):
        save(factories.staff("event_organiser"), name="丙有限公司", kind="enterprise")


def test_users_are_scoped_by_department():
    mine = factories.staff("department_clerk")
    other = factories.staff("department_clerk", department_code="trade_union")
    auditor = factories.staff("auditor")
    administrator = factories.staff("administrator")
    outsider = factories.user()

    def visible_to(user):
        return set(User.objects.visible_to(User.objects.get(pk=user.pk)))

    everybody = {mine, other, auditor, administrator, outsider}
    assert visible_to(administrator) == visible_to(auditor) == everybody
    assert visible_to(mine) == {mine}
    assert visible_to(outsider) == {outsider}
    administrator.is_active = False
    administrator.save()
    assert visible_to(administrator) == set()


def test_the_first_administrator_comes_from_the_command_line(capsys):
    call_command("add_staff", "138 1234 5678", "李处长", "--department", "women_federation")
    user = User.objects.get_by_phone("13812345678")
    assert user.is_staff and user.has_perm("accounts.change_user") and not user.is_superuser
    assert "13812345678" not in capsys.readouterr().out
    for wrong in (
        ["123", "x", "--department", "women_federation"],
        ["13812345678", "x", "--department", "women_federation"],
        ["13899998888", "x", "--department", "nowhere"],
    ):
        with pytest.raises(CommandError):
            call_command("add_staff", *wrong)
    assert User.objects.count() == 1
