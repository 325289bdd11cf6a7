"""Who comes to the meeting has a seat of its event, which reminds, checks in and says who came (events)."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from advisory.consultations.models import ConsultationState, InvitationState
from events import operations as events
from events.models import Booking, BookingState, EventState
from kernel.errors import Conflict

# Kept in the log of the event, whoever's language it was.
NOT_COMING = "咨询邀请已结束"


def take(invitation, now):
    """Give her a seat of the meeting. Raises Conflict where the event has none for her."""
    event, talent = invitation.consultation.event, invitation.talent
    if event is None:
        return
    events.admit(event=event, talent=talent, by=None, now=now)
    booking = events.book(event=event, talent=talent, by=None, now=now)
    if not booking.is_seated:
        sentence = _("会议的席位已满，请联系工作人员。")
        raise Conflict("no_seat", sentence)


def give_up(invitation, now):
    """Give her seat back, and the way to take it again by herself."""
    event = invitation.consultation.event
    if event is None or event.is_cancelled or event.has_started(now):
        return
    if booking := event.bookings.active().filter(talent=invitation.talent).first():
        events.cancel_booking(booking=booking, by=None, now=now)
    for row in event.invitations.standing().filter(talent=invitation.talent):
        events.withdraw_invitation(invitation=row, reason=NOT_COMING, by=None, now=now)


def given_up(invitations, now):
    """Keep accepted invitations to meetings to come whose seat she gave back on the event's own page."""
    hers = Booking.objects.active().filter(
        event=OuterRef("consultation__event"), talent=OuterRef("talent")
    )
    return invitations.filter(
        ~Exists(hers),
        state=InvitationState.ACCEPTED,
        consultation__state=ConsultationState.INVITING,
        consultation__event__state=EventState.PUBLISHED,
        consultation__event__starts_at__gt=now,
    )


def came(event):
    """Return the numbers of records of who came to an event."""
    attended = event.bookings.filter(state=BookingState.ATTENDED)
    return set(attended.values_list("talent", flat=True))


def known(event):
    """Return the numbers of records that have a booking of an event, whatever became of it."""
    return set(event.bookings.values_list("talent", flat=True))
