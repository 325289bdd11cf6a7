"""A service given in a period, once a year to each woman: yearly health checks."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from care_points import campaigns, operations
from care_points.models import Service, YearTurn
from kernel.errors import DomainError
from notices.models import Notice
from tests import factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PERIOD = {"offered_from": date(2026, 11, 1), "offered_until": date(2026, 12, 20)}


def refused(call, **arguments):
    with pytest.raises(DomainError) as refusal:
        call(**arguments)
    return refusal.value.code


def woman(points=100):
    talent = factories.talent()
    make.give(talent, points)
    return talent


@pytest.fixture
def check():
    return make.service(
        title="女性健康体检", category="womens_health", once_a_year=True, period_quota=2, **PERIOD
    )


@pytest.mark.parametrize(
    ("at", "code"),
    [(date(2026, 10, 31), "not_yet_offered"), (date(2026, 12, 21), "no_longer_offered")],
)
def test_only_in_its_period(check, at, code):
    now = NOW + (at - NOW.date())
    assert refused(make.redeem, talent=woman(), service=check, now=now) == code


def test_once_a_year_and_again_after_it_was_given_back_or_next_year(check):
    her = woman()
    first = make.redeem(her, check)
    assert refused(make.redeem, talent=her, service=check) == "once_a_year"
    operations.cancel_redemption(redemption=first, by=her.user, now=NOW)
    make.redeem(her, check)
    assert [turn.year for turn in YearTurn.objects.all()] == [2026]
    next_year = {"offered_from": date(2027, 11, 1), "offered_until": date(2027, 12, 20)}
    Service.objects.update(**next_year)
    check.refresh_from_db()
    make.redeem(her, check, now=NOW + timedelta(days=365))
    assert YearTurn.objects.count() == 2


def test_the_periods_places_are_counted_over_its_months(check):
    make.redeem(woman(), check)
    make.redeem(woman(), check, now=NOW + timedelta(days=10))
    assert refused(make.redeem, talent=woman(), service=check) == "period_used_up"


def test_the_turn_says_nobody(check):
    her = woman()
    voucher = make.redeem(her, check)
    turn = YearTurn.objects.get()
    assert turn.pk == campaigns.turn_of(her.user_id, check.pk, 2026)
    assert str(voucher.pk) not in (turn.pk, str(turn.year))


def test_all_are_told_when_it_begins_and_who_has_not_come_before_it_ends(check):
    came, other = woman(), woman()
    make.redeem(came, check)
    assert operations.tell_of_campaigns(now=NOW) == 2
    assert operations.tell_of_campaigns(now=NOW) == 0
    assert operations.tell_of_campaigns(now=NOW + timedelta(days=20)) == 1
    last = Notice.objects.get(kind="care_points.campaign_ends")
    assert last.recipient == other.user


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"offered_until": None}, "period_backwards"),
        ({"offered_until": date(2026, 1, 1)}, "period_backwards"),
        ({"offered_from": None, "offered_until": None}, "period_missing"),
    ],
)
def test_impossible_periods_are_refused(check, fields, code):
    clerk = factories.staff("points_clerk")
    assert refused(operations.save_service, service=check, by=clerk, now=NOW, **fields) == code


def test_the_database_refuses_a_period_that_ends_before_it_begins(check):
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.update(offered_until=date(2026, 1, 1))
