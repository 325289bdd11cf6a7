"""She writes a suggestion, her session ends meanwhile; similar ones appear; she follows it and rates the reply."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from advisory.suggestions.models import CoSignature, Rating, Suggestion
from tests import factories
from tests.advisory.suggestions import make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PASSWORD = "liangjiang-2026"


def sign_in(page, user):
    page.get_by_label("手机号或邮箱").fill(user.phone)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="用密码登录").click()
    page.wait_for_load_state()


def test_she_writes_while_her_session_ends_and_nothing_is_lost(person):
    now = timezone.now()
    campaign = make.campaign(now)
    old = make.filed(campaign, now=now)
    user = factories.user("林静", phone="13812345678")
    user.set_password(PASSWORD)
    user.save()
    factories.talent(user=user)
    woman = person()
    page = woman.page
    write = f"{campaign.get_absolute_url()}write/"
    page.goto(f"/accounts/login/?next={write}")
    sign_in(page, user)
    page.get_by_label("题目").fill("高新园区设哺乳室")
    page.get_by_label("情况和问题").press_sequentially("背奶的人没有地方")
    expect(page.locator("#similar")).to_contain_text(make.TYPED["title"])
    woman.look()
    page.get_by_label("建议", exact=True).fill("每栋楼设一间，配冰箱。")
    page.get_by_label("匿名：都不显示").check()
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="提交建言").click()
    page.wait_for_url(re.compile("/accounts/login/"))
    sign_in(page, user)
    page.wait_for_url(re.compile("/write/"))
    assert page.get_by_label("情况和问题").input_value() == "背奶的人没有地方"
    assert page.get_by_label("匿名：都不显示").is_checked()
    assert Suggestion.objects.count() == 1
    # She would rather sign the one that is there.
    page.goto(old.get_absolute_url())
    woman.press("附议")
    woman.sees("您附议了这件建言")
    assert CoSignature.objects.get().user == user


def test_she_follows_it_step_by_step_and_rates_the_reply(person):
    now = timezone.now()
    made = make.signed(now=now)
    effect = make.effect(make.adopted(made.suggestion, now=now), now=now)
    row = made.suggestion
    woman = person().sign_in(make.author(row))
    page = woman.go("/advisory/")
    page.get_by_role("link", name=make.TYPED["title"]).first.click()
    page.wait_for_load_state()
    woman.look()
    woman.sees(effect.words)
    woman.press("说说满意不满意", "link")
    page.get_by_label("不满意", exact=True).check()
    page.get_by_label("说明").fill("没有说什么时候开放")
    woman.press("提交评价")
    woman.sees("会由另一位同事重新办理")
    assert Rating.objects.get().reopens is True
    woman.go(f"{row.get_absolute_url()}adoptions/{effect.adoption_id}/6/")
    # Everybody reads what came of it.
    reader = person()
    reader.go("/advisory/suggestions/")
    reader.go("/advisory/suggestions/replies/")
    reader.go(row.campaign.get_absolute_url())
