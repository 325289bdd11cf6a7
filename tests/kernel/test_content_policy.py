"""One policy for all pages, the admin's own where it asks for one."""

import pytest
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.http import HttpResponse

from kernel.content_policy import ContentPolicy
from tests import factories

RULES = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


def said(middleware, request, response):
    """Return the rules an answer leaves with."""
    policy = middleware(lambda _request: response)(request)[HEADER]
    return set(policy.split("; "))


def test_a_page_says_what_django_csp_would_say(rf):
    answers = [said(one, rf.get("/"), HttpResponse()) for one in (ContentPolicy, CSPMiddleware)]
    assert answers == [RULES, RULES]


def test_a_page_with_rules_of_its_own_keeps_them(rf):
    answer = HttpResponse()
    answer._csp_update = {"img-src": ["https://tiles.example.cn"]}
    own = (RULES - {"img-src 'self' data:"}) | {"img-src 'self' data: https://tiles.example.cn"}
    assert said(ContentPolicy, rf.get("/"), answer) == own


@pytest.mark.django_db
def test_the_admins_pages_have_theirs(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(factories.staff("department_clerk"))
    policy = client.get("/admin/")[HEADER]
    assert "script-src 'self' 'unsafe-eval'" in policy.split("; ")
    assert "script-src 'self'" in client.get("/events/")[HEADER].split("; ")
