"""What the clock does in coaching: each row for itself, nothing lost and nothing twice where it is killed in the middle."""

import pytest
from django.db import IntegrityError, connection

from entrepreneurship.learning import operations, queue, tasks
from entrepreneurship.learning.models import CoachingHour, CoachingProposal
from entrepreneurship.learning.operations import hours, proposals
from events import operations as events
from events.models import Event
from kernel.sweeps import MOST_FAILURES, SweepFailed, sweep
from notices.models import Notice
from tests import factories
from tests.entrepreneurship import coaching
from tests.entrepreneurship.coaching import DAY, HOUR, NOW, fresh
from tests.waits import beside

LATE = NOW + 8 * DAY


class Killed(BaseException):
    """The process is gone: no handler of ours runs, the database rolls back."""


def told(kind):
    return Notice.objects.filter(kind=f"entrepreneurship.{kind}").count()


def lapse(now=LATE):
    """What entrepreneurship.learning.tasks.lapse_proposals does, at a moment."""
    rows = CoachingProposal.objects.to_lapse(now.date()).select_related("coach__user")
    return sweep(rows, operations.lapse_proposal, "proposal", now=now)


def tell(now=NOW):
    """What entrepreneurship.learning.tasks.tell_coaches does, at a moment."""
    rows = CoachingHour.objects.untold(now).select_related("event")
    return sweep(rows, operations.tell_coach, "hour", now=now)


def failing(monkeypatch, module, name, row, error):
    """Have the letter of one row fail in the middle of its transaction; returns what undoes it."""
    letter = getattr(module.letters, name)

    def fails(found, *rest):
        if found.pk == row.pk:
            raise error
        return letter(found, *rest)

    monkeypatch.setattr(module.letters, name, fails)


@pytest.mark.django_db
def test_untold_is_each_change_of_the_seat_and_nothing_else():
    hour, booking = coaching.booked()
    coaching.hour(coaching.coach())
    assert [list(CoachingHour.objects.untold(NOW)), tell(), tell()] == [[hour], 1, 0]
    events.cancel_booking(booking=booking, by=booking.talent.user, now=NOW)
    assert [tell(), tell()] == [1, 0]
    coaching.booked(fresh(hour))
    assert list(CoachingHour.objects.untold(hour.event.starts_at + HOUR)) == []  # it has begun
    assert (tell(), told("hour_booked"), told("hour_free")) == (1, 2, 1)


@pytest.mark.django_db
def test_one_that_fails_stops_no_other_and_waits_for_somebody(monkeypatch, client, settings):
    settings.STAFF_SECOND_FACTOR = False
    bad, good = coaching.proposal(), coaching.proposal()
    failing(monkeypatch, proposals, "answered", bad, RuntimeError())
    for _hour in range(MOST_FAILURES):
        with pytest.raises(SweepFailed):
            lapse()
    assert (lapse(), fresh(bad).state, fresh(good).state) == (0, "open", "lapsed")
    clerk = factories.staff("department_clerk")
    assert queue.coaching_set_aside(clerk, NOW).count == 1
    client.force_login(clerk)
    again = {"action": "try_again", "_selected_action": [bad.coach_id]}
    client.post("/admin/entrepreneurship/coach/", again)
    monkeypatch.undo()
    assert (queue.coaching_set_aside(clerk, NOW).count, lapse()) == (0, 1)
    assert (fresh(bad).state, told("times_lapsed")) == ("lapsed", 2)


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_nothing_is_lost_and_nothing_told_twice(monkeypatch):
    first, second = coaching.booked()[0], coaching.booked()[0]
    asked = coaching.proposal()
    failing(monkeypatch, hours, "booked", second, Killed())
    failing(monkeypatch, proposals, "answered", asked, Killed())
    for clock in (tell, lapse):
        with pytest.raises(Killed):
            clock()
    assert connection.in_atomic_block is False
    assert (fresh(first).told_id is None, fresh(second).told_id) == (False, None)
    assert (fresh(asked).state, told("hour_booked"), told("times_lapsed")) == ("open", 1, 0)
    monkeypatch.undo()
    assert (tell(), lapse(), tell(), lapse()) == (1, 1, 0, 0)
    assert (told("hour_booked"), told("times_lapsed")) == (2, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_lock", [True, False])
def test_accepted_beside_the_clock_it_does_not_lapse(with_lock, monkeypatch):
    """The control reads the proposal without the coach's lock: only the database keeps it from lapsing over her seat."""
    asked = coaching.proposal()
    now = NOW + DAY
    CoachingProposal.objects.filter(pk=asked.pk).update(answer_by=NOW.date())
    if not with_lock:

        def unlocked(proposal, right, who, by):
            rows = CoachingProposal.objects.select_related("talent__user", "coach__user")
            return rows.get(pk=proposal.pk)

        monkeypatch.setattr(proposals, "_locked", unlocked)

    def accept():
        operations.accept_proposal(proposal=asked, choice=2, by=asked.coach.user, now=now)

    met = beside(accept, lambda: operations.lapse_proposal(proposal=fresh(asked), now=now))
    assert met == (None if with_lock else IntegrityError)
    assert (fresh(asked).state, told("times_lapsed")) == ("accepted", 0)
    assert Event.objects.filter(seats_taken=1).count() == 1


@pytest.mark.django_db
def test_the_tasks_are_these_sweeps():
    coaching.booked()
    tasks.tell_coaches()
    tasks.lapse_proposals()
