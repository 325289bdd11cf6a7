"""The four periods: what the law gives by day, her calculator, and how staff keep the rules."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kernel.errors import DomainError
from privacy.models import AuditEntry
from tests import factories
from workplaces.periods import operations, queue, reckoning
from workplaces.periods.models import PeriodRule

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 8)
PAGE = "/workplaces/periods/"


def answer(day=DAY, *, babies=1, difficult=False, before=0):
    """Return {what: says} of a birth."""
    found = reckoning.rules_on(day)
    lines = reckoning.after_birth(found, day=day, babies=babies, difficult=difficult, before=before)
    return {line.what: line.says for line in lines}


def rule(right):
    return PeriodRule.objects.get(right=right)


@pytest.mark.parametrize(
    ("given", "leave"),
    [
        ({}, "178 天：从 2026年3月8日 到 2026年9月1日"),
        ({"before": 15}, "178 天：从 2026年2月21日 到 2026年8月17日"),
        ({"difficult": True}, "193 天：从 2026年3月8日 到 2026年9月16日"),
        ({"babies": 3}, "208 天：从 2026年3月8日 到 2026年10月1日"),
        ({"babies": 2, "difficult": True}, "208 天：从 2026年3月8日 到 2026年10月1日"),
    ],
)
def test_leave_adds_up(given, leave):
    assert answer(**given)["产假"] == leave


def test_hours_nights_and_childcare_follow_the_day_of_birth():
    found = answer(babies=2)
    assert found["哺乳时间"] == "每个工作日 120 分钟，到 2027年3月7日（孩子满一周岁的前一天）"
    assert found["不加班、不上夜班"] == "从 2025年12月14日 前后（怀孕满 7 个月）到 2027年3月7日"
    assert found["育儿假"] == "父母各自每年 5 至 10 天，到 2032年3月7日（孩子满六周岁的前一天）"
    assert found["配偶护理假"] == "20 天"


def test_a_child_of_the_29th_of_february_is_nursed_until_the_27th():
    assert answer(date(2028, 2, 29))["哺乳时间"].startswith("每个工作日 60 分钟，到 2029年2月27日")


@pytest.mark.parametrize(("late", "days"), [(False, 15), (True, 42)])
def test_a_pregnancy_that_ended_early(late, days):
    lines = reckoning.after_loss(reckoning.rules_on(DAY), day=DAY, late=late)
    assert [line.what for line in lines] == ["产假", "工资和合同"]
    assert lines[0].says.startswith(f"{days} 天")


def test_a_rule_counts_from_its_first_day_to_its_last():
    old = rule("maternity")
    given = {name: getattr(old, name) for name in operations.RULE_FIELDS}
    operations.save_rule(rule=old, valid_until=date(2026, 12, 31), by=None, now=factories.NOW)
    new = given | {"amount": 128, "valid_from": date(2027, 1, 1)}
    operations.save_rule(rule=None, by=None, now=factories.NOW, **new)
    assert answer(date(2026, 12, 31))["产假"].startswith("178 天")
    assert answer(date(2027, 1, 1))["产假"].startswith("208 天")


# --- the page --------------------------------------------------------------------------------------
def post(client, **given):
    data = {"what": "birth", "day": "2026-03-08", "babies": 1, "before": 0}
    return client.post(PAGE, data | given)


def test_a_stranger_reads_and_counts_and_nothing_is_written(client):
    page = client.get(PAGE).content.decode()
    assert ("98 天产假" in page, "未核实" in page, "第七条第一款" in page) == (True, True, True)
    with CaptureQueriesContext(connection) as asked:
        told = post(client, before=15)
    writes = [
        q["sql"] for q in asked if not q["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))
    ]
    assert (told.status_code, writes) == (200, [])
    assert "178 天：从 2026年2月21日 到 2026年8月17日" in told.content.decode()
    assert "no-store" in told["Cache-Control"]
    assert (dict(client.session), AuditEntry.objects.count()) == ({}, 0)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"day": ""}, "请选择日期。"),
        ({"day": "昨天"}, "请按 2026-03-08 的样子填写日期。"),
        ({"day": "2021-11-25"}, "这里只有 2021-11-26 以后的规定；更早的请问单位人事部门。"),
        ({"day": "2999-01-01"}, "这一天太远，请核对日期。"),
        ({"before": 16}, "产前最多先休 15 天。"),
    ],
)
def test_wrong_input_is_one_sentence_and_keeps_what_was_typed(client, given, sentence):
    told = post(client, **({"babies": 2} | given))
    assert told.status_code == 422
    assert [one for errors in told.context["form"].errors.values() for one in errors] == [sentence]
    assert told.context["form"]["babies"].value() == "2"


def test_the_english_page_names_what_the_law_gives_in_english(client):
    page = client.get(f"/en{PAGE}").content.decode()
    assert ("98 days of leave for a birth." in page, "Not checked" in page) == (True, True)


def test_the_page_asks_the_same_of_few_rules_and_many(client):
    client.get(PAGE)
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    PeriodRule.objects.exclude(right="father").delete()
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    assert len(many) == len(few)


# --- staff -----------------------------------------------------------------------------------------
def refused(**given):
    """Return the code with which a change of the leave is refused."""
    with pytest.raises(DomainError) as said:
        operations.save_rule(rule=rule("maternity"), by=None, now=factories.NOW, **given)
    return said.value.code


def test_what_is_refused():
    assert refused(amount=None) == "amount_missing"
    assert refused(measure="minutes_a_day") == "measure_wrong"
    assert refused(right="no_loss", measure="") == "measure_missing"
    assert refused(amount_most=98) == "most_too_little"
    assert refused(valid_until=date(2012, 1, 1)) == "days_backwards"
    assert refused(right="father") == "rule_there"
    assert rule("maternity").amount == 98


def test_the_database_refuses_two_rules_for_one_day():
    with pytest.raises(IntegrityError), transaction.atomic():
        PeriodRule.objects.filter(right="father").update(right="maternity")


def test_checked_until_it_is_changed():
    found = operations.check_rule(rule=rule("maternity"), by=None, now=factories.NOW)
    assert found.checked_on == factories.NOW.date()
    found = operations.save_rule(rule=found, words_en="98 days", by=None, now=factories.NOW)
    assert found.checked_on is not None
    found = operations.save_rule(rule=found, amount=128, by=None, now=factories.NOW)
    assert found.checked_on is None


def test_a_clerk_compares_and_the_queue_gets_shorter(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    clerk = factories.staff("department_clerk")
    client.force_login(clerk)
    before = queue.to_check(clerk, factories.NOW).count
    there = f"/admin/workplaces/periodrule/{rule('father').pk}/"
    assert client.get(f"{there}compare/").status_code == 200
    assert client.post(f"{there}compare/").status_code == 302
    assert queue.to_check(clerk, factories.NOW).count == before - 1
    assert client.get("/admin/workplaces/periodrule/?checked=no").status_code == 200
    assert client.get("/admin/workplaces/periodrule/add/").status_code == 200


def test_what_is_over_is_not_compared():
    PeriodRule.objects.filter(right="father").update(valid_until=date(2022, 1, 1))
    with pytest.raises(DomainError) as said:
        operations.check_rule(rule=rule("father"), by=None, now=factories.NOW)
    assert said.value.code == "rule_over"
