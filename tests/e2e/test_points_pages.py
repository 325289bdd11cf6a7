"""A private service from its page to the counsellor's outcome, and the other pages of points, each looked at by axe."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from care_points import operations
from care_points.models import PrivateCase
from tests import factories
from tests.care_points import make
from tests.e2e.person import DESK

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def station():
    place = make.place("每天 0:00-24:00", closed_on_holidays=False, step_free=True)
    return make.station(factories.user("韩晓岚"), place=place)


def test_a_private_service_from_redeeming_to_the_counsellors_outcome(person, station):
    counsellor, talent = factories.user("苏梅"), factories.talent()
    service = make.private(station=station)
    until = timezone.localdate() + timedelta(days=90)
    make.provider(service, weekly="每天 0:00-24:00", user=counsellor, vetted_until=until)
    make.give(talent, 100)
    woman = person().sign_in(talent.user)
    woman.go(f"/points/services/{service.pk}/")
    woman.press("用 30 积分兑换", role="link")
    woman.press("确认，用 30 积分兑换")
    woman.page.locator(".slot-times a").first.click()
    woman.look()
    woman.press("确认时间")
    woman.sees("时间已为您留好")
    woman.page.locator("details summary").click()
    woman.look()
    case = PrivateCase.objects.get()

    hers = person().sign_in(counsellor)
    hers.go("/points/provider/")
    hers.page.get_by_text(case.number).click()
    hers.look()
    assert talent.full_name not in hers.page.content()
    hers.press("打开：是谁")
    hers.sees(talent.full_name)
    began = timezone.now() - timedelta(minutes=5)
    PrivateCase.objects.update(
        starts_at=began, ends_at=began + timedelta(hours=1), busy_until=began + timedelta(hours=2)
    )
    hers.page.goto(f"/points/cases/{case.number}/")
    hers.press("登记：已进行")
    hers.sees("已登记：已进行。")


def test_the_other_pages_of_points(person, station, settings):
    settings.STAFF_SECOND_FACTOR = False
    talent, operator = factories.talent(), station.operators.get()
    make.give(talent, 100)
    voucher = make.redeem(talent, make.service(station=station), now=timezone.now())
    visitor, woman = person(), person().sign_in(talent.user)
    for path in ("stations/", f"stations/{station.pk}/"):
        visitor.go(f"/points/{path}", least="minor")
    for path in ("statement/", "hours/", f"vouchers/{voucher.pk}/cancel/"):
        woman.go(f"/points/{path}", least="minor")
    operations.fulfil(code=voucher.code, by=operator, now=timezone.now())
    person().sign_in(operator).go(f"/points/station/undo/{voucher.pk}/", least="minor")
    provider = make.provider(
        make.timed(station=station, title="很长的服务名称，手机上要能换行" * 2)
    )
    clerk = person(DESK).sign_in(factories.staff("points_clerk"))
    for name, *args in (
        ("care_points_provider_change", provider.pk),
        ("care_points_provider_add",),
    ):
        clerk.go(reverse(f"admin:{name}", args=args), least="minor")
