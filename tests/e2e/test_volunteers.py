"""A woman joins the volunteer team on her phone, the coordinator takes her in and enters what she needs to go."""

import pytest

from outreach.volunteers.models import Volunteer
from tests.e2e.person import DESK, PHONE
from tests.outreach import make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_she_joins_on_her_phone_and_may_go_once_she_is_trained_and_checked(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    talent, coordinator = make.woman(), make.coordinator()
    phone = person(PHONE).sign_in(talent.user)
    phone.go("/outreach/volunteer/what/")
    phone.page.get_by_label("科普报告").check()
    phone.page.get_by_label("小学").check()
    phone.sees("已保存")
    phone.press("保存并继续")
    phone.page.get_by_label("星期三").check()
    phone.page.get_by_label("礼嘉").check()
    phone.press("保存并继续")
    phone.press("同意并报名")
    phone.sees("您的报名正等确认")
    made = Volunteer.objects.get()
    desk = person(DESK).sign_in(coordinator)
    row = f"/admin/outreach/volunteer/{made.pk}/"
    desk.go(row + "accept/")
    desk.press("确认")
    for page, day, until in (
        ("training", "培训日期", "有效到"),
        ("clearance", "审查日期", "有效到"),
    ):
        desk.page.goto(f"{row}{page}/")
        if page == "training":
            desk.page.get_by_label("培训名称").fill("上岗培训")
        desk.page.get_by_label(day).fill("2026-01-05")
        desk.page.get_by_label(until).fill("2028-01-05")
        desk.press("登记")
    desk.sees("可以上门")
    phone.go("/outreach/volunteer/")
    phone.sees("可以上门")
