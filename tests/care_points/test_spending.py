"""Vouchers: made once, used once, given back in full when they are not used."""

from datetime import UTC, datetime, timedelta

import pytest

from care_points import operations, tasks
from care_points.models import Redemption, RedemptionState, Service, Transfer
from kernel.errors import Conflict, Invalid, Refused
from notices.models import Notice
from privacy import limits
from privacy.models import AuditEntry
from talents.models import Talent
from tests import factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(operator):
    return make.service(station=make.station(operator, name="金渝加油站"))


def test_a_redemption_spends_the_cost_and_gives_a_voucher(woman, service):
    made = make.redeem(woman, service)
    assert (made.state, made.cost, len(made.code), make.balance(woman)) == ("reserved", 30, 10, 70)
    assert made.expires_at == datetime(2026, 12, 23, 15, 59, 59, tzinfo=UTC)
    notice = Notice.objects.get(kind="care_points.redemption_made")
    assert (notice.context, notice.link) == (
        {"station": "金渝加油站", "until": made.expires_at.isoformat()},
        f"/points/vouchers/{made.pk}/",
    )


def test_ledger_notices_and_audit_do_not_say_what_was_redeemed(woman, service):
    made = make.redeem(woman, service)
    operations.cancel_redemption(redemption=made, by=woman.user, now=NOW)
    texts = [
        *Transfer.objects.values_list("about", "key"),
        *Notice.objects.values_list("context"),
    ]
    texts += AuditEntry.objects.values_list("reason", "detail")
    words = (service.title, service.get_category_display(), service.category)
    assert [word for word in words if word in str(texts)] == []


def test_whose_claim_was_taken_back_meanwhile_buys_nothing(woman, service):
    """She still holds the record as she read it; under the account's lock it is nobody's."""
    Talent.objects.filter(pk=woman.pk).update(user=None)
    with pytest.raises(Refused) as refusal:
        make.redeem(woman, service)
    assert (refusal.value.code, woman.redemptions.count()) == ("not_yours", 0)


def test_the_same_key_gives_the_same_redemption_whatever_became_of_it(woman, service):
    first = make.redeem(woman, service, key="K" * 20)
    assert make.redeem(woman, service, key="K" * 20) == first
    operations.cancel_redemption(redemption=first, by=woman.user, now=NOW)
    again = make.redeem(woman, service, key="K" * 20)
    assert (again, again.state, make.balance(woman)) == (first, "cancelled", 100)


def test_the_same_key_for_something_else_is_refused(woman, service):
    make.redeem(woman, service, key="K" * 20)
    with pytest.raises(Invalid) as refusal:
        make.redeem(woman, make.service(), key="K" * 20)
    assert (refusal.value.code, refusal.value.status) == ("idempotency_key_reused", 422)
    assert (make.balance(woman), Redemption.objects.count()) == (70, 1)


def test_two_women_may_use_the_same_key(woman, service):
    other = factories.talent()
    make.give(other, 100)
    assert make.redeem(woman, service, key="K" * 20) != make.redeem(other, service, key="K" * 20)


def test_too_few_points_says_how_many_are_missing(woman, service):
    dear = make.service(cost=130)
    with pytest.raises(Conflict) as refusal:
        make.redeem(woman, dear)
    assert str(refusal.value) == ("还差 30 积分。参加活动、志愿服务都能获得积分。")
    assert (make.balance(woman), Redemption.objects.count()) == (100, 0)


def test_a_price_that_changed_since_she_looked_is_asked_again(woman, service):
    seen = Service.objects.get(pk=service.pk)
    Service.objects.filter(pk=service.pk).update(cost=40)
    with pytest.raises(Conflict) as refusal:
        make.redeem(woman, seen)
    assert str(refusal.value) == "这项服务现在需要 40 积分，与刚才显示的不同，请确认后再兑换。"


