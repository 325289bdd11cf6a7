"""A clerk merges two records with the keyboard alone, and she pauses with one tap; every page looked at by axe."""

import pytest
from django.urls import reverse
from django.utils import timezone

from talents.doubles import finding
from talents.models import Talent
from tests import factories
from tests.e2e.person import DESK, PHONE

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_two_records_are_put_together_with_the_keyboard(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    now = timezone.now()
    unit = factories.unit("重庆礼嘉医院")
    keep = factories.talent(user=None, source="import", unit=unit, professional_title="教授")
    lose = factories.talent(
        unit=unit, state="submitted", submitted_at=now, professional_title="主任医师"
    )
    factories.consent(lose.user, "talent_database")
    finding.look_again(now=now)
    clerk = person(DESK).sign_in(factories.staff("department_clerk"))
    page = clerk.go(reverse("admin:talents_pair_changelist"))
    page.get_by_role("link", name="对照 王小敏").click()
    page.wait_for_load_state()
    clerk.look()
    radios = page.locator("input[name=professional_title]")
    radios.first.focus()
    page.keyboard.press("ArrowRight")
    assert radios.nth(1).is_checked()
    page.locator("#id_reason").focus()
    page.keyboard.type("电话核实是同一人")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('admin:talents_talent_change', args=[keep.pk])}")
    clerk.look()
    keep.refresh_from_db()
    assert (keep.professional_title, keep.user) == ("主任医师", lose.user)
    clerk.press("撤销合并", role="link")
    clerk.press("返回", role="link")
    for name in ("暂停咨询推荐", "登记离开两江新区", "登记单位推荐意见"):
        clerk.press(name, role="link")
        clerk.press("返回", role="link")
    woman = person(PHONE).sign_in(lose.user)
    page = woman.go(reverse("profile_review"))
    woman.press("暂停咨询推荐")
    woman.press("恢复咨询推荐")
    page.get_by_text("不在两江新区工作了？").click()
    woman.look()
    page.locator("#id_day").fill("2026-01-05")
    woman.press("登记离开两江新区")
    woman.press("我回来了")
    assert Talent.objects.get(pk=keep.pk).moved_away_on is None
