"""Staff invite women, take an invitation back, invite once more; what they make of a conflict of interest."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from advisory.consultations import conflicts, letters, rules
from advisory.consultations.models import (
    SEATED,
    ConflictState,
    ConsultationInvitation,
    InvitationState,
)
from advisory.consultations.operations import seats
from advisory.consultations.operations.locking import locked, locked_invitation
from advisory.consultations.operations.preparing import end
from kernel import reasons
from kernel.days import begin
from kernel.errors import raise_if
from privacy import audit
from talents.asking import operations as asking
from talents.models import Talent

TIME_TO_ANSWER = timedelta(days=5)
DAY = timedelta(days=1)


@transaction.atomic
def invite(*, consultation, talents, by, now):
    """Invite women (Talents), as many as there are free places; all of them or none. Each is told.

    Raises Refused, Conflict for the first who may not be invited, named. Returns the ConsultationInvitations.
    """
    raise_if(rules.why_not_run(consultation, by))
    numbers = sorted({talent.pk for talent in talents})
    women = list(Talent.objects.locked().filter(pk__in=numbers).order_by("pk"))
    consultation = locked(consultation)
    raise_if(rules.why_not_more(consultation, len(women), now))
    found = conflicts.found(consultation, women)
    places = _free_places(consultation)
    sent = []
    for talent in women:
        raise_if(_named(talent, rules.why_not_invite(consultation, talent, by, now)))
        row = ConsultationInvitation(
            consultation=consultation, talent=talent, found=found[talent.pk]
        )
        sent.append(_send(row, next(places), by, now))
    audit.record_many("advisory.invite_expert", sent, by=by, at=now)
    return sent


def _named(talent, error):
    """Return the error with the name of whom it is about in front: several were chosen."""
    if error:
        error.message = f"{talent.full_name}：{error}"
        error.args = (error.message,)
    return error


def _free_places(consultation):
    taken = set(consultation.invitations.filter(state__in=SEATED).values_list("place", flat=True))
    return (number for number in range(1, consultation.places + 1) if number not in taken)


def _send(invitation, place, by, now):
    """Send an invitation, for the first time or again."""
    invitation.state, invitation.place = InvitationState.SENT, place
    invitation.sent_at, invitation.sent_by, invitation.answered_at = now, by, None
    invitation.answer_by = _answer_by(invitation.consultation, now)
    invitation.reminded_at = None
    invitation.save()
    asking.ask(
        invitation=invitation,
        talent=invitation.talent,
        kind=rules.KIND,
        department=invitation.consultation.department,
        now=now,
    )
    letters.invited(invitation, now)
    return invitation


def _answer_by(consultation, now):
    """Return until when she may answer: five days, and never later than what it is for."""
    until = now + TIME_TO_ANSWER
    if consultation.event_id:
        return min(until, consultation.event.starts_at)
    if consultation.opinions_by:
        return min(until, begin(consultation.opinions_by) + DAY)
    return until


@transaction.atomic
def invite_again(*, invitation, by, now):
    """Invite a woman once more who declined, let the time pass or was let off: undoes it. Raises Refused, Conflict.

    Returns the ConsultationInvitation.
    """
    raise_if(rules.why_not_run(invitation.consultation, by))
    invitation = locked_invitation(invitation)
    raise_if(rules.why_not_again(invitation, now))
    consultation = invitation.consultation
    invitation.found = conflicts.found(consultation, [invitation.talent])[invitation.talent_id]
    _send(invitation, next(_free_places(consultation)), by, now)
    audit.record("advisory.invite_again", invitation, by=by, at=now)
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation, by, now):
    """Let a woman off who was invited or has accepted; she is told. Twice does nothing twice.

    Raises Refused, Conflict once the consultation was held. Returns the ConsultationInvitation.
    """
    raise_if(rules.why_not_run(invitation.consultation, by))
    invitation = locked_invitation(invitation)
    if invitation.state == InvitationState.WITHDRAWN:
        return invitation
    raise_if(rules.why_not_withdraw(invitation))
    seats.give_up(invitation, now)
    end(invitation, InvitationState.WITHDRAWN, now)
    audit.record("advisory.withdraw_invitation", invitation, by=by, at=now)
    letters.taken_back(invitation, now)
    return invitation


@transaction.atomic
def settle_conflict(*, invitation, reason, by, now):
    """Say that she may take part although there is a conflict of interest, and why; the papers open, and she is told.

    Who is not to take part is let off (`withdraw_invitation`). Raises Refused, Conflict, Invalid without a reason.
    Returns the ConsultationInvitation.
    """
    raise_if(rules.why_not_run(invitation.consultation, by))
    invitation = locked_invitation(invitation)
    if invitation.conflict == ConflictState.LET:
        return invitation
    raise_if(rules.why_not_settle(invitation))
    invitation.conflict_reason = reasons.clean(reason, _("请写明为什么可以参加，至少四个字。"))
    invitation.conflict, invitation.conflict_by = ConflictState.LET, by
    invitation.save(update_fields=["conflict", "conflict_reason", "conflict_by"])
    audit.record(
        "advisory.settle_conflict", invitation, by=by, at=now, reason=invitation.conflict_reason
    )
    letters.let_in(invitation, now)
    return invitation
