"""Faults that never reach an API view are problems all the same."""

import pytest
from django.test import RequestFactory
from django.urls import get_resolver

from liangjiang import error_pages
from tests.api.conftest import problem

REQUEST = RequestFactory().get("/api/v1/events/")


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (error_pages.bad_request, (400, "bad_request")),
        (error_pages.forbidden, (403, "forbidden")),
        (error_pages.not_found, (404, "not_found")),
        (get_resolver().resolve_error_handler(429), (429, "rate_limited")),
        (error_pages.server_error, (500, "server_error")),
    ],
)
def test_the_sites_error_pages_speak_the_apis_language_below_its_address(page, expected):
    assert problem(page(REQUEST)) == expected
