"""What the app holds about a woman: she takes it away, it is erased with her, and it is not kept for ever."""

from datetime import timedelta

import pytest

from events import operations, personal_data
from events.models import Booking, GivenSeat, GroupBooking, Transfer
from kernel.portal import Person
from privacy.retention import apply
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TRANSFER, TAKEN, LATE, GOT = "转让", "接收的转让", "迟到让出的席位", "现场得到的席位"


def named(talent, other, at=NOW):
    """Return what a unit was answered about two people it named."""
    return GroupBooking.objects.create(
        unit=factories.unit(),
        event=factories.event(),
        key="people-0001",
        digest="0" * 64,
        answer={"asked": 0, "not_for": [talent.code, other.code], "unknown": [talent.code]},
        at=at,
    )


def handed_on():
    """Return (who gave her seat, who has it, the Transfer)."""
    booking, colleague = factories.booking(factories.event()), factories.talent()
    transfer = operations.hand_on(booking=booking, by=booking.talent.user, now=NOW)
    operations.accept_transfer(
        transfer=transfer, talent=colleague, by=colleague.user, now=NOW + DAY
    )
    return booking.talent, colleague, Transfer.objects.get()


def rows(user):
    """Return {title: rows} of those parts of her copy that have any."""
    groups = personal_data.collect(user)
    return {str(group.title): list(group.rows) for group in groups if group.rows}


def erase(talent):
    personal_data.erase(Person(talent.user, (talent,), "pseudonym"), NOW)


def test_transfers_and_late_seats_are_in_the_copies_of_both():
    giver, taker, transfer = handed_on()
    event = factories.event()
    late, came = (factories.booking(event, talent) for talent in (giver, taker))
    seat = GivenSeat.objects.create(late=late, to=came, given_at=NOW)
    hers, others = rows(giver.user), rows(taker.user)
    assert (hers[TRANSFER], hers[LATE]) == ([transfer], [seat])
    assert (others[TAKEN], others[GOT]) == ([transfer], [seat])
    assert {TAKEN, GOT} & hers.keys() == {TRANSFER, LATE} & others.keys() == set()


def test_a_booking_of_who_is_erased_says_only_that_somebody_came():
    event = factories.event(childcare_places=5)
    her, other = factories.talent(), factories.talent()
    booking = operations.book(
        event=event, talent=her, by=None, now=NOW, children=2, wants_track=True
    )
    Booking.objects.filter(pk=booking.pk).update(named_by=factories.unit())
    GivenSeat.objects.create(late=booking, to=factories.booking(event, other), given_at=NOW)
    erase(her)
    kept = Booking.objects.get(pk=booking.pk)
    said = (kept.named_by, kept.wants_track, kept.children, kept.childcare)
    assert (said, kept.state) == ((None, False, 0, ""), "confirmed")
    event.refresh_from_db()
    assert (event.seats_taken, event.childcare_taken) == (2, 2)  # what took place stays counted
    assert GivenSeat.objects.count() == 0


def test_who_handed_a_seat_on_and_is_erased_leaves_no_link():
    giver, taker, _transfer = handed_on()
    erase(giver)
    assert (Transfer.objects.count(), taker.bookings.get().state) == (0, "confirmed")


def test_units_are_not_told_of_who_is_erased_again():
    her, other = factories.talent(), factories.talent()
    kept = named(her, other)
    erase(her)
    kept.refresh_from_db()
    assert kept.answer == {"asked": 0, "not_for": [other.code], "unknown": []}


def test_what_a_unit_was_answered_is_kept_for_thirty_days():
    her = factories.talent()
    kept = named(her, factories.talent(), at=NOW - 30 * DAY)
    apply(now=NOW)
    assert list(GroupBooking.objects.all()) == [kept]
    apply(now=NOW + timedelta(seconds=1))
    assert GroupBooking.objects.count() == 0
