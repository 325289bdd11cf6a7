"""Forty volunteers on two places, at the same moment: two have them. The control lets more in."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from outreach.requests import operations
from outreach.requests.models import SchoolRequest, VisitInvitation
from outreach.volunteers.models import Volunteer
from tests.outreach import make, visits
from tests.outreach.at_once import rush

pytestmark = pytest.mark.django_db(transaction=True)


def accepting(invitation):
    day = invitation.request.days[0]
    return lambda: operations.accept_visit(invitation=invitation, day=day, by=None, now=make.NOW)


def test_forty_volunteers_on_two_places():
    requests = [visits.sent(), visits.sent()]
    asked = [visits.asked(request) for request in requests for _each in range(20)]
    met = rush([accepting(invitation) for invitation in asked])
    assert met == ["taken"] * 38
    assert VisitInvitation.objects.filter(state="accepted").count() == 2
    assert set(SchoolRequest.objects.values_list("state", flat=True)) == {"arranged"}
    assert VisitInvitation.objects.open().count() == 0
    assert Volunteer.objects.count() == 40
    assert timedelta(hours=72) == operations.TIME_TO_ANSWER


def test_without_the_lock_and_the_constraint_more_than_two_have_places(monkeypatch):
    """The control: the same rush, read without the lock, oversells."""
    barrier = threading.Barrier(2, timeout=5)
    answered = operations.answered

    def only_accepted(invitation, state, answer, now):
        if state == "accepted":  # letting the other off would have the two wait for each other
            answered(invitation, state, answer, now)

    def unlocked(request):
        found = SchoolRequest.objects.get(pk=request.pk)
        barrier.wait()  # both have read before either writes
        return found

    request = visits.sent()
    asked = [visits.asked(request) for _each in range(2)]
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX visit_has_one")
    try:
        monkeypatch.setattr(operations, "locked_request", unlocked)
        monkeypatch.setattr(operations, "answered", only_accepted)
        rush([accepting(invitation) for invitation in asked])
        assert VisitInvitation.objects.filter(state="accepted").count() == 2
    finally:
        VisitInvitation.objects.update(state="lapsed")
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE UNIQUE INDEX visit_has_one ON outreach_visitinvitation (request_id)"
                " WHERE state = 'accepted'"
            )
