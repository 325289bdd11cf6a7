"""It was held: who came. Opinions, what became of each, and the end."""

from django.db import transaction
from django.utils.translation import gettext as _

from advisory.consultations import letters, rules
from advisory.consultations.models import (
    ConsultationInvitation,
    ConsultationState,
    InvitationState,
    Opinion,
)
from advisory.consultations.operations import seats
from advisory.consultations.operations.locking import locked
from advisory.consultations.operations.preparing import end
from kernel.errors import Invalid, raise_if
from privacy import audit

MOST_TEXT = 4000


# --- opinions -------------------------------------------------------------------------------------
def _locked_for(invitation):
    """Return an invitation as it stands, its consultation locked."""
    consultation = locked(invitation.consultation)
    rows = ConsultationInvitation.objects.select_related("talent__user")
    invitation = rows.get(pk=invitation.pk)
    invitation.consultation = consultation
    return invitation


def _clean(text):
    text = (text or "").strip()
    if not text:
        raise Invalid("text_missing", _("请写下意见。"), field="text")
    if len(text) > MOST_TEXT:
        sentence = _("一条意见最多 %(most)s 字，请分成几条。") % {"most": MOST_TEXT}
        raise Invalid("text_too_long", sentence, field="text")
    return text


@transaction.atomic
def give_opinion(*, invitation, text, by, now):
    """Keep one thing she says, as she typed it. Raises Refused for anybody else, Conflict, Invalid. Returns the Opinion."""
    raise_if(rules.why_not_hers(invitation, by))
    invitation = _locked_for(invitation)
    raise_if(rules.why_not_say(invitation, now))
    text = _clean(text)
    last = invitation.opinions.last()
    if last and last.text == text:
        return last  # the button pressed twice
    opinion = Opinion.objects.create(invitation=invitation, text=text, given_at=now)
    audit.record("advisory.give_opinion", opinion, by=by, at=now)
    return opinion


@transaction.atomic
def change_opinion(*, opinion, text, by, now):
    """Change what she said, or what staff wrote down for her, until it was answered; without a text it is taken back.

    Raises Refused for anybody else, Conflict, Invalid. Returns the Opinion, None where it is gone.
    """
    raise_if(rules.why_not_hers(opinion.invitation, by))
    opinion = _locked_opinion(opinion)
    raise_if(rules.why_not_change(opinion, now))
    if not (text or "").strip():
        audit.record("advisory.take_opinion_back", opinion, by=by, at=now)
        opinion.delete()
        return None
    text = _clean(text)
    if text == opinion.text:
        return opinion
    opinion.text, opinion.changed_at = text, now
    opinion.save(update_fields=["text", "changed_at"])
    audit.record("advisory.change_opinion", opinion, by=by, at=now)
    return opinion


def _locked_opinion(opinion):
    invitation = _locked_for(opinion.invitation)
    opinion = Opinion.objects.get(pk=opinion.pk)
    opinion.invitation = invitation
    return opinion


@transaction.atomic
def note_opinion(*, invitation, text, by, now):
    """Write down for her what she said at the meeting; she reads it and can set it right.

    Raises Refused, Conflict, Invalid. Returns the Opinion.
    """
    raise_if(rules.why_not_run(invitation.consultation, by))
    invitation = _locked_for(invitation)
    raise_if(rules.why_not_say(invitation, now))
    opinion = Opinion.objects.create(
        invitation=invitation, text=_clean(text), given_at=now, noted_by=by
    )
    audit.record("advisory.note_opinion", opinion, by=by, at=now)
    letters.noted(invitation, now)
    return opinion


@transaction.atomic
def decide_opinion(*, opinion, outcome, why, by, now):
    """Say what became of an opinion (an Outcome) and why. She is told when the consultation is closed, or now, if it is.

    Raises Refused, Conflict before it was held, Invalid without a why. Returns the Opinion.
    """
    raise_if(rules.why_not_run(opinion.invitation.consultation, by))
    opinion = _locked_opinion(opinion)
    raise_if(rules.why_not_decide(opinion) or rules.why_not_outcome(outcome, why))
    why = " ".join((why or "").split())[:500]
    if (opinion.outcome, opinion.why) == (outcome, why):
        return opinion
    opinion.outcome, opinion.why = outcome, why
    opinion.decided_at, opinion.decided_by = now, by
    opinion.save(update_fields=["outcome", "why", "decided_at", "decided_by"])
    audit.record("advisory.decide_opinion", opinion, by=by, at=now, outcome=outcome)
    if opinion.invitation.consultation.state == ConsultationState.CLOSED:
        letters.outcomes(opinion.invitation, now)
    return opinion


