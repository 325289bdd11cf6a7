"""A campaign is written, published, closed, opened again, called off."""

from django.db import transaction
from django.utils.translation import gettext as _

from advisory.suggestions.models import CampaignState, SuggestionCampaign
from advisory.suggestions.operations.locking import locked_campaign
from advisory.suggestions.rules import who
from advisory.suggestions.rules import writing as rules
from kernel import reasons
from kernel.errors import raise_if
from privacy import audit

# What can be changed at any time, and what only before anybody could write by it.
ALWAYS = ("title", "question", "closes_at")
BEFORE = (
    "opens_at",
    "writers",
    "cosigning",
    "not_ours_days",
    "assist_days",
    "reply_days",
    "extension_days",
    "redo_days",
)
WRITTEN = (*ALWAYS, *BEFORE)


@transaction.atomic
def save_campaign(*, campaign, values, by, now, department=None):
    """Add (campaign None) or change one; `values` are names of WRITTEN, those of BEFORE count while it is a draft.

    A new one is of `by`'s department, of `department` where the system writes it. Raises Refused, Conflict, Invalid.
    Returns the SuggestionCampaign.
    """
    if campaign is None:
        department = by.department if by else department
        raise_if(who.why_no_department(department))
        campaign = SuggestionCampaign(department=department, created_at=now, created_by=by)
        raise_if(who.why_not_coordinate(campaign, by))
    else:
        raise_if(who.why_not_coordinate(campaign, by))
        campaign = locked_campaign(campaign)
        raise_if(rules.why_not_campaign_state(campaign, CampaignState.DRAFT, CampaignState.OPEN))
    verb = "advisory.change_campaign" if campaign.pk else "advisory.add_campaign"
    names = WRITTEN if campaign.state == CampaignState.DRAFT else ALWAYS
    changed = [n for n in names if n in values and getattr(campaign, n) != values[n]]
    for name in changed:
        setattr(campaign, name, values[name])
    raise_if(rules.why_not_hours(campaign.opens_at, campaign.closes_at))
    if campaign.state == CampaignState.OPEN and "closes_at" in changed:
        raise_if(rules.why_not_closes(campaign.closes_at, now))
    if changed:
        campaign.save()
        audit.record(verb, campaign, by=by, at=now, fields=changed)
    return campaign


def _step(campaign, state, verb, by, now, **detail):
    campaign.state = state
    campaign.ended_at = now if state in (CampaignState.CLOSED, CampaignState.CANCELLED) else None
    campaign.save(update_fields=["state", "ended_at", "closes_at", "cancel_reason"])
    audit.record(verb, campaign, by=by, at=now, **detail)
    return campaign


@transaction.atomic
def open_campaign(*, campaign, by, now):
    """Publish it: from `opens_at` on women can write. Twice is once. Raises Refused, Conflict, Invalid. Returns it."""
    raise_if(who.why_not_coordinate(campaign, by))
    campaign = locked_campaign(campaign)
    if campaign.state == CampaignState.OPEN:
        return campaign
    raise_if(rules.why_not_open_campaign(campaign, now))
    return _step(campaign, CampaignState.OPEN, "advisory.open_campaign", by, now)


@transaction.atomic
def close_campaign(*, campaign, by, now):
    """End it, before its hours are over too. Twice is once. Raises Refused, Conflict. Returns it."""
    raise_if(who.why_not_coordinate(campaign, by))
    campaign = locked_campaign(campaign)
    if campaign.state == CampaignState.CLOSED:
        return campaign
    raise_if(rules.why_not_campaign_state(campaign, CampaignState.OPEN))
    return _step(campaign, CampaignState.CLOSED, "advisory.close_campaign", by, now)


@transaction.atomic
def reopen_campaign(*, campaign, closes_at, by, now):
    """Undo its end, with a new one (`closes_at`). Raises Refused, Conflict, Invalid. Returns it."""
    raise_if(who.why_not_coordinate(campaign, by))
    campaign = locked_campaign(campaign)
    raise_if(rules.why_not_campaign_state(campaign, CampaignState.CLOSED))
    raise_if(
        rules.why_not_closes(closes_at, now) or rules.why_not_hours(campaign.opens_at, closes_at)
    )
    campaign.closes_at = closes_at
    return _step(campaign, CampaignState.OPEN, "advisory.reopen_campaign", by, now)


@transaction.atomic
def cancel_campaign(*, campaign, reason, by, now):
    """Call it off, while nothing was handed in. Twice is once. Raises Refused, Conflict, Invalid. Returns it."""
    raise_if(who.why_not_coordinate(campaign, by))
    campaign = locked_campaign(campaign)
    if campaign.state == CampaignState.CANCELLED:
        return campaign
    raise_if(rules.why_not_cancel_campaign(campaign))
    campaign.cancel_reason = reasons.clean(reason, _("请写明取消的原因。"))
    reason = {"reason": campaign.cancel_reason}
    return _step(campaign, CampaignState.CANCELLED, "advisory.cancel_campaign", by, now, **reason)
