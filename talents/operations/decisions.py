"""A clerk decides on a record that was handed in."""

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import rights
from kernel.errors import Conflict, Invalid, Refused
from kernel.reasons import clean
from kernel.words import in_both_languages
from notices import operations as notices
from privacy import audit
from talents import reasons
from talents.career import keeping
from talents.career.sources import FactSource, stamp
from talents.models import Claim, ClaimState, Talent, TalentState, Tier
from talents.operations.records import lock_record, save_record, why_not_number

DECISIONS = ("talents.verified", "talents.returned")


def why_not_decide(talent, by):
    """Return why `by` may not decide on a record, whatever its state (DomainError), or None."""
    if not rights.may(by, "talents.verify_talent"):
        return Refused("may_not_verify", _("您没有审核权限，请联系管理员。"))
    if by is not None and talent.user_id == by.pk:
        return Refused("own_record", _("不能审核您本人的档案，请由其他同事办理。"))
    if by is not None and not Talent.objects.visible_to(by).filter(pk=talent.pk).exists():
        return _not_in_scope()
    return None


def _not_in_scope():
    return Refused("not_in_scope", _("这份档案不在您的办理范围内。"))


def why_not_verify(talent, by):
    """Return why `by` cannot verify a record, or return it, as it stands (DomainError), or None."""
    return why_not_decide(talent, by) or _why_not_waiting(talent)


def _why_not_waiting(talent):
    if talent.state != TalentState.SUBMITTED:
        return Conflict("already_handled", _("这份档案已由他人处理，请刷新列表。"))
    return None


def why_not_current(talent, seen):
    """Return why a decision does not fit a record any more (DomainError), or None.

    `seen` is the `updated_at` of the record as the clerk read it, None where nobody asks for it: what she
    decides on must be what she has read.
    """
    if seen is None or talent.updated_at == seen:
        return None
    return Conflict("record_changed", _("您打开之后，这份档案有了变化。请看过下面的变化再决定。"))


def lock_to_decide(talent, by):
    """Lock a record for somebody who may decide on it; asked again of the row as it stands then."""
    if error := why_not_decide(talent, by):
        raise error
    talent = _lock(talent)
    if error := why_not_decide(talent, by):
        raise error
    return talent


def _lock(talent):
    locked = lock_record(talent)
    if locked is None:  # a draft that was merged into a claimed record a moment ago
        raise _not_in_scope()
    return locked


def _take_up(talent, by, seen):
    """Lock a waiting record for a clerk's decision; the second of two clerks is told so."""
    talent = lock_to_decide(talent, by)
    if error := _why_not_waiting(talent) or why_not_current(talent, seen):
        raise error
    return talent


@transaction.atomic
def verify(*, talent, tier, by, now, seen=None):
    """Take a waiting record into the database; tells her once.

    `tier` is a Tier value; "" leaves the record's own, which a clerk may have set before.
    `seen`: see `why_not_current`. Raises Refused("may_not_verify"), Refused("own_record"),
    Refused("not_in_scope"), Conflict("already_handled"), Conflict("record_changed"),
    Conflict("id_number_known"), Invalid("unknown_tier").
    """
    talent = _take_up(talent, by, seen)
    if error := why_not_number(talent, talent.id_number):
        raise error
    if tier and tier not in Tier.values:
        raise Invalid("unknown_tier", _("没有这个人才层次，请重新选择。"), field="tier")
    talent.state, talent.tier = TalentState.VERIFIED, tier or talent.tier
    talent.return_codes, talent.return_reason = [], ""
    talent.verified_at, talent.verified_by, talent.updated_at = now, by, now
    if talent.confirm_from is None:
        keeping.ask_from(talent, keeping.ask_again(now))
    if tier:
        talent.tier_apart = None
        stamp(talent, ["tier"], FactSource.STAFF, now)
    save_record(talent)
    audit.record("talents.verify", talent, by=by, at=now, tier=talent.tier)
    department = {"zh-hans": talent.department.name, "en": talent.department.name_en}
    _notify("talents.verified", talent, now, department=department)
    return talent