@pytest.mark.parametrize("closed", ["service", "station"])
def test_a_closed_service_is_not_redeemed(woman, service, closed):
    row = service if closed == "service" else service.station
    row.active = False
    row.save()
    with pytest.raises(Conflict) as refusal:
        make.redeem(woman, service)
    assert refusal.value.code == "service_closed"


def test_a_record_that_is_not_verified_cannot_spend(service):
    woman = factories.talent(state="draft")
    make.give(woman, 100)
    with pytest.raises(Refused) as refusal:
        make.redeem(woman, service)
    assert refusal.value.code == "no_record"


def test_the_monthly_quota_counts_by_shanghai_months_and_cancelled_places_return(woman):
    service = make.service(cost=1, monthly_quota=1)
    first = make.redeem(woman, service)
    with pytest.raises(Conflict) as refusal:
        make.redeem(woman, service)
    assert refusal.value.code == "quota_used_up"
    operations.cancel_redemption(redemption=first, by=woman.user, now=NOW)
    make.redeem(woman, service)
    december = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    with pytest.raises(Conflict):
        make.redeem(woman, service, now=december - timedelta(seconds=1))
    assert make.redeem(woman, service, now=december).state == "reserved"


def test_cancelling_gives_the_points_back_once(woman, service):
    made = make.redeem(woman, service)
    for _ in range(2):
        ended = operations.cancel_redemption(redemption=made, by=woman.user, now=NOW)
    assert (ended.state, make.balance(woman)) == ("cancelled", 100)
    assert Transfer.objects.get(kind="returned").reverses == Transfer.objects.get(kind="redeemed")
    assert Notice.objects.get(kind="care_points.redemption_cancelled").context == {"points": 30}


def test_the_stations_operator_fulfils_once(woman, service, operator):
    made = make.redeem(woman, service)
    typed = f" {made.code[:5].lower()}-{made.code[5:]} "
    used = operations.fulfil(code=typed, by=operator, now=NOW)
    assert (used.state, used.fulfilled_by, used.fulfilled_at) == ("fulfilled", operator, NOW)
    with pytest.raises(Conflict) as refusal:
        operations.fulfil(code=made.code, by=operator, now=NOW + timedelta(hours=1))
    assert str(refusal.value) == "这张兑换码已于 2026年11月23日 (周一) 10:00 核销，不能再次使用。"
    with pytest.raises(Conflict) as refusal:
        operations.cancel_redemption(redemption=made, by=woman.user, now=NOW)
    assert (refusal.value.code, make.balance(woman)) == ("already_fulfilled", 70)
    assert Notice.objects.filter(kind="care_points.redemption_fulfilled").count() == 1


def test_a_points_clerk_fulfils_at_any_station(woman, service):
    clerk = factories.staff("points_clerk")
    made = make.redeem(woman, service)
    assert operations.fulfil(code=made.code, by=clerk, now=NOW).state == "fulfilled"


@pytest.mark.parametrize("as_clerk", [False, True])
def test_nobody_fulfils_her_own_voucher(service, operator, as_clerk):
    """Her colleague of the same desk does: the control."""
    herself = factories.staff("points_clerk") if as_clerk else factories.user()
    service.station.operators.add(herself)
    woman = factories.talent(user=herself)
    make.give(woman, 30)
    made = make.redeem(woman, service)
    with pytest.raises(Refused) as refusal:
        operations.fulfil(code=made.code, by=herself, now=NOW)
    assert refusal.value.code == "own_voucher"
    assert operations.fulfil(code=made.code, by=operator, now=NOW).state == "fulfilled"


def test_another_stations_operator_learns_nothing(woman, service):
    outsider = factories.user()
    make.station(outsider)
    made = make.redeem(woman, service)
    answers = []
    for code in (made.code, "ABCDEFGH23"):
        with pytest.raises(Invalid) as refusal:
            operations.fulfil(code=code, by=outsider, now=NOW)
        answers.append((refusal.value.code, str(refusal.value)))
    assert answers[0] == answers[1]
    assert answers[0][0] == "voucher_unknown"


