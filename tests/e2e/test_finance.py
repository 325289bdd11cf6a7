"""An introduction through a browser: she carries the page, the bank types its code and answers, the officer corrects."""

import pytest
from django.utils import timezone

from entrepreneurship.finance.models import Referral
from tests import factories
from tests.e2e.person import DESK
from tests.entrepreneurship import finance_make as make
from tests.entrepreneurship import make as ventures

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def product(settings):
    settings.STAFF_SECOND_FACTOR = False
    return make.shown(now=timezone.now())


def test_she_asks_the_bank_to_call_ticks_what_it_is_told_and_withdraws(person, product):
    hers = ventures.venture(now=timezone.now())
    woman = person().sign_in(hers.talent.user)
    page = woman.go(f"/innovation/finance/products/{product.code}/introduce/")
    assert page.get_by_role("radio", name="自己带页面去银行").is_checked()
    assert not page.get_by_text("同意提供给这家银行的信息").is_visible()
    page.get_by_role("radio", name="请银行联系我").check()
    for name in ("姓名", "手机号"):
        page.get_by_role("checkbox", name=name, exact=True).check()
    woman.press("同意并申请")
    woman.sees("银行最晚在")
    page.get_by_role("link", name="撤回", exact=True).click()
    woman.press("确认撤回")
    woman.sees("已要求银行删除您的信息")
    assert Referral.objects.get().state == "withdrawn"


def test_the_bank_types_the_code_she_carries_and_the_officer_takes_its_answer_back(person, product):
    now = timezone.now()
    referral = make.referral(one=product, venture=ventures.venture(now=now), way="carry", now=now)
    clerk = person(DESK).sign_in(make.contact(product.bank))
    page = clerk.go("/innovation/finance/bank/")
    page.get_by_label("引见码").fill(referral.spaced_code.lower())
    clerk.press("登记收到")
    page.get_by_role("radio", name="未批准").check()
    page.get_by_label("未批准的原因").select_option("quota")
    page.get_by_role("button", name="登记答复").click()
    clerk.sees("银行未批准")
    stranger = person().sign_in(factories.talent().user)
    for address in (referral.get_absolute_url(), f"{referral.get_absolute_url()}withdraw/"):
        assert stranger.page.goto(address).status == 404
    assert stranger.page.goto("/innovation/finance/bank/").status == 403
    officer = person(DESK).sign_in(make.officer())
    record = officer.go(f"/admin/entrepreneurship/referral/{referral.pk}/change/")
    officer.sees("产品额度已用完或暂停")
    record.get_by_role("link", name="更正银行的答复").click()
    record.locator("[name=reason]").fill("银行来电：登记错了")
    officer.press("撤回这一步")
    assert Referral.objects.get().state == "received"
