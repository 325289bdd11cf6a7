"""The browser, the live server and the built style sheet work together."""

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_home_page_is_styled_and_in_chinese(live_server, page):
    answer = page.goto(f"{live_server.url}/")
    assert answer.status == 200
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    ground = "getComputedStyle(document.documentElement).getPropertyValue('--ground').trim() !== ''"
    assert page.evaluate(ground) is True
    # Nothing leaves the right half of a desk empty: events and role models stand beside each other.
    page.set_viewport_size({"width": 1280, "height": 900})
    beside = [
        page.locator(f".home-columns > {one}").first.bounding_box()
        for one in ("section", ".models")
    ]
    assert (beside[0]["y"], beside[1]["x"] > 640) == (beside[1]["y"], True)
