"""The self-check before applying, which conditions a refusal names, what is offered next, how often one is selected."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from calls import operations, rules, self_check
from calls.models import Application, Requirement
from kernel.errors import Conflict, DomainError, Invalid, Refused
from privacy.models import AuditEntry
from tests import factories
from tests.calls import make

NOW, DAY = factories.NOW, timedelta(days=1)
pytestmark = pytest.mark.django_db


def call_with(*requirements, **fields):
    draft = make.draft(**fields)
    for values in requirements:
        make.requirement(draft, **values)
    return operations.open_call(call=draft, by=None, now=NOW)


AGE = {"text": "年龄不超过 45 周岁", "answered_by": "age", "most_age": 45}
DEGREE = {"text": "有硕士以上学位", "answered_by": "degree", "least_degree": "3"}
ABROAD = {"text": "有海外学习经历", "answered_by": "overseas"}
OFFICE = {"text": "属于重点产业", "answered_by": "office", "office": "市科技局"}


def outcomes(call, talent, answers=None):
    return [str(line.outcome) for line in self_check.checked(call, talent, answers or {})]


# --- what comes of a condition ----------------------------------------------------------------------
def test_each_condition_is_met_not_met_open_or_somebody_elses_to_decide():
    call = call_with({}, AGE, DEGREE, ABROAD, OFFICE, contact="023-0000")
    asked = call.requirements.get(answered_by="herself").pk
    woman = factories.talent(degree="2", overseas_study=True)
    assert outcomes(call, woman, {asked: "yes"}) == ["met", "met", "met", "met", "office"]
    older = factories.talent(birth_month=date(1970, 1, 1), degree="4")
    assert outcomes(call, older, {asked: "no"}) == [
        "not_met",
        "not_met",
        "not_met",
        "open",
        "office",
    ]
    unknown = factories.talent(birth_month=None)
    assert outcomes(call, unknown, {asked: "unsure"}) == ["open", "open", "open", "open", "office"]
    assert outcomes(call, None, {asked: "yes"}) == ["met", "open", "open", "open", "office"]
    unsure = self_check.checked(call, unknown, {asked: "unsure"})[0]
    assert unsure.why == "拿不准的，可以咨询：023-0000。"


@pytest.mark.parametrize(
    ("born", "outcome"),
    [(date(1981, 1, 1), "met"), (date(1980, 12, 1), "met"), (date(1980, 1, 1), "not_met")],
)
def test_age_is_counted_on_the_day_of_the_deadline(born, outcome):
    """Forty-five until the day before the forty-sixth birthday; a record knows the month alone."""
    call = call_with(AGE, closes_at=NOW.replace(year=2026, month=12, day=15))
    assert outcomes(call, factories.talent(birth_month=born)) == [outcome]


# --- staff write them --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (AGE | {"most_age": None}, "most_age_missing"),
        (DEGREE | {"least_degree": ""}, "least_degree_missing"),
        (OFFICE | {"office": ""}, "office_missing"),
        ({"in_force_until": date(2023, 12, 31)}, "document_over_before"),
        ({"text": "有了"}, "requirement_twice"),
    ],
)
def test_a_condition_that_cannot_stand_is_one_sentence_and_no_row(wrong, code):
    draft = make.draft()
    make.requirement(draft, text="有了")
    with pytest.raises(Invalid) as refused:
        make.requirement(draft, **wrong)
    assert (refused.value.code, draft.requirements.count()) == (code, 1)


def test_no_more_than_twenty_conditions():
    draft = make.draft()
    for number in range(20):
        make.requirement(draft, text=f"条件 {number}")
    with pytest.raises(Conflict) as refused:
        make.requirement(draft, text="再来一条")
    assert (refused.value.code, draft.requirements.count()) == ("requirements_full", 20)


def test_what_another_way_of_judging_needed_is_dropped():
    draft = make.draft()
    one = make.requirement(draft, **AGE)
    values = {"answered_by": "office", "office": "市科技局"}
    operations.save_requirement(call=draft, requirement=one, values=values, by=None, now=NOW)
    one.refresh_from_db()
    assert (one.most_age, one.office) == (None, "市科技局")


def test_the_database_holds_what_the_form_asks():
    draft = make.draft()
    one = make.requirement(draft)
    with pytest.raises(IntegrityError), transaction.atomic():
        Requirement.objects.filter(pk=one.pk).update(most_age=40)
    with pytest.raises(IntegrityError), transaction.atomic():
        Requirement.objects.filter(pk=one.pk).update(in_force_until=date(2020, 1, 1))


def test_once_open_they_are_frozen_and_a_copy_has_them():
    call = call_with({}, AGE)
    with pytest.raises(Conflict):
        make.requirement(call, text="新条件")
    with pytest.raises(IntegrityError), transaction.atomic():
        call.requirements.update(text="改了")
    again = {"opens_at": NOW + 300 * DAY, "closes_at": NOW + 310 * DAY}
    copy = operations.copy_call(call=call, by=None, now=NOW, **again)
    assert [str(one) for one in copy.requirements.all()] == ["回国未满五年", "年龄不超过 45 周岁"]


def test_a_call_does_not_open_on_a_document_that_is_over_by_its_deadline():
    draft = make.draft()
    make.requirement(draft, in_force_until=draft.closes_at.date() - DAY)
    error = rules.why_not_open(draft, NOW)
    assert (error.code, str(error)) == (
        "document_out_of_force",
        "自查条件“回国未满五年”的依据文件在申报截止那天不在有效期内，请先更新。",
    )
    draft.requirements.update(in_force_until=draft.closes_at.date() + DAY)
    assert rules.why_not_open(draft, NOW) is None


def test_they_change_places():
    draft = make.draft()
    make.requirement(draft, text="甲")
    second = make.requirement(draft, text="乙")
    for _twice in range(2):  # the first stays where it is
        operations.move_requirement_up(requirement=second, by=None, now=NOW)
    assert [one.text for one in draft.requirements.all()] == ["乙", "甲"]


# --- her page ----------------------------------------------------------------------------------------
def test_she_checks_herself_and_goes_on_to_apply(client):
    call = call_with({}, AGE)
    client.force_login(factories.talent().user)
    where = f"/calls/{call.code}/check/"
    assert f'href="{where}"' in client.get(f"/calls/{call.code}/").content.decode()
    asked = call.requirements.get(answered_by="herself").key
    empty = client.post(where, {})
    assert (empty.status_code, "请选一个；拿不准就选“不清楚”。" in empty.content.decode()) == (
        422,
        True,
    )
    page = client.post(where, {asked: "yes"}).content.decode()
    assert ("没有发现不符合的条件" in page, "开始申报" in page, "仍然开始申报" in page) == (
        True,
        True,
        False,
    )
    page = client.post(where, {asked: "no"}).content.decode()
    assert ("有条件不符合" in page, "仍然开始申报" in page) == (True, True)
    assert (
        Application.objects.count(),
        AuditEntry.objects.filter(action__contains="check").count(),
    ) == (0, 0)


def test_who_has_not_signed_in_checks_what_she_can_answer(client):
    call = call_with({}, AGE)
    asked = call.requirements.get(answered_by="herself").key
    page = client.post(f"/calls/{call.code}/check/", {asked: "yes"}).content.decode()
    assert ("登录后按您的档案判断。" in page, "登录后申报" in page) == (True, True)


def test_a_call_without_conditions_has_no_self_check_and_a_draft_no_page(client):
    call = make.call()
    assert client.get(f"/calls/{call.code}/check/").headers["Location"] == f"/calls/{call.code}/"
    assert "/check/" not in client.get(f"/calls/{call.code}/").content.decode()
    draft = make.draft()
    make.requirement(draft)
    assert client.get(f"/calls/{draft.code}/check/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_with_one_condition_and_with_three(
    client, django_assert_num_queries, count
):
    call = call_with(*({"text": f"条件 {number}"} for number in range(count)))
    client.force_login(factories.talent().user)
    where = f"/calls/{call.code}/check/"
    client.get(where)
    with django_assert_num_queries(4):
        client.get(where)


# --- turned down --------------------------------------------------------------------------------------
def test_a_refusal_names_conditions_and_offers_what_is_open_besides(client):
    call = call_with({}, AGE, title="留创计划")
    woman = factories.talent(unit=factories.unit())
    other = make.call(title="最美巾帼奋斗者", department=woman.department)
    mine = make.handed_in(call, woman)
    unmet = [call.requirements.first()]
    operations.refuse_application(
        application=mine, reason="回国时间不符合", unmet=unmet, by=None, now=NOW
    )
    client.force_login(woman.user)
    page = client.get(mine.get_absolute_url()).content.decode()
    assert "回国未满五年" in page
    assert "留创计划实施办法第四条" in page
    assert other.title in page
    operations.undo_check(application=mine, by=None, now=NOW)
    assert mine.unmet.count() == 0


def test_the_conditions_of_another_call_are_not_named():
    call, elsewhere = call_with({}), call_with(AGE)
    mine = make.handed_in(call)
    unmet = [elsewhere.requirements.get()]
    operations.refuse_application(
        application=mine, reason="不符合条件", unmet=unmet, by=None, now=NOW
    )
    assert mine.unmet.count() == 0


def test_staff_tick_the_conditions_where_they_refuse(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    call = call_with({}, AGE)
    mine = make.handed_in(call)
    client.force_login(factories.staff("department_clerk"))
    where = f"/admin/calls/application/{mine.pk}/refuse/"
    assert "年龄不超过 45 周岁" in client.get(where).content.decode()
    sent = {"reason": "年龄超过规定", "unmet": [call.requirements.last().pk]}
    assert client.post(where, sent).status_code == 302
    assert [str(one) for one in mine.unmet.all()] == ["年龄不超过 45 周岁"]


# --- how often ----------------------------------------------------------------------------------------
LIMITED = {"award": "留创资助", "most_awards": 2, "kind": "fund", "measure": 3}


def select(call, woman, at):
    mine = make.accepted(call, woman, at)
    return operations.decide_application(application=mine, result="awarded", by=None, now=at)


def test_a_woman_is_selected_as_often_as_the_award_allows():
    woman = factories.talent(unit=factories.unit())
    for year in range(2):
        at = NOW + 30 * year * DAY
        mine = select(make.call(at, **LIMITED), woman, at)
        operations.conclude_call(call=mine.call, by=None, now=at + 11 * DAY)
    third = make.call(NOW + 90 * DAY, **LIMITED)
    with pytest.raises(Refused) as refused:
        make.begun(third, woman, NOW + 90 * DAY)
    assert str(refused.value) == "“留创资助”一人最多入选 2 次，已经入选过 2 次。"
    other = make.begun(make.call(NOW + 90 * DAY, award="别的"), woman, NOW + 90 * DAY)
    assert other.state == "draft"


def test_two_calls_at_once_do_not_select_her_once_too_often():
    """Both results were noted before either was told: the second call's results are not told like that."""
    woman = factories.talent(unit=factories.unit())
    limited = LIMITED | {"most_awards": 1}
    first, second = (select(make.call(**limited), woman, NOW) for _call in range(2))
    operations.conclude_call(call=first.call, by=None, now=NOW + 11 * DAY)
    with pytest.raises(Conflict) as refused:
        operations.conclude_call(call=second.call, by=None, now=NOW + 11 * DAY)
    assert refused.value.code == "awards_full"
    operations.decide_application(
        application=second, result="not_awarded", by=None, now=NOW + 11 * DAY
    )
    operations.conclude_call(call=second.call, by=None, now=NOW + 11 * DAY)
    assert Application.objects.filter(talent=woman, state="awarded").count() == 1


@pytest.mark.parametrize("most", [0, 21])
def test_a_limit_out_of_range_is_said_in_the_form(client, settings, most):
    settings.STAFF_SECOND_FACTOR = False
    draft = make.draft(award="留创资助")
    client.force_login(factories.staff("department_clerk"))
    page = client.get(f"/admin/calls/call/{draft.pk}/change/")
    form = page.context["adminform"].form
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value is not None} | {
        "most_awards": most
    }
    answer = client.post(f"/admin/calls/call/{draft.pk}/change/", sent)
    draft.refresh_from_db()
    assert (answer.status_code, draft.most_awards) == (200, None)


def test_a_limit_needs_the_name_of_the_award():
    with pytest.raises(DomainError) as refused:
        make.draft(most_awards=2)
    assert refused.value.code == "award_missing"
