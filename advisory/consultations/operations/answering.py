"""She accepts or declines, says whether a conflict of interest stands in the way; what the clock does of what waits."""

from datetime import timedelta

from django.db import transaction

from advisory.consultations import conflicts, letters, rules
from advisory.consultations.models import ConflictState, ConsultationState, InvitationState
from advisory.consultations.operations import seats
from advisory.consultations.operations.locking import locked, locked_invitation
from advisory.consultations.operations.preparing import ANSWERS, end, look_at
from kernel.errors import raise_if
from privacy import audit
from talents.asking import operations as asking

AHEAD = timedelta(days=1)
MOST_WORDS = 500


def _hers(invitation, by):
    raise_if(rules.why_not_hers(invitation, by))
    return locked_invitation(invitation)


@transaction.atomic
def accept_invitation(*, invitation, declared, declared_words, by, now):
    """Take it that she takes part, and what she says of a conflict of interest; what the portal knows is looked up now.

    Of a meeting she gets the seat. Accepting again changes nothing. Raises Refused for anybody else, Conflict where it
    was withdrawn, answered or is too late, Invalid for a conflict without a word. Returns the ConsultationInvitation.
    """
    invitation = _hers(invitation, by)
    if invitation.state == InvitationState.ACCEPTED:
        return invitation
    raise_if(
        rules.why_not_accept(invitation, now) or rules.why_not_declared(declared, declared_words)
    )
    invitation.state, invitation.answered_at = InvitationState.ACCEPTED, now
    _declare(invitation, declared, declared_words)
    invitation.save()
    seats.take(invitation, now)
    asking.answer(invitation=invitation, answer=ANSWERS[invitation.state], now=now)
    conflict = {"conflict": invitation.conflict}
    audit.record("advisory.accept_invitation", invitation, by=by, at=now, **conflict)
    if invitation.conflict == ConflictState.WAITS:
        letters.conflicting(invitation, now)
    return invitation


def _declare(invitation, declared, words):
    words = " ".join((words or "").split())[:MOST_WORDS]
    invitation.declared, invitation.declared_words = bool(declared), words if declared else None
    talent = invitation.talent
    look_at(invitation, conflicts.found(invitation.consultation, [talent])[talent.pk])


@transaction.atomic
def declare_conflict(*, invitation, declared, declared_words, by, now):
    """Say anew whether a conflict of interest stands in the way; until staff have looked at one the papers are shut.

    Raises Refused for anybody else, Conflict, Invalid. Returns the ConsultationInvitation.
    """
    invitation = _hers(invitation, by)
    raise_if(rules.why_not_declare(invitation) or rules.why_not_declared(declared, declared_words))
    before = (invitation.declared, invitation.declared_words, invitation.found)
    settled = invitation.conflict, invitation.conflict_reason, invitation.conflict_by
    _declare(invitation, declared, declared_words)
    if before == (invitation.declared, invitation.declared_words, invitation.found):
        invitation.conflict, invitation.conflict_reason, invitation.conflict_by = settled
        return invitation
    invitation.save()
    conflict = {"conflict": invitation.conflict}
    audit.record("advisory.declare_conflict", invitation, by=by, at=now, **conflict)
    if invitation.conflict == ConflictState.WAITS:
        letters.conflicting(invitation, now)
    return invitation


@transaction.atomic
def decline_invitation(*, invitation, by, now):
    """Take it that she does not take part, before or after she had accepted; nobody asks why, and staff ask another.

    Twice does nothing twice. Raises Refused for anybody else, Conflict where it does not stand any more. Returns the
    ConsultationInvitation.
    """
    invitation = _hers(invitation, by)
    if invitation.state == InvitationState.DECLINED:
        return invitation
    raise_if(rules.why_not_decline(invitation))
    seats.give_up(invitation, now)
    end(invitation, InvitationState.DECLINED, now)
    audit.record("advisory.decline_invitation", invitation, by=by, at=now)
    letters.declined(invitation, now)
    return invitation


# --- the clock ------------------------------------------------------------------------------------
@transaction.atomic
def lapse_invitation(*, invitation, now):
    """End an invitation nobody answered in time; the place is free. What was answered meanwhile stays."""
    invitation = locked_invitation(invitation)
    if invitation.state != InvitationState.SENT or invitation.is_open(now):
        return
    if invitation.consultation.state != ConsultationState.INVITING:
        return
    end(invitation, InvitationState.LAPSED, now)
    audit.record("advisory.lapse_invitation", invitation, by=None, at=now)
    letters.lapsed(invitation, now)


@transaction.atomic
def remind_of_answer(*, invitation, now):
    """Remind her once that the time to answer ends soon."""
    invitation = locked_invitation(invitation)
    if invitation.reminded_at or not invitation.is_open(now):
        return
    invitation.reminded_at = now
    invitation.save(update_fields=["reminded_at"])
    letters.remind(invitation, now)


@transaction.atomic
def follow_seat(*, invitation, now):
    """Take it that she does not come who gave her seat back on the event's own page."""
    invitation = locked_invitation(invitation)
    rows = type(invitation).objects.filter(pk=invitation.pk)
    if seats.given_up(rows, now).exists():
        decline_invitation(invitation=invitation, by=None, now=now)


@transaction.atomic
def retry_invitation(*, row, by, now):
    """Let the clock try again what it could not do of an invitation. Raises Refused. Returns the ConsultationInvitation."""
    raise_if(rules.why_not_run(row.consultation, by))
    row = locked_invitation(row)
    if row.sweep_failures:
        row.sweep_failures = 0
        row.save(update_fields=["sweep_failures"])
        audit.record("advisory.retry_invitation", row, by=by, at=now)
    return row


@transaction.atomic
def remind_to_hold(*, consultation, now):
    """Remind staff once of a consultation whose time is over."""
    consultation = locked(consultation)
    if consultation.reminded_at or consultation.state != ConsultationState.INVITING:
        return
    consultation.reminded_at = now
    consultation.save(update_fields=["reminded_at"])
    letters.to_hold(consultation, now)
