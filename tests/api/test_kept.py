"""What the API keeps in a process: lists that are the same for all for half a second, tokens for one."""

import json
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kernel import content
from kernel.api import view
from partners import access, operations
from tests import factories
from tests.api.conftest import make_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeping(settings, monkeypatch):
    """Let this process keep things, with the version it read for as long as the test runs."""
    settings.PUBLIC_CACHE = True
    monkeypatch.setattr(content, "VERSION_SECONDS", 60)
    for kept in (view._pages, access._tokens):
        kept.clear()
    content.forget()
    yield
    for kept in (view._pages, access._tokens):
        kept.clear()
    content.forget()


def events(partner, query=None, **headers):
    answer = partner.get("/events/", query, **headers)
    assert answer.status_code == 200
    return [event["seats_taken"] for event in json.loads(answer.content)["results"]]


def asked(work):
    with CaptureQueriesContext(connection) as seen:
        work()
    return len(seen.captured_queries)


def test_a_list_that_is_the_same_for_all_is_read_once_for_all(keeping, partner):
    factories.event()
    other = make_partner(scopes=["events:read"])
    assert events(partner) == [0]
    assert asked(lambda: events(partner)) == 0
    assert asked(lambda: events(other)) == 1  # her token
    assert asked(lambda: events(other, {"limit": 1})) == 1  # another page
    assert asked(lambda: events(partner, **{"Accept-Language": "en"})) == 1


def test_a_seat_taken_here_shows_at_once(keeping, partner, django_capture_on_commit_callbacks):
    event = factories.event()
    assert events(partner) == [0]
    with django_capture_on_commit_callbacks(execute=True):
        factories.booking(event)
    assert events(partner) == [1]


def test_a_list_of_a_units_own_people_is_kept_for_nobody(keeping, partner):
    talent = factories.talent(unit=partner.unit)
    factories.consent(talent.user, "unit_sharing")
    assert asked(lambda: partner.get("/talents/")) > 0
    assert asked(lambda: partner.get("/talents/")) > 0
    assert view._pages == {}


def test_a_kept_list_needs_a_token_with_its_scope_as_ever(keeping, partner):
    assert events(partner) == []
    narrow = make_partner(scopes=["statistics:read"])
    assert narrow.get("/events/").status_code == 403
    narrow.token = "x"
    assert narrow.get("/events/").status_code == 401


def test_a_revoked_key_stops_within_a_second(keeping, partner):
    assert events(partner) == []
    operations.revoke_key(key=partner.key, by=None, now=timezone.now())
    assert events(partner) == []  # the control: it is the memory that is being tested
    time.sleep(access.TOKEN_SECONDS)
    assert partner.get("/events/").status_code == 401
    assert partner.get("/events/").status_code == 401


def test_a_guessed_token_takes_no_room(keeping, partner):
    partner.token = "guess"
    assert partner.get("/events/").status_code == 401
    assert access._tokens == {}
