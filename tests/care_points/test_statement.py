"""What she sees of her own points: until when they count, a reminder in time, a year on a sheet, and one question."""

import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from django.utils import timezone

from care_points import ledger, lots, operations
from care_points.models import EarningRule, PointsAccount, Transfer, UnspentAnswer
from kernel.errors import Invalid, Refused
from notices.models import Delivery, Notice
from tests import factories
from tests.care_points import make
from tests.care_points.test_pages import queries, text
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=61)


@pytest.fixture
def her(client):
    talent = factories.talent()
    client.force_login(talent.user)
    return talent


def years_ago(days):
    return timezone.now() - timedelta(days=days)


# --- lots -------------------------------------------------------------------------------------------
def test_her_page_says_what_runs_out_when_the_soonest_first(client, her):
    first = make.give(her, 30, now=years_ago(400))
    make.give(her, 20, now=years_ago(10))
    EarningRule.objects.filter(code="test_5").delete()
    make.adjust(her, -4, now=timezone.now())
    page = text(client.get("/points/"))
    until = lots.running_out(her.points_account)
    assert [points for _until, points in until] == [26, 20]
    day = timezone.localtime(first.valid_until)
    assert f"有效至 {day.year}年{day.month}月{day.day}日" in page
    assert page.index("26 分") < page.index("20 分 兑换时先用最早到期的")


def test_the_page_costs_the_same_for_one_lot_and_for_three(client, her):
    make.give(her, 30, now=years_ago(400))
    one = queries(client, "/points/")
    for days in (300, 200):
        make.give(her, 20, now=years_ago(days))
    assert queries(client, "/points/") == one


# --- the reminder -----------------------------------------------------------------------------------
def told():
    kinds = Notice.objects.filter(kind="care_points.running_out")
    return list(kinds.order_by("pk").values_list("context__points", "object_key"))


def test_she_is_told_once_in_the_last_thirty_days_what_is_left_then(her):
    given = make.give(her, 30)
    make.give(her, 20, now=NOW + timedelta(days=200))
    runs_out = given.valid_until
    operations.remind_of_expiry(now=runs_out - timedelta(days=30, seconds=1))
    assert told() == []
    make.adjust(her, -4, now=runs_out - timedelta(days=40))
    for days in (30, 29, 3):
        operations.remind_of_expiry(now=runs_out - timedelta(days=days))
    day = timezone.localdate(runs_out)
    assert told() == [(26, f"{her.points_account.pk}:{day}")]
    operations.remind_of_expiry(now=runs_out + timedelta(seconds=1))
    assert len(told()) == 1


def test_points_that_are_spent_are_not_reminded_of(her):
    given = make.give(her, 30)
    make.redeem(her, make.service(cost=30))
    operations.remind_of_expiry(now=given.valid_until - timedelta(days=9))
    assert told() == []


def test_a_reminder_found_at_night_leaves_in_the_morning(her):
    factories.consent(her.user, "messages")
    given = make.give(her, 30)
    night = given.valid_until - timedelta(days=10, hours=-2)  # 2:00 in Chongqing
    operations.remind_of_expiry(now=night)
    sent = Delivery.objects.get(notice__kind="care_points.running_out")
    assert timezone.localtime(sent.due_at).hour == 9


# --- the year on a sheet ------------------------------------------------------------------------------
def lived(her):
    """Let her earn in two years and redeem something private."""
    last = datetime(timezone.localdate().year - 1, 3, 8, 4, tzinfo=UTC)
    make.give(her, 30, now=last)
    make.give(her, 100, now=last + timedelta(days=1))
    service = make.service(cost=40, title="婚姻家庭咨询", category="marriage_family")
    make.redeem(her, service, now=last + timedelta(days=2))
    make.give(her, 5, now=timezone.now() - timedelta(minutes=1))
    return last.year


