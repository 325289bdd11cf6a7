"""An expert and her department: invited by the shortlist, papers, an opinion, what became of it; in a real browser."""

import pytest
from django.utils import timezone

from advisory.consultations.models import Consultation, ConsultationInvitation, Opinion
from tests.advisory import make
from tests.e2e.person import DESK
from tests.talents.asking import make as asking

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
ADMIN = "/admin/advisory/"


def test_an_expert_is_invited_reads_says_something_and_is_told(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    now, clerk = timezone.now(), make.clerk()
    her = make.expert(discipline="520", professional_title="研究员", research_fields=["人才政策"])
    row = make.inviting(by=clerk, now=now, opinions_by=timezone.localdate(now).replace(year=2099))
    make.paper(row, now=now)
    desk = person(DESK).sign_in(clerk)
    page = desk.go(f"{ADMIN}consultation/{row.pk}/invite/")
    page.get_by_label("苏晴").check()
    page.get_by_role("button", name="发出邀请").click()
    page.wait_for_load_state()
    expert = person().sign_in(her.user)
    page = expert.go("/advisory/")
    page.get_by_role("link", name="青年人才安居政策").first.click()
    page.wait_for_load_state()
    page.get_by_label("没有", exact=True).check()
    expert.press("参加")
    with page.expect_download() as paper:
        page.get_by_role("button", name="打开").click()
    assert paper.value.suggested_filename.endswith(".pdf")
    page.get_by_role("textbox", name="您的意见").fill("建议增加三年留存率")
    expert.press("提交意见")
    expert.sees("已提交")
    invitation = ConsultationInvitation.objects.get()
    Consultation.objects.update(opinions_by=timezone.localdate(now).replace(year=2020))
    desk.go(f"{ADMIN}consultation/{row.pk}/hold/")
    desk.page.locator("#content form button[type=submit], form button").last.click()
    desk.page.wait_for_load_state()
    page = desk.go(f"{ADMIN}opinion/{Opinion.objects.get().pk}/decide/")
    page.get_by_label("部分采纳").check()
    page.get_by_label("说明").fill("先在两个园区试行")
    page.get_by_role("button", name="保存").click()
    page.wait_for_load_state()
    page = desk.go(f"{ADMIN}consultation/{row.pk}/close/")
    page.get_by_label("库外到场（提意见）人数").fill("2")
    page.get_by_label("其中女性").fill("1")
    page.get_by_role("button", name="办结", exact=True).click()
    page.wait_for_load_state()
    expert.go(invitation.get_absolute_url())
    expert.sees("先在两个园区试行")
    desk.go(f"{ADMIN}consultation/figures/")


def test_she_says_in_one_place_what_she_may_be_asked_for(person):
    her = asking.woman()
    woman = person().sign_in(her.user)
    page = woman.go("/me/profile/asking/")
    page.get_by_label("每季度最多").select_option("1")
    woman.press("保存")
    woman.sees("各部门邀请时照您说的办")
    woman.press("暂不接受任何邀请")
    woman.press("恢复接受邀请")
    assert her.asking_wish.most_a_quarter == 1