def test_who_stands_at_no_desk_is_refused(woman, service):
    made = make.redeem(woman, service)
    with pytest.raises(Refused) as refusal:
        operations.fulfil(code=made.code, by=woman.user, now=NOW)
    assert refusal.value.code == "not_an_operator"


def test_codes_that_are_none_are_counted_stopped_and_told_of(woman, service, operator):
    """Also those sent without looking first: a refusal takes the count not back."""
    voucher, colleague = make.redeem(woman, service), factories.user()
    service.station.operators.add(colleague)
    tries = [operations.find_voucher, operations.fulfil] * (limits.MOST_MISSES // 2)
    alerts = AuditEntry.objects.filter(action="privacy.alert", detail__kind="lookups")
    for number, attempt in enumerate(tries):
        assert alerts.count() == 0
        with pytest.raises(Invalid):
            attempt(code=f"WRONG{number:05}", by=operator, now=NOW)
    assert [entry.actor_id for entry in alerts] == [operator.pk]
    with pytest.raises(Refused) as refused:
        operations.fulfil(code=voucher.code, by=operator, now=NOW)
    assert refused.value.code == "too_many_lookups"
    assert operations.find_voucher(code=voucher.code, by=colleague, now=NOW) == voucher
    later = NOW + limits.HOUR
    assert operations.fulfil(code=voucher.code, by=operator, now=later).state == "fulfilled"


def test_a_cancelled_voucher_is_not_used(woman, service, operator):
    made = make.redeem(woman, service)
    operations.cancel_redemption(redemption=made, by=woman.user, now=NOW)
    with pytest.raises(Conflict) as refusal:
        operations.fulfil(code=made.code, by=operator, now=NOW)
    assert str(refusal.value) == (
        "这张兑换码已于 2026年11月23日 (周一) 10:00 取消，积分已退回本人，不能使用。"
    )


def test_a_voucher_runs_out_at_its_second_and_the_points_return(woman, service, operator):
    made = make.redeem(woman, service)
    late = made.expires_at + timedelta(seconds=1)
    assert operations.expire_redemption(redemption=made, now=made.expires_at).state == "reserved"
    with pytest.raises(Conflict) as refusal:
        operations.fulfil(code=made.code, by=operator, now=late)
    assert str(refusal.value) == (
        "这张兑换码已于 2026年12月23日 (周三) 23:59 过期，积分会自动退回本人，可重新兑换。"
    )
    for _ in range(2):
        ended = operations.expire_redemption(redemption=made, now=late)
    assert (ended.state, make.balance(woman)) == ("expired", 100)
    with pytest.raises(Conflict) as refusal:
        operations.fulfil(code=made.code, by=operator, now=late)
    assert refusal.value.code == "voucher_expired"


def test_the_sweeps_end_what_is_overdue_and_nothing_else(woman, service):
    long_ago = datetime(2020, 3, 1, 2, 0, tzinfo=UTC)
    other = factories.talent()
    make.give(other, 30, now=long_ago)
    old = make.redeem(other, service, now=long_ago)
    now = datetime.now(UTC)
    fresh = make.redeem(woman, service, now=now)
    tasks.expire_redemptions()
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.state, fresh.state) == (RedemptionState.EXPIRED, RedemptionState.RESERVED)
    assert make.balance(other) == 30
    tasks.expire_points()
    assert make.balance(other) == 0


def test_a_voucher_is_cancelled_while_it_is_reserved_overdue_or_not(woman, service):
    made = make.redeem(woman, service)
    assert operations.why_not_cancel(made) is None
    operations.cancel_redemption(redemption=made, by=woman.user, now=NOW)
    made.refresh_from_db()
    assert operations.why_not_cancel(made).code == "redemption_ended"
