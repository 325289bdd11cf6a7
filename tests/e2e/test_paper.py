"""Staff pages on paper: what they say, who printed it, nothing to press."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.e2e.person import DESK

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_list_is_printed_as_a_table_with_who_printed_it(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    factories.talent(full_name="王小敏")
    page = person(DESK).sign_in(factories.staff("department_clerk", full_name="周雨桐")).page
    page.goto("/admin/talents/talent/?state__exact=all")
    expect(page.get_by_text("周雨桐，")).to_be_hidden()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 690, "height": 1000})
    expect(page.get_by_text("周雨桐，")).to_contain_text("打印。含个人信息的请妥善保管，用完销毁。")
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("row").last).to_contain_text("王小敏")
    for shown in ("button", "checkbox", "searchbox", "navigation"):
        expect(page.get_by_role(shown)).to_have_count(0)
