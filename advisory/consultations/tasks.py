"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from advisory.consultations import operations
from advisory.consultations.models import Consultation, ConsultationInvitation
from advisory.consultations.operations.answering import AHEAD
from advisory.consultations.operations.seats import given_up
from kernel.sweeps import sweep


@shared_task(name="advisory.tasks.follow_invitations")
def follow_invitations():
    """Every ten minutes: end what nobody answered in time, follow seats given back, remind of what ends soon."""
    now = timezone.now()
    rows = ConsultationInvitation.objects
    sweep(rows.to_lapse(now), operations.lapse_invitation, "invitation", now=now)
    sweep(given_up(rows.all(), now), operations.follow_seat, "invitation", now=now)
    sweep(rows.to_remind(now, AHEAD), operations.remind_of_answer, "invitation", now=now)
    waiting = Consultation.objects.to_hold(now).filter(reminded_at=None)
    sweep(waiting, operations.remind_to_hold, "consultation", now=now)
