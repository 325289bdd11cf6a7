"""The page of figures: what is counted, that it leads to the list it counts, that nobody counts what she may not see."""

from datetime import date, timedelta
from statistics import median

import pytest

from calls import operations as calling
from entrepreneurship import reports
from entrepreneurship.figures import finance, learning, plans, transfer, ventures
from entrepreneurship.transfer import interests
from entrepreneurship.ventures import operations
from events import operations as events
from events import queue
from events import reports as event_reports
from events.models import Event
from kernel.days import month_bounds
from reports.release import let_out
from tests import factories
from tests.calls import make as calls
from tests.entrepreneurship import coaching, finance_make, make, training, transfer_make
from tests.reports.exact import exact

NOW = factories.NOW
pytestmark = pytest.mark.django_db
LIST = "/admin/entrepreneurship/venture/"


@pytest.fixture
def clerk(settings):
    settings.STAFF_SECOND_FACTOR = False
    return factories.staff("department_clerk")


def company(name, registered, uscc):
    return make.registered(make.woman(full_name=name), day=registered, uscc=uscc, name=name)


@pytest.fixture
def three():
    """One alive in its fourth year, one closed in its second, one nobody answered for."""
    alive = company("甲", date(2022, 5, 20), make.USCC)
    make.answered(alive)
    closed = company("乙", date(2022, 5, 20), make.OTHER_USCC)
    operations.enter_stage(venture=closed, stage="closed", day=date(2023, 8, 1), by=None, now=NOW)
    unknown = company("丙", date(2022, 5, 20), make.THIRD_USCC)
    return alive, closed, unknown


def lines(part):
    return [*part.lines, *(line for _words, row in part.grid.rows for line in row)]


def values(part):
    return {line.words: line.value for line in (lines(part) if part.grid else part.lines)}


def test_a_venture_is_alive_closed_or_unknown_and_never_two_of_them(three, clerk):
    said = values(ventures.part(clerk, NOW.date()))
    names = ("存活", "已关闭", "情况不明")
    assert [said[f"注册满 1 年：{name}"] for name in names] == [2, 0, 1]
    assert [said[f"注册满 3 年：{name}"] for name in names] == [1, 1, 1]
    assert [said[f"注册满 5 年：{name}"] for name in names] == [0, 0, 0]
    assert (said["企业人数"], said["其中女性"]) == (12, 5)


def test_each_figure_leads_to_a_list_of_as_many(three, clerk, client):
    client.force_login(clerk)
    people = ("企业人数", "其中女性")
    for line in lines(ventures.part(clerk, NOW.date())):
        if line.words in people:
            continue
        assert (line.words, client.get(line.link).context["cl"].result_count) == (
            line.words,
            line.value,
        )


def test_the_page_is_read_by_who_sees_ventures_and_counts_her_department_alone(
    three, clerk, client
):
    client.force_login(clerk)
    assert "注册满 3 年：存活" in client.get(f"{LIST}figures/").content.decode()
    stranger = factories.staff("department_clerk", department_code="science_innovation")
    assert set(values(ventures.part(stranger, NOW.date())).values()) == {0}
    client.force_login(factories.staff("points_clerk"))
    assert client.get(f"{LIST}figures/").status_code == 403
    client.force_login(three[0].talent.user)
    assert client.get(f"{LIST}figures/").status_code in (302, 403)


def test_plans_count_what_stands(clerk):
    her = make.woman(unit=factories.unit())
    make.venture(her)
    member = make.plan_member(her)
    make.plan_member(make.woman(full_name="林创", unit=factories.unit()))
    assert list(values(plans.part(clerk, NOW.date())).values()) == [2, 1, 0, 0, 0, "—"]
    calling.note_taken_back(application=member.application, taken_back=True, now=NOW)
    assert list(values(plans.part(clerk, NOW.date())).values()) == [1, 0, 0, 0, 0, "—"]


