"""Pages that apps lead back to are there."""

from django.test import override_settings
from django.urls import path

from kernel import addresses

urlpatterns = [path("", lambda request: None, name="home")]


def test_every_shared_page_is_served():
    assert addresses.check(None) == []


@override_settings(ROOT_URLCONF=__name__)
def test_a_missing_page_stops_the_start():
    messages = [error.msg for error in addresses.check(None)]
    names = ["dashboard", "api_docs", "my_data"]
    assert messages == [f"no page is named {name!r}" for name in names]
