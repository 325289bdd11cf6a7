"""A service given in a period, once a year to each woman: yearly health checks."""

import io
from datetime import date, timedelta
from itertools import count

import openpyxl
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from care_points import campaigns, coverage, operations, slots
from care_points.forms import ServiceForm
from care_points.models import Service, UnitYear, YearTurn
from care_points.models.campaigns import sealed_turn
from kernel.errors import DomainError
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PERIOD = {"offered_from": date(2026, 11, 1), "offered_until": date(2026, 12, 20)}


def refused(call, **arguments):
    with pytest.raises(DomainError) as refusal:
        call(**arguments)
    return refusal.value.code


def woman(points=100, **fields):
    talent = factories.talent(**fields)
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
    make.redeem(her, check)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM care_points_yearturn AS t")
        (row,) = cursor.fetchone()
    assert sealed_turn(her.user_id, check.pk, 2026) not in row
    assert YearTurn.objects.get().turn == sealed_turn(her.user_id, check.pk, 2026)


def test_her_turn_outlives_a_change_of_the_keys(check, settings):
    her = woman()
    make.redeem(her, check)
    settings.INDEX_KEY = "ab" * 32
    settings.FIELD_KEYS = f"k9:{'2b' * 16},{settings.FIELD_KEYS}"
    call_command("rotate_keys", "--indexes", verbosity=0)
    call_command("rotate_keys", verbosity=0)
    assert refused(make.redeem, talent=her, service=check) == "once_a_year"


def test_all_are_told_when_it_begins_and_who_has_not_come_before_it_ends(check):
    came, other = woman(), woman()
    make.redeem(came, check)
    assert operations.tell_of_campaigns(now=NOW) == 2
    assert operations.tell_of_campaigns(now=NOW) == 0
    assert operations.tell_of_campaigns(now=NOW + timedelta(days=20)) == 1
    last = Notice.objects.get(kind="care_points.campaign_ends")
    assert last.recipient == other.user


def test_a_short_campaign_does_not_begin_and_end_in_one_letter_box(check):
    Service.objects.update(offered_until=NOW.date() + timedelta(days=8))
    woman()
    assert operations.tell_of_campaigns(now=NOW) == 1
    assert operations.tell_of_campaigns(now=NOW + timedelta(days=2)) == 0
    assert operations.tell_of_campaigns(now=NOW + timedelta(days=3)) == 1
    kinds = Notice.objects.filter(kind__startswith="care_points.campaign").order_by("pk")
    assert [one.kind for one in kinds] == ["care_points.campaign_open", "care_points.campaign_ends"]


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


# --- by unit, with invitation -----------------------------------------------------------------------
@pytest.fixture
def invited(check):
    """Let the health check invite one unit alone, with places for all of it."""
    unit = factories.unit("重庆两江医疗科技有限公司")
    Service.objects.update(period_quota=None)
    check.refresh_from_db()
    clerk = factories.staff("points_clerk")
    operations.save_service(service=check, units=[unit], by=clerk, now=NOW)
    return unit


def test_only_women_of_the_units_invited_are_told_and_may_come(check, invited):
    hers, other, nowhere = woman(unit=invited), woman(unit=factories.unit()), woman()
    assert refused(make.redeem, talent=other, service=check) == "not_invited"
    assert refused(make.redeem, talent=nowhere, service=check) == "not_invited"
    make.redeem(hers, check)
    assert operations.tell_of_campaigns(now=NOW) == 1
    assert Notice.objects.get(kind="care_points.campaign_open").recipient == hers.user
    assert operations.tell_of_campaigns(now=NOW + timedelta(days=20)) == 0  # she has come


def test_without_a_period_no_unit_is_invited(invited):
    plain, clerk = make.service(), factories.staff("points_clerk")
    asked = {"service": plain, "units": [invited], "by": clerk, "now": NOW}
    assert refused(operations.save_service, **asked) == "units_without_period"
    assert not plain.units.exists()


def test_the_form_takes_units_by_name_and_says_which_line_names_none(check, invited):
    factories.unit("重庆示例大学")
    form = ServiceForm(instance=check)
    data = {name: form[name].value() for name in form.fields} | {"private": "", "late_refund": ""}
    data = {name: value for name, value in data.items() if value is not None and value is not False}
    assert data["unit_lines"] == invited.name
    form = ServiceForm(data | {"unit_lines": f"{invited.name}\n\n没有这家"}, instance=check)
    form.by = factories.staff("points_clerk")
    assert form.errors == {"unit_lines": ["第 3 行：没有找到这个单位，请填“单位”里登记的全称。"]}
    form = ServiceForm(data | {"unit_lines": f"{invited.name}\n重庆示例大学"}, instance=check)
    form.by = factories.staff("points_clerk")
    assert form.is_valid(), form.errors
    assert check.units.count() == 2


def test_a_campaigns_times_lie_in_its_period():
    first = timezone.localdate(NOW) + timedelta(days=3)
    period = {"offered_from": first, "offered_until": first + timedelta(days=1)}
    check = make.timed(once_a_year=True, **period)
    make.provider(check, weekly="周一至周日 9:00-12:00")
    found = slots.free_times(check, timezone.localdate(NOW), first + timedelta(days=9), NOW)
    assert list(found) == [first, first + timedelta(days=1)]


