"""A cursor is an address anybody may write by hand."""

import base64
import json

import pytest

from events.models import Event
from kernel.keyset import Keyset
from tests import factories
from tests.api.conftest import make_partner

pytestmark = pytest.mark.django_db
FAR = "2026-01-01T00:00:00+16:00"  # Python reads this offset, PostgreSQL does not


def cursor(*values):
    """Return the values as an address holds them."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def test_a_far_offset_pages_as_the_same_moment_in_utc_does(client):
    factories.event(title="沙龙")
    pages = [
        client.get("/events/", {"after": cursor(moment, "1")})
        for moment in (FAR, "2025-12-31T08:00:00+00:00")
    ]
    assert [page.status_code for page in pages] == [200, 200]
    assert pages[0].content.replace(cursor(FAR, "1").encode(), b"") == pages[1].content.replace(
        cursor("2025-12-31T08:00:00+00:00", "1").encode(), b""
    )


def test_a_far_offset_in_the_api_is_the_same_moment():
    event = factories.event()
    partner = make_partner()
    answers = [
        partner.get("/events/", {"updated_since": FAR}),
        partner.get("/events/", {"cursor": cursor(FAR, "1")}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [[row["code"] for row in json.loads(a.content)["results"]] for a in answers] == [
        [event.code]
    ] * 2


def test_a_cursor_leads_behind_its_row():
    keyset = Keyset(("starts_at", "code"))
    events = [factories.event() for _ in range(3)]
    page = keyset.page(Event.objects.all(), "", 2)
    rest = keyset.page(Event.objects.all(), page.after, 2)
    assert {row.pk for row in [*page.rows, *rest.rows]} == {event.pk for event in events}
    assert (len(page.rows), len(rest.rows), rest.after) == (2, 1, "")
