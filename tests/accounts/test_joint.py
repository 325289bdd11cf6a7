"""What one person must not do alone: an administrator by herself gets no second account and no names."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import access_requests, joint, operations, rescue
from accounts.models import JointAction, User
from accounts.queue import joint_actions
from accounts.roles import staff_roles
from kernel.errors import Conflict, DomainError, Invalid
from notices import sending, watch
from notices.models import Notice
from privacy import history
from privacy.models import AuditEntry
from tests import factories
from tests.talents.identity.test_lock_order import side_by_side

pytestmark = pytest.mark.django_db
NOW = factories.NOW
WHY = "新来的同事，分管活动"


@pytest.fixture
def boss():
    """An administrator who has a colleague."""
    factories.staff("administrator", full_name="周管理")
    return factories.staff("administrator", full_name="李管理")


@pytest.fixture
def colleague(boss):
    return User.objects.get(full_name="周管理")


def refusal(call, **given):
    """Return the code an operation refuses with, "" where it does not."""
    try:
        with transaction.atomic():
            call(now=NOW, **given)
    except DomainError as error:
        return error.code
    return ""


def roles_of(user):
    return set(user.groups.values_list("name", flat=True))


def asked(boss, roles=("department_clerk",), now=NOW, **fields):
    """Return a request for roles of a new account, made at `now`."""
    user = factories.user("陈新", department=factories.department(), **fields)
    return access_requests.change(user=user, roles=roles, by=boss, now=now, reason=WHY)[1]


# --- every way one person could take -----------------------------------------------------------------


def closed_clerk():
    return factories.staff("department_clerk", is_active=False)


ALONE = {
    "roles": lambda boss: (operations.set_roles, {"user": factories.user(), "roles": ["auditor"]}),
    "every role": lambda boss: (
        operations.set_roles,
        {
            "user": factories.user(department=factories.department()),
            "roles": list(staff_roles()),
        },
    ),
    "a new account with roles": lambda boss: (
        operations.add_user,
        {"phone": "13812345678", "full_name": "陈新", "roles": ["administrator"]},
    ),
    "an account opened again": lambda boss: (
        operations.change_user,
        {"user": closed_clerk(), "is_active": True},
    ),
    "another department": lambda boss: (
        operations.change_user,
        {
            "user": factories.staff("department_clerk"),
            "department": factories.department("science_innovation"),
        },
    ),
    "another phone": lambda boss: (
        rescue.replace_phone,
        {"user": factories.staff("event_organiser"), "phone": "13912345678", "reason": WHY},
    ),
    "another phone of a closed account": lambda boss: (
        rescue.replace_phone,
        {"user": closed_clerk(), "phone": "13912345678", "reason": WHY},
    ),
    "another phone, past the reason": lambda boss: (
        operations.set_phone,
        {"user": factories.staff("event_organiser"), "phone": "13912345678", "verified": True},
    ),
    "no second factor": lambda boss: (
        rescue.reset_second_factor,
        {"user": factories.staff("event_organiser"), "reason": WHY},
    ),
    "one who confirms less": lambda boss: (
        operations.set_roles,
        {"user": factories.staff("auditor"), "roles": []},
    ),
}


@pytest.mark.parametrize("way", ALONE)
def test_an_administrator_alone_gets_nowhere(boss, way):
    operation, given = ALONE[way](boss)
    before = User.objects.count()
    assert refusal(operation, by=boss, **given) == "second_person"
    assert (User.objects.count(), AuditEntry.objects.count()) == (before, 0)


@pytest.mark.parametrize("way", [way for way in ALONE if way != "one who confirms less"])
def test_the_first_administrator_works_alone(way):
    """The control, and what a new installation needs; each is in the log."""
    boss = factories.staff("administrator")
    operation, given = ALONE[way](boss)
    if operation is rescue.reset_second_factor:
        Authenticator.objects.create(user=given["user"], type="totp", data={})
    assert refusal(operation, by=boss, **given) == ""
    assert AuditEntry.objects.filter(actor_id=boss.pk).exists()


def test_closing_the_others_does_not_make_her_the_only_one(boss, colleague):
    auditor = factories.staff("auditor")
    for other in (colleague, auditor):
        operations.change_user(user=other, is_active=False, by=boss, now=NOW)
    given = {"user": factories.user(), "roles": ["auditor"], "by": boss}
    assert refusal(operations.set_roles, **given) == "second_person"
    assert refusal(operations.set_roles, user=colleague, roles=[], by=boss) == "second_person"


def test_a_superuser_needs_a_second_person_as_well(boss):
    root = factories.user(is_staff=True, is_superuser=True)
    given = {"user": factories.user(), "roles": ["auditor"], "by": root}
    assert refusal(operations.set_roles, **given) == "second_person"


def test_what_takes_rights_away_is_done_by_one(boss):
    clerk = factories.staff("department_clerk")
    operations.change_user(user=clerk, is_active=False, by=boss, now=NOW)
    operations.set_roles(user=clerk, roles=[], by=boss, now=NOW)
    assert roles_of(clerk) == set()
    unit_contact = factories.user(unit=factories.unit())
    operations.set_roles(user=unit_contact, roles=["unit_contact"], by=boss, now=NOW)
    assert roles_of(unit_contact) == {"unit_contact"}


# --- asked for and confirmed --------------------------------------------------------------------------


def test_roles_come_once_a_second_person_confirms(boss, colleague):
    action = asked(boss)
    assert (roles_of(action.person), action.person.is_staff) == (set(), False)
    assert joint_actions(colleague, NOW).count == 1
    assert joint_actions(boss, NOW).count == 0
    joint.confirm(action=action, by=colleague, now=NOW)
    user = User.objects.get(pk=action.person_id)
    assert (roles_of(user), user.is_staff) == ({"department_clerk"}, True)
    with pytest.raises(Conflict) as again:
        joint.confirm(action=action, by=colleague, now=NOW)
    assert again.value.code == "joint_decided"
    assert joint_actions(colleague, NOW).count == 0


def test_what_one_may_do_is_done_at_once_and_the_rest_is_asked_for(boss, colleague):
    clerk = factories.staff("department_clerk", full_name="旧名")
    changes = {"full_name": "新名", "department": factories.department("science_innovation")}
    _user, action = access_requests.change(
        user=clerk, roles=["department_reviewer"], by=boss, now=NOW, reason=WHY, **changes
    )
    clerk.refresh_from_db()
    assert (clerk.full_name, clerk.department.code) == ("新名", "women_federation")
    assert roles_of(clerk) == {"department_clerk"}
    # Meanwhile another role was taken away: what was asked for is added to what is there.
    joint.confirm(action=action, by=colleague, now=NOW)
    clerk.refresh_from_db()
    assert clerk.department.code == "science_innovation"
    assert roles_of(clerk) == {"department_reviewer"}


def test_a_closed_account_opens_again_by_two(boss, colleague):
    clerk = closed_clerk()
    roles = {"user": clerk, "roles": ["department_clerk"], "by": boss, "now": NOW}
    _user, action = access_requests.change(is_active=True, reason=WHY, **roles)
    assert User.objects.get(pk=clerk.pk).is_active is False
    joint.confirm(action=action, by=colleague, now=NOW)
    assert User.objects.get(pk=clerk.pk).is_active is True


def test_a_member_of_staff_is_helped_back_in_by_two(boss, colleague):
    clerk = factories.staff("department_clerk")
    Authenticator.objects.create(user=clerk, type="totp", data={})
    action = rescue.ask_rescue(user=clerk, phone="139 1234 5678", reason=WHY, by=boss, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT params FROM accounts_jointaction")
        assert b"13912345678" not in bytes(cursor.fetchone()[0])
    joint.confirm(action=action, by=colleague, now=NOW)
    assert User.objects.get(pk=clerk.pk).phone == "13912345678"
    action = rescue.ask_rescue(user=clerk, reason=WHY, by=boss, now=NOW)
    joint.confirm(action=action, by=colleague, now=NOW)
    assert Authenticator.objects.filter(user=clerk).count() == 0


def test_who_is_no_second_person(boss, colleague):
    action = asked(boss)
    auditor = factories.staff("auditor")
    about_her = asked(boss, roles=["auditor"])
    User.objects.filter(pk=about_her.person_id).update(is_staff=True)
    about_her.person.groups.set(colleague.groups.all())
    her = User.objects.get(pk=about_her.person_id)
    for by, what, code in (
        (boss, action, "confirm_own_request"),
        (her, about_her, "confirm_own_matter"),
        (auditor, action, "administrator_first"),
        (factories.staff("department_reviewer"), action, "not_allowed"),
        (None, action, "ask_administrator"),
    ):
        assert refusal(joint.confirm, action=what, by=by) == code
        assert refusal(joint.refuse, action=what, reason="没有这回事", by=by) == code
    assert JointAction.objects.waiting().count() == 2


def test_the_auditor_confirms_where_there_is_no_other_administrator():
    boss, auditor = factories.staff("administrator"), factories.staff("auditor")
    action = asked(boss)
    assert joint_actions(auditor, NOW).count == 1
    joint.confirm(action=action, by=auditor, now=NOW)
    assert roles_of(action.person) == {"department_clerk"}


def test_the_database_wants_two_people(boss):
    action = asked(boss)
    with pytest.raises(IntegrityError), transaction.atomic():
        JointAction.objects.update(state="confirmed", decided_by=boss, decided_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        JointAction.objects.update(state="confirmed", decided_by=action.person, decided_at=NOW)


# --- it ends --------------------------------------------------------------------------------------------


def test_it_runs_out_after_seven_days(boss, colleague):
    action = asked(boss)
    later = NOW + timedelta(days=7)
    with pytest.raises(Conflict) as late:
        joint.confirm(action=action, by=colleague, now=later)
    assert late.value.code == "joint_expired"
    assert (joint.expire_due(now=NOW), joint.expire_due(now=later)) == (0, 1)
    assert joint.expire_due(now=later) == 0
    assert JointAction.objects.get().state == "expired"
    # And may be asked for anew.
    given = {"user": action.person, "roles": ["department_clerk"], "by": boss, "reason": WHY}
    assert access_requests.change(now=later, **given)[1].state == "waiting"


def test_it_is_withdrawn_by_who_asked_and_refused_with_a_reason(boss, colleague):
    action = asked(boss)
    assert refusal(joint.withdraw, action=action, by=colleague) == "not_yours"
    for _again in range(2):
        joint.withdraw(action=action, by=boss, now=NOW)
    assert JointAction.objects.get().state == "withdrawn"
    action = asked(boss)
    assert refusal(joint.refuse, action=action, reason="不", by=colleague) == "reason_missing"
    joint.refuse(action=action, reason="没有这位同事", by=colleague, now=NOW)
    assert refusal(joint.confirm, action=action, by=colleague) == "joint_decided"
    assert roles_of(action.person) == set()


def test_asking_twice_is_one_request_and_another_waits(boss, colleague):
    action = asked(boss)
    given = {"user": action.person, "by": boss, "now": NOW, "reason": WHY}
    assert access_requests.change(roles=["department_clerk"], **given)[1] == action
    with pytest.raises(Conflict) as other:
        access_requests.change(roles=["auditor"], **given)
    assert other.value.code == "joint_waiting"
    with pytest.raises(Invalid) as silent:
        access_requests.change(roles=["auditor"], **given | {"reason": "", "user": colleague})
    assert silent.value.field == "reason"


def test_what_is_refused_by_now_changes_nothing(boss, colleague):
    action = asked(boss)
    User.objects.filter(pk=action.person_id).update(department=None)
    assert refusal(joint.confirm, action=action, by=colleague) == "department_missing"
    assert JointAction.objects.get().state == "waiting"
    User.objects.filter(pk=boss.pk).update(is_active=False)
    assert refusal(joint.confirm, action=action, by=colleague) == "requester_gone"


def test_who_asked_and_is_no_administrator_any_more_has_asked_for_nothing(boss, colleague):
    """She still works here; the roles she has now give nobody rights."""
    action = asked(boss)
    boss.groups.set(Group.objects.filter(name="department_clerk"))
    assert refusal(joint.confirm, action=action, by=colleague) == "requester_gone"
    assert roles_of(action.person) == set()
    joint.refuse(action=waiting_of_the_console(), reason="没有这位同事", by=colleague, now=NOW)


def waiting_of_the_console():
    """Return a request the console made: it has no right to lose."""
    user = factories.user("郑新", department=factories.department())
    given = {"reason": WHY, "by": None, "now": NOW}
    return access_requests.ask(user=user, raised={"roles": ["auditor"]}, **given)


@pytest.mark.parametrize("length", [200, 201])
def test_a_reason_has_two_hundred_characters_at_most(boss, colleague, length):
    action = asked(boss)
    user = factories.user("郑新", department=factories.department())
    clerk = {"user": user, "roles": ["auditor"], "reason": "因" * length}
    expected = "" if length == 200 else "reason_too_long"
    codes = [
        refusal(access_requests.change, by=boss, **clerk),
        refusal(joint.refuse, action=action, reason="因" * length, by=colleague),
        refusal(rescue.reset_second_factor, user=user, reason="因" * length, by=boss),
    ]
    assert codes == [expected] * 3


def test_the_command_says_that_a_reason_is_too_long(boss):
    with pytest.raises(CommandError, match="200 字以内"):
        call_command(
            "add_staff", "13800009999", "郑新", department="women_federation", reason="因" * 201
        )
    assert User.objects.get_by_phone("13800009999") is None


# --- what is forgotten ----------------------------------------------------------------------------------

NEW = "13912345678"


def confirm(action, boss, colleague):
    joint.confirm(action=action, by=colleague, now=NOW)


def refuse(action, boss, colleague):
    joint.refuse(action=action, reason="号码不对", by=colleague, now=NOW)


def withdraw(action, boss, colleague):
    joint.withdraw(action=action, by=boss, now=NOW)


def run_out(action, boss, colleague):
    joint.expire_due(now=NOW + timedelta(days=7))


@pytest.mark.parametrize("end", [confirm, refuse, withdraw, run_out])
def test_a_proposed_phone_is_forgotten_once_it_is_decided(boss, colleague, end):
    clerk = factories.staff("event_organiser")
    action = rescue.ask_rescue(user=clerk, phone=NEW, reason=WHY, by=boss, now=NOW)
    assert NEW in JointAction.objects.get().params
    end(action, boss, colleague)
    action.refresh_from_db()
    assert NEW not in action.params
    assert rescue.facts(action) == [("手机号改为", "139****5678")]
    assert (User.objects.get(pk=clerk.pk).phone == NEW) is (end is confirm)


def test_what_a_decided_request_for_roles_was_about_stays_to_be_read(boss, colleague):
    action = asked(boss)
    before = access_requests.change_facts(action)
    confirm(action, boss, colleague)
    assert access_requests.change_facts(JointAction.objects.get()) == before


# --- who is told, and what is on record -----------------------------------------------------------------


def test_she_is_told_even_of_a_closed_account_and_the_story_is_in_sentences(boss, colleague):
    clerk = factories.staff("department_clerk")
    operations.change_user(user=clerk, is_active=False, by=boss, now=NOW)
    roles = {"user": clerk, "roles": ["department_clerk"], "by": boss, "now": NOW}
    action = access_requests.change(is_active=True, reason=WHY, **roles)[1]
    joint.confirm(action=action, by=colleague, now=NOW)
    for _again in range(2):
        watch.tell(now=NOW)
    told = Notice.objects.filter(recipient=clerk).order_by("pk").values_list("kind", flat=True)
    assert set(told) == {"notices.account_closed", "notices.joint_asked", "notices.joint_done"}
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert {
        sending._why_not(n, set(), {}, NOW) for n in Notice.objects.filter(recipient=clerk)
    } == {""}
    assert Notice.objects.filter(recipient=boss, kind="notices.joint_done").count() == 1
    sentences = [line.sentence for line in history.of(action, reader=colleague)]
    assert sentences == [
        "周管理 确认并执行双人确认申请 · 事项：增加账号权限",
        f"李管理 提交双人确认申请 · 事项：增加账号权限 · 理由：{WHY}",
    ]


# --- the admin, the console -------------------------------------------------------------------------------


def signed_in(client, settings, user):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_forms_ask_and_give_nothing(client, settings, boss, colleague):
    signed_in(client, settings, boss)
    add = reverse("admin:accounts_user_add")
    new = {"full_name": "陈新", "phone": "13812345678", "roles": list(staff_roles())}
    new["department"] = factories.department().pk
    assert "请写明理由" in client.post(add, new).content.decode()
    assert User.objects.filter(full_name="陈新").count() == 0
    answer = client.post(add, new | {"reason": WHY}, follow=True)
    assert "权限还没有变：已提交申请" in answer.content.decode()
    user = User.objects.get(full_name="陈新")
    assert (roles_of(user), user.is_staff) == (set(), False)
    change = reverse("admin:accounts_user_change", args=[user.pk])
    forged = {"full_name": "陈新", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    forged |= {"groups": [1, 2, 3], "user_permissions": [1], "unit": "", "department": ""}
    client.post(change, forged)
    user.refresh_from_db()
    assert (roles_of(user), user.is_staff, user.is_superuser) == (set(), False, False)
    assert user.user_permissions.count() == 0


def test_a_second_person_confirms_on_the_page(client, settings, boss, colleague):
    action = asked(boss, now=timezone.now())
    page = reverse("admin:accounts_jointaction_change", args=[action.pk])
    confirm = reverse("admin:accounts_jointaction_confirm", args=[action.pk])
    withdraw = reverse("admin:accounts_jointaction_withdraw", args=[action.pk])
    signed_in(client, settings, boss)
    shown = client.get(page).content.decode()
    assert withdraw in shown and confirm not in shown
    assert client.post(confirm, {}).status_code == 422
    told = client.get(confirm, follow=True)
    assert told.redirect_chain == [(page, 302)]
    assert "须由申请人以外的人确认，请转给另一位管理员。" in told.content.decode()
    signed_in(client, settings, colleague)
    shown = client.get(page).content.decode()
    assert confirm in shown and withdraw not in shown
    assert "more_horiz" not in shown  # on a phone the two answers are seen, not behind a menu
    asking = client.get(confirm).content.decode()
    assert "部门经办人" in asking and WHY in asking
    assert client.post(confirm, {}).url == page
    assert roles_of(action.person) == {"department_clerk"}


def test_the_console_makes_the_first_and_then_asks(capsys):
    given = ["--department", "women_federation"]
    call_command("add_staff", "13812345678", "李管理", *given)
    with pytest.raises(CommandError):
        call_command("add_staff", "13812345679", "周管理", *given)  # without a reason
    call_command("add_staff", "13812345679", "周管理", *given, "--reason", WHY)
    first, second = User.objects.order_by("pk")
    assert (roles_of(first), roles_of(second)) == ({"administrator"}, set())
    action = JointAction.objects.get()
    with pytest.raises(CommandError):
        call_command("confirm_joint", str(action.pk))
    joint.confirm(action=action, by=first, now=action.requested_at)
    assert roles_of(second) == {"administrator"}


def test_the_console_confirms_where_nobody_is_left(boss, colleague):
    action = asked(boss)
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    JointAction.objects.update(expires_at=NOW + timedelta(days=3650))
    call_command("confirm_joint", str(action.pk))
    assert roles_of(action.person) == {"department_clerk"}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_does():
    """Two administrators press at the same moment; the control looks first and takes afterwards."""
    bosses = [factories.staff("administrator") for _ in range(3)]
    codes, start = [], Barrier(2)
    action = asked(bosses[0])

    def press(by):
        try:
            start.wait(timeout=20)
            codes.append(refusal(joint.confirm, action=action, by=by))
        finally:
            connection.close()

    # Control: both may at the moment they look.
    assert [joint.why_not_decide(action, by, NOW) for by in bosses[1:]] == [None, None]
    threads = [Thread(target=press, args=[by]) for by in bosses[1:]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["", "joint_decided"]
    assert AuditEntry.objects.filter(action="accounts.set_roles").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("mended", "deadlocks"), [(True, 0), (False, 1)])
def test_asking_again_and_confirming_wait_for_each_other_in_one_order(
    mended, deadlocks, monkeypatch
):
    """The control takes the request before the person it is about."""
    boss, colleague = factories.staff("administrator"), factories.staff("administrator")
    action = asked(boss)
    user = action.person
    if not mended:
        monkeypatch.setattr(joint, "_lock_person", lambda pk: None)

    def ask_again():
        joint.ask(kind=action.kind, person=user, by=boss, now=NOW, reason=WHY, params={"added": []})

    answers = side_by_side(
        lambda: User.objects.select_for_update(no_key=True).get(pk=user.pk),
        lambda: refusal(lambda now: ask_again()),
        lambda: joint.confirm(action=action, by=colleague, now=NOW),
    )
    assert answers.count("deadlock") == deadlocks
