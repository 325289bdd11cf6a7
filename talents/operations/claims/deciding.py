"""A clerk decides on a claim, or hands it to the department that can."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kernel import rights
from kernel.errors import Conflict, Refused
from privacy import audit
from talents.models import Claim, ClaimState, Talent
from talents.operations.claims.giving import close, decided, give, lock, tell, why_not_give
from talents.operations.decisions import clean_reason, move_claim


def why_not_clerk(claim, by):
    """Return why `by` may not decide on a claim, whatever its state (DomainError), or None."""
    if not rights.may(by, "talents.verify_talent"):
        return Refused("may_not_verify", _("您没有审核权限，请联系管理员。"))
    if by is not None and claim.user_id == by.pk:
        return Refused("own_record", _("不能审核您本人的档案，请由其他同事办理。"))
    if by is not None and not Claim.objects.visible_to(by).filter(pk=claim.pk).exists():
        return Refused("not_in_scope", _("这项认领不在您的办理范围内。"))
    return None


def why_not_decide_claim(claim, by):
    """Return why `by` cannot decide on a claim as it stands (DomainError), or None."""
    return why_not_clerk(claim, by) or (None if claim.is_waiting else decided())


def why_not_grant(claim, by):
    """Return why `by` cannot grant a claim (DomainError), or None: there has to be a record to give."""
    if error := why_not_decide_claim(claim, by):
        return error
    if not candidates(claim, by):
        sentence = _(
            "没有可以认领的同名档案。属于其他部门的请转交，没有报送过的请不通过并写明原因。"
        )
        return Conflict("no_record", sentence)
    return None


def candidates(claim, by):
    """Return up to ten unclaimed records of the claim's name, or that fit it, which `by` may see."""
    fits = Q(full_name=claim.full_name)
    if claim.talent_id:
        fits |= Q(pk=claim.talent_id)
    return visible(Talent.objects.verified().filter(fits, user=None), by)


def visible(rows, by):
    """Return up to ten of these records which `by` may see."""
    return list((rows.visible_to(by) if by else rows).select_related("unit").order_by("pk")[:10])


@transaction.atomic
def grant_claim(*, claim, talent, by, now):
    """Make an unclaimed record hers, on a clerk's decision; tells her. Returns the Claim.

    What she has filled in goes into the record, its identity excepted; her own draft is kept aside. Raises
    Refused("may_not_verify"), Refused("own_record"), Refused("not_in_scope"),
    Conflict("already_decided"), Conflict("already_claimed"), Conflict("has_record").
    """
    if error := why_not_clerk(claim, by):
        raise error
    claim.talent = talent
    chosen, claim = talent, lock(claim)
    talent = Talent.objects.get(pk=chosen.pk)
    if error := why_not_decide_claim(claim, by) or _why_not_chosen(claim, talent, by):
        raise error
    return give(claim, talent, by, now)


def _why_not_chosen(claim, talent, by):
    if by is not None and not Talent.objects.visible_to(by).filter(pk=talent.pk).exists():
        return Refused("not_in_scope", _("这份档案不在您的办理范围内。"))
    return why_not_give(claim, talent)


@transaction.atomic
def hand_over_claim(*, claim, department, reason, by, now):
    """Give a waiting claim to the department that can decide on it, which from then on sees it; returns the Claim.

    Handing it to the department it is with changes nothing. Raises Refused as `grant_claim` does,
    Conflict("already_decided"), Invalid("reason_missing").
    """
    claim = _take_up(claim, by)
    if claim.department_id == department.pk:
        return claim
    reason = clean_reason(reason, _("请写明转交的理由，至少四个字。"))
    move_claim(claim, department, reason, by, now)
    return claim


def _take_up(claim, by):
    """Lock a waiting claim for a clerk's decision; the second of two clerks is told so."""
    if error := why_not_clerk(claim, by):
        raise error
    claim = lock(claim)
    if error := why_not_decide_claim(claim, by):
        raise error
    return claim


@transaction.atomic
def refuse_claim(*, claim, reason, by, now):
    """Leave the record to its woman and tell the one who asked why; returns the Claim.

    Raises Refused as `grant_claim` does, Conflict("already_decided"), Invalid("reason_missing").
    """
    claim = _take_up(claim, by)
    reason = clean_reason(reason)
    close(claim, ClaimState.REFUSED, by, now, reason)
    audit.record("talents.refuse_claim", claim, by=by, at=now, reason=reason)
    tell("talents.claim_refused", claim, now, reason=reason)
    return claim
