"""A record that was taken into the database by mistake goes back to who waits to be checked.

Its verification is void as if it had never been: the trends count nothing of it (talents.trends.changes.STANDS). What
she holds on the strength of it follows the rules of the apps that gave it (talents.departures).
"""

from datetime import timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kernel.errors import Conflict
from kernel.words import in_both_languages
from notices import operations as notices
from privacy import audit
from talents import departures
from talents.career import keeping
from talents.career.kinds import EntryKind
from talents.models import ImportRow, Outcome, ProposalState, TalentState
from talents.operations.decisions import (
    DECISIONS,
    clean_reason,
    lock_to_decide,
    why_not_current,
    why_not_decide,
)
from talents.operations.proposals import drop_proposals, waiting_proposals

UNDO = timedelta(days=30)


def why_not_take_back_verification(talent, by, now):
    """Return why `by` cannot take a verification back (DomainError), or None.

    Within 30 days, of a record its woman handed in, while no list, merge or correction was built upon it.
    """
    if error := why_not_decide(talent, by):
        return error
    if not talent.is_verified:
        return Conflict("not_verified", _("这份档案不在库里，不用撤回审核通过。"))
    if talent.submitted_at is None or talent.user_id is None:
        sentence = _(
            "这份档案由单位报送，不是本人提交审核的。内容有误请更正；整份名单有误请撤销名单导入。"
        )
        return Conflict("not_handed_in", sentence)
    if talent.verified_at < now - UNDO:
        sentence = _(
            "审核通过已满 30 天，不能撤回。内容有误请更正档案；本人要退出的，由她撤回授权。"
        )
        return Conflict("too_late", sentence)
    return _why_depended_on(talent)


def _why_depended_on(talent):
    if talent.merges.undoable().exists():
        return Conflict("merged_since", _("这份档案合并了另一份，请先撤销合并。"))
    lines = ImportRow.objects.filter(talent=talent, outcome=Outcome.UPDATE)
    if lines.filter(applied_at__gt=talent.verified_at).exists():
        sentence = _("入库以后，单位报送的名单更新过这份档案，请先撤销那份名单的导入。")
        return Conflict("imported_since", sentence)
    accepted = talent.proposals.filter(state=ProposalState.ACCEPTED)
    if accepted.filter(decided_at__gt=talent.verified_at).exists():
        sentence = _("入库以后，又核对通过了一项更正申请，不能撤回。内容有误请更正档案。")
        return Conflict("corrected_since", sentence)
    return None


def lost_with_verification(talent, now):
    """Return what becomes of what she holds when her verification is taken back, as sentences to her."""
    sentences = departures.lost(talent, now, hers=False)
    if waiting_proposals(talent):
        sentences.append(_("正在核对的更正申请会撤回。"))
    return sentences


@transaction.atomic
def take_back_verification(*, talent, reason, by, now, seen=None):
    """Put a record that was verified by mistake back into the queue, at the place it had; returns the Talent.

    She is told why and what becomes of what she holds. The tier that came with the verification goes with it.
    Raises what `why_not_take_back_verification` and `kernel.reasons.clean` raise, Conflict("record_changed").
    """
    if error := why_not_take_back_verification(talent, by, now):
        raise error
    talent = lock_to_decide(talent, by)
    error = why_not_take_back_verification(talent, by, now) or why_not_current(talent, seen)
    if error:
        raise error
    reason = clean_reason(reason)
    held = in_both_languages(lambda: _joined(lost_with_verification(talent, now)))
    drop_proposals(talent, by, now)
    departures.follow(talent, hers=False, now=now)
    talent.state, talent.tier = TalentState.SUBMITTED, _tier_before(talent)
    talent.verified_at, talent.verified_by, talent.updated_at = None, None, now
    with keeping.setting_right():
        talent.save()
    verb = "talents.take_back_verification"
    audit.record(verb, talent, by=by, at=now, reason=reason, state=talent.state)
    _tell(talent, reason, held, now)
    return talent


def _tier_before(talent):
    """Return the tier it had while it waited; the present one where that came later, or by her career."""
    versions = talent.history.order_by("-history_id").values_list("state", "tier")
    since = []
    for state, tier in versions:
        if state != TalentState.VERIFIED:
            given = set(since) == {talent.tier} and not talent.career.filter(kind=EntryKind.TIER)
            return tier if given else talent.tier
        since.append(tier)
    return talent.tier


def _joined(sentences):
    """Return whole sentences as one text: English ones with blanks between them."""
    return ("" if translation.get_language().startswith("zh") else " ").join(sentences)


def _tell(talent, reason, held, now):
    notices.overtake_all(to=[talent.user_id], kinds=DECISIONS, about=[talent.pk], at=now)
    said = in_both_languages(lambda: reason)
    about = {"to": talent.user, "obj": f"{talent.pk}:{now.timestamp():.6f}", "at": now}
    kind, link = "talents.verification_taken_back", notices.page_link("profile")
    notices.queue(kind, link=link, reason=said, held=held, **about)
