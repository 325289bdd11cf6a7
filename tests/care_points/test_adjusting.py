"""Corrections of points by two people: asked for, confirmed, refused, withdrawn, undone; never on one's own account."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import joint
from accounts.models import JointAction
from care_points import lots, operations, statement
from care_points.models import PointsAccount, Transfer
from care_points.reconciliation import reconcile
from kernel.errors import Conflict, Invalid, Refused
from notices import watch
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
WHY = "补记漏登的积分"


@pytest.fixture
def clerk():
    return factories.staff("points_clerk")


@pytest.fixture
def boss():
    return factories.staff("administrator")


def propose(talent, points, clerk, reason=WHY):
    return operations.propose_adjustment(
        talent=talent, points=points, reason=reason, by=clerk, now=NOW
    )


def code(refused, operation, **arguments):
    with pytest.raises(refused) as refusal:
        operation(now=NOW, **arguments)
    return refusal.value.code


def lines(talent):
    account = PointsAccount.objects.get(talent=talent)
    return [
        (line.why, line.amount, line.until) for line in statement.page(account, talent.user).rows
    ]


def test_nothing_moves_until_another_one_has_confirmed(woman, clerk, boss):
    asked = propose(woman, 25, clerk)
    assert propose(woman, 25, clerk) == asked
    assert (make.balance(woman), Transfer.objects.filter(kind="adjusted").count()) == (100, 0)
    joint.confirm(action=asked, by=boss, now=NOW)
    transfer = Transfer.objects.get(request=asked)
    assert (make.balance(woman), transfer.by, transfer.about) == (125, clerk, WHY)
    assert lines(woman)[0] == (f"更正：{WHY}", 25, "有效至 2029年11月23日 (周五)")
    entry = AuditEntry.objects.get(action="care_points.adjust")
    assert (entry.actor_id, entry.detail["points"]) == (boss.pk, 25)
    assert reconcile().sound


def test_she_is_told_that_it_was_asked_for_and_once_that_it_was_done(woman, clerk, boss):
    asked = propose(woman, 25, clerk)
    watch.tell(now=NOW)
    joint.confirm(action=asked, by=boss, now=NOW)
    watch.tell(now=NOW)
    hers = Notice.objects.filter(recipient=woman.user).order_by("pk")
    kinds = [kind for kind in hers.values_list("kind", flat=True) if kind != "care_points.earned"]
    assert kinds == ["notices.joint_asked", "care_points.adjusted"]
    told = hers.get(kind="care_points.adjusted")
    assert (told.context, told.discreet) == ({"points": "+25", "reason": WHY}, True)


def test_points_are_taken_off_what_runs_out_soonest_and_never_below_zero(woman, clerk, boss):
    make.give(woman, 10, now=NOW - timedelta(days=300))
    joint.confirm(action=propose(woman, -15, clerk), by=boss, now=NOW)
    assert [lot.left for lot in lots.lots(woman.points_account)] == [95, 0]
    assert (
        code(
            Conflict, operations.propose_adjustment, talent=woman, points=-96, reason=WHY, by=clerk
        )
        == "not_enough_points"
    )
    waiting = propose(woman, -95, clerk)
    make.redeem(woman, make.service(cost=1))
    assert code(Conflict, joint.confirm, action=waiting, by=boss) == "not_enough_points"
    assert make.balance(woman) == 94


@pytest.mark.parametrize("points", [0, 1.5, 2**31, float("nan"), 10_001, -10_001, True and "5"])
def test_impossible_amounts_are_refused_in_a_sentence(woman, clerk, points):
    with pytest.raises(Invalid) as refusal:
        propose(woman, points, clerk)
    assert (refusal.value.code, str(refusal.value)) == (
        "points_out_of_range",
        "请填写 1 到 10000 的整数。",
    )
    assert JointAction.objects.count() == 0


def test_nobody_has_a_hand_in_her_own_points(clerk, boss):
    own = factories.talent(user=clerk)
    assert (
        code(Refused, operations.propose_adjustment, talent=own, points=5, reason=WHY, by=clerk)
        == "own_points"
    )
    hers = factories.talent(user=boss)
    asked = propose(hers, 5, clerk)
    assert code(Refused, joint.confirm, action=asked, by=boss) == "confirm_own_matter"
    # The record became hers only after it was asked for.
    later = factories.talent(user=None)
    asked = propose(later, 5, clerk)
    later.user = factories.staff("administrator")
    later.save()
    assert code(Refused, joint.confirm, action=asked, by=later.user) == "own_points"
    assert make.balance(later) == 0


def test_who_asked_does_not_decide_and_the_database_says_so_too(woman, boss):
    both = factories.staff("points_clerk", "administrator")
    asked = propose(woman, 5, both)
    assert code(Refused, joint.confirm, action=asked, by=both) == "confirm_own_request"
    with pytest.raises(IntegrityError, match="joint_by_two"), transaction.atomic():
        JointAction.objects.filter(pk=asked.pk).update(
            state="confirmed", decided_by=both, decided_at=NOW
        )
    with pytest.raises(IntegrityError, match="joint_by_two"), transaction.atomic():
        JointAction.objects.filter(pk=asked.pk).update(
            state="confirmed", decided_by=woman.user, decided_at=NOW
        )


@pytest.mark.parametrize("end", ["refuse", "withdraw"])
def test_refused_or_withdrawn_nothing_moves(woman, clerk, boss, end):
    asked = propose(woman, 5, clerk)
    if end == "refuse":
        joint.refuse(action=asked, reason="没有依据", by=boss, now=NOW)
    else:
        joint.withdraw(action=asked, by=clerk, now=NOW)
    assert code(Conflict, joint.confirm, action=asked, by=boss) == "joint_decided"
    assert make.balance(woman) == 100


def test_a_correction_that_gave_is_undone_by_two_and_what_is_spent_the_programme_bears(
    woman, clerk, boss
):
    given = make.adjust(woman, 25)
    make.redeem(woman, make.service(cost=115))
    asked = operations.propose_undo(transfer=given, reason="记错了人", by=clerk, now=NOW)
    assert make.balance(woman) == 10
    joint.confirm(action=asked, by=boss, now=NOW)
    undone = Transfer.objects.get(reverses=given)
    moved = {e.account.kind: e.amount for e in undone.entries.select_related("account")}
    assert moved == {"talent": -10, "correction": 25, "adjustment": -15}
    assert (make.balance(woman), lines(woman)[0][0]) == (0, "撤销更正：记错了人")
    assert (
        code(Conflict, operations.propose_undo, transfer=given, reason="再来一次", by=clerk)
        == "already_undone"
    )
    assert reconcile().sound


def test_a_correction_that_took_is_undone_into_the_lots_it_came_from(woman, clerk, boss):
    taken = make.adjust(woman, -30)
    asked = operations.propose_undo(transfer=taken, reason="扣错了人", by=clerk, now=NOW)
    joint.confirm(action=asked, by=boss, now=NOW)
    assert [lot.left for lot in lots.lots(woman.points_account)] == [100]
    assert (make.balance(woman), lines(woman)[0]) == (
        100,
        ("撤销更正：扣错了人", 30, "退回的积分有效期不变"),
    )
    assert reconcile().sound


def test_an_earning_is_not_undone_this_way(woman, clerk):
    earned = Transfer.objects.get(kind="earned")
    assert (
        code(Invalid, operations.propose_undo, transfer=earned, reason="不是更正", by=clerk)
        == "not_an_adjustment"
    )


# --- pages ------------------------------------------------------------------------------------------
ADJUST = "admin:care_points_pointsaccount_adjust"


def sent(*women, **values):
    filled = {
        "people": "\n".join(w.code for w in women),
        "direction": "+",
        "points": "5",
        "reason": WHY,
    }
    return filled | values


def test_one_page_asks_for_many_and_each_waits_for_itself(client, woman, clerk, boss):
    client.force_login(clerk)
    other = factories.talent()
    page = client.post(reverse(ADJUST), sent(woman, other), follow=True)
    assert "已提交 2 项申请，确认后记账。" in page.content.decode()
    assert JointAction.objects.filter(kind="care_points.adjust_points").count() == 2
    client.force_login(boss)
    address = reverse("admin:accounts_jointaction_change", args=[JointAction.objects.first().pk])
    shown = client.get(address).content.decode()
    assert other.full_name in shown and "+5" in shown and WHY in shown


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"points": "0"}, "请填写 1 到 10000 的整数。"),
        ({"points": "-1"}, "请填写 1 到 10000 的整数。"),
        ({"points": "1.5"}, "请填写 1 到 10000 的整数。"),
        ({"points": str(2**31)}, "请填写 1 到 10000 的整数。"),
        ({"points": "NaN"}, "请填写 1 到 10000 的整数。"),
        ({"direction": ""}, "请选择增加还是扣减。"),
        ({"reason": "错"}, "至少 4 个字，现在是 1 个字"),
        ({"people": "没有这个人"}, "第 1 行：没有找到这个人"),
        ({"direction": "-", "points": "101"}, "她只有 100 积分，不能扣减这么多"),
    ],
)
def test_wrong_input_is_one_sentence_and_no_row(client, woman, clerk, values, words):
    client.force_login(clerk)
    page = client.post(reverse(ADJUST), sent(woman, **values))
    assert (page.status_code, words in page.content.decode()) == (422, True)
    assert (JointAction.objects.count(), make.balance(woman)) == (0, 100)


def test_one_of_many_that_is_refused_is_named_and_none_is_asked_for(client, woman, clerk):
    client.force_login(clerk)
    poor = factories.talent(full_name="李贫")
    page = client.post(reverse(ADJUST), sent(woman, poor, direction="-"))
    assert "李贫：她只有 0 积分" in page.content.decode()
    assert JointAction.objects.count() == 0


def test_the_button_that_undoes_stands_on_corrections_alone(client, woman, clerk):
    client.force_login(clerk)
    given, earned = make.adjust(woman, 5), Transfer.objects.get(kind="earned")
    name = "admin:care_points_transfer_undo_adjustment"
    for transfer, offered in ((given, True), (earned, False)):
        page = client.get(reverse("admin:care_points_transfer_change", args=[transfer.pk]))
        assert (reverse(name, args=[transfer.pk]) in page.content.decode()) is offered
    client.post(reverse(name, args=[given.pk]), {"reason": "记错了人"})
    assert JointAction.objects.filter(kind="care_points.undo_adjustment").count() == 1
