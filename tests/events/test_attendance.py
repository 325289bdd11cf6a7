"""After the event: absent by the clock, excused by her word, corrected by staff with the points."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from care_points.models import PointsAccount
from events import operations, tasks
from events.models import Booking
from kernel.errors import Conflict, Invalid, Refused
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AFTER = NOW + DAY  # the door closed at midnight


def over(came=0, missed=1):
    """An event of today and its bookings: who came first, then who did not."""
    event = factories.event(starts_at=NOW + HOUR, capacity=9)
    bookings = [factories.booking(event) for _ in range(came + missed)]
    for booking in bookings[:came]:
        operations.check_in(booking=booking, by=event.organiser, now=NOW + HOUR)
    return event, bookings


def settled(**counts):
    event, bookings = over(**counts)
    operations.settle_event(event=event, now=AFTER)
    return event, [Booking.objects.get(pk=booking.pk) for booking in bookings]


def correct(booking, outcome, now=AFTER, reason="同事证明当天在场"):
    by = booking.event.organiser
    return operations.correct_attendance(
        booking=booking, outcome=outcome, reason=reason, by=by, now=now
    )


def points(booking):
    account = PointsAccount.objects.filter(talent=booking.talent).first()
    return account.balance if account else 0


def states(event):
    return list(event.bookings.order_by("place").values_list("state", flat=True))


def test_who_did_not_come_is_absent_once_the_day_is_over():
    event, _bookings = over(came=1, missed=2)
    with pytest.raises(Conflict) as error:
        operations.settle_event(event=event, now=NOW + 5 * HOUR)
    assert error.value.code == "door_open"
    assert operations.settle_event(event=event, now=AFTER) == 2
    assert operations.settle_event(event=event, now=AFTER) == 0
    assert states(event) == ["attended", "absent", "absent"]
    event.refresh_from_db()
    assert (event.seats_taken, event.settled_at) == (3, AFTER)
    assert AuditEntry.objects.get(action="events.settle_event").detail == {"absent": 2}


def test_the_clock_settles_what_is_over_and_nothing_else():
    now = timezone.now()
    past = factories.event(starts_at=now - 2 * DAY)
    missed = factories.booking(past, now=now - 3 * DAY)
    called_off = factories.event(
        starts_at=now - 2 * DAY, state="cancelled", cancel_reason="暴雨", cancelled_at=now
    )
    coming = factories.event(starts_at=now + DAY)
    tasks.settle_events()
    missed.refresh_from_db()
    for event in (past, called_off, coming):
        event.refresh_from_db()
    assert missed.state == "absent"
    assert (past.settled_at is None, called_off.settled_at, coming.settled_at) == (
        False,
        None,
        None,
    )


def test_her_word_is_enough_for_thirty_days():
    _event, (missed,) = settled()
    explain = {"booking": missed, "by": missed.talent.user}
    with pytest.raises(Invalid):
        operations.explain_absence(absence="病", now=AFTER, **explain)
    for _ in range(2):
        excused = operations.explain_absence(absence="family", now=AFTER, **explain)
    assert (excused.state, excused.absence) == ("excused", "family")
    assert AuditEntry.objects.filter(action="events.explain_absence").count() == 1


def test_after_thirty_days_it_is_too_late():
    event, (missed,) = settled()
    late = event.ends_at + 30 * DAY
    with pytest.raises(Conflict) as error:
        operations.explain_absence(
            booking=missed, absence="family", by=missed.talent.user, now=late
        )
    assert error.value.code == "too_late"


def test_corrected_to_attended_and_back_the_points_follow():
    _event, (missed,) = settled()
    came = correct(missed, "attended")
    assert (came.state, came.checked_in_at, points(came)) == ("attended", came.event.starts_at, 10)
    correct(came, "attended")
    assert points(came) == 10
    gone = correct(came, "absent")
    assert (gone.state, gone.checked_in_at, points(gone)) == ("absent", None, 0)
    assert points(correct(gone, "attended")) == 10
    entries = AuditEntry.objects.filter(action="events.correct_attendance").order_by("pk")
    assert [entry.detail for entry in entries] == [
        {"before": "absent", "after": "attended"},
        {"before": "attended", "after": "absent"},
        {"before": "absent", "after": "attended"},
    ]


def test_nobody_corrects_whether_she_came_herself():
    event = factories.event(starts_at=NOW + HOUR)
    herself = factories.talent(user=event.organiser)
    factories.booking(event, talent=herself)
    operations.settle_event(event=event, now=AFTER)
    missed = Booking.objects.get(talent=herself)
    with pytest.raises(Refused) as error:
        correct(missed, "attended")
    missed.refresh_from_db()
    assert (error.value.code, missed.state, points(missed)) == ("own_check_in", "absent", 0)
    colleague = factories.staff("event_organiser")
    came = operations.correct_attendance(
        booking=missed, outcome="attended", reason="同事证明在场", by=colleague, now=AFTER
    )
    assert (came.state, points(came)) == ("attended", 10)


def test_a_correction_needs_a_reason_and_a_settled_event():
    _event, (missed,) = settled()
    with pytest.raises(Invalid):
        correct(missed, "attended", reason="")
    with pytest.raises(Invalid):
        correct(missed, "confirmed")
    _event, (booked,) = over()
    with pytest.raises(Conflict) as error:
        correct(booked, "attended", now=NOW + 2 * HOUR)
    assert error.value.code == "not_settled"


def test_she_explains_on_her_page_by_a_choice(client):
    now = timezone.now()
    event = factories.event(starts_at=now - 2 * DAY)
    missed = factories.booking(event, now=now - 3 * DAY)
    tasks.settle_events()
    client.force_login(missed.talent.user)
    address = reverse("explain_absence", args=[missed.code])
    page = client.get(reverse("my_bookings")).content.decode()
    assert ("未到场" in page, address in page) == (True, True)
    answer = client.post(address, {"absence": "ill"})
    assert answer.status_code == 422
    answer = client.post(address, {"absence": "family"}, follow=True)
    assert "已记为请假，谢谢您的说明。" in answer.content.decode()
    assert "没有记为未到场" in client.get(address).content.decode()


def test_staff_correct_from_the_list(client):
    now = timezone.now()
    event = factories.event(starts_at=now - 2 * DAY)
    missed = factories.booking(event, now=now - 3 * DAY)
    tasks.settle_events()
    client.force_login(event.organiser)
    address = reverse("admin:events_booking_correct", args=[event.pk, missed.code])
    change = reverse("admin:events_event_change", args=[event.pk])
    assert address in client.get(change).content.decode()
    client.post(address, {"outcome": "attended", "reason": "同事证明当天在场"})
    missed.refresh_from_db()
    assert (missed.state, points(missed)) == ("attended", 10)
