"""From a plan's result to its cohort: who joins, with which venture, what follows, what is recommended upward."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from calls import operations as calling
from calls import personal_data
from entrepreneurship.plans import operations, words
from entrepreneurship.plans.history import history
from entrepreneurship.plans.models import PlanMember
from honours import operations as honours
from honours.models import Recommendation
from kernel.errors import Conflict, Invalid
from kernel.portal import Person
from talents import operations as merging
from talents.models import Merge
from tests import factories
from tests.calls import make as calls
from tests.entrepreneurship import make
from tests.honours import make as honour_make

NOW, DAY = factories.NOW, timedelta(days=1)
pytestmark = pytest.mark.django_db


def woman(name="何创"):
    return make.woman(full_name=name, unit=factories.unit())


# --- the cohort ---------------------------------------------------------------------------------------
def test_whom_a_plan_selects_joins_its_cohort_with_her_only_venture():
    her = woman()
    venture = make.venture(her)
    member = make.plan_member(her)
    assert (member.talent, member.venture, member.call.title) == (her, venture, "2026 年留创计划")


def test_with_two_ventures_none_is_guessed_and_she_says_which(client):
    her = woman()
    _one, other = make.venture(her), make.venture(her, name="第二个")
    member = make.plan_member(her)
    assert member.venture is None
    client.force_login(her.user)
    where = f"/innovation/plans/{member.pk}/venture/"
    assert client.post(where, {"venture": other.pk}).status_code == 302
    member.refresh_from_db()
    assert member.venture == other
    assert client.post(where, {"venture": ""}).status_code == 302  # and takes it back
    member.refresh_from_db()
    assert member.venture is None


@pytest.mark.parametrize("result", ["reserve", "not_awarded"])
def test_who_is_not_selected_joins_nothing(result):
    make.concluded(make.plan(), woman(), result=result)
    assert PlanMember.objects.count() == 0


def test_an_honour_makes_no_cohort_and_telling_twice_makes_one_member():
    make.concluded(make.plan(measure=5, kind="honour"), woman())
    assert PlanMember.objects.count() == 0
    plan = make.plan()
    (row,), at = make.concluded(plan, woman("林创"))
    calling.conclude_call(call=plan, by=None, now=at)
    operations.join_cohort(application=row, now=at)
    row.refresh_from_db()
    operations.join_cohort(application=row, now=at)
    assert PlanMember.objects.count() == 1


def test_who_moves_up_from_reserve_joins_too():
    plan = make.plan(places=1)
    first, second = (calls.accepted(plan, woman(name), NOW) for name in ("何创", "林创"))
    at = calls.over(first)
    for row, result in ((first, "not_awarded"), (second, "reserve")):
        calling.decide_application(application=row, result=result, by=None, now=at)
    calling.conclude_call(call=plan, by=None, now=at)
    second.refresh_from_db()
    calling.move_up(application=second, reason="名额有空缺", by=None, now=at + DAY)
    assert [member.talent for member in PlanMember.objects.all()] == [second.talent]


def test_a_venture_of_somebody_else_is_refused_and_none_written(client):
    member = make.plan_member(woman())
    foreign = make.venture(woman("林创"))
    with pytest.raises(Invalid) as refused:
        operations.link_venture(member=member, venture=foreign, by=None, now=NOW)
    assert refused.value.code == "venture_not_hers"
    client.force_login(member.talent.user)
    where = f"/innovation/plans/{member.pk}/venture/"
    answer = client.post(where, {"venture": foreign.pk})
    assert (
        answer.status_code,
        "只能选本人已确认为创始人的创业项目。" in answer.content.decode(),
    ) == (
        422,
        True,
    )
    member.refresh_from_db()
    assert member.venture is None


def test_what_was_taken_back_is_changed_no_more():
    member = make.plan_member(woman())
    calling.note_taken_back(application=member.application, taken_back=True, now=NOW)
    member.refresh_from_db()
    with pytest.raises(Conflict) as refused:
        operations.link_venture(member=member, venture=None, by=member.talent.user, now=NOW)
    assert refused.value.code == "taken_back"
    assert list(PlanMember.objects.standing()) == []


# --- instalments, upward ------------------------------------------------------------------------------
def test_what_was_paid_and_what_is_settled_is_said():
    steps = (calls.REPORT, calls.PAYMENT)
    member = make.plan_member(woman(), steps=steps)
    member = operations.read(PlanMember.objects.all()).get()
    assert (words.settled(member), words.paid(member)) == ("0 / 2", 0)
    report = member.application.dues.get(step__kind="report")
    calling.accept_due(due=calls.due_in(report), by=None, now=NOW + 12 * DAY)
    payment = member.application.dues.get(step__kind="payment")
    calling.pay_due(
        due=payment,
        amount=payment.step.amount,
        paid_on=(member.call.closes_at + 5 * DAY).date(),
        reference="凭证 1",
        by=None,
        now=member.call.closes_at + 20 * DAY,
    )
    member = operations.read(PlanMember.objects.all()).get()
    assert (words.settled(member), words.paid(member)) == ("2 / 2", payment.step.amount)


def test_a_plan_leads_upward_and_the_answer_stands_with_the_cohort():
    draft = calls.draft(NOW, **make.PLAN)
    city = honour_make.honour(honour_make.CITY)
    honours.set_call_honour(call=draft, honour=city, by=None, now=NOW)
    plan = calling.open_call(call=draft, by=None, now=NOW)
    make.concluded(plan, woman())
    row = Recommendation.objects.get()
    member = operations.read(PlanMember.objects.all()).get()
    assert words.recommended(member) == f"{city.label}：待报送"
    at = plan.closes_at + 2 * DAY
    honours.send_recommendation(
        recommendation=row, sent_to="重庆市人社局", sent_on=at.date(), by=None, now=at
    )
    member = operations.read(PlanMember.objects.all()).get()
    assert words.recommended(member) == f"{city.label}：已报送，等待结果"


# --- pages --------------------------------------------------------------------------------------------
def test_everybody_sees_open_plans_and_she_what_she_was_selected_for(client):
    open_one = make.plan(title="成果转化支持计划", measure=4)
    member = make.plan_member(woman())
    page = client.get("/innovation/plans/").content.decode()
    assert (open_one.title in page, "我入选的计划" in page) == (True, False)
    client.force_login(member.talent.user)
    assert "我入选的计划" in client.get("/innovation/plans/").content.decode()
    client.force_login(woman("林创").user)
    assert "我入选的计划" not in client.get("/innovation/plans/").content.decode()


def test_another_woman_does_not_find_her_place(client):
    member = make.plan_member(woman())
    client.force_login(woman("林创").user)
    assert client.get(f"/innovation/plans/{member.pk}/venture/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_with_one_member_and_with_three(
    client, settings, django_assert_num_queries, count
):
    settings.STAFF_SECOND_FACTOR = False
    women = [woman(name) for name in ("何创", "林创", "王创")[:count]]
    for her in women:
        make.venture(her)
    make.concluded(make.plan(steps=(calls.REPORT,)), *women)
    client.force_login(factories.staff("department_clerk"))
    where = "/admin/entrepreneurship/planmember/"
    client.get(where)
    with django_assert_num_queries(9):
        assert client.get(where).status_code == 200


def test_staff_take_the_cohort_out_as_a_list_and_another_department_sees_none(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    her = woman()
    make.venture(her)
    make.plan_member(her)
    client.force_login(factories.staff("department_clerk"))
    sent = client.get("/admin/entrepreneurship/planmember/export/")
    rows = list(load_workbook(BytesIO(sent.content)).active.iter_rows(values_only=True))
    assert [row[0] for row in rows if row[0]][-1] == "2026 年留创计划"
    client.force_login(factories.staff("department_clerk", department_code="science_innovation"))
    found = client.get("/admin/entrepreneurship/planmember/").context["cl"].result_count
    assert found == 0


def test_erased_her_venture_goes_from_the_cohort():
    from entrepreneurship.plans import personal_data
    from kernel.portal import Person

    her = woman()
    make.venture(her)
    member = make.plan_member(her)
    assert personal_data.erase(Person(her.user, (her,), "—"), NOW) == 1
    member.refresh_from_db()
    assert member.venture is None


# --- two records, one woman ---------------------------------------------------------------------------
def merged(keep, lose):
    return merging.merge_records(
        keep=keep, lose=lose, reason="电话核实是同一人", by=None, now=NOW + 60 * DAY
    )


def imported(lose):
    """Return a record of the same woman that nobody signs in to."""
    return factories.talent(full_name=lose.full_name, user=None, source="import", unit=lose.unit)


def test_a_place_goes_over_with_her_application_and_back():
    lose = woman()
    venture, member = make.venture(lose), make.plan_member(lose)
    keep = imported(lose)
    merge = merged(keep, lose)
    member.refresh_from_db()
    assert (member.talent, member.application.talent, member.venture) == (keep, keep, venture)
    about = {"reason": "经核对不是同一人", "by": None, "now": NOW + 60 * DAY}
    merging.undo_merge(merge=Merge.objects.get(pk=merge.pk), **about)
    member = make.fresh(member)
    assert (member.talent, member.application.talent) == (lose, lose)


def test_where_both_had_applied_her_place_stays_with_its_application():
    plan, lose = make.plan(), woman()
    keep = imported(lose)
    rows, _at = make.concluded(plan, lose, keep)
    merged(keep, lose)
    members = PlanMember.objects.filter(application__in=rows)
    assert all(one.talent_id == one.application.talent_id for one in members)
    assert {one.talent for one in members} == {lose, keep}


def test_of_a_refusal_her_copy_names_what_was_not_met_and_erased_it_is_gone():
    draft = calls.draft(NOW, **make.PLAN)
    condition = calls.requirement(draft)
    plan = calling.open_call(call=draft, by=None, now=NOW)
    her = woman()
    mine = calls.handed_in(plan, her)
    calling.refuse_application(
        application=mine, reason="回国时间已超过五年", unmet=[condition], by=None, now=NOW
    )
    groups = {str(group.title): group for group in personal_data.collect(her.user)}
    (row,) = groups["没有满足的条件"].rows
    assert (row.application, row.requirement) == (mine, condition)
    personal_data.erase(Person(her.user, (her,), "已删除用户 7"), NOW)
    assert not mine.unmet.exists()


def test_a_draft_of_a_plan_goes_as_any_other_and_leaves_no_cohort():
    plan, her = make.plan(), woman()
    calling.start_application(call=plan, talent=her, by=None, now=NOW)
    personal_data.erase(Person(her.user, (her,), "已删除用户 7"), NOW)
    assert set(plan.applications.values_list("state", flat=True)) == {"withdrawn"}
    assert not PlanMember.objects.exists()


# --- what became of it, in sentences ------------------------------------------------------------------
def test_her_history_says_each_step_in_a_sentence(client):
    plan = make.plan(steps=(calls.REPORT, calls.PAYMENT))
    her = woman()
    rows, at = make.concluded(plan, her)
    report, payment = rows[0].dues.order_by("step__order")
    handed_in = calls.due_in(report, at + 3 * DAY)
    calling.accept_due(due=handed_in, by=None, now=at + 5 * DAY)
    calling.pay_due(
        due=make.fresh(payment),
        amount=payment.step.amount,
        paid_on=timezone.localdate(at + 6 * DAY),
        reference="记字 31",
        by=None,
        now=at + 6 * DAY,
    )
    (member,) = operations.read(PlanMember.objects.all())
    said = [sentence.partition(") ")[2] for _day, sentence in history(member)]
    assert said == [
        f"拨付“{payment.step.name}” 8,000 元",
        f"“{report.step.name}”通过",
        f"提交“{report.step.name}”",
        "入选“2026 年留创计划”",
    ]
    client.force_login(her.user)
    assert f"提交“{report.step.name}”" in client.get("/innovation/plans/").content.decode()


# --- typed once ---------------------------------------------------------------------------------------
def lines_of(*codes):
    """Return a plan whose form begins with what her venture says."""
    draft = calls.draft(NOW, lines=False, **make.PLAN)
    for code in codes:
        calls.line(draft, code, profile=code, required=False)
    return calling.open_call(call=draft, by=None, now=NOW)


def test_a_form_begins_with_what_her_venture_says():
    her = woman()
    make.venture(her, name="旧的")
    make.registered(her, base=make.base())
    codes = ("venture_name", "venture_uscc", "venture_industry", "venture_stage", "venture_base")
    plan = lines_of(*codes)
    mine = calling.start_application(call=plan, talent=her, by=None, now=NOW)
    said = {answer.field.profile: answer.text for answer in mine.answers.select_related("field")}
    assert said == {
        "venture_name": "听声科技",
        "venture_uscc": make.USCC,
        "venture_industry": "科学研究和技术服务业",
        "venture_stage": "已注册",
        "venture_base": "两江新区留学人员创业园",
    }
    assert (
        plan.fields.filter(identifying=False).count() == 0
    )  # reviewers of a blind stage read none
    none = calling.start_application(call=plan, talent=woman("林创"), by=None, now=NOW)
    assert none.answers.count() == 0


def test_staff_choose_it_where_they_write_the_form(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    draft = calls.draft(NOW, lines=False, **make.PLAN)
    client.force_login(factories.staff("department_clerk"))
    page = client.get(f"/admin/calls/call/{draft.pk}/fields/add/").content.decode()
    assert 'value="venture_uscc"' in page
    calls.line(draft, "企业名称", profile="venture_name")
    assert "创业项目：名称" in client.get(f"/admin/calls/call/{draft.pk}/fields/").content.decode()
