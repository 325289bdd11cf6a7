"""A founder on her ventures, her plan and her training; the session that ends meanwhile; an outsider who finds nothing."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from calls import operations as calling
from entrepreneurship.plans.models import PlanMember
from entrepreneurship.ventures.models import Venture
from tests import factories
from tests.calls import make as calls
from tests.e2e.test_session_over import sign_in, with_password
from tests.entrepreneurship import make, training

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def founder(name, phone):
    """Return a verified woman who signs in with a password."""
    user = with_password(factories.user(name, phone=phone))
    return factories.talent(user=user, full_name=name, unit=factories.unit(name=f"{name}的单位"))


def test_her_venture_comes_back_after_the_session_ended_and_a_wrong_share_is_a_sentence(person):
    her = founder("林静姝", "13812345678")
    woman = person()
    woman.page.goto("/accounts/login/?next=/innovation/ventures/new/")
    sign_in(woman, her.user)
    page = woman.page
    typed = {"name": "听声科技", "summary": "用声学方法提前发现齿轮箱的故障", "share": "101"}
    for name, value in typed.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=industry]").select_option("M")
    page.locator("[name=day]").fill("2026-01-05")
    page.get_by_label("组队").check()
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_url(re.compile("/accounts/login/"))
    sign_in(woman, her.user)
    page.wait_for_url(re.compile("/innovation/ventures/new/"))
    assert {name: page.locator(f"[name={name}]").input_value() for name in typed} == typed
    expect(page.get_by_label("组队")).to_be_checked()
    woman.press("登记")
    woman.sees("份额")
    assert Venture.objects.count() == 0
    page.locator("[name=share]").fill("60")
    woman.press("登记")
    woman.sees("听声科技")
    woman.press("登记下一阶段", role="link")
    page.get_by_label("暂停").check()
    woman.press("登记")
    woman.sees("登记错了可以撤回这一步")
    assert Venture.objects.get().stage == "paused"


def test_a_link_confirmed_a_plan_checked_and_a_training_joined(person):
    now = timezone.now()
    keeper, her = founder("林静姝", "13812345678"), founder("何创", "13912345678")
    one = make.venture(keeper, now)
    link = make.link(one, now=now)
    draft = calls.draft(now, **make.PLAN)
    calls.requirement(draft, now)
    plan = calling.open_call(call=draft, by=None, now=now)
    of = training.series()
    training.lesson(of, now + timedelta(days=3), title="看懂三张报表")
    programme = training.programme(lessons=0, required=90, series=of, now=now)
    woman = person().sign_in(her.user)
    page = woman.go(link.get_absolute_url())
    woman.press("确认我是创始人")
    woman.sees("您是这个项目的创始人")
    page.goto(f"/calls/{plan.code}/check/")
    page.locator("input[value=no]").first.check()
    woman.press("看结果")
    woman.sees("有条件不符合")
    page.goto(programme.get_absolute_url())
    woman.press("加入培训")
    woman.sees("还差")
    assert programme.enrolments.get().talent_id == her.pk


def test_an_outsider_finds_none_of_her_addresses(person):
    now = timezone.now()
    keeper, stranger = founder("林静姝", "13812345678"), founder("江若溪", "13912345678")
    member = make.plan_member(keeper)
    one = make.venture(keeper, now)
    checkpoint = make.answered(one, now)
    row = training.concluded(talent=keeper)
    certificate = training.certificate(row)
    mine = f"/innovation/learning/mine/{row.programme.code}/"
    addresses = [
        one.get_absolute_url(),
        *(f"{one.get_absolute_url()}{part}/" for part in ("edit", "stage", "stage/back")),
        *(f"{one.get_absolute_url()}{part}/" for part in ("founders", "check")),
        f"{one.get_absolute_url()}founders/{one.founders.get().pk}/",
        f"{one.get_absolute_url()}checks/{checkpoint.pk}/",
        f"/innovation/plans/{member.pk}/venture/",
        mine,
        f"{mine}leave/",
        f"/innovation/learning/certificates/{certificate.code}/file/",
        member.application.get_absolute_url(),
    ]
    hers, theirs = person().sign_in(keeper.user), person().sign_in(stranger.user)
    answered = {at: [who.page.request.get(at).status for who in (hers, theirs)] for at in addresses}
    assert answered == {at: [200, 404] for at in addresses}
    assert PlanMember.objects.get().venture is None
    theirs.go("/innovation/ventures/")
    theirs.sees("还没有创业项目")
    theirs.go("/innovation/learning/mine/")
    theirs.sees("还没有加入培训")
    hers.go("/innovation/learning/mine/")
    with hers.page.expect_download() as sent:
        hers.page.get_by_role("link", name="下载中文证书").click()
    assert sent.value.path().read_bytes().startswith(b"%PDF")
