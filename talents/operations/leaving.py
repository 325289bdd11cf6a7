"""A woman withdraws a consent, or gives it again: what becomes of her record."""

from django.utils.translation import gettext as _

from privacy import audit
from talents import departures
from talents.exports import running as exports
from talents.models import TalentState
from talents.operations.claims.asking import drop_claims, forget_claimed_numbers
from talents.operations.merging import forget_merged_numbers
from talents.operations.proposals import drop_proposals, forget_numbers, open_proposal
from talents.operations.records import lock_own, own_record


def on_database_consent(*, user, granted, by, now):
    """Take a record out of the database when its woman withdraws her consent, and back when she gives it.

    It comes back as it left: verified, where a clerk had verified it, for nobody has changed it since.
    """
    talent = lock_own(user)
    if not granted:
        drop_claims(user, by, now)
    if talent is None or talent.state == TalentState.DRAFT or granted != talent.has_left_database:
        return
    talent.state, talent.updated_at = _before(talent) if granted else TalentState.LEFT, now
    talent.save()
    if not granted:
        drop_proposals(talent, by, now)
        departures.follow(talent, hers=True, now=now)
        exports.drop_those_with([talent.pk])
    action = "talents.rejoin_database" if granted else "talents.leave_database"
    audit.record(action, talent, by=by, at=now, state=talent.state)


def lost_with_database(user, now):
    """Return what she loses and keeps by leaving the database, as sentences."""
    talent = own_record(user)
    if talent is None or talent.state == TalentState.DRAFT:
        return []
    sentences = departures.lost(talent, now)
    if open_proposal(talent):
        sentences.append(_("正在核对的更正申请会撤回。"))
    sentences.append(_("档案内容为您保留，重新同意后恢复；已取消的报名需要重新报名。"))
    return sentences


def _before(talent):
    if talent.verified_at:
        return TalentState.VERIFIED
    was_returned = talent.return_reason or talent.return_codes
    return TalentState.RETURNED if was_returned else TalentState.SUBMITTED


def on_identity_consent(*, user, granted, by, now):
    """Erase the identity number when its woman withdraws her consent to it."""
    if granted:
        return
    talent = lock_own(user)
    forget_claimed_numbers(user)
    if talent is None:
        return
    drop_proposals(talent, by, now, about="id_number")
    forget_numbers(talent)
    forget_merged_numbers(talent)
    exports.drop_those_with([talent.pk], columns__contains="id_number")
    if not talent.id_number:
        return
    talent.id_number, talent.updated_at = None, now
    talent.save()
    audit.record("talents.erase_id_number", talent, by=by, at=now)