def test_a_year_begins_with_what_the_last_one_left_and_names_no_service(client, her):
    year = lived(her)
    page = text(client.get(f"/points/statement/?year={year}"))
    assert "年初余额 0 收入 +130 支出 −40 年末余额 90" in page
    assert "爱心加油站服务兑换" in page and "婚姻" not in page.partition("逐笔明细")[2]
    page = text(client.get("/points/statement/"))
    assert "年初余额 90 收入 +5 支出 0 现在余额 95" in page


@pytest.mark.parametrize("asked", ["abc", "1999", "-1", "2026.5", "99999999999", "²"])
def test_a_year_that_is_none_is_this_one(client, her, asked):
    lived(her)
    page = client.get("/points/statement/", {"year": asked})
    assert (page.status_code, page.context["sheet"].year) == (200, timezone.localdate().year)


def test_the_workbook_holds_each_line_as_numbers(client, her):
    year = lived(her)
    answer = client.get(f"/points/statement.xlsx?year={year}")
    assert "no-store" in answer.headers["Cache-Control"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = list(book.worksheets[0].iter_rows(min_row=6, values_only=True))
    assert [(row[2], row[3]) for row in rows] == [(30, 30), (100, 130), (-40, 90)]
    assert "婚姻" not in str(rows)
    assert sum(row[0] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)) == 95


def test_the_sheet_costs_the_same_for_one_line_and_for_three(client, her):
    make.give(her, 30, now=timezone.now())
    one = queries(client, "/points/statement/")
    for _ in range(2):
        make.give(her, 20, now=timezone.now())
    assert queries(client, "/points/statement/") == one


def test_who_has_no_account_is_led_to_her_points(client):
    client.force_login(factories.user())
    for page in ("/points/statement/", "/points/statement.xlsx"):
        assert client.get(page).headers["Location"] == "/points/"


# --- the one question -----------------------------------------------------------------------------------
def asked(client):
    return "您的积分还没有用过" in client.get("/points/").content.decode()


def test_she_is_asked_once_and_never_again_after_an_answer(client, her):
    make.give(her, 30, now=years_ago(61))
    assert asked(client)
    page = client.post("/points/why/", {"answer": "time_place"}, follow=True)
    assert "谢谢您告诉我们。" in text(page)
    assert not asked(client)
    client.post("/points/why/", {"answer": "full"})
    assert UnspentAnswer.objects.get(talent=her).answer == "time_place"


def test_not_now_is_an_answer(client, her):
    make.give(her, 30, now=years_ago(61))
    page = client.post("/points/why/", {"not_now": "1"}, follow=True)
    assert "好的，不再询问。" in text(page)
    assert not asked(client)


def test_who_is_new_or_has_redeemed_or_has_nothing_is_not_asked(client, her):
    assert not asked(client)
    make.give(her, 30, now=years_ago(59))
    assert not asked(client)
    make.give(her, 20, now=years_ago(61))
    make.redeem(her, make.service(cost=10), now=timezone.now())
    assert not asked(client)


@pytest.mark.parametrize("answer", ["", "no_such", "1"])
def test_no_reason_is_no_answer(client, her, answer):
    make.give(her, 30, now=years_ago(61))
    page = client.post("/points/why/", {"answer": answer}, follow=True)
    assert "请选择一个原因，或选“不想回答”。" in text(page)
    assert UnspentAnswer.objects.count() == 0
    with pytest.raises(Invalid):
        operations.answer_unspent(talent=her, answer=answer, by=her.user, now=NOW)


def test_nobody_answers_for_her(her):
    with pytest.raises(Refused):
        operations.answer_unspent(talent=her, answer="full", by=factories.user(), now=NOW)


def test_a_part_that_is_given_back_counts_as_long_as_it_can(her):
    make.give(her, 10)
    make.give(her, 20, now=NOW + timedelta(days=100))
    spent = Transfer.objects.get(redemption=make.redeem(her, make.service(cost=25)))
    moves = [(PointsAccount.objects.system("redeemed"), -7), (her.points_account, 7)]
    ledger.post(kind="returned", key="part", moves=moves, reverses=spent, by=None, at=NOW)
    assert [lot.left for lot in lots.lots(her.points_account)] == [0, 12]
    assert make.balance(her) == 12
