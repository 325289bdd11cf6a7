"""Who may not act on an event learns so before anything is locked: nobody waits for a stranger."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import operations
from kernel.errors import DomainError
from tests import factories
from tests.events.outsiders import CALLS
from tests.factories import NOW
from tests.test_rights import make_call

pytestmark = pytest.mark.django_db


def locks(captured):
    return [query["sql"] for query in captured if "FOR UPDATE" in query["sql"]]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_an_outsider_is_refused_before_a_row_is_locked(call):
    given, outsider = call.arguments(), factories.staff()
    with pytest.raises(DomainError), CaptureQueriesContext(connection) as captured:
        make_call(call, given, outsider)
    assert locks(captured) == []


def test_a_control_the_organiser_locks_the_event_once():
    event = factories.event()
    with CaptureQueriesContext(connection) as captured:
        operations.promote(event=event, by=event.organiser, now=NOW)
    assert len(locks(captured)) == 1


def test_the_right_is_asked_again_of_the_locked_event():
    event = factories.event()
    former = event.organiser
    former.department = factories.department("science_innovation")
    type(event).objects.update(organiser=factories.staff("event_organiser"))
    with pytest.raises(DomainError) as refused:
        operations.promote(event=event, by=former, now=NOW)
    assert refused.value.code == "event_not_yours"
