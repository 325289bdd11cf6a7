"""Children who are looked after while their mothers are at the event: asked for, given, given up.

The places are an own quota: who has a seat and asks gets one while there is room for all her children, in the order
of the bookings' places; where there is none she waits, and is passed by only for fewer children than hers.
"""

from django.db import transaction

from events import letters, rules, seat_counts
from events.models import HELD_STATES, Childcare
from events.operations.locking import locked_booking
from privacy import audit


@transaction.atomic
def change_childcare(*, booking, children, by, now):
    """Say for how many children (0 to 4) she needs childcare; 0 gives it up, and the next get the places.

    More children than before are taken in only while there is room for them, so that she loses nothing by asking.
    Saying the same again changes nothing. Raises Refused, what rules.why_not_childcare returns. Returns the Booking.
    """
    event, booking = locked_booking(booking, rules.why_not_act_for, booking.talent, by)
    if children == booking.children and booking.is_active:
        return booking
    if error := rules.why_not_childcare(booking, children, now):
        raise error
    before, booking.children = booking.children, children
    if not children:
        booking.childcare = ""
    elif not before:
        booking.childcare = Childcare.WAITING
    booking.save(update_fields=["children", "childcare"])
    seat_counts.moved()
    audit.record("events.change_childcare", booking, by=by, at=now, before=before, after=children)
    fill_childcare(event, now, asking=booking)
    return booking


def fill_childcare(event, now, asking=None):
    """Give free places to whoever waits for them, and tell her; `asking`, who sees it on the page, is not told.

    For an operation that holds the event's lock.
    """
    if not event.childcare_places or not event.is_published or event.has_started(now):
        return
    event.refresh_from_db(fields=["childcare_taken"])
    left, told = event.childcare_left, []
    waiting = event.bookings.filter(state__in=HELD_STATES, childcare=Childcare.WAITING)
    for booking in waiting.select_related("talent__user").order_by("place"):
        if booking.children > left:
            continue
        left -= booking.children
        booking.event, booking.childcare = event, Childcare.GIVEN
        booking.save(update_fields=["childcare"])
        audit.record("events.give_childcare", booking, by=None, at=now, children=booking.children)
        if booking == asking:
            asking.childcare = booking.childcare
        else:
            told.append(letters.childcare_given(booking, event))
    event.childcare_taken = event.childcare_places - left
    letters.send(told, now)
