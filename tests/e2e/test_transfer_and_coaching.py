"""From a result to a contract's door, a base's answer, an hour of coaching: each by who does it, in a real browser."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from entrepreneurship.bases.models import BaseRequest
from entrepreneurship.learning.models import CoachingProposal
from entrepreneurship.transfer.models import TransferInterest, TransferProfile
from tests import factories
from tests.e2e.person import DESK
from tests.entrepreneurship import coaching, make
from tests.entrepreneurship import transfer_make as transfer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
TRANSFER = "/innovation/transfer/"


def test_she_writes_what_she_offers_and_hands_it_in(person):
    her = factories.talent(full_name="周雨桐")
    author = person().sign_in(her.user)
    page = author.go(f"{TRANSFER}mine/new/offer/own/")
    page.get_by_label("名称").fill("晶圆边缘缺陷的在线检测")
    page.get_by_label("解决什么问题").fill("晶圆边缘的细小缺陷靠人眼抽检，漏检多，流到后道才发现。")
    page.get_by_label("优势，用数字说").fill("漏检率从 3% 降到 0.4%")
    page.get_by_label("领域").select_option("510")
    page.get_by_label("技术就绪水平").select_option("6")
    page.get_by_label("关键词").fill("晶圆检测，机器视觉")
    page.get_by_label("许可使用").check()
    page.get_by_label("权利情况").select_option("invention")
    page.get_by_label("专利申请号").fill("201710601862.4")
    page.locator("main form button").last.click()
    author.sees("申请号的校验位不对")
    author.look()
    page.get_by_label("专利申请号").fill("201710601862.3")
    page.locator("main form button").last.click()
    page.wait_for_url(re.compile("/mine/(?!new)"))
    page.get_by_label("我声明").check()
    author.press("提交审核")
    author.sees("已提交，审核通过后公开")
    assert TransferProfile.objects.get().newest.state == "checking"
    outsider = person().sign_in(factories.talent().user)
    assert outsider.page.goto(page.url).status == 404


def test_a_mediator_publishes_and_two_agree_before_either_sees_a_contact(person):
    profile = transfer.submitted(talent=factories.talent(full_name="周雨桐"), now=timezone.now())
    mediator = transfer.mediator()
    desk = person(DESK).sign_in(mediator)
    page = desk.go(f"/admin/entrepreneurship/transferprofile/{profile.pk}/publish/")
    page.get_by_role("button", name="通过并公开").click()
    page.wait_for_load_state()
    contact = transfer.contact()
    seeker = person().sign_in(contact)
    page = seeker.go(f"{TRANSFER}{profile.code}/interest/")
    page.get_by_label("想怎样合作").fill("想在三条产线上先试用三个月。")
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile("/interests/"))
    where = page.url
    author = person().sign_in(profile.talent.user)
    page = author.go(where)
    page.get_by_label("愿意告诉对方的联系方式").fill("zhou@example.cn")
    page.locator("[name=agrees]").check()
    author.press("愿意")
    expect(seeker.page.locator("main")).not_to_contain_text("zhou@example.cn")
    page = seeker.go(where)
    assert "zhou@example.cn" not in page.content()
    page.get_by_label("愿意告诉对方的联系方式").fill("feng@example.cn")
    page.locator("[name=agrees]").check()
    seeker.press("确认")
    seeker.sees("zhou@example.cn")
    assert person().sign_in(transfer.contact()).page.goto(where).status == 404
    interest = TransferInterest.objects.get()
    page = desk.go(f"/admin/entrepreneurship/transferinterest/{interest.pk}/take-on/")
    page.get_by_role("button", name="由我对接").click()
    page.wait_for_load_state()
    interest.refresh_from_db()
    assert (interest.state, interest.mediator) == ("mediated", mediator)


def test_a_base_is_asked_and_its_owner_answers(person):
    service = make.service(now=timezone.now())
    her = make.woman()
    woman = person().sign_in(her.user)
    page = woman.go(f"/innovation/bases/services/{service.pk}/ask/")
    page.get_by_label("想请基地做什么").fill("想从一月起用两个工位")
    page.get_by_label("怎样联系您").fill("zhou@example.cn")
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile("/requests/"))
    woman.sees("五个工作日内答复")
    one = BaseRequest.objects.get()
    owner = person(DESK).sign_in(service.base.owner)
    page = owner.go(f"/innovation/bases/answer/{one.code}/")
    page.locator("[name=answer-answer]").fill("一月四日起可以入驻")
    owner.press("发送答复")
    page = woman.go(one.get_absolute_url())
    woman.sees("一月四日起可以入驻")
    page.get_by_label("帮上了", exact=True).check()
    page.locator("button[value=helped]").click()
    page.wait_for_load_state()
    one.refresh_from_db()
    assert (one.state, one.helped) == ("answered", "yes")
    stranger = person().sign_in(make.woman().user)
    assert stranger.page.goto(one.get_absolute_url()).status == 404


def test_three_times_are_proposed_and_the_coach_takes_one(person):
    of = coaching.coach()
    founder = factories.talent(full_name="林静姝")
    woman = person().sign_in(founder.user)
    page = woman.go(of.get_absolute_url())
    day = timezone.localtime() + timedelta(days=3)
    page.get_by_label("想解决的问题").fill("股权怎么分")
    for number in (1, 2, 3):
        when = day + timedelta(days=number)
        page.locator(f"[name=time_{number}]").fill(f"{when:%Y-%m-%d}T14:00")
    page.locator("main form button").last.click()
    page.wait_for_load_state()
    woman.sees("已发给辅导人")
    asked = CoachingProposal.objects.get()
    coach = person().sign_in(of.user)
    page = coach.go(reverse("my_coaching"))
    coach.sees("股权怎么分")
    page.locator("button[name=choice]").first.click()
    page.wait_for_load_state()
    coach.sees("席位已为她留好")
    asked.refresh_from_db()
    hour = woman.go(asked.hour.get_absolute_url())
    assert hour.get_by_label("想解决的问题").input_value() == "股权怎么分"
    outsider = person().sign_in(factories.talent().user)
    assert outsider.page.goto(asked.hour.get_absolute_url()).status == 404
