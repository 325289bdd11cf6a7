"""A mother finds a room near her, its unit applied for it, and who visits enters what was found."""

import pytest
from django.utils import timezone

from tests.e2e.person import DESK, PHONE
from tests.workplaces import make, rooms
from workplaces.rooms.models import Room

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_unit_applies_staff_visit_and_a_mother_finds_it_near_her(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    contact, clerk = make.contact(), make.clerk()
    desk = person(DESK).sign_in(contact)
    desk.go("/workplaces/rooms/mine/new/")
    for label, typed in (
        ("名称", "礼嘉科创园妈咪小屋"),
        ("地址", "礼嘉街道金科路 8 号 3 楼"),
        ("坐标", "106.5516,29.6140"),
        ("公开电话", "023-67000001"),
        ("每周开放时间", "周一至周日 0:00-24:00"),
    ):
        desk.page.get_by_label(label).first.fill(typed)
    desk.page.get_by_label("对外开放").check()
    desk.press("保存")
    desk.sees("等工作人员来核查")
    room = Room.objects.get()
    staff = person(DESK).sign_in(clerk)
    staff.go(f"/admin/workplaces/room/{room.pk}/visit/")
    for box in staff.page.get_by_role("checkbox").all():
        box.check()
    staff.press("登记")
    staff.sees("示范小屋")
    mother = person(PHONE)
    mother.page.context.grant_permissions(["geolocation"])
    mother.page.context.set_geolocation({"latitude": 29.6168, "longitude": 106.5478})
    mother.go("/workplaces/rooms/near/")
    mother.page.get_by_role("button", name="用我现在的位置找").click()
    mother.sees("礼嘉科创园妈咪小屋")
    mother.page.get_by_role("link", name="礼嘉科创园妈咪小屋").click()
    mother.sees("示范小屋")
    mother.look()


def test_a_phone_that_says_no_is_told_how_else_to_find_one(person):
    rooms.room(now=timezone.now(), name="礼嘉科创园妈咪小屋")
    mother = person(PHONE)
    mother.go("/workplaces/rooms/near/")
    mother.page.get_by_role("button", name="用我现在的位置找").click()
    mother.sees("手机没有给出位置")
    mother.page.get_by_role("link", name="按街道、单位查找").click()
    mother.sees("礼嘉科创园妈咪小屋")