def test_who_judges_plans_is_counted_and_leads_to_the_reviews(clerk, client):
    review = calls.review(applications=0, panel=2, **make.PLAN)
    outside = {"full_name": "周评", "unit_text": "外地大学", "phone": "13900000009"}
    left = calling.add_reviewer(review=review, person=outside, by=None, now=NOW)
    said = values(plans.part(clerk, NOW.date()))
    assert (said["评审席位"], said["评审席位：库内女性"]) == (3, "67%")
    type(left).objects.filter(pk=left.pk).update(left_at=NOW)
    said = values(plans.part(clerk, NOW.date()))
    assert (said["评审席位"], said["评审席位：库内女性"]) == (2, "100%")
    client.force_login(clerk)
    for line in plans.part(clerk, NOW.date()).lines:
        assert client.get(line.link).status_code == 200
    assert client.get(line.link).context["cl"].result_count == 1
    stranger = factories.staff("department_clerk", department_code="science_innovation")
    assert values(plans.part(stranger, NOW.date()))["评审席位"] == 0


def test_a_figure_of_plans_leads_to_a_list_of_as_many(clerk, client):
    her = make.woman(unit=factories.unit())
    make.venture(her)
    member = make.plan_member(her)
    make.plan_member(make.woman(full_name="林创", unit=factories.unit()))
    calling.note_taken_back(application=member.application, taken_back=True, now=NOW)
    client.force_login(clerk)
    for line in plans.part(clerk, NOW.date()).lines:
        if line.words in ("入选", "其中有创业项目", "向上推荐后获批"):
            assert client.get(line.link).context["cl"].result_count == line.value


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_with_one_venture_and_with_three(
    client, clerk, count, django_assert_num_queries
):
    for number in range(count):
        make.venture(make.woman(full_name=f"林{number}"))
    client.force_login(clerk)
    client.get(f"{LIST}figures/")
    with django_assert_num_queries(25):
        client.get(f"{LIST}figures/")


def test_training_and_coaching_count_what_took_place(clerk):
    of = training.programme()
    training.enrolled(of)
    coaching.confirmed()
    coaching.coach(factories.user("穆教练"), sex="1")
    assert values(learning.part(clerk, NOW.date())) == {
        "参加培训": 1,
        "已结业": 0,
        "再缺一场就不够": 0,
        "已不够结业": 0,
        "培训学时": 0,
        "创业辅导人": 2,
        "其中女性": "50%",
        "公布的辅导时段": 1,
        "双方确认已进行": 1,
        "等候（中位数）": "3.2 天",
    }


