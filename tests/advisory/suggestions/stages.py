"""Suggestions brought to where a test of staff's pages needs them: now, led by LEAD; what they are made of is `make`."""

from django.utils import timezone

from advisory.suggestions import operations
from tests.advisory.suggestions import make
from tests.advisory.suggestions.make import clerk, fresh

LEAD, ASSIST = "social_development", "trade_union"
TEXT = "托育点下月起延长到晚上七点半，先从两个园区试行。"
__all__ = ["ASSIST", "LEAD", "TEXT", "clerk", "fresh"]


def signer(department=LEAD):
    """Return who signs replies of a department."""
    return make.reviewer(department)


def campaign(now=None, **values):
    """Return a campaign of the women's federation that is open."""
    return make.campaign(now or timezone.now(), **values)


def sent(of=None, her=None, now=None, **typed):
    """Return a suggestion that was handed in."""
    now = now or timezone.now()
    return make.sent(of or campaign(now), her, now, **typed)


def filed(of=None, her=None, now=None, listed=True, **typed):
    """Return one that was filed."""
    now = now or timezone.now()
    return make.filed(of or campaign(now), her, now, listed, **typed)


def assigned(row=None, department=LEAD, role="lead", now=None, **typed):
    """Return the assignment of a filed one."""
    now = now or timezone.now()
    return make.assigned(row or filed(now=now, **typed), department, role, now)


def drafted(row=None, by=None, now=None, answer="A", second_on=None, **typed):
    """Return a reply that was drafted, by the system unless it is said otherwise."""
    now = now or timezone.now()
    row = row or assigned(now=now, **typed).suggestion
    values = {"answer": answer, "text": TEXT, "second_on": second_on}
    return operations.save_reply(suggestion=row, reply=None, values=values, by=by, now=now)


def handed_in(now=None, **given):
    """Return a reply that waits for a signature."""
    now = now or timezone.now()
    return operations.hand_in_reply(reply=drafted(now=now, **given), by=None, now=now)


def signed(now=None, kept_back_reason="", **given):
    """Return a reply that was signed."""
    now = now or timezone.now()
    return operations.sign_reply(
        reply=handed_in(now=now, **given), kept_back_reason=kept_back_reason, by=None, now=now
    )


def entered(row=None, by=None, now=None, **values):
    """Return an adoption that was entered."""
    now = now or timezone.now()
    row = row or signed(now=now).suggestion
    return make.entered(row, by, now, on=timezone.localdate(now), **values)


def confirmed(now=None, **given):
    """Return an adoption that two people stand for."""
    now = now or timezone.now()
    return operations.confirm_adoption(adoption=entered(now=now, **given), by=None, now=now)


def told(proven=True, **given):
    """Return the first effect of an adoption, told."""
    return _told(confirmed(**given), proven)


def _told(adoption, proven=True):
    effect = adoption.effects.get(months=6)
    return operations.report_effect(
        effect=effect, words="入托增加四成。", proven=proven, by=None, now=timezone.now()
    )


def contested(**given):
    """Return what the author says to an effect."""
    return _contested(told(**given))


def _contested(effect):
    adoption = effect.adoption
    her = adoption.suggestion.authorship.user
    return operations.contest(
        adoption=adoption, effect=effect, words="只开了一个点", by=her, now=timezone.now()
    )


def one_of_everything(lead=LEAD, **given):
    """Return {model: row}: a suggestion led by `lead`, from its campaign to what its author says to its effect."""
    suggestion = assigned(department=lead, **given).suggestion
    reply = signed(row=suggestion)
    adoption = entered(row=fresh(suggestion))
    sent_file = ("托育办法.pdf", b"%PDF-1.7 proof")
    proof = operations.add_proof(adoption=adoption, sent=sent_file, by=None, now=timezone.now())
    adoption = operations.confirm_adoption(adoption=adoption, by=None, now=timezone.now())
    contest = _contested(_told(adoption))
    return {
        "suggestioncampaign": suggestion.campaign,
        "suggestion": fresh(suggestion),
        "assignment": suggestion.assignments.get(),
        "reply": reply,
        "adoption": adoption,
        "adoptionproof": proof,
        "effectreport": contest.effect,
        "contest": contest,
    }
