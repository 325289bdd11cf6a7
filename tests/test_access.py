"""Deny by default: every address says who may use it, or belongs to a listed third party."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, include, path

# A place in a route, and what stands there in a request.
FILLED = re.compile(r"<(?:(\w+):)?\w+>")
SAMPLES = {"str": "A", "slug": "a", "path": "1", "uuid": "00000000-0000-4000-8000-000000000000"}

# Views that are not ours cannot carry our mark. Each family with the reason it is safe.
THIRD_PARTIES = {
    "allauth.account.": "signing in and up: open by nature, rate-limited; the rest asks for a user",
    "allauth.mfa.": "second factors: a user or a half-finished sign-in is required",
    "allauth.socialaccount.": "Weixin sign-in; does nothing without its keys",
}
ADMIN = "the admin's views pass accounts.staff_site.StaffSite.admin_view"
# allauth's views that the anonymous may open, by name; every other one asks for a sign-in.
OPEN_ALLAUTH = {
    "account_complete_password_reset",
    "account_confirm_login_code",
    "account_confirm_password_reset_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_password_reset_completed",
    "account_request_login_code",
    "account_reset_password",
    "account_signup",
    "account_verify_phone",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    "weixin_callback",
    "weixin_login",
}


def walk(patterns, prefix="", namespaces=()):
    """Yield (address, name, namespaces, view) of every pattern."""
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from walk(entry.url_patterns, route, inner)
        elif isinstance(entry, URLPattern):
            yield route, entry.name, namespaces, entry.callback


def all_views():
    return list(walk(get_resolver().url_patterns))


def third_party(view):
    module = getattr(view, "view_class", view).__module__
    return any(module.startswith(family) for family in THIRD_PARTIES)


def unmarked(views):
    """Return (address, name) of the views that say nothing about who may use them."""
    return [
        (route, name)
        for route, name, namespaces, view in views
        if "admin" not in namespaces and not hasattr(view, "access") and not third_party(view)
    ]


def test_every_view_says_who_may_use_it():
    assert unmarked(all_views()) == []


def test_every_mark_is_one_of_the_known_rules():
    rules = {getattr(view, "access", "") for _r, _n, _ns, view in all_views()}
    known = {"", "public", "signed_in", "token"}
    assert {rule for rule in rules if rule not in known and not rule.startswith("needs ")} == set()


def test_only_marked_views_and_the_listed_ones_are_open_to_the_anonymous():
    opened = {
        name
        for route, name, namespaces, view in all_views()
        if "admin" not in namespaces
        and not getattr(view, "login_required", True)
        and getattr(view, "access", None) not in ("public", "token")
    }
    assert opened - OPEN_ALLAUTH == set()


def test_the_admin_turns_the_anonymous_away_everywhere(client, db):
    for route, name, namespaces, view in all_views():
        if "admin" in namespaces and name != "login":
            assert getattr(view, "login_required", True) is True, route
    answer = client.get("/admin/accounts/user/")
    assert answer.status_code == 302


def test_a_control_a_view_without_a_mark_is_found():
    def forgotten(request):
        """Nobody said who may use this."""

    patterns = [path("x/", include([path("y/", forgotten, name="y")]))]
    assert unmarked(walk(patterns)) == [("x/y/", "y")]


@pytest.mark.django_db
def test_whatever_is_sent_without_a_session_leads_back_to_its_page_after_signing_in(client):
    """Not one form of the site ends in a bare 405, or in a page that has forgotten what was typed."""
    page = "/me/"
    ends = {}
    for route, _name, _namespaces, view in all_views():
        if getattr(view, "login_required", True) and not route.startswith("api/"):
            address = "/" + FILLED.sub(lambda place: SAMPLES.get(place[1] or "", "1"), route)
            answer = client.post(
                address, {"a": "1"}, headers={"referer": f"http://testserver{page}"}
            )
            ends[route] = (answer.status_code, answer.get("Location"))
    expected = (302, f"/accounts/login/?next={page}")
    assert {route: end for route, end in ends.items() if end != expected} == {}
    assert len(ends) > 100
