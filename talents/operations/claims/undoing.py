"""A wrong claim is taken back."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kernel.errors import Conflict
from privacy import audit
from talents import departures, search, versions
from talents.career import keeping
from talents.career.sources import FactSource
from talents.erasure.waiting import follow_account
from talents.models import AskingWish, ClaimState, Evidence, Talent, TalentState
from talents.operations.claims.deciding import why_not_clerk
from talents.operations.claims.giving import close, lock, tell
from talents.operations.decisions import clean_reason
from talents.operations.life import forget_hers
from talents.operations.proposals import drop_proposals, forget_proposed
from talents.operations.records import keep_account_in_step
from talents.public.models import PublicPage


def why_not_undo_claim(claim, by):
    """Return why `by` cannot take back a granted claim (DomainError), or None."""
    if error := why_not_clerk(claim, by):
        return error
    if claim.state != ClaimState.GRANTED:
        return Conflict("not_granted", _("这项认领没有通过或已撤销，不用再撤销。"))
    if claim.before is None:
        return Conflict(
            "nothing_kept", _("这份档案已经删除，或合并已满 30 天、认领已满一年，不能再撤销认领。")
        )
    if claim.talent.merges.undoable().exists():
        sentence = _("认领以后，这份档案又合并了另一份，请先在档案页撤销合并。")
        return Conflict("merged_since", sentence)
    return None


@transaction.atomic
def undo_claim(*, claim, reason, by, now):
    """Take a record back from an account it should not have gone to; returns the Claim.

    The record is as it was before, without an account, for its woman to claim; what she who had it
    filled in before is her own draft again, and what waits about the record is dropped. What other apps
    gave on the strength of it follows their rules (talents.departures). Raises Refused as
    `grant_claim` does, Conflict("not_granted"), Invalid("reason_missing").
    """
    if error := why_not_undo_claim(claim, by):
        raise error
    claim = lock(claim)
    if error := why_not_undo_claim(claim, by):
        raise error
    reason = clean_reason(reason)
    talent = claim.talent
    drop_proposals(talent, by, now)
    departures.follow(talent, hers=False, now=now)
    talent.user, talent.updated_at = None, now
    # Whoever had it by mistake may have left the database with it.
    talent.state = TalentState.VERIFIED
    forget_hers(talent)
    PublicPage.objects.filter(talent=talent).delete()
    AskingWish.objects.filter(talent=talent).delete()
    before = claim.record_before
    _put_back(talent, before["record"])
    versions.forget_since(talent, before["version"])
    forget_proposed(talent, claim.decided_at)
    _put_back_career(talent, before, claim.decided_at)
    _take_out_career(talent, claim.kept, before)
    with keeping.setting_right():
        talent.save()  # indexes what is left
    if claim.kept is not None:
        claim.kept.user = claim.user
        claim.kept.save(update_fields=["user"])
        claim.user.talent = claim.kept
        keep_account_in_step(claim.kept, now)
        search.refresh(Talent.objects.filter(pk=claim.kept_id))
    follow_account(claim.user_id, by=by, now=now)
    close(claim, ClaimState.UNDONE, by, now, reason)
    for obj in (claim, talent):
        audit.record("talents.undo_claim", obj, by=by, at=now, reason=reason, state=obj.state)
    tell("talents.claim_undone", claim, now, reason=reason)
    return claim


def _put_back_career(talent, before, since):
    """Have the entries the record had be as they were, where whoever claimed it wrote or deleted them."""
    entries = before["entries"]
    touched = talent.career.filter(pk__in=entries).filter(
        Q(source=FactSource.SELF) | Q(deleted_at__isnull=False)
    )
    for entry in touched:
        entry.history.filter(history_id__gt=before["entry_version"]).delete()
        values = entries[str(entry.pk)]
        if _put_back(entry, values):
            entry.save()
            Evidence.objects.filter(entry=entry, added_at__gte=since).delete()


def _take_out_career(talent, draft, before):
    """Take what she wrote of her own career out of the record: into her draft, where she has one."""
    came = Q(source=FactSource.SELF) | Q(pk__in=before["joining"])
    hers = talent.career.filter(came).exclude(pk__in=before["entries"])
    if draft is not None:
        keeping.hand_on(hers, draft)
    else:
        hers.delete()


def _put_back(row, values):
    """Set columns to values as JSON holds them; returns whether that changed one."""
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        field = row._meta.get_field(name.removesuffix("_id"))
        setattr(row, name, value if value is None else field.to_python(value))
    return any(getattr(row, name) != value for name, value in before.items())
