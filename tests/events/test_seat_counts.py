"""Seats as pages show them: never older than they say, and at once what this process changed itself."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events import operations, seat_counts
from events.models import Event
from kernel import content, holes, page_memory, public_pages
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept(settings, monkeypatch):
    """Keep for a minute, so that nothing runs out within a test on a slow machine."""
    settings.PUBLIC_CACHE = True
    monkeypatch.setattr(content, "VERSION_SECONDS", 60)
    forget()
    yield
    forget()


def forget():
    public_pages.clear()
    page_memory.clear()
    holes.moved()


def coming(**fields):
    return factories.event(starts_at=timezone.now() + timedelta(days=3), **fields)


def seats(event):
    found, _read_at = seat_counts.of([event.code])
    return (found[event.code].capacity, found[event.code].seats_taken) if found else None


def test_a_page_is_as_old_as_the_seats_it_shows(client):
    event = coming()
    client.get("/events/")
    read_by = time.monotonic()
    client.get("/")
    client.get(f"/events/{event.code}/")
    pages = page_memory._pages
    assert [page.filled_at < read_by for page in pages.values()] == [True, True, True]


def test_the_seats_beside_her_card_are_those_the_card_is_made_from(client, monkeypatch):
    event, talent = coming(capacity=1), factories.talent()
    client.force_login(talent.user)
    client.get("/events/")  # this process keeps the seats
    # Sold as by another process: before the commit this one hears nothing of it.
    operations.book(event=event, talent=factories.talent(), by=None, now=timezone.now())
    assert seats(event) == (1, 0)
    page = client.get(f"/events/{event.code}/").content.decode()
    assert ("加入候补" in page, "共 1 席已满，可候补" in page) == (False, False)
    monkeypatch.setattr(content, "VERSION_SECONDS", 0)  # half a second later
    page = client.get(f"/events/{event.code}/").content.decode()
    assert ("加入候补" in page, "共 1 席已满，可候补" in page) == (True, True)


def test_a_change_of_the_event_is_seen_at_once_where_it_was_made(
    client, django_capture_on_commit_callbacks
):
    event, talent = coming(), factories.talent()
    client.force_login(talent.user)
    assert "加入日历" not in client.get(f"/events/{event.code}/").content.decode()
    operations.book(event=event, talent=talent, by=None, now=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        event.venue = "两江协同创新区二号楼"
        event.save()
    assert "两江协同创新区二号楼" in client.get(f"/events/{event.code}/").content.decode()


def test_what_was_kept_is_read_again_when_it_is_too_old(monkeypatch):
    event = coming(capacity=3)
    assert seats(event) == (3, 0)
    Event.objects.filter(pk=event.pk).update(capacity=5)
    assert seats(event) == (3, 0)
    monkeypatch.setattr(content, "VERSION_SECONDS", 0)
    assert seats(event) == (5, 0)


def test_only_the_seats_of_the_events_shown_are_read():
    first, second = coming(), coming()
    seat_counts.of([first.code])
    with CaptureQueriesContext(connection) as captured:
        found, _read_at = seat_counts.of([first.code, second.code])
    assert sorted(found) == sorted([first.code, second.code])
    assert [(first.code in q["sql"], second.code in q["sql"]) for q in captured] == [(False, True)]


def changed(operation):
    """Return the seats before and after an operation on an event, as this process shows them."""

    def seen(event, callbacks, **given):
        before = seats(event)
        with callbacks(execute=True):
            operation(event=event, by=event.organiser, now=timezone.now(), **given)
        return before, seats(event)

    return seen


def test_publishing_capacity_and_cancelling_show_at_once(django_capture_on_commit_callbacks):
    event, on_commit = coming(state="draft", capacity=3), django_capture_on_commit_callbacks
    publish, resize = changed(operations.publish_event), changed(operations.change_capacity)
    assert publish(event, on_commit) == (None, (3, 0))
    assert resize(event, on_commit, capacity=5) == ((3, 0), (5, 0))
    assert changed(operations.cancel_event)(event, on_commit, reason="场地检修") == ((5, 0), None)
