"""Calls in a browser: she applies; her unit brings her forward and stands for her; an expert judges blind; staff make the selected known, a stranger objects, the answer is read."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Nomination, Objection
from tests import factories
from tests.calls import make
from tests.e2e.person import DESK

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_she_applies_on_her_phone(person):
    call = make.call(timezone.now())
    woman = person().sign_in(factories.talent(unit=factories.unit()).user)
    woman.go(reverse("calls"), least="minor")
    woman.go(call.get_absolute_url(), least="minor")
    woman.press("开始申报")
    woman.page.get_by_label("主要事迹").fill("在一线攻关三年")
    woman.press("提交申报")
    woman.sees("已提交，待受理")
    woman.go(reverse("my_applications"), least="minor")


def test_who_is_selected_is_made_known_and_a_stranger_objects(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    call, _women = make.noted(2, at=timezone.now())
    drafted = make.notice_draft(call, timezone.now(), fields=call.fields.all())
    clerk = person(DESK).sign_in(factories.staff("department_clerk"))
    clerk.go(reverse("admin:calls_publicnotice_start", args=[drafted.pk]))
    clerk.press("开始公示")
    clerk.sees("已开始公示")

    stranger = person()
    stranger.go(reverse("public_notices"), least="minor")
    stranger.go(drafted.get_absolute_url(), least="minor")
    stranger.press("提出异议", role="link")
    stranger.page.get_by_label("异议内容").fill("材料里的获奖年份与公开报道不一致。")
    stranger.press("提出异议")
    stranger.sees("请填写姓名和联系方式，或选择匿名提出。")
    stranger.page.get_by_label("匿名提出").check()
    stranger.press("提出异议")
    stranger.sees("待处理")
    receipt = stranger.page.url

    objection = Objection.objects.get()
    clerk.go(reverse("admin:calls_objection_changelist"))
    clerk.go(reverse("admin:calls_objection_settle", args=[objection.pk]))
    clerk.page.get_by_label("处理结果").select_option(label="不成立")
    clerk.page.get_by_label("答复").fill("经核实，年份以证书为准，公示无误。")
    clerk.press("保存")
    stranger.go(receipt)
    stranger.sees("经核实，年份以证书为准，公示无误")
    for name in ("call_changelist", "application_changelist", "publicnotice_changelist"):
        clerk.go(reverse(f"admin:calls_{name}"))
    clerk.go(reverse("admin:calls_call_form_page", args=[call.pk]))
    clerk.go(reverse("admin:calls_publicnotice_add") + f"?call={call.pk}")


def test_her_unit_brings_her_forward_she_agrees_and_it_stands_for_her(person):
    now, unit = timezone.now(), factories.unit()
    her = factories.talent(full_name="林若梅", unit=unit)
    call = make.call(now, stages=make.ENDORSED, sources=["unit"])
    contact = person().sign_in(make.contact(unit))
    contact.go(reverse("unit_calls"), least="minor")
    contact.go(reverse("unit_call", args=[call.code]), least="minor")
    contact.press("推荐人选", role="link")
    contact.page.get_by_label("她的姓名").fill("林若梅")
    contact.page.get_by_label("推荐理由").fill(make.GROUNDS)
    contact.press("推荐人选")
    assert contact.page.get_by_label("推荐理由").input_value() == make.GROUNDS
    contact.page.get_by_label("她的手机号").fill(her.user.phone)
    contact.press("推荐人选")
    contact.sees("参不参加由她本人决定")

    woman = person().sign_in(her.user)
    woman.go(reverse("my_nominations"), least="minor")
    woman.go(Nomination.objects.get().get_absolute_url(), least="minor")
    woman.sees(make.GROUNDS)
    woman.press("同意，开始填写")
    woman.page.get_by_label("主要事迹").fill("在一线攻关三年")
    woman.press("提交申报")
    woman.sees("已提交")

    contact.go(reverse("unit_call", args=[call.code]))
    contact.press("林若梅", role="link")
    contact.sees("在一线攻关三年")
    contact.press("同意推荐")
    contact.sees("已推荐，已通知本人。")


def test_an_expert_judges_blind_with_nothing_that_names_the_applicant(person):
    then = timezone.now() - 12 * make.DAY
    review = make.judging(now=then, applications=1, panel=1)
    seat, candidate = review.reviewers.get(), review.candidates.get()
    expert = person(DESK).sign_in(seat.user)
    expert.go(reverse("reviews"), least="minor")
    expert.go(seat.get_absolute_url(), least="minor")
    expert.page.get_by_label("独立评分", exact=False).check()
    expert.press("确认声明")
    expert.press(f"打开材料 {candidate.label}")
    expert.sees("在一线攻关三年")
    named = candidate.application.talent
    assert [word in expert.page.content() for word in (named.full_name, named.unit_name)] == [
        False,
        False,
    ]
    expert.page.get_by_label("创新性", exact=False).first.fill("101")
    expert.press("保存")
    expert.sees("请填 0 到 100 之间的分数")
    expert.page.get_by_label("创新性", exact=False).first.fill("88")
    expert.page.get_by_label("评语", exact=False).first.fill("路线清楚，有样机。")
    expert.press("保存")
    expert.go(seat.get_absolute_url())
    expert.press("提交全部评分")
    expert.sees("已交 1 / 1 份")


def test_pages_of_what_is_due_after_an_award(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    now = timezone.now()
    report, payment = make.dues(now)
    make.due_in(report, now)
    held = make.advantage(now)
    woman = person().sign_in(report.application.talent.user)
    for page in (report.application, report, payment):
        woman.go(page.get_absolute_url(), least="minor")
    clerk = person(DESK).sign_in(factories.staff("department_clerk"))
    for name, row in (
        ("due_change", report),
        ("due_accept", report),
        ("call_steps_page", report.application.call),
        ("advantage_change", held),
    ):
        clerk.go(reverse(f"admin:calls_{name}", args=[row.pk]), least="minor")
