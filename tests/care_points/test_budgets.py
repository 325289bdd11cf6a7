"""The budget of a year, what the unused points would cost, and the year's report."""

import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from care_points import budgets, figures, operations, queue, reports
from care_points.models import PointsBudget, UnspentAnswer
from kernel.errors import Invalid
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.care_points import make
from tests.factories import NOW
from tests.reports.exact import exact

pytestmark = pytest.mark.django_db


def budget(points=100, cost="1.50", year=2026):
    return operations.save_budget(
        budget=None, year=year, points=points, cost_per_point=Decimal(cost), by=None, now=NOW
    )


# --- budgets ------------------------------------------------------------------------------------------
def test_what_is_used_counts_earnings_less_what_was_taken_back(woman):
    given = make.give(woman, 30)
    make.give(woman, 7, now=NOW - timedelta(days=365))
    make.redeem(woman, make.service(cost=20))
    make.adjust(woman, 9)
    assert budgets.used(budget(200)) == (130, 65)
    operations.reverse(transfer=given, by=None, now=NOW)
    assert budgets.used(PointsBudget.objects.get()) == (100, 50)
    assert budgets.outstanding() == make.balance(woman) == 96
    assert budgets.liability(2026) == Decimal("144.00")
    assert (budgets.liability(2027), budgets.liability(2025)) == (Decimal("144.00"), None)


def test_a_budget_that_is_used_up_stops_nothing_and_is_told_twice_at_most():
    clerk, her = factories.staff("points_clerk"), factories.talent()
    factories.staff("auditor")
    budget(100)
    told = []
    for points in (79, 1, 10, 10, 30):
        assert make.give(her, points) is not None
        operations.watch_budget(now=NOW)
        kinds = Notice.objects.filter(kind="care_points.budget_used", recipient=clerk)
        told.append(list(kinds.order_by("pk").values_list("context__percent", flat=True)))
    assert told == [[], [80], [80], [80, 100], [80, 100]]
    assert make.balance(her) == 130
    assert Notice.objects.filter(kind="care_points.budget_used").count() == 2
    assert queue.budget_used_up(clerk, NOW).count == 1
    assert queue.budget_used_up(clerk, NOW.replace(year=2027)).count == 0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"points": "0"}, "须是 1 以上的整数"),
        ({"points": "-1"}, "须是 1 以上的整数"),
        ({"points": "1.5"}, "须是 1 以上的整数"),
        ({"points": str(2**31)}, "须是 1 以上的整数"),
        ({"points": "NaN"}, "须是 1 以上的整数"),
        ({"cost_per_point": "-0.01"}, "不能是负数"),
        ({"cost_per_point": "NaN"}, "不能是负数"),
        ({"year": "1999"}, "2022 到 2100"),
        ({"year": "2026"}, "这一年的预算已经有了"),
    ],
)
def test_an_impossible_budget_is_refused_in_a_sentence(client, values, words):
    budget()
    client.force_login(factories.staff("points_clerk"))
    sent = {"year": "2027", "points": "500", "cost_per_point": "1"} | values
    page = client.post(reverse("admin:care_points_pointsbudget_add"), sent)
    errors = str(page.context["adminform"].form.errors)
    assert (page.status_code, words in errors, errors) == (200, True, errors)
    assert PointsBudget.objects.count() == 1