def test_introductions_to_banks_are_a_funnel_with_the_days_between(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    product = finance_make.shown()
    for answers in (("received", "contacted"), ("received", "declined"), ()):
        finance_make.referral(*answers, one=product)
    officer = finance_make.officer()
    said = values(finance.part(officer, NOW.date()))
    assert [said[name] for name in list(said)[:5]] == [
        3,
        "2（0 天）",
        "1（0 天）",
        "0（—）",
        "0（—）",
    ]
    assert said["银行未批准"] == 1
    client.force_login(officer)
    assert client.get(f"{LIST}figures/").status_code == 200
    for line, count in zip(finance.part(officer, NOW.date()).lines, (3, 2, 1, 0, 0), strict=False):
        assert client.get(line.link).context["cl"].result_count == count


def test_transfer_counts_from_what_both_agreed_to_and_a_contract_once(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    mediator = transfer_make.mediator()
    transfer_make.signed(by=mediator)
    transfer_make.interest()  # nobody else's business yet
    said = values(transfer.part(mediator, NOW.date()))
    step = "1（0 天）"
    assert list(said.values()) == [2, 1, "0 天", step, step, step, 1, 0, 360000, 0]
    stranger = transfer_make.mediator()
    assert list(values(transfer.part(stranger, NOW.date())).values())[6:] == [0, 0, 0, 0]
    client.force_login(mediator)
    assert client.get(f"{LIST}figures/").status_code == 200
    for line in transfer.part(mediator, NOW.date()).lines:
        found = client.get(line.link).context["cl"].result_count
        assert line.words in ("合同金额（元）", "已到账（元）") or found in (1, line.value)
    auditor = factories.staff("auditor")
    assert "双方同意的意向" not in values(transfer.part(auditor, NOW.date()))


def test_waits_are_the_middle_of_what_each_waited(settings):
    """Of four introductions the median is between the two in the middle; of three results the second."""
    settings.STAFF_SECOND_FACTOR = False
    product, waits = finance_make.shown(), (1, 2, 5, 9)
    for days in waits:
        one = finance_make.referral(one=product, venture=make.venture(make.woman()))
        finance_make.say(one, "received", now=NOW + timedelta(days=days))
    said = values(finance.part(finance_make.officer(), NOW.date()))
    assert said["到过“银行已收到”"] == f"4（{median(waits)} 天）"
    mediator = transfer_make.mediator()
    for days in (1, 2, 6):
        agreed = transfer_make.agreed()
        at = NOW + timedelta(days=days)
        taken = interests.take_on_interest(interest=agreed, by=mediator, now=at)
    ended = interests.end_interest(interest=taken, reason="price", by=mediator, now=at)
    assert ended.state == "ended"
    said = values(transfer.part(mediator, NOW.date()))
    assert said["到过“技术经理人对接中”"] == "3（2 天）"


def test_hours_and_reports_count_each_thing_once(clerk, client):
    coaching.confirmed()
    client.force_login(clerk)
    (held,) = (one for one in learning.part(clerk, NOW.date()).lines if "已进行" in one.words)
    assert client.get(held.link).context["cl"].result_count == held.value == 1


def test_the_monthly_report_tells_measures_three_and_four_in_tens():
    november = month_bounds(date(2026, 11, 1))
    her = make.registered(make.woman(), now=NOW)
    make.answered(her)
    finance_make.referral("received", "contacted", "approved", venture=her)
    make.request()
    transfer_make.signed()
    assert exact(reports.monthly(*november)) == {
        "begun": 1,
        "registered": 1,
        "jobs": 12,
        "women_jobs": 5,
        "selected": 0,
        "completed": 0,
        "coached": 0,
        "introduced": 1,
        "approved": 1,
        "disbursed": 0,
        "base_asked": 1,
        "base_answered": 0,
        "published": 1,
        "contracts": 1,
    }
    assert set(exact(reports.monthly(*month_bounds(date(2026, 10, 1)))).values()) == {0}
    told = let_out("entrepreneurship", reports.monthly(*november), month=date(2026, 11, 1), now=NOW)
    assert set(told.values()) == {None}  # of one woman nothing is told
    titles = [section.title for section in reports.sections(told)]
    assert titles == ["措施三 · 创业创新", "措施四 · 平台和成果转化"]


def test_an_hour_of_coaching_is_no_event_of_the_programme_even_when_its_coach_is_erased(clerk):
    """It is counted as coaching alone; events are what more than two people come to."""
    hour, _booking, _talk = coaching.confirmed()
    gone = coaching.hour(hour.coach, starts_at=coaching.START + timedelta(days=1))
    events.cancel_event(event=gone.event, reason="有事", by=None, now=NOW)
    coaching.hour(hour.coach, starts_at=coaching.START + timedelta(days=2))  # to come
    salon = factories.event(starts_at=hour.event.starts_at, capacity=30)
    after = max(hour.event.ends_at, salon.ends_at) + timedelta(minutes=1)

    def counted():
        month = exact(event_reports.monthly(NOW - timedelta(days=1), after))
        told = event_reports.statistics(after)
        return (
            (month["held"], month["cancelled"], month["capacity"]),
            (month["booked"], month["by_kind"]),
            (told["held"], told["upcoming"], told["cancelled"]),
            (Event.objects.counted(after)["held"], queue.upcoming(clerk, after)),
        )

    of_the_salon = ((1, 0, 30), (0, {"salon": 1}), (1, 0, 0), (1, 0))
    assert counted() == of_the_salon
    Event.objects.update(leader=None)  # what erasing the coach leaves
    assert counted() == of_the_salon
    assert values(learning.part(clerk, NOW.date()))["双方确认已进行"] == 1
