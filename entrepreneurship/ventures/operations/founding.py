"""Who founds a venture with her: invited by a link, confirmed by herself, or kept without a name."""

from django.db import transaction

from entrepreneurship.ventures import letters, rules
from entrepreneurship.ventures.models import FounderKind, VentureFounder
from entrepreneurship.ventures.operations.keeping import locked
from kernel.errors import raise_if
from privacy import audit
from talents.models import Talent


def _both(founder, by, rule):
    """Return a founder as she stands, the venture locked before her, if `rule(founder, by)` lets; asked again behind the lock."""
    raise_if(rule(founder, by))
    venture = locked(founder.venture)
    rows = VentureFounder.objects.select_for_update(of=("self",), no_key=True)
    founder = rows.select_related("talent__user").get(pk=founder.pk)
    founder.venture = venture
    raise_if(rule(founder, by))
    return founder


def _added(venture, kind, role, share, by, now):
    raise_if(rules.why_not_keep(venture, by))
    venture, share = locked(venture), rules.number(share)
    if error := (
        rules.why_not_keep(venture, by)
        or rules.why_not_open(venture)
        or rules.why_not_more_founders(venture)
        or rules.why_not_role(role)
        or rules.why_not_share(venture, share)
    ):
        raise error
    row = VentureFounder(venture=venture, kind=kind, role=role, share=share, made_at=now)
    row.save()
    return row


@transaction.atomic
def invite_founder(*, venture, role, share, number="", by, now):
    """Make the link she sends to a woman who founds it with her; the share is hers from now on.

    With `number`, that of a record, the woman is sent the link as well; whether there is one nobody is told. Raises
    Refused, Invalid, Conflict. Returns the VentureFounder.
    """
    row = _added(venture, FounderKind.RECORD, role, share, by, now)
    audit.record("entrepreneurship.invite_founder", row.venture, by=by, at=now, role=role)
    rows = Talent.objects.verified().exclude(user=None).exclude(pk=row.venture.talent_id)
    number = (number or "").strip().upper()
    if number and (asked := rows.select_related("user").filter(code=number).first()):
        letters.invited(row, asked, now)
    return row


@transaction.atomic
def add_outside_founder(*, venture, role, share, by, now):
    """Keep that somebody outside the database founds it with her: role and share, no name. Returns the VentureFounder."""
    row = _added(venture, FounderKind.OUTSIDE, role, share, by, now)
    audit.record("entrepreneurship.add_outside_founder", row.venture, by=by, at=now, role=role)
    return row


@transaction.atomic
def accept_founder(*, founder, talent, by, now):
    """She confirms that she founds it, with the role and share she was shown. Twice is once. Raises Refused, Conflict.

    Returns the VentureFounder.
    """
    raise_if(rules.why_not_join_at_all(founder, talent, by))
    talent = Talent.objects.locked().get(pk=talent.pk)
    founder = _both(founder, by, lambda row, by: rules.why_not_join_at_all(row, talent, by))
    if founder.talent_id == talent.pk and founder.ended_at is None:
        return founder
    if error := rules.why_not_join(founder, talent):
        raise error
    founder.talent, founder.accepted_at = talent, now
    founder.save(update_fields=["talent", "accepted_at"])
    audit.record("entrepreneurship.accept_founder", founder.venture, by=by, at=now)
    letters.joined(founder, now)
    return founder


@transaction.atomic
def set_founder(*, founder, role, share, by, now):
    """Write a founder's role and share: her own, or, of a link and of somebody outside, who keeps the venture.

    Raises Refused, Invalid where all of them would be above 100. Returns the VentureFounder.
    """
    founder, share = _both(founder, by, rules.why_not_set), rules.number(share)
    if error := (
        rules.why_not_standing(founder)
        or rules.why_not_open(founder.venture)
        or rules.why_not_role(role)
        or rules.why_not_share(founder.venture, share, besides=founder)
    ):
        raise error
    if (founder.role, founder.share) != (role, share):
        founder.role, founder.share = role, share
        founder.save(update_fields=["role", "share"])
        audit.record("entrepreneurship.set_founder", founder.venture, by=by, at=now, role=role)
    return founder


@transaction.atomic
def end_founder(*, founder, by, now):
    """Close a link, or note that a founder has left: who keeps the venture does, or she herself. Twice is once.

    Her share is free again; from the next request on nothing of the venture is hers to see. Raises Refused.
    Returns the VentureFounder.
    """
    founder = _both(founder, by, rules.why_not_end)
    if founder.ended_at is None:
        founder.ended_at = now
        founder.save(update_fields=["ended_at"])
        audit.record("entrepreneurship.end_founder", founder.venture, by=by, at=now)
    return founder


@transaction.atomic
def hand_over_venture(*, founder, by, now):
    """Let another confirmed founder keep the venture from now on; she is told. Raises Refused, Conflict.

    Returns the Venture.
    """
    founder = _both(founder, by, lambda row, by: rules.why_not_keep(row.venture, by))
    if error := rules.why_not_hand_over(founder):
        raise error
    venture = founder.venture
    if venture.talent_id != founder.talent_id:
        venture.talent = founder.talent
        venture.save(update_fields=["talent"])
        audit.record("entrepreneurship.hand_over_venture", venture, by=by, at=now)
        letters.handed_over(venture, now)
    return venture
