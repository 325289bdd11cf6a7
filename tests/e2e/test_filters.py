"""The filters of a list, fetched when their panel is opened: chosen and applied, and while the portal cannot be reached."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.e2e.person import DESK

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LIST = "/admin/talents/talent/?state__exact=all"


@pytest.fixture
def clerk(person, settings):
    """A clerk, in whose list there are one woman of 甲研究所 and one of 乙研究所."""
    settings.STAFF_SECOND_FACTOR = False
    for name, unit in (("周雨桐", "甲研究所"), ("何静", "乙研究所")):
        factories.talent(full_name=name, unit=factories.unit(unit))
    return person(DESK).sign_in(factories.staff("department_clerk"))


def opened(page):
    page.get_by_role("button", name="筛选", exact=True).press("Enter")
    return page.locator("#filters")


def test_they_are_fetched_work_and_narrow_the_list(clerk):
    page = clerk.go(LIST)
    assert page.locator("#filters select").count() == 0
    filters = opened(page)
    expect(filters.locator(".datetimeshortcuts")).to_have_count(2)
    clerk.look()
    filters.locator(".select2-selection").nth(1).click()
    page.get_by_role("option", name="甲研究所").click()
    filters.get_by_role("button", name="应用筛选").click()
    page.wait_for_url("**unit__id__exact=**")
    assert page.locator("#result_list").inner_text().count("何静") == 0
    assert page.locator("#result_list").inner_text().count("周雨桐") == 1
    expect(opened(page).locator(".select2-selection").nth(1)).to_contain_text("甲研究所")


def test_without_a_connection_they_say_so_and_are_read_the_next_time(clerk):
    page = clerk.go(LIST)
    page.context.set_offline(True)
    expect(opened(page)).to_have_text("没有读到筛选条件，请关上再打开。")
    page.context.set_offline(False)
    page.locator("#changelist-filter-close").click(position={"x": 5, "y": 5})
    expect(opened(page).locator("select").first).to_be_attached()


def test_a_session_that_ended_leads_to_sign_in_and_back(clerk):
    page = clerk.go(LIST)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="筛选", exact=True).press("Enter")
    page.wait_for_url("**/accounts/login/?next=/admin/talents/talent/**")