def test_the_operation_and_the_database_refuse_it_as_well():
    for points in (0, -1, 1.5, 2**31, float("nan")):
        with pytest.raises(Invalid):
            budget(points)
    made = budget()
    for values in ({"points": 0}, {"cost_per_point": -1}, {"year": 1999}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PointsBudget.objects.filter(pk=made.pk).update(**values)


def test_the_clerk_sets_it_and_sees_what_is_used(client, woman):
    client.force_login(factories.staff("points_clerk"))
    sent = {"year": "2026", "points": "200", "cost_per_point": "1.50"}
    assert client.post(reverse("admin:care_points_pointsbudget_add"), sent).status_code == 302
    page = client.get(reverse("admin:care_points_pointsbudget_changelist")).content.decode()
    assert "100（50%）" in page and "150.00" in page
    assert AuditEntry.objects.get(action="care_points.set_budget").detail["points"] == ["", "200"]


# --- the report ---------------------------------------------------------------------------------------
REPORT = "admin:care_points_transfer_report"


def part(year, number):
    return figures.parts(year, NOW)[number].rows


def test_a_year_adds_up_in_each_of_its_tables(woman):
    given = make.give(woman, 30)
    operations.reverse(transfer=given, by=None, now=NOW)
    voucher = make.redeem(woman, make.service(cost=20))
    operations.cancel_redemption(redemption=voucher, by=None, now=NOW)
    make.redeem(woman, make.service(cost=25))
    make.adjust(woman, 9)
    make.give(woman, 7, now=NOW - timedelta(days=365))
    totals = dict(part(2026, 0))
    assert totals == {
        "发放": 130,
        "撤销、收回": 30,
        "兑换": 45,
        "退回": 20,
        "到期清零": 0,
        "更正（两人确认）": 9,
        "现在尚未使用": 91,
    }
    months = part(2026, 1)
    assert months[9] == ("2026年10月", 0, 0, 0, 0, 0, 7)
    assert months[10] == ("2026年11月", 130, 30, 45, 20, 0, 91)
    by_rule = part(2026, 2)
    # The lost voucher was paid by what runs out soonest; what two people put on is a row of its own.
    sums = [sum(row[column] for row in by_rule) for column in range(1, 6)]
    assert sums == [130, 30, 25, 0, 91]
    assert sorted(row[1:3] for row in by_rule)[-2:] == [(30, 30), (100, 0)]
    assert ("更正（两人确认）", 0, 0, 0, 0, 9, 0) in by_rule


def test_few_women_behind_a_row_are_not_shown(woman):
    assert {row[1:] for row in part(2026, 3)} == {("—",) * 5}
    for _ in range(9):
        make.give(factories.talent(unit=woman.unit), 10)
    (row,) = part(2026, 3)
    assert row[1:] == (10, 190, 0, 0, 190)


def test_what_kind_of_help_few_asked_for_is_not_shown():
    service = make.service(cost=1, category="womens_health", monthly_quota=30)
    women = [factories.talent() for _ in range(12)]
    for her in women:
        make.give(her, 5)
    for her in women[:9]:
        make.redeem(her, service)
    shown = {row[0]: row[1:] for row in part(2026, 4)}
    assert shown["女性健康"] == ("—", 0, "—", 1, 30, 0)
    assert shown["家居收纳"] == (0, 0, 0, 0, 0, 0)
    for her in women[9:]:
        make.redeem(her, service)
    shown = {row[0]: row[1:] for row in part(2026, 4)}
    assert shown["女性健康"] == (12, 0, 12, 1, 30, 0)


def test_who_never_spent_any_is_counted_and_few_reasons_stay_closed(woman):
    spender = factories.talent()
    make.give(spender, 50)
    make.redeem(spender, make.service(cost=20))
    for _ in range(10):
        talent = factories.talent()
        UnspentAnswer.objects.create(talent=talent, answer="full", at=NOW)
    rows = dict(part(2026, 5))
    assert (
        rows["有积分、从未使用过的人数"],
        rows["想要的服务名额总是满的"],
        rows["担心别人知道"],
    ) == (1, 10, 0)


def test_points_run_out_are_told_by_the_rule_they_were_earned_by(woman):
    account = woman.points_account
    late = NOW + timedelta(days=37 * 31)
    operations.expire_points(account=account, now=late)
    rows = figures.parts(late.year, late)[2].rows
    assert [row[1:6] for row in rows] == [(0, 0, 0, 100, 0)]


def test_the_month_counts_who_never_spent_any_and_why(woman):
    bounds = NOW.replace(day=1, hour=0), NOW + timedelta(days=1)
    for answer in ["full"] * 10 + ["privacy"]:
        UnspentAnswer.objects.create(talent=factories.talent(), answer=answer, at=NOW)
    month = exact(reports.monthly(*bounds))
    assert month["never_spent"] == 1
    assert month["why_never_spent"] == {"full": 10, "privacy": 1}
    before = exact(reports.monthly(NOW - timedelta(days=400), NOW - timedelta(days=399)))
    assert (before["never_spent"], before["why_never_spent"]) == (0, {})
    titles = [table.title for table in reports.tables(month)]
    assert titles == ["使用服务 · 按类别", "有积分从未使用的原因（每人只问一次）"]


def test_the_page_and_the_workbook_say_the_same_to_clerk_and_auditor(client, woman):
    for role, status in (("points_clerk", 200), ("auditor", 200), ("department_clerk", 403)):
        client.force_login(factories.staff(role))
        assert client.get(reverse(REPORT)).status_code == status
        assert client.get(reverse(f"{REPORT}_file")).status_code == status
    client.force_login(factories.staff("auditor"))
    page = client.get(reverse(REPORT), {"year": "nonsense"}).content.decode()
    assert "按月份" in page
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse(f"{REPORT}_file")).content))
    texts = [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert "有积分从未使用" in texts
    assert AuditEntry.objects.filter(action="care_points.export_report").count() == 3


def test_more_women_cost_no_more_queries(woman):
    figures.parts(2026, NOW)  # what is released is looked at once a day
    with CaptureQueriesContext(connection) as one:
        figures.parts(2026, NOW)
    for _ in range(2):
        make.give(factories.talent(), 10)
    with CaptureQueriesContext(connection) as three:
        figures.parts(2026, NOW)
    assert len(three) == len(one)