# --- held, closed ---------------------------------------------------------------------------------
@transaction.atomic
def hold_consultation(*, consultation, by, now):
    """Note that it was held: who accepted took part or not, by the event, or by having said something in writing.

    Invitations nobody answered lapse. Raises Refused, Conflict before it is over. Returns the Consultation.
    """
    raise_if(rules.why_not_run(consultation, by))
    consultation = locked(consultation)
    if consultation.state == ConsultationState.HELD:
        return consultation
    raise_if(rules.why_not_hold(consultation, now))
    came = _who_came(consultation)
    for row in consultation.invitations.standing().select_related("talent__user"):
        row.consultation = consultation
        if row.state == InvitationState.SENT:
            end(row, InvitationState.LAPSED, now)
        else:
            _note_presence(row, row.talent_id in came)
    consultation.state, consultation.held_at = ConsultationState.HELD, now
    consultation.save(update_fields=["state", "held_at"])
    audit.record("advisory.hold_consultation", consultation, by=by, at=now, came=len(came))
    return consultation


def _who_came(consultation):
    if consultation.is_meeting:
        return seats.came(consultation.event)
    said = Opinion.objects.filter(invitation__consultation=consultation)
    return set(said.values_list("invitation__talent", flat=True))


def _note_presence(row, took_part):
    """Keep whether she took part; returns whether that is new."""
    state = InvitationState.TOOK_PART if took_part else InvitationState.ABSENT
    if row.state == state:
        return False
    row.state = state
    row.save(update_fields=["state"])
    return True


@transaction.atomic
def count_again(*, consultation, by, now):
    """Take over who came as the meeting's event says it now: arrivals are put right there, after the fact.

    Whose booking the event has no more stays as noted. Raises Refused, Conflict. Returns how many changed.
    """
    raise_if(rules.why_not_run(consultation, by))
    consultation = locked(consultation)
    raise_if(rules.why_not_count_again(consultation))
    came, known = seats.came(consultation.event), seats.known(consultation.event)
    rows = consultation.invitations.seated().filter(talent__in=known)
    changed = sum(_note_presence(row, row.talent_id in came) for row in rows)
    if changed:
        audit.record("advisory.count_again", consultation, by=by, at=now, count=changed)
    return changed


@transaction.atomic
def close_consultation(*, consultation, came_outside, came_outside_women, by, now):
    """Close a consultation with how many came from outside the database; each author is told what became of hers.

    Raises Refused, Conflict while an opinion has no answer, Invalid for women above the total. Returns the Consultation.
    """
    raise_if(rules.why_not_run(consultation, by))
    consultation = locked(consultation)
    if consultation.state == ConsultationState.CLOSED:
        return consultation
    raise_if(rules.why_not_close(consultation, came_outside, came_outside_women))
    consultation.came_outside = came_outside
    consultation.came_outside_women = came_outside_women
    consultation.state, consultation.ended_at = ConsultationState.CLOSED, now
    consultation.save(update_fields=["came_outside", "came_outside_women", "state", "ended_at"])
    audit.record("advisory.close_consultation", consultation, by=by, at=now)
    authors = consultation.invitations.filter(opinions__isnull=False).distinct()
    for row in authors.select_related("talent__user"):
        row.consultation = consultation
        letters.outcomes(row, now)
    return consultation


@transaction.atomic
def reopen_consultation(*, consultation, by, now):
    """Take the closing of a consultation back, to correct its totals. Raises Refused, Conflict. Returns the Consultation."""
    raise_if(rules.why_not_run(consultation, by))
    consultation = locked(consultation)
    raise_if(rules.why_not_state(consultation, ConsultationState.CLOSED))
    consultation.state, consultation.ended_at = ConsultationState.HELD, None
    consultation.save(update_fields=["state", "ended_at"])
    audit.record("advisory.reopen_consultation", consultation, by=by, at=now)
    return consultation
