"""A woman, her chair and the department: joining, women's share by two people, and the end of a post; in a real browser."""

import pytest
from django.utils import timezone

from networks.members.models import Membership
from networks.meter.models import ShareCount
from tests import factories
from tests.e2e.person import DESK
from tests.networks import make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_she_joins_the_chair_enters_another_confirms_and_a_post_ends_with_its_rights(
    person, settings
):
    settings.STAFF_SECOND_FACTOR = False
    held, her = make.in_office(), factories.talent(full_name="苏晴")
    association, today = held.association, timezone.localdate()
    woman = person().sign_in(her.user)
    woman.go(association.get_absolute_url())
    woman.press("申请入会", role="link")
    woman.press("申请入会")
    chair = person().sign_in(held.talent.user)
    chair.go("/networks/mine/")
    chair.press(association.label, role="link")
    chair.page.get_by_role("link", name=her.full_name).click()
    chair.page.wait_for_load_state()
    chair.press("通过入会")
    assert Membership.objects.get(talent=her).state == "active"

    chair.press("填报女性比例", role="link")
    page = chair.page
    page.get_by_label("层级").select_option("council")
    page.get_by_label("总人数").fill("40")
    page.get_by_label("其中女性").fill("41")
    page.get_by_label("截至日期").fill(today.isoformat())
    page.get_by_label("来源").fill("理事名册")
    chair.press("提交")
    chair.sees("女性人数（41）不能多于总人数（40）")
    page.get_by_label("其中女性").fill("16")
    chair.press("提交")
    desk = person(DESK).sign_in(factories.staff("department_clerk"))
    page = desk.go(f"/admin/networks/sharecount/{ShareCount.objects.get().pk}/confirm/")
    page.get_by_role("button", name="核对无误，确认").click()
    page.wait_for_load_state()
    woman.go("/networks/meter/")
    woman.sees("40 人中女性 16 人")

    page = desk.go(f"/admin/networks/holding/{held.pk}/end/")
    page.get_by_label("原因").select_option("removed")
    page.get_by_label("最后一天").fill((today - make.DAY).isoformat())
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_load_state()
    assert chair.page.goto(f"/networks/run/{association.code}/").status == 404