def test_a_time_of_a_campaign_is_redeemed_used_and_counted_once(check):
    station = make.station(operator := factories.user())
    Service.objects.filter(pk=check.pk).update(delivery="appointment", minutes=30, station=station)
    check.refresh_from_db()
    make.provider(check)
    her = woman(unit=factories.unit())
    voucher = make.book(her, check, "2026-11-24 09:00")
    assert refused(make.book, talent=her, service=check, text="2026-11-25 09:00") == "once_a_year"
    day = NOW + (date(2026, 11, 24) - NOW.date())
    operations.fulfil(code=voucher.code, by=operator, now=day)
    assert counted() == {(her.unit_id, 2026): 1}
    undone = {"voucher": voucher, "reason": "核销错了一张", "by": operator, "now": day}
    operations.undo_fulfilment(**undone)
    assert counted() == {(her.unit_id, 2026): 0}
    operations.mark_absent(redemption=voucher, by=operator, now=day + timedelta(hours=8))
    correct = {"redemption": voucher, "came": True, "reason": "她按时到了", "now": day}
    operations.correct_absence(**correct, by=factories.staff("points_clerk"))
    assert counted() == {(her.unit_id, 2026): 1}


def counted():
    return {(row.unit_id, row.year): row.came for row in UnitYear.objects.all()}


def come(check, women, now=NOW):
    """Let these women redeem and use the health check."""
    operator = factories.user()
    check.station.operators.add(operator)
    for one in women:
        voucher = make.redeem(one, check, now=now)
        operations.fulfil(code=voucher.code, by=operator, now=now)


def rows(now=NOW, year=2026):
    return [part.rows for part in coverage.parts(year, now)]


def test_what_is_no_campaign_counts_no_unit():
    plain = make.service()
    come(plain, [woman(unit=factories.unit())])
    assert counted() == {}


def test_coverage_is_told_by_unit_in_tens_and_below_ten_not_at_all(check):
    large, small = factories.unit("甲单位"), factories.unit("乙单位")
    Service.objects.update(period_quota=None)
    check.refresh_from_db()
    hers = [woman(unit=large) for _ in range(21)]
    few = [woman(unit=small) for _ in range(9)]
    come(check, [*hers[:10], *few])
    assert counted() == {(large.pk, 2026): 10, (small.pk, 2026): 9}
    assert rows() == [[("甲单位", 20, 10, "50%"), ("合计", 20, 10, "50%")]]
    come(check, hers[10:20])
    assert rows() == [[("甲单位", 20, 10, "50%"), ("合计", 20, 10, "50%")]]  # once a day
    tomorrow = NOW + timedelta(days=1)
    assert rows(tomorrow) == [[("甲单位", 20, 20, "100%"), ("合计", 20, 20, "100%")]]
    assert rows(year=2025) == []


def test_a_year_that_is_over_stays_as_it_was(check):
    unit = factories.unit("甲单位")
    Service.objects.update(period_quota=None)
    check.refresh_from_db()
    hers = [woman(unit=unit) for _ in range(12)]
    come(check, hers[:11])
    was = [[("甲单位", 10, 10, "100%"), ("合计", 10, 10, "100%")]]
    next_year = NOW + timedelta(days=300)
    assert rows(next_year) == was
    [woman(unit=unit) for _ in range(10)]
    Service.objects.update(offered_from=date(2027, 5, 1), offered_until=date(2027, 5, 31))
    assert rows(next_year + timedelta(days=1)) == was


def test_the_page_and_the_workbook_of_coverage(client, check):
    page = "admin:care_points_service_report"
    for role, status in (("points_clerk", 200), ("administrator", 200), ("auditor", 403)):
        client.force_login(factories.staff(role))
        assert client.get(reverse(page), {"year": 2026}).status_code == status
        assert client.get(reverse(f"{page}_file"), {"year": 2026}).status_code == status
    client.force_login(factories.staff("points_clerk"))
    Service.objects.update(title="=1+1")
    answer = client.get(reverse(f"{page}_file"), {"year": 2026})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    texts = [str(row[0]) for row in sheet.iter_rows(values_only=True) if row[0]]
    assert texts[0] == "2026 年活动覆盖率"
    assert f"'=1+1（{check.station}）" in texts
    assert AuditEntry.objects.filter(action="care_points.export_coverage").count() == 3


def test_one_campaign_and_three_cost_the_catalogue_the_same(client):
    her = woman(unit=(unit := factories.unit()))
    client.force_login(her.user)

    def add():
        made = make.service(
            title=f"体检{next(numbers)}", once_a_year=True, period_quota=9, **now_period()
        )
        made.units.set([unit])

    numbers, prices = count(1), []
    for more in (1, 2):
        for _ in range(more):
            add()
        client.get("/points/services/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/points/services/").content.decode().count("可以兑换") == sum(
                (1, 2)[:more]
            )
        prices.append(len(captured))
    assert prices[0] == prices[1]


def now_period():
    today = timezone.localdate()
    return {"offered_from": today, "offered_until": today + timedelta(days=5)}


def test_erasing_a_woman_takes_her_turns_along(check):
    her, other = woman(), woman()
    make.redeem(her, check)
    make.redeem(other, check)
    campaigns.turns_of(her.user).delete()
    assert YearTurn.objects.get().turn == sealed_turn(other.user_id, check.pk, 2026)