@transaction.atomic
def return_with_reason(*, talent, reason, by, now, common=(), seen=None):
    """Give a waiting record back to its woman with what is missing; tells her once.

    `common` are codes of talents.reasons, `reason` the clerk's own words; one of them is needed.
    Raises what `verify` raises, and Invalid("reason_missing"), Invalid("reason_too_long").
    """
    talent = _take_up(talent, by, seen)
    chosen = [code for code in common if code in reasons.COMMON]
    if reason or not chosen:
        reason = clean_reason(reason, _("请写明需要补充什么，至少四个字。"))
    talent.state, talent.updated_at = TalentState.RETURNED, now
    talent.return_codes, talent.return_reason = chosen, reason
    talent.save()
    detail = {"codes": chosen} if chosen else {}
    audit.record("talents.return_with_reason", talent, by=by, at=now, reason=reason, **detail)
    said = in_both_languages(lambda: talent.return_text)
    _notify("talents.returned", talent, now, reason=said)
    return talent


def why_not_take_back_return(talent, by):
    """Return why `by` cannot take a return back (DomainError), or None: she has not handed in again meanwhile."""
    if error := why_not_decide(talent, by):
        return error
    if talent.state != TalentState.RETURNED:
        return Conflict("not_returned", _("这份档案不在待补充，不用撤回退回。"))
    return None


@transaction.atomic
def take_back_return(*, talent, by, now, seen=None):
    """Put a record that was returned by mistake back into the queue, at the place it had; tells her. Returns it.

    Raises what `why_not_decide` returns, Conflict("not_returned"), Conflict("record_changed").
    """
    talent = lock_to_decide(talent, by)
    if error := why_not_take_back_return(talent, by) or why_not_current(talent, seen):
        raise error
    talent.state, talent.updated_at = TalentState.SUBMITTED, now
    talent.return_codes, talent.return_reason = [], ""
    talent.save()
    audit.record("talents.take_back_return", talent, by=by, at=now, state=talent.state)
    if talent.user_id:
        notices.overtake_all(to=[talent.user_id], kinds=DECISIONS, about=[talent.pk], at=now)
        link, key = notices.page_link("profile"), f"{talent.pk}:{now.timestamp():.0f}"
        notices.queue("talents.return_taken_back", to=talent.user, obj=key, at=now, link=link)
    return talent


def clean_reason(reason, missing=None):
    """Return a reason with its blanks tidied; raises what kernel.reasons.clean raises.

    `missing` is the sentence that asks for one.
    """
    return clean(reason, missing or _("请写明原因，至少四个字，她会读到。"))


def _notify(kind, talent, now, **context):
    """Tell the woman how her record was decided on, where she has an account."""
    if not talent.user_id:
        return
    # A record may be returned more than once: each round of checking is told once.
    moment = talent.submitted_at or talent.created_at
    key = f"{talent.pk}:{moment.timestamp():.0f}"
    notices.overtake_all(to=[talent.user_id], kinds=DECISIONS, about=[talent.pk], at=now)
    context |= {"name": talent.full_name}
    link = notices.page_link("profile")
    notices.queue(kind, to=talent.user, obj=key, at=now, link=link, **context)


@transaction.atomic
def hand_over(*, talent, department, by, now, seen=None):
    """Give a record to another department, which from then on verifies and sees it; returns it.

    A woman who registers by herself starts with the first department. Claims of it that wait go along. Handing it
    to the department it is with changes nothing. Raises Refused as `verify` does, and Conflict("record_changed").
    """
    talent = lock_to_decide(talent, by)
    if error := why_not_current(talent, seen):
        raise error
    if talent.department_id == department.pk:
        return talent
    before, talent.department = talent.department_id, department
    talent.updated_at = now
    talent.save()
    audit.record("talents.hand_over", talent, by=by, at=now, old=before, new=department.pk)
    # Who no longer sees the record can decide on no claim of it.
    waiting = Claim.objects.select_for_update().filter(talent=talent, state=ClaimState.WAITING)
    for claim in waiting.order_by("pk"):
        move_claim(claim, department, "", by, now)
    return talent


def move_claim(claim, department, reason, by, now):
    """Have a department decide on a claim that is locked, from now on; on record."""
    before, claim.department = claim.department_id, department
    claim.save(update_fields=["department"])
    detail = {"old": before, "new": department.pk}
    audit.record("talents.hand_over_claim", claim, by=by, at=now, reason=reason, **detail)
