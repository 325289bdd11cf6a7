"""Earning rules: caps, versions, the preview of a change."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from care_points import operations, statement, versions
from care_points.models import EarningRule, Entry, PointsAccount, Transfer
from care_points.preview import preview
from care_points.sources import Source
from care_points.starting_rules import add_missing
from kernel import portal
from kernel.errors import Invalid
from tests import factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule():
    return EarningRule.objects.get(code="event_attendance")


def attend(talent, number, now=NOW):
    return operations.earn(
        rule_code="event_attendance", talent=talent, key=f"checkin:{number}", by=None, now=now
    )


def points(transfer):
    return transfer and transfer.entries.get(amount__gt=0).amount


# --- caps -------------------------------------------------------------------------------------------
def test_each_cap_gives_what_is_left_and_begins_anew_in_shanghai():
    EarningRule.objects.update(daily_cap=15, monthly_cap=30, yearly_cap=40)
    her = factories.talent()
    midnight = datetime(2026, 11, 23, 16, tzinfo=UTC)  # 24 November, 00:00 in Chongqing
    moments = [
        NOW,
        midnight - timedelta(seconds=1),
        midnight - timedelta(seconds=1),
        midnight,
        midnight + timedelta(hours=1),
        midnight + timedelta(days=1),
        datetime(2026, 11, 30, 16, tzinfo=UTC),
        datetime(2026, 12, 2, tzinfo=UTC),
        datetime(2026, 12, 31, 16, tzinfo=UTC),
    ]
    given = [points(attend(her, n, at)) for n, at in enumerate(moments)]
    assert given == [10, 5, None, 10, 5, None, 10, None, 10]


def test_what_is_taken_back_today_makes_no_room_today():
    EarningRule.objects.update(daily_cap=10)
    her = factories.talent()
    yesterday = attend(her, 1, NOW - timedelta(days=1))
    assert points(attend(her, 2)) == 10
    operations.reverse(transfer=yesterday, by=None, now=NOW)
    assert attend(her, 3) is None


IMPOSSIBLE = [
    ({"daily_cap": 20, "monthly_cap": 10}, "caps_do_not_fit", "每天的不能大于每月的"),
    ({"monthly_cap": 20, "yearly_cap": 10}, "caps_do_not_fit", "每月的不能大于每年的"),
    ({"daily_cap": 20, "yearly_cap": 10}, "caps_do_not_fit", "每天的不能大于每月的"),
    ({"daily_cap": 0}, "cap_out_of_range", "上限须是 1 以上的整数"),
    ({"monthly_cap": -1}, "cap_out_of_range", "上限须是 1 以上的整数"),
    ({"yearly_cap": 1.5}, "cap_out_of_range", "上限须是 1 以上的整数"),
    ({"yearly_cap": 2**31}, "cap_out_of_range", "上限须是 1 以上的整数"),
    ({"daily_cap": "NaN"}, "cap_out_of_range", "上限须是 1 以上的整数"),
    ({"points": 0}, "points_out_of_range", "每次的积分须是 1 到 1000 的整数"),
    ({"points": -1}, "points_out_of_range", "每次的积分须是 1 到 1000 的整数"),
    ({"points": 1.5}, "points_out_of_range", "每次的积分须是 1 到 1000 的整数"),
    ({"points": 2**31}, "points_out_of_range", "每次的积分须是 1 到 1000 的整数"),
    ({"points": float("nan")}, "points_out_of_range", "每次的积分须是 1 到 1000 的整数"),
]


@pytest.mark.parametrize(("fields", "code", "words"), IMPOSSIBLE)
def test_an_impossible_rule_is_refused_in_a_sentence_and_nothing_is_kept(
    client, rule, fields, code, words
):
    EarningRule.objects.update(yearly_cap=None)
    clerk, kept = factories.staff("points_clerk"), EarningRule.objects.filter(pk=rule.pk)
    before = (kept.values().get(), EarningRule.history.count())
    with pytest.raises(Invalid) as refusal:
        operations.change_rule(rule=rule, by=clerk, now=NOW, **fields)
    assert refusal.value.code == code
    client.force_login(clerk)
    page = client.post(address(rule), form(rule, **fields))
    assert words in page.content.decode()
    assert (kept.values().get(), EarningRule.history.count()) == before


@pytest.mark.parametrize("fields", [fields for fields, _code, _words in IMPOSSIBLE[:5]])
def test_the_database_refuses_it_as_well(rule, fields):
    rows = EarningRule.objects.filter(pk=rule.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**({"yearly_cap": None} | fields))


# --- versions ---------------------------------------------------------------------------------------
def test_an_award_of_old_is_explained_by_the_rule_of_its_day(client, rule):
    her, clerk = factories.talent(), factories.staff("points_clerk")
    old = attend(her, 1)
    operations.change_rule(rule=rule, by=clerk, now=NOW, points=15, daily_cap=30, yearly_cap=300)
    new = attend(her, 2)
    assert (old.rule_version, new.rule_version) == (1, 2)
    account = PointsAccount.objects.get(talent=her)
    lines = statement.page(account, her.user).rows
    assert [line.rule for line in lines] == [
        "规则第 2 版：每次 15 分；每天最多 30 分；每年最多 300 分；36 个月内有效",
        f"规则第 1 版：每次 10 分；{versions.caps(rule)[0]}；36 个月内有效",
    ]
    client.force_login(her.user)
    assert "规则第 1 版：每次 10 分" in client.get("/points/").content.decode()
    client.force_login(clerk)
    page = client.get(reverse("admin:care_points_transfer_change", args=[old.pk]))
    assert "规则第 1 版：每次 10 分" in page.content.decode()
    page = client.get(address(rule)).content.decode()
    assert "规则第 1 版：每次 10 分" in page and "规则第 2 版：每次 15 分" in page
    undone = operations.reverse(transfer=old, by=None, now=NOW)
    assert undone.rule_version == 1


def test_a_change_of_nothing_makes_no_version(rule):
    clerk = factories.staff("points_clerk")
    operations.change_rule(rule=rule, by=clerk, now=NOW, points=rule.points)
    rule.refresh_from_db()
    assert rule.version == 1


def test_an_app_to_come_brings_its_rule_with_all_its_caps():
    source = Source("荣誉", "Honour", unit="event", points=100, daily_cap=100, yearly_cap=200)
    with portal.declared("honours", portal.Declaration(points={"honour": source})):
        add_missing()
        made = operations.earn(
            rule_code="honour", talent=factories.talent(), key="honour:1", by=None, now=NOW
        )
    rule = EarningRule.objects.get(code="honour")
    assert (rule.daily_cap, rule.monthly_cap, rule.yearly_cap) == (100, None, 200)
    assert (points(made), versions.said([made])[rule.pk, 1][:14]) == (100, "规则第 1 版：每次 100")


# --- preview ----------------------------------------------------------------------------------------
LAST_YEAR = datetime(2025, 3, 10, 4, tzinfo=UTC)


def lived(women=3, times=4):
    """Let women come to some events of last year, two a day; one of all is taken back."""
    for woman in range(women):
        her = factories.talent()
        for n in range(times):
            at = LAST_YEAR + timedelta(days=n // 2)
            earned = attend(her, f"{woman}-{n}", at)
    operations.reverse(transfer=earned, by=None, now=LAST_YEAR + timedelta(days=9))


def terms(points=10, daily=None, monthly=None, yearly=None):
    return {"points": points, "daily_cap": daily, "monthly_cap": monthly, "yearly_cap": yearly}


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (terms(), 110),
        (terms(20), 220),
        (terms(20, daily=30), 2 * 60 + 30 + 20),
        (terms(20, monthly=50), 150),
        (terms(20, daily=30, monthly=55, yearly=52), 52 + 52 + 50),
    ],
)
def test_the_preview_counts_what_really_happened_under_other_terms(rule, asked, given):
    EarningRule.objects.update(yearly_cap=None)
    lived()
    found = preview(rule, asked, NOW)
    assert (found.year, found.points, found.women, found.times, found.really) == (
        2025,
        given,
        3,
        11,
        110,
    )


def test_the_preview_says_the_same_as_earning_does(rule):
    """Earned anew by the new terms, the same year gives what the preview said."""
    EarningRule.objects.update(yearly_cap=None)
    for woman in range(4):
        her = factories.talent()
        for n in range(9):
            attend(her, f"{woman}-{n}", LAST_YEAR + timedelta(days=(n * 7 * woman) % 60))
    told = preview(rule, terms(7, daily=9, monthly=20, yearly=33), NOW)
    happened = list(Transfer.objects.filter(rule=rule).order_by("at", "pk"))
    EarningRule.objects.update(points=7, daily_cap=9, monthly_cap=20, yearly_cap=33)
    again = {}
    for old in happened:
        her = old.entries.get(amount__gt=0).account.talent
        twin = again.setdefault(her.pk, factories.talent())
        attend(twin, f"again-{old.pk}", old.at)
    moved = Entry.objects.filter(account__talent__in=again.values())
    assert told.points == sum(moved.values_list("amount", flat=True))


def test_hours_are_counted_by_the_half_hour():
    rule = EarningRule.objects.get(code="volunteer_hours")
    hours = operations.record_hours(
        talent=factories.talent(),
        activity="科普讲座",
        starts_at=NOW - timedelta(days=2),
        half_hours=3,
        by=factories.staff("department_clerk"),
        now=NOW,
    )
    operations.confirm_hours(hours=hours, by=factories.staff("department_reviewer"), now=NOW)
    found = preview(rule, terms(5), NOW)
    assert (found.year, found.points, found.women) == (2026, 7, 1)


def address(rule):
    return reverse("admin:care_points_earningrule_change", args=[rule.pk])


def form(rule, **values):
    stored = {name: getattr(rule, name) for name in operations.RULE_FIELDS}
    return {name: "" if value is None else value for name, value in (stored | values).items()}


def test_a_change_is_shown_first_and_made_when_it_is_saved_again(client, rule):
    EarningRule.objects.update(yearly_cap=None)
    rule.refresh_from_db()
    lived()
    client.force_login(factories.staff("points_clerk"))
    first = client.post(address(rule), form(rule, points=20))
    words = "按 2025 年实际发生的 11 次试算：改后会向 3 人发放 220 分，当年实际发放 110 分。"
    assert words in first.content.decode()
    assert "还没有保存，请先核对" in first.content.decode()  # nothing is wrong yet
    assert "<title>请核对：" in first.content.decode().replace("\n", "").replace(" ", "")
    rule.refresh_from_db()
    assert (rule.points, rule.version) == (10, 1)
    seen = first.context["adminform"].form.previewed
    # Other terms than were shown are shown first as well.
    other = client.post(address(rule), form(rule, points=30) | {"previewed": seen})
    assert "发放 330 分" in other.content.decode()
    assert (
        client.post(address(rule), form(rule, points=20) | {"previewed": seen}).status_code == 302
    )
    rule.refresh_from_db()
    assert (rule.points, rule.version) == (20, 2)


def test_what_no_rule_may_give_is_refused_and_not_reckoned(client, rule):
    lived()
    client.force_login(factories.staff("points_clerk"))
    page = client.post(address(rule), form(rule, points=2**31)).content.decode()
    assert ("每次的积分须是 1 到 1000 的整数。" in page, "试算" in page) == (True, False)


def test_what_does_not_touch_points_is_saved_at_once(client, rule):
    client.force_login(factories.staff("points_clerk"))
    assert client.post(address(rule), form(rule, name="参加交流活动")).status_code == 302
    rule.refresh_from_db()
    assert (rule.name, rule.version) == ("参加交流活动", 2)


def test_nothing_to_count_is_said(client, rule):
    client.force_login(factories.staff("points_clerk"))
    page = client.post(address(rule), form(rule, points=20))
    assert "2026 年没有按这条规则发放过积分，无法试算。" in page.content.decode()
    assert make.balance(factories.talent()) == 0
