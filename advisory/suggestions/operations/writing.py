"""She writes, hands in, takes back, signs another's too.

The log names nobody in these steps: who is nameless would be named there. Whose it is stands in Authorship alone.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction

from accounts.models import User
from advisory.suggestions import letters
from advisory.suggestions.models import (
    UNSIGNED,
    Authorship,
    CoSignature,
    Named,
    ReplyState,
    Suggestion,
    SuggestionState,
)
from advisory.suggestions.operations.assigning import owe_nothing
from advisory.suggestions.operations.locking import (
    locked,
    locked_campaign,
    locked_with_joined,
)
from advisory.suggestions.rules import who
from advisory.suggestions.rules import writing as rules
from kernel import content
from kernel.errors import raise_if
from privacy import audit

TYPED = ("title", "matter", "proposal")
TWICE = timedelta(minutes=1)


@transaction.atomic
def save_draft(*, campaign, suggestion, values, by, now):
    """Keep what she typed: title, matter, proposal as they are, `named` (Named) and `pen_name`; suggestion None adds one.

    Anything may be missing yet; the same form sent twice begins one. Raises Refused, Conflict outside the hours or where
    it was handed in, Invalid. Returns the Suggestion.
    """
    if suggestion is None:
        raise_if(rules.why_not_write(campaign, by, now))
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # one of hers begins at a time
        if found := _begun(campaign, values, by, now):
            return found
        raise_if(rules.why_not_more(campaign, by))
        suggestion = Suggestion(campaign=campaign, created_at=now)
    else:
        raise_if(who.why_not_author(suggestion, by))
        suggestion = locked(suggestion)
        raise_if(rules.why_not_change(suggestion) or rules.why_not_write_back(suggestion, by, now))
    raise_if(rules.why_not_values(values))
    for name, text in _typed(values).items():
        setattr(suggestion, name, text)
    suggestion.named = values["named"]
    # Her own name is put there when she hands it in: a draft is seen by nobody else.
    suggestion.signed_as = values["pen_name"] if values["named"] == Named.PEN else None
    suggestion.changed_at = now
    is_new = suggestion.pk is None
    suggestion.save()
    if is_new:
        Authorship.objects.create(suggestion=suggestion, user=by)
    return suggestion


def _typed(values):
    """Return what she typed, {field: text}; None where there is nothing."""
    return {name: (values.get(name) or "").strip() or None for name in TYPED}


def _begun(campaign, values, by, now):
    """Return what the same form began a moment ago: it came twice. None where it did not."""
    rows = Suggestion.objects.hers(by).filter(campaign=campaign, created_at__gt=now - TWICE)
    said = _typed(values) | {"named": values.get("named")}
    if values.get("named") == Named.PEN:
        said["signed_as"] = values.get("pen_name")
    rows = rows.filter(state__in=[SuggestionState.DRAFT, SuggestionState.SENT])
    return next((row for row in rows if all(getattr(row, n) == said[n] for n in said)), None)


@transaction.atomic
def drop_draft(*, suggestion, by, now):
    """Throw her draft away for good. Raises Refused, Conflict where it was handed in."""
    raise_if(who.why_not_author(suggestion, by))
    suggestion = locked(suggestion)
    raise_if(rules.why_not_change(suggestion))
    suggestion.delete()


@transaction.atomic
def send_suggestion(*, suggestion, by, now, not_personal=False):
    """Hand it in; `not_personal`: she says that it is not about her own case. Twice is once.

    Raises Refused, Conflict outside the hours, Invalid where something is missing. Returns the Suggestion.
    """
    raise_if(who.why_not_author(suggestion, by))
    locked_campaign(suggestion.campaign)
    suggestion = locked(suggestion)
    if suggestion.state == SuggestionState.SENT:
        return suggestion
    raise_if(rules.why_not_send(suggestion, by, now, not_personal))
    if suggestion.named == Named.OWN:
        suggestion.signed_as = by.get_full_name()
    suggestion.state, suggestion.sent_at = SuggestionState.SENT, now
    suggestion.save()
    audit.record("advisory.send_suggestion", suggestion, by=None, at=now)
    return suggestion


@transaction.atomic
def withdraw_suggestion(*, suggestion, by, now):
    """Take it back before a reply is signed; those joined to it go on, the oldest of them in its place.

    Twice is once. Raises Refused, Conflict. Returns the Suggestion.
    """
    raise_if(who.why_not_author(suggestion, by))
    suggestion = locked_with_joined(suggestion)
    if suggestion.state == SuggestionState.WITHDRAWN:
        return suggestion
    raise_if(rules.why_not_withdraw(suggestion, by))
    take_out(suggestion, now)
    audit.record("advisory.withdraw_suggestion", suggestion, by=None, at=now)
    letters.withdrawn(suggestion, now)
    return suggestion


def take_out(suggestion, now):
    """End a suggestion as taken back: what was drafted for it is not used, unless others go on with it."""
    if suggestion.state == SuggestionState.FILED and not _hand_on(suggestion, now):
        suggestion.replies.filter(state__in=UNSIGNED).update(state=ReplyState.DROPPED)
        owe_nothing(suggestion, now)
    was_public = suggestion.is_public
    suggestion.state, suggestion.ended_at = SuggestionState.WITHDRAWN, now
    suggestion.joined_to, suggestion.listed = None, False
    suggestion.find_by()
    suggestion.save()
    if was_public:
        content.touch()


def _hand_on(suggestion, now):
    """Have the oldest joined one stand for the matter: with its departments, drafts and co-signers. Tells whether there is one."""
    heir = suggestion.joined.order_by("sent_at", "pk").first()
    if heir is None:
        return False
    heir.state, heir.joined_to = SuggestionState.FILED, None
    heir.filed_at, heir.filed_by = suggestion.filed_at, suggestion.filed_by
    heir.listed, heir.unlisted_reason = suggestion.listed, suggestion.unlisted_reason
    heir.reopened_at = suggestion.reopened_at
    heir.find_by()
    heir.save()
    suggestion.joined.exclude(pk=heir.pk).update(joined_to=heir)
    suggestion.assignments.update(suggestion=heir)
    suggestion.replies.update(suggestion=heir)
    suggestion.adoptions.update(suggestion=heir)
    _pass_on_cosignatures(suggestion, heir)
    return True


def _pass_on_cosignatures(suggestion, heir):
    """Have who signed the one sign the other; not its own author, and not whose name stands there already."""
    there = CoSignature.objects.standing().filter(suggestion=heir).values("user")
    own = Authorship.objects.filter(suggestion=heir).values("user")
    rows = suggestion.cosignatures.standing()
    rows.exclude(user__in=there).exclude(user__in=own).update(suggestion=heir)


@transaction.atomic
def cosign(*, suggestion, named, by, now):
    """Sign another's suggestion too; `named`: whether staff read her name. Twice is once.

    Raises Refused, Conflict. Returns the CoSignature.
    """
    raise_if(rules.why_not_woman(suggestion.campaign, by))
    suggestion = locked(suggestion)
    raise_if(rules.why_not_cosign(suggestion, by))
    if found := suggestion.cosignatures.standing().filter(user=by).first():
        return found
    name = by.get_full_name() if named else None
    try:
        with transaction.atomic():
            row = CoSignature.objects.create(suggestion=suggestion, user=by, signed_as=name, at=now)
    except IntegrityError:
        return suggestion.cosignatures.standing().get(user=by)
    audit.record("advisory.cosign", suggestion, by=None, at=now)
    content.touch()
    return row


@transaction.atomic
def withdraw_cosignature(*, cosignature, by, now):
    """Take a co-signature back. Twice is once. Raises Refused, Conflict once there is a reply. Returns it."""
    raise_if(rules.why_not_take_back(cosignature, by))
    suggestion = locked(cosignature.suggestion)
    cosignature = CoSignature.objects.get(pk=cosignature.pk)
    cosignature.suggestion = suggestion
    if cosignature.withdrawn_at:
        return cosignature
    raise_if(rules.why_not_take_back(cosignature, by))
    cosignature.withdrawn_at, cosignature.signed_as = now, None
    cosignature.save(update_fields=["withdrawn_at", "signed_as"])
    audit.record("advisory.withdraw_cosignature", suggestion, by=None, at=now)
    content.touch()
    return cosignature
