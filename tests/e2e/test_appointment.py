"""A time is chosen, confirmed and kept, in a browser: her phone, then the station's; each page looked at by axe."""

from datetime import timedelta

import pytest
from django.utils import timezone

from care_points.models import Appointment
from tests import factories
from tests.care_points import make

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("path"),
]


def test_from_choosing_a_time_to_the_fulfilled_appointment(person):
    operator = factories.user("韩晓岚")
    place = make.place("每天 0:00-24:00", closed_on_holidays=False)
    service = make.timed(station=make.station(operator, place=place))
    until = timezone.localdate() + timedelta(days=90)
    make.provider(service, weekly="每天 0:00-24:00", name="周老师", vetted_until=until)
    talent = factories.talent()
    make.give(talent, 100)

    woman = person().sign_in(talent.user)
    woman.go(f"/points/services/{service.pk}/")
    woman.press("看看哪些时间可以预约", role="link")
    woman.page.locator(".slot-days a").nth(2).click()
    woman.page.locator(".slot-times a").first.click()
    woman.look()
    woman.press("确认，用 30 积分兑换")
    woman.sees("请准时到")
    one = Appointment.objects.select_related("redemption").get()

    Appointment.objects.update(
        starts_at=timezone.now(), ends_at=timezone.now() + timedelta(minutes=50),
        busy_until=timezone.now() + timedelta(minutes=60),
    )  # fmt: skip
    desk = person().sign_in(operator)
    page = desk.go("/points/station/")
    desk.sees("今天的预约")
    page.locator("input[name=code]").fill(one.redemption.code)
    desk.press("查看兑换内容")
    desk.press("确认已提供服务")
    one.redemption.refresh_from_db()
    assert (one.redemption.state, make.balance(talent)) == ("fulfilled", 70)
