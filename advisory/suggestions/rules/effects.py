"""Adoptions, their effect, and what authors say to them."""

from django.utils import timezone
from django.utils.translation import gettext as _

from advisory.suggestions.models import (
    AdoptionKind,
    AdoptionState,
    Authorship,
    Contest,
    ContestOutcome,
    SuggestionState,
)
from advisory.suggestions.rules.handling import why_not_state
from advisory.suggestions.rules.who import why_moved_on, why_not_oneself
from kernel.errors import Conflict, Invalid, Refused

MOST_WHAT, MOST_WORDS = 200, 2000
State = SuggestionState


def why_not_adopt(suggestion):
    """Say why nothing can be entered as taken up: it is not filed."""
    return why_not_state(suggestion, State.FILED, State.ANSWERED, State.CLOSED)


def why_not_values(suggestion, values, now):
    """Say what is wrong with an adoption as it was filled in."""
    if values.get("kind") not in AdoptionKind.values:
        return Invalid("kind_missing", _("请选择采纳方式。"), field="kind")
    if not (values.get("what") or "").strip():
        return Invalid(
            "what_missing", _("请写明采纳到哪份文件、哪项预算或哪个项目。"), field="what"
        )
    if values["on"] > timezone.localdate(now):
        return Invalid("on_future", _("采纳日期不能在今天以后。"), field="on")
    if values["on"] < timezone.localdate(suggestion.sent_at):
        return Invalid("on_before", _("采纳日期不能早于建言提交的日期。"), field="on")
    return None


def why_not_proof(adoption):
    """Say why nothing more can be put there: the adoption was withdrawn."""
    return why_moved_on() if adoption.state == AdoptionState.WITHDRAWN else None


def why_not_remove_proof(adoption):
    """Say why no proof can be taken away: the adoption was withdrawn, or stands on what two have seen and no address."""
    if error := why_not_proof(adoption):
        return error
    stands = adoption.state == AdoptionState.CONFIRMED
    if stands and not adoption.link and adoption.proofs.count() == 1:
        return Conflict("last_proof", _("已核实的采纳要留一份证明；请先上传新的，再删这一份。"))
    return None


def why_not_confirm(adoption, by):
    """Say why `by` cannot confirm an adoption: it waits no more, was taken back, has no proof, or she entered it or wrote it."""
    if adoption.state != AdoptionState.ENTERED:
        return why_moved_on()
    if error := why_not_adopt(adoption.suggestion):
        return error
    if by is not None and adoption.entered_by_id == by.pk:
        return Refused("own_entry", _("自己登记的采纳不能自己核实，请由另一位同事核实。"))
    if error := why_not_oneself(adoption.suggestion, by):
        return error
    if not adoption.link and not adoption.proofs.exists():
        return Conflict("no_proof", _("请先补上证明：文件或网址。"))
    return None


def why_not_withdraw(adoption):
    """Say why an adoption cannot be withdrawn: it was."""
    return why_moved_on() if adoption.state == AdoptionState.WITHDRAWN else None


def why_not_told(effect):
    """Say why an effect cannot be told: the adoption does not stand, or it was told."""
    if effect.adoption.state != AdoptionState.CONFIRMED or effect.told_at:
        return why_moved_on()
    return None


def why_not_report(effect, words):
    """Say why an effect cannot be told with these words: `why_not_told`, or there are none."""
    if error := why_not_told(effect):
        return error
    if not (words or "").strip():
        return Invalid(
            "words_missing", _("请写明带来了什么变化，没有变化也请写明。"), field="words"
        )
    return None


def author_of(adoption, user):
    """Return the Authorship by which an adoption is of `user`'s own suggestion, or None."""
    hers = Authorship.objects.of(adoption.suggestion).filter(user=user)
    return hers.order_by("pk").first()


def why_not_author(adoption, user):
    """Say that somebody wrote nothing of what was taken up."""
    if user is not None and author_of(adoption, user) is not None:
        return None
    return Refused("not_yours", _("只有写这件建言的本人可以提出。"))


def why_not_contest(adoption, effect, user):
    """Say why somebody cannot say that it is not so: not the author, not told yet, or once before."""
    if error := why_not_author(adoption, user):
        return error
    if adoption.state != AdoptionState.CONFIRMED or (effect and not effect.told_at):
        return why_moved_on()
    author = author_of(adoption, user)
    if Contest.objects.filter(adoption=adoption, effect=effect, author=author).exists():
        return Conflict("contested", _("您已经提出过，处理结果会通知您。"))
    return None


def why_decided(contest):
    """Say that a contest is decided already."""
    return Conflict("decided", _("已经处理过了。")) if contest.outcome else None


def why_not_decide(contest, outcome, words, by):
    """Say why nothing can be decided of it so: `why_decided`, it is about `by`'s own suggestion, or a reason is missing."""
    if error := why_decided(contest) or why_not_oneself(contest.adoption.suggestion, by):
        return error
    if outcome not in ContestOutcome.values:
        return Invalid("outcome", _("请选择处理结果。"), field="outcome")
    if not (words or "").strip():
        return Invalid("words_missing", _("请写明处理的理由，她会看到。"), field="words")
    return None
