"""What the pages show of a suggestion: to everybody, and to who wrote it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from advisory.suggestions import hers
from advisory.suggestions.models import Adoption, AdoptionState, Reply, Suggestion
from advisory.suggestions.rules import effects, replies, writing
from kernel import markdown


@dataclass(frozen=True)
class ShownReply:
    """A signed reply as its reader sees it; `html` "" where she may not read it. `why_not_rate`: None, she can."""

    reply: Any
    html: str
    why_not_rate: Any = None


def for_everybody(suggestion):
    """Return what everybody reads of a public suggestion."""
    return {
        "suggestion": suggestion,
        "department": hers.lead_department(suggestion),
        "replies": [
            ShownReply(reply, "" if reply.kept_back_reason else markdown.html(reply.text or ""))
            for reply in _signed(suggestion)
        ],
        "adoptions": _adoptions(suggestion),
    }


def for_her(suggestion, user, now):
    """Return what who wrote it reads of it: every reply, each step, what she can do."""
    main = suggestion.main
    return {
        "suggestion": suggestion,
        "main": main,
        "department": hers.lead_department(suggestion),
        "replies": [
            ShownReply(
                reply, markdown.html(reply.text or ""), replies.why_not_rate(reply, user, now)
            )
            for reply in _signed(main)
        ],
        "adoptions": _contestable(_adoptions(main), user),
        "steps": hers.steps(suggestion),
        "today": timezone.localdate(now),
        "note": hers.note(suggestion),
        "may_withdraw": writing.why_not_withdraw(suggestion, user) is None,
    }


def _signed(suggestion):
    rows = Reply.objects.filter(suggestion=suggestion).signed()
    return rows.select_related("suggestion", "corrects").order_by("-pk")


def _adoptions(suggestion):
    rows = suggestion.adoptions.filter(state=AdoptionState.CONFIRMED)
    return list(rows.prefetch_related("effects").order_by("pk"))


def _contestable(adoptions, user):
    """Say of each adoption, and of each effect, whether she can say that it is not so."""
    for adoption in adoptions:
        adoption.may_contest = effects.why_not_contest(adoption, None, user) is None
        for effect in adoption.effects.all():
            effect.may_contest = (
                bool(effect.told_at) and effects.why_not_contest(adoption, effect, user) is None
            )
    return adoptions


def listed(campaign):
    """Return the public suggestions of a campaign with how many signed each too and whether it was taken up."""
    return with_adopted(Suggestion.objects.public().filter(campaign=campaign).with_cosigners())


def with_adopted(rows):
    """Add to suggestions whether one was taken up, as a second person confirmed (`was_adopted`)."""
    adopted = Adoption.objects.confirmed().filter(suggestion=OuterRef("pk"))
    return rows.annotate(was_adopted=Exists(adopted))
