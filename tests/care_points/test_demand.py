"""What the year's report says of demand, of waiting for counselling and of points never spent, to the number, in one fixed world."""

from datetime import timedelta

import pytest
from django.utils import timezone

from care_points import figures, operations, reports
from care_points.models import CaseState, PointsAccount, PrivateCase, UnspentAnswer
from care_points.models.cases import key_of
from care_points.operations import cases
from care_points.operations.asking import AFTER, may_ask
from talents.operations import merge_records
from tests import factories
from tests.care_points import make
from tests.factories import NOW
from tests.reports.exact import exact

pytestmark = pytest.mark.django_db


def table(title, at=NOW):
    (found,) = [part for part in figures.parts(2026, at) if part.title == title]
    return {row[0]: row[1:] for row in found.rows}


def women(number, points=50):
    made = [factories.talent() for _ in range(number)]
    for her in made:
        make.give(her, points)
    return made


def case(service, her, days, minute, state=CaseState.OPEN):
    """Keep a case `days` ahead less a minute of its own, as `choose_time` does but without a month of free times for each."""
    one = PrivateCase(voucher=key_of(make.redeem(her, service)), state=state, held=True)
    one.service, one.provider = service, service.providers.get()
    cases._set_time(one, NOW + timedelta(days=days, minutes=-minute), NOW)
    one.ends_at = one.busy_until = one.starts_at + timedelta(minutes=1)
    one.save()


# --- waiting for counselling --------------------------------------------------------------------------
WAITING = "私密服务（心理咨询、维权等）"


@pytest.fixture
def counselling():
    service = make.private(cost=1)
    make.provider(service, user=factories.user("苏梅"))
    return service


def test_how_long_women_waited_is_told_in_tens_and_few_are_not(counselling):
    for days, number in ((3, 13), (7, 8), (10, 9), (21, 10), (24, 6), (29, 5)):
        for minute, her in enumerate(women(number)):
            state = CaseState.CAME if days == 3 else CaseState.OPEN
            case(counselling, her, days, minute, state)
    assert table(WAITING) == {
        "约定的次数": (50,),
        "其中已进行": (10,),
        "等候一周以内": (20,),
        "等候一到两周": ("—",),
        "等候两到三周": (10,),
        "等候三周以上": (10,),
    }


def test_ten_times_of_one_woman_are_not_told_because_others_have_some_too(counselling):
    (one,) = women(1)
    for minute in range(10):
        case(counselling, one, 10, minute)
    for minute, her in enumerate(women(10)):
        case(counselling, her, 3, minute)
    shown = table(WAITING)
    assert (shown["约定的次数"], shown["等候一周以内"], shown["等候一到两周"]) == (
        (20,),
        (10,),
        ("—",),
    )


# --- demand and supply --------------------------------------------------------------------------------
def test_demand_stands_beside_supply_by_kind(operator):
    today = timezone.localdate(NOW)
    station = make.station(operator)
    organising = make.service(station=station, cost=20, monthly_quota=30)
    make.service(station=station, monthly_quota=12)
    health = {"category": "womens_health", "station": station}
    checks = {"offered_from": today - timedelta(days=40), "period_quota": 80}
    make.service(**health, **checks, offered_until=today + timedelta(days=9))
    make.service(**health, **checks, offered_until=today - timedelta(days=1))  # over
    make.service(**health, active=False, monthly_quota=7)
    make.service(category="family_education", station=station)
    make.private(station=station, category="rights_protection")  # told on its own, in tens
    asked = [make.redeem(her, organising) for her in women(12)]
    for voucher in asked[:10]:
        operations.fulfil(code=voucher.code, by=operator, now=NOW)
    operations.cancel_redemption(redemption=asked[11], by=None, now=NOW)
    assert table("服务的需求和供给") == {
        # asked for, used, points, services, places a month, places of campaigns
        "婚姻家庭": (0, 0, 0, 0, 0, 0),
        "权益维护": (0, 0, 0, 0, 0, 0),
        "女性健康": (0, 0, 0, 1, 0, 80),
        "家庭教育": (0, 0, 0, 1, "不限", 0),
        "家居收纳": (12, 10, 220, 3, "不限", 0),
    }


# --- points never spent -------------------------------------------------------------------------------
UNSPENT = "有积分从未使用"
NEVER = "有积分、从未使用过的人数"


def test_who_has_points_and_never_used_any_and_why():
    service = make.service(cost=20)
    _holders, (spender, returner), (gone,) = women(11), women(2), women(1, points=3)
    for voucher in (make.redeem(spender, service), make.redeem(returner, service)):
        assert voucher.state == "reserved"
    operations.cancel_redemption(redemption=voucher, by=None, now=NOW)
    operations.reverse(transfer=gone.points_account.entries.get().transfer, by=None, now=NOW)
    factories.talent()  # no points, no account
    said = ["not_needed"] * 11 + ["full"] * 10 + ["privacy"] * 2
    for her, answer in zip(women(23, points=1), said, strict=True):
        UnspentAnswer.objects.create(talent=her, answer=answer, at=NOW)
    shown = table(UNSPENT)
    assert shown == {
        NEVER: (34,),
        "不清楚能兑换什么、怎么兑换": (0,),
        "没有我需要的服务": (11,),
        "积分还不够，或想先攒着": (0,),
        "时间或地点不方便": (0,),
        "想要的服务名额总是满的": ("—",),  # else the two would be found by subtraction
        "担心别人知道": ("—",),
        "其他原因": (0,),
        "不想回答": (0,),
    }
    month = exact(reports.monthly(NOW.replace(day=1, hour=0), NOW + timedelta(days=1)))
    assert (month["never_spent"], month["why_never_spent"]) == (
        34,
        {"not_needed": 11, "full": 10, "privacy": 2},
    )


def asked(her):
    return may_ask(PointsAccount.objects.look_up(her), NOW)


def test_who_spent_on_the_record_that_was_merged_into_hers_has_spent():
    keep, lose = factories.talent(), factories.talent(user=None, phone="14000009001")
    long_ago = NOW - AFTER - timedelta(days=1)
    for talent in (keep, lose):
        make.give(talent, 50, now=long_ago)
    voucher = operations.redeem(
        talent=lose,
        service=make.service(cost=20),
        idempotency_key="1",
        expected_cost=20,
        by=None,
        now=NOW,
    )
    operations.fulfil(code=voucher.code, by=factories.staff("points_clerk"), now=NOW)
    assert (table(UNSPENT)[NEVER], asked(keep)) == ((1,), True)  # the control
    merge_records(keep=keep, lose=lose, reason="电话核实是同一人", by=None, now=NOW)
    assert make.balance(keep) == 80
    assert (table(UNSPENT)[NEVER], asked(keep)) == ((0,), False)
    month = exact(reports.monthly(NOW.replace(day=1, hour=0), NOW + timedelta(days=1)))
    assert month["never_spent"] == 0
