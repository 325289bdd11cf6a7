"""Error pages: two languages, nobody's data, no database."""

import re

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from django.urls import get_resolver
from django.utils import translation

from liangjiang import error_pages, policy
from tests import factories

PAGES = [
    (error_pages.bad_request, 400, "没有看懂这次请求", "We could not read that request"),
    (error_pages.forbidden, 403, "您不能查看这个页面", "You may not see this page"),
    (error_pages.csrf_failure, 403, "页面停留太久", "The page was open for too long"),
    (error_pages.not_found, 404, "没有找到这个页面", "There is no such page"),
    (get_resolver().resolve_error_handler(429), 429, "操作太频繁了", "Please wait a little"),
    (error_pages.server_error, 500, "系统出了点问题", "Something went wrong on our side"),
]


@pytest.mark.parametrize(("view", "status", "chinese", "english"), PAGES)
def test_each_page_stands_without_database_and_session(view, status, chinese, english):
    """No `db` fixture here: a query would fail the test. The request has neither user nor session."""
    response = view(RequestFactory().get("/events/?phone=14000000001"))
    page = response.content.decode()
    assert response.status_code == status
    assert response.headers["Cache-Control"] == "no-store"
    assert chinese in page
    assert english in page
    assert "14000000001" not in page
    assert "/static/" in page


@pytest.mark.parametrize(("view", "status", "chinese", "english"), PAGES)
def test_the_api_gets_a_problem_instead_of_a_page(view, status, chinese, english):
    """Addresses of the partner API are answered in its own form."""
    response = view(RequestFactory().get("/api/v1/nowhere/"))
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("view", "status", "chinese", "english"), PAGES)
def test_an_english_address_is_answered_in_english(view, status, chinese, english):
    """No button leads to a Chinese page."""
    page = view(RequestFactory().get("/en/events/")).content.decode()
    assert '<html lang="en">' in page
    assert english in page
    assert chinese not in page
    body = page[page.index("<body>") :]
    assert re.findall('href="([^"]*)"', body) == ["/en/", "/en/", "/en/events/"]


@pytest.mark.django_db
def test_a_missing_page_shows_no_name(client):
    """Not even to the woman herself: the page may be on a screen others see."""
    client.force_login(factories.user("欧阳示例"))
    for path in ("/nowhere/", "/en/nowhere/"):
        response = client.get(path)
        assert response.status_code == 404
        assert "欧阳示例" not in response.content.decode()


def test_the_error_pages_do_not_depend_on_the_language():
    """The same page whatever language was active when it failed."""
    request = RequestFactory().get("/")
    with translation.override("en"):
        english = error_pages.server_error(request).content
    assert english == error_pages.server_error(request).content


@pytest.mark.django_db
def test_a_fault_is_answered_by_the_portals_own_page(client, monkeypatch):
    """A real failure inside a real view, through all the middleware."""

    def broken():
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(policy, "paragraphs", broken)
    client.raise_request_exception = False
    response = client.get("/policy/")
    assert response.status_code == 500
    assert "系统出了点问题" in response.content.decode()
    assert "broken on purpose" not in response.content.decode()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/events/?phone=14000000001", "Out of service for the moment"),
        ("/api/v1/events/", "unavailable"),
    ],
)
def test_what_passes_by_itself_has_a_page_of_its_own(path, words):
    """Django asks for the page while it handles the error; no `db` here either."""
    try:
        raise OperationalError("gone")
    except OperationalError:
        response = error_pages.server_error(RequestFactory().get(path))
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert words in response.content.decode()
    assert "14000000001" not in response.content.decode()


@pytest.mark.parametrize("address", ["/events/%00/", "/en/events/?after=%00", "/events/c/%00/"])
def test_an_address_the_database_cannot_hold_is_refused(client, address):
    """A NUL in path or query is answered before any query: without `db`, one would fail the test."""
    response = client.get(address)
    assert response.status_code == 400
    assert "default-src 'self'" in response["Content-Security-Policy"]


def test_the_api_refuses_such_an_address_in_its_own_form(client):
    """The partner is told the same as a problem."""
    response = client.get("/api/v1/events/%00/")
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


@pytest.mark.django_db
def test_an_address_that_only_takes_what_is_sent_says_so(client):
    """Django answers 405 with nothing at all."""
    client.force_login(factories.user("欧阳示例"))
    response = client.get("/accounts/language/")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "请回到原来的页面，再按一次按钮" in response.content.decode()
