"""Points are earned by rule, once for each cause, and taken back by a stated rule."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from care_points import lots, operations
from care_points.models import EarningRule, Entry, PointsAccount, ServiceHours, Transfer
from care_points.reconciliation import reconcile
from kernel.errors import Conflict, Invalid, Refused
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
YESTERDAY = NOW - timedelta(days=1)


def attend(talent, number, now=NOW):
    return operations.earn(
        rule_code="event_attendance",
        talent=talent,
        key=f"checkin:{number}",
        by=None,
        now=now,
        about="春季沙龙",
    )


def test_attendance_gives_the_rules_points_once():
    talent = factories.talent()
    first = attend(talent, 1)
    assert attend(talent, 1) == first
    assert (make.balance(talent), Transfer.objects.count(), Entry.objects.count()) == (10, 1, 2)
    assert list(Notice.objects.values_list("kind", "context", "link")) == [
        (
            "care_points.earned",
            {"points": 10, "reason": {"zh-hans": "参加活动", "en": "Attending an event"}},
            "/points/",
        )
    ]
    assert AuditEntry.objects.filter(action="care_points.earn").count() == 1
    assert first.valid_until == datetime(2029, 11, 23, 15, 59, 59, tzinfo=UTC)


def test_an_unknown_or_ended_rule_gives_nothing():
    talent = factories.talent()
    EarningRule.objects.filter(code="event_attendance").update(active_until=date(2026, 11, 22))
    assert attend(talent, 1) is None
    transfer = operations.earn(rule_code="no_such", talent=talent, key="x:1", by=None, now=NOW)
    assert (transfer, make.balance(talent), Transfer.objects.count()) == (None, 0, 0)


def test_the_last_day_of_a_rule_counts_in_full_in_shanghai():
    talent = factories.talent()
    EarningRule.objects.filter(code="event_attendance").update(active_until=date(2026, 11, 23))
    late = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)  # 23:59 in Chongqing
    assert attend(talent, 1, now=late) is not None
    assert attend(talent, 2, now=late + timedelta(minutes=1)) is None


def test_the_yearly_cap_gives_what_is_left_and_starts_again_on_new_year_in_shanghai():
    talent = factories.talent()
    EarningRule.objects.filter(code="event_attendance").update(yearly_cap=25)
    new_year = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # 1 January, 00:00 in Chongqing
    moments = [NOW, NOW, NOW, NOW, new_year - timedelta(seconds=1), new_year]
    transfers = [attend(talent, number, now=at) for number, at in enumerate(moments)]
    amounts = [
        transfer and transfer.entries.get(account__talent=talent).amount for transfer in transfers
    ]
    assert amounts == [10, 10, 5, None, None, 10]


def test_a_talent_without_an_account_to_sign_in_earns_and_is_told_nothing():
    talent = factories.talent(user=None)
    attend(talent, 1)
    assert (make.balance(talent), Notice.objects.count()) == (10, 0)


def record(talent, by, starts_at=YESTERDAY, half_hours=3, activity="社区科普讲座"):
    return operations.record_hours(
        talent=talent,
        activity=activity,
        starts_at=starts_at,
        half_hours=half_hours,
        by=by,
        now=NOW,
    )


def test_confirmed_hours_give_points_once():
    talent, clerk = factories.talent(), factories.staff("department_clerk")
    reviewer = factories.staff("department_reviewer")
    hours = record(talent, clerk)
    assert (record(talent, clerk), ServiceHours.objects.count()) == (hours, 1)
    first = operations.confirm_hours(hours=hours, by=reviewer, now=NOW)
    assert operations.confirm_hours(hours=hours, by=reviewer, now=NOW) == first
    assert (make.balance(talent), first.hours, first.about) == (30, hours, "社区科普讲座")
    hours.refresh_from_db()
    assert (hours.state, hours.decided_by) == ("confirmed", reviewer)


def test_a_fraction_of_a_point_is_dropped():
    EarningRule.objects.filter(code="volunteer_hours").update(points=5)
    talent, clerk = factories.talent(), factories.staff("department_clerk")
    hours = record(talent, clerk, half_hours=3)
    operations.confirm_hours(hours=hours, by=factories.staff("department_reviewer"), now=NOW)
    assert make.balance(talent) == 7


def test_nobody_confirms_what_she_recorded_herself():
    clerk = factories.staff("department_clerk", "department_reviewer")
    talent = factories.talent()
    hours = record(talent, clerk)
    with pytest.raises(Refused) as refusal:
        operations.confirm_hours(hours=hours, by=clerk, now=NOW)
    assert (refusal.value.code, make.balance(talent)) == ("confirm_own_record", 0)


def test_nobody_records_her_own_hours():
    clerk = factories.staff("department_clerk")
    hers, colleagues = factories.talent(user=clerk), factories.talent()
    with pytest.raises(Refused) as refusal:
        record(hers, clerk)
    assert refusal.value.code == "record_own_hours"
    assert record(colleagues, clerk).talent == colleagues


def test_nobody_confirms_her_own_hours():
    clerk, reviewer = factories.staff("department_clerk"), factories.staff("department_reviewer")
    talent = factories.talent(user=reviewer)
    hours = record(talent, clerk)
    with pytest.raises(Refused) as refusal:
        operations.confirm_hours(hours=hours, by=reviewer, now=NOW)
    assert (refusal.value.code, make.balance(talent)) == ("confirm_own_hours", 0)


@pytest.mark.parametrize(
    ("minutes", "half_hours", "clash"),
    [(-60, 2, False), (-60, 3, True), (30, 1, True), (60, 2, True), (90, 2, False)],
)
def test_hours_that_overlap_are_refused(minutes, half_hours, clash):
    talent, clerk = factories.talent(full_name="王小敏"), factories.staff("department_clerk")
    record(talent, clerk)  # 1.5 hours from Sunday 10:00
    starts_at = YESTERDAY + timedelta(minutes=minutes)
    if not clash:
        record(talent, clerk, starts_at, half_hours, "图书整理")
        assert ServiceHours.objects.count() == 2
        return
    with pytest.raises(Conflict) as refusal:
        record(talent, clerk, starts_at, half_hours, "图书整理")
    assert str(refusal.value) == (
        "王小敏在2026年11月22日 (周日) 10:00已登记“社区科普讲座”1.5 小时，时间重叠，请核对后再登记。"
    )


def test_refused_hours_leave_the_time_free_and_future_hours_are_refused():
    talent, clerk = factories.talent(), factories.staff("department_clerk")
    operations.refuse_hours(
        hours=record(talent, clerk),
        reason="签到表上没有",
        by=factories.staff("department_reviewer"),
        now=NOW,
    )
    record(talent, clerk, activity="图书整理")
    with pytest.raises(Invalid) as refusal:
        record(talent, clerk, starts_at=NOW - timedelta(minutes=30), half_hours=2)
    assert (refusal.value.code, ServiceHours.objects.count()) == ("hours_not_over", 2)


LAST_YEAR = NOW - timedelta(days=366)


@pytest.mark.parametrize(
    ("starts_at", "half_hours", "code"),
    [
        (LAST_YEAR, 1, None),
        (LAST_YEAR - timedelta(minutes=1), 1, "hours_too_old"),
        (NOW - timedelta(hours=12), 24, None),
        (NOW - timedelta(hours=13), 25, "hours_out_of_range"),
        (YESTERDAY, 0, "hours_out_of_range"),
        (YESTERDAY, -1, "hours_out_of_range"),
    ],
)
def test_hours_are_half_an_hour_to_twelve_and_a_year_back_at_most(starts_at, half_hours, code):
    talent, clerk = factories.talent(), factories.staff("department_clerk")
    if code is None:
        assert record(talent, clerk, starts_at, half_hours).half_hours == half_hours
        return
    with pytest.raises(Invalid) as refusal:
        record(talent, clerk, starts_at, half_hours)
    assert (refusal.value.code, ServiceHours.objects.count()) == (code, 0)


def test_hours_are_recorded_for_verified_women():
    with pytest.raises(Conflict) as refusal:
        record(factories.talent(state="submitted"), factories.staff("department_clerk"))
    assert (refusal.value.code, ServiceHours.objects.count()) == ("not_verified", 0)


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "reason_missing"),
        ("  ", "reason_missing"),
        (None, "reason_missing"),
        ("因" * 201, "reason_too_long"),
    ],
)
def test_hours_are_refused_with_a_reason(reason, code):
    hours = record(factories.talent(), factories.staff("department_clerk"))
    colleague = factories.staff("department_reviewer")
    with pytest.raises(Invalid) as refusal:
        operations.refuse_hours(hours=hours, reason=reason, by=colleague, now=NOW)
    hours.refresh_from_db()
    told = (refusal.value.code, refusal.value.field, hours.state)
    assert told == (code, "reason", "recorded")


def test_revoked_hours_take_the_points_back():
    talent, clerk = factories.talent(), factories.staff("department_clerk")
    colleague = factories.staff("department_reviewer")
    hours = record(talent, clerk)
    operations.confirm_hours(hours=hours, by=colleague, now=NOW)
    for _ in range(2):
        operations.refuse_hours(hours=hours, reason="重复登记", by=colleague, now=NOW)
    hours.refresh_from_db()
    assert (hours.state, make.balance(talent), Transfer.objects.count()) == ("revoked", 0, 2)
    with pytest.raises(Conflict) as refusal:
        operations.confirm_hours(hours=hours, by=colleague, now=NOW)
    assert refusal.value.code == "hours_decided"


def test_taking_back_what_was_spent_leaves_zero_and_the_programme_bears_the_rest():
    talent = factories.talent()
    earned = make.give(talent, 50)
    make.redeem(talent, make.service(cost=30))
    undone = operations.reverse(transfer=earned, reason="荣誉撤销", by=None, now=NOW)
    moves = undone.entries.order_by("amount").values_list("account__kind", "amount")
    assert list(moves) == [("adjustment", -30), ("talent", -20), ("issuance", 50)]
    assert make.balance(talent) == 0
    assert operations.reverse(transfer=earned, reason="x", by=None, now=NOW) == undone
    with pytest.raises(Invalid) as refusal:
        operations.reverse(transfer=undone, reason="x", by=None, now=NOW)
    assert refusal.value.code == "not_an_earning"


def test_points_expire_only_where_they_were_not_spent():
    talent = factories.talent()
    make.give(talent, 40)
    EarningRule.objects.filter(code="test_40").update(valid_months=12)
    make.give(talent, 10)  # 36 months
    account = talent.points_account
    soon, late = NOW + timedelta(days=400), NOW + timedelta(days=1200)
    fresh = make.give(talent, 40, key="test:short")  # 12 months
    assert fresh.valid_until == datetime(2027, 11, 23, 15, 59, 59, tzinfo=UTC)
    make.redeem(talent, make.service(cost=30))
    assert operations.expire_points(account=account, now=NOW) is None
    operations.expire_points(account=account, now=soon)
    assert make.balance(talent) == 50  # 40 with 12 months, 30 of them spent
    assert operations.expire_points(account=account, now=soon) is None
    assert list(PointsAccount.objects.with_overdue_points(late)) == [account]
    operations.expire_points(account=account, now=late)
    assert make.balance(talent) == 0
    assert list(PointsAccount.objects.with_overdue_points(late)) == []


def test_points_given_back_on_the_day_of_a_sweep_expire_in_the_next_one_of_that_day():
    talent = factories.talent()
    make.give(talent, 40)
    last_day = NOW + timedelta(days=1095)
    voucher = make.redeem(talent, make.service(cost=30), now=last_day)
    account, late = talent.points_account, last_day + timedelta(days=2)
    operations.expire_points(account=account, now=late)
    assert make.balance(talent) == 0
    operations.cancel_redemption(redemption=voucher, by=talent.user, now=late)
    assert make.balance(talent) == 30
    operations.expire_points(account=account, now=late + timedelta(hours=3))
    assert make.balance(talent) == 0


def test_a_revoked_earning_is_no_spending_of_what_runs_out():
    talent = factories.talent()
    make.give(talent, 40)
    EarningRule.objects.filter(code="test_40").update(valid_months=12)
    short = make.give(talent, 40, key="test:short")
    EarningRule.objects.filter(code="test_40").update(valid_months=36)
    revoked = make.give(talent, 40, key="test:revoked")
    operations.reverse(transfer=revoked, by=None, now=NOW)
    account = talent.points_account
    operations.expire_points(account=account, now=short.valid_until + timedelta(days=1))
    assert make.balance(talent) == 40  # the 12 months' lot is gone in full, as nothing was spent


def test_what_was_spent_before_counts_against_no_later_earning():
    talent = factories.talent()
    make.give(talent, 10)
    make.redeem(talent, make.service(cost=10))
    EarningRule.objects.filter(code="test_10").update(valid_months=12)
    later = make.give(talent, 10, key="test:later")
    operations.expire_points(
        account=talent.points_account, now=later.valid_until + timedelta(days=1)
    )
    assert make.balance(talent) == 0


def test_points_given_back_keep_the_validity_they_had():
    talent = factories.talent()
    EarningRule.objects.create(
        code="short", name="短", unit="event", points=10, valid_months=1, active_from="2020-01-01"
    )
    short = operations.earn(rule_code="short", talent=talent, key="s", by=None, now=NOW)
    make.give(talent, 40)
    voucher = make.redeem(talent, make.service(cost=20))  # 10 of each
    assert [lot.left for lot in lots.lots(talent.points_account)] == [0, 30]
    operations.cancel_redemption(redemption=voucher, by=talent.user, now=NOW)
    assert [lot.left for lot in lots.lots(talent.points_account)] == [10, 40]
    late = short.valid_until + timedelta(days=1)
    operations.expire_points(account=talent.points_account, now=late)
    assert make.balance(talent) == 40


def ended(talent, how, voucher):
    """End a voucher in one of the two ways; returns what she has then."""
    if how == "cancel":
        operations.cancel_redemption(redemption=voucher, by=talent.user, now=NOW)
    else:
        late = voucher.expires_at + timedelta(days=1)
        operations.expire_redemption(redemption=voucher, now=late)
    return make.balance(talent)


@pytest.mark.parametrize("how", ["cancel", "expire"])
def test_revoked_points_do_not_come_back_with_the_voucher_they_paid(how):
    talent = factories.talent()
    earned = make.give(talent, 50)
    make.give(talent, 5)
    voucher = make.redeem(talent, make.service(cost=30))
    operations.reverse(transfer=earned, reason="荣誉撤销", by=None, now=NOW)
    assert make.balance(talent) == 0
    for _ in range(2):
        assert ended(talent, how, voucher) == 5
    recovered = Transfer.objects.get(kind="recovered")
    moves = recovered.entries.order_by("amount").values_list("account__kind", "amount")
    assert list(moves) == [("talent", -25), ("adjustment", 25)]
    notice = Notice.objects.get(kind="care_points.redemption_recovered")
    assert notice.body == "您的兑换已结束，退回积分：5；兑换后被撤销、不再退回的积分：25。"
    borne = Entry.objects.filter(account__kind="adjustment")
    assert sum(entry.amount for entry in borne) == 0
    assert reconcile().sound


def test_two_vouchers_bring_back_together_no_more_than_was_revoked():
    talent = factories.talent()
    earned = make.give(talent, 40)
    make.give(talent, 20)
    vouchers = [make.redeem(talent, make.service(cost=30)) for _ in range(2)]
    operations.reverse(transfer=earned, by=None, now=NOW)
    assert [ended(talent, "cancel", voucher) for voucher in vouchers] == [0, 20]


def test_a_voucher_made_after_the_revocation_gives_everything_back():
    """She never owes points: what the programme bore for a voucher she has used stays borne."""
    talent = factories.talent()
    earned = make.give(talent, 30)
    make.redeem(talent, make.service(cost=30))
    operations.reverse(transfer=earned, by=None, now=NOW)
    make.give(talent, 30, key="test:new")
    later = make.redeem(talent, make.service(cost=30))
    assert ended(talent, "cancel", later) == 30


def test_what_is_stored_does_not_depend_on_the_language_of_who_acts():
    """Whatever the staff read the portal in, the ledger and the audit log hold the same."""
    stored = []
    for language in ("zh-hans", "en"):
        talent, clerk = factories.talent(), factories.staff("department_clerk")
        reviewer = factories.staff("department_reviewer")
        with translation.override(language):
            confirmed = operations.confirm_hours(hours=record(talent, clerk), by=reviewer, now=NOW)
            undone = operations.reverse(transfer=attend(talent, talent.pk), by=None, now=NOW)
            operations.refuse_hours(hours=confirmed.hours, reason="重复登记", by=reviewer, now=NOW)
        ledger = Transfer.objects.filter(entries__account__talent=talent).order_by("pk")
        audit = AuditEntry.objects.filter(object_id__in=[str(row.pk) for row in ledger])
        audit = audit.filter(object_type="care_points.transfer").order_by("pk")
        stored.append(
            (
                list(ledger.values_list("kind", "about")),
                list(audit.values_list("action", "reason", "detail")),
            )
        )
        assert undone.about == ""
    assert stored[0] == stored[1]


def test_every_version_of_a_rule_is_kept():
    rule = EarningRule.objects.get(code="event_attendance")
    rule.points = 15
    rule.save()
    assert list(rule.history.values_list("points", flat=True)) == [15, 10]
    talent = factories.talent()
    attend(talent, 1)
    assert make.balance(talent) == 15


@pytest.mark.parametrize(
    ("points", "title"), [(1, "1 care point earned"), (5, "5 care points earned")]
)
def test_the_notice_counts_points_as_english_does(points, title):
    talent = factories.talent()
    EarningRule.objects.filter(code="event_attendance").update(points=points)
    attend(talent, 1)
    notice = Notice.objects.get(recipient=talent.user)
    assert notice.title == f"获得 {points} 积分"
    with translation.override("en"):
        assert notice.title == title


def test_points_given_back_to_a_revoked_earning_do_not_run_out_for_others():
    """Two sweeps take what ran out once: the first left it standing and took what was given back instead."""
    talent = factories.talent()
    EarningRule.objects.create(
        code="short", name="短", unit="event", points=10, valid_months=1, active_from="2020-01-01"
    )
    short = operations.earn(rule_code="short", talent=talent, key="s", by=None, now=NOW)
    revoked = make.give(talent, 10)
    make.give(talent, 40)
    voucher = make.redeem(talent, make.service(cost=20))  # 10 of the short, 10 of the one revoked
    operations.reverse(transfer=revoked, reason="x", by=None, now=NOW)
    operations.cancel_redemption(redemption=voucher, by=talent.user, now=NOW)
    account, late = talent.points_account, short.valid_until + timedelta(days=1)
    assert [lot.left for lot in lots.lots(account)] == [10, 10, 30]
    operations.expire_points(account=account, now=late)
    assert [lot.left for lot in lots.lots(account)] == [0, 10, 30]
    assert operations.expire_points(account=account, now=late) is None
    assert make.balance(talent) == 40
