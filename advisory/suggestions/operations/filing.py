"""The coordinator files a suggestion, or not, or joins it to another."""

from django.db import transaction
from django.utils.translation import gettext as _

from advisory.suggestions import letters
from advisory.suggestions.models import NotFiled, SuggestionState
from advisory.suggestions.operations.locking import (
    locked,
    locked_all,
    locked_with_main,
)
from advisory.suggestions.rules import handling as rules
from advisory.suggestions.rules import who
from kernel import content, reasons
from kernel.errors import raise_if
from privacy import audit


def _locked_by_coordinator(suggestion, by):
    raise_if(who.why_not_coordinate(suggestion.campaign, by) or who.why_not_oneself(suggestion, by))
    return locked(suggestion)


@transaction.atomic
def send_back(*, suggestion, words, by, now):
    """Give one back to be parted in two, once, before it is filed: a draft again, of which `words` say why.

    Raises Refused, Conflict, Invalid without words. Returns the Suggestion.
    """
    suggestion = _locked_by_coordinator(suggestion, by)
    raise_if(rules.why_not_send_back(suggestion))
    suggestion.back_words = reasons.clean(words, _("请写明分成哪几件，她会看到。"))
    suggestion.state, suggestion.back_at = SuggestionState.DRAFT, now
    if suggestion.named == "own":
        suggestion.signed_as = None
    suggestion.save()
    audit.record("advisory.send_back_suggestion", suggestion, by=by, at=now)
    letters.sent_back(suggestion, now)
    return suggestion


@transaction.atomic
def file_suggestion(*, suggestion, listed, by, now, reason=""):
    """File it; `listed`: whether everybody may read what it says, else the `reason` why not is kept. Twice is once.

    Raises Refused, Conflict, Invalid. Returns the Suggestion.
    """
    suggestion = _locked_by_coordinator(suggestion, by)
    if suggestion.state == SuggestionState.FILED:
        return suggestion
    raise_if(rules.why_not_file(suggestion))
    suggestion.state = SuggestionState.FILED
    _list(suggestion, listed, reason)
    suggestion.filed_at, suggestion.filed_by = now, by
    suggestion.find_by()
    suggestion.save()
    audit.record("advisory.file_suggestion", suggestion, by=by, at=now, listed=listed)
    letters.filed(suggestion, now)
    content.touch()
    return suggestion


def _list(suggestion, listed, reason):
    why_not = "" if listed else reasons.clean(reason, _("请写明不公开的原因。"))
    suggestion.listed, suggestion.unlisted_reason = listed, why_not


@transaction.atomic
def set_listed(*, suggestion, listed, by, now, reason=""):
    """Change whether everybody may read a filed one, with a `reason` where not. Raises Refused, Conflict, Invalid.

    Returns the Suggestion.
    """
    suggestion = _locked_by_coordinator(suggestion, by)
    raise_if(rules.why_not_listed(suggestion))
    if suggestion.listed != listed:
        _list(suggestion, listed, reason)
        suggestion.find_by()
        suggestion.save()
        audit.record("advisory.list_suggestion", suggestion, by=by, at=now, listed=listed)
        content.touch()
    return suggestion


@transaction.atomic
def refuse_suggestion(*, suggestion, reason, words, by, now):
    """Do not file it, for a reason of NotFiled, with words to her. A personal complaint's text is deleted.

    Raises Refused, Conflict, Invalid. Returns the Suggestion.
    """
    suggestion = _locked_by_coordinator(suggestion, by)
    raise_if(rules.why_not_file(suggestion) or rules.why_not_reason(reason))
    said = reasons.clean(words, _("请写几句说明，她会看到。"), field="words")
    suggestion.not_filed_words = said
    suggestion.state, suggestion.not_filed = SuggestionState.NOT_FILED, reason
    suggestion.filed_by, suggestion.ended_at = by, now
    if reason == NotFiled.PERSONAL:
        suggestion.title = suggestion.matter = suggestion.proposal = suggestion.signed_as = None
    suggestion.save()
    audit.record("advisory.refuse_suggestion", suggestion, by=by, at=now, reason_code=reason)
    letters.not_filed(suggestion, now)
    return suggestion


@transaction.atomic
def reconsider(*, suggestion, by, now):
    """Undo that it was not filed; not where the text is gone. Raises Refused, Conflict. Returns the Suggestion."""
    suggestion = _locked_by_coordinator(suggestion, by)
    if suggestion.state == SuggestionState.SENT:
        return suggestion
    raise_if(rules.why_not_reconsider(suggestion))
    suggestion.state, suggestion.not_filed, suggestion.not_filed_words = (
        SuggestionState.SENT,
        "",
        "",
    )
    suggestion.ended_at = None
    suggestion.save()
    audit.record("advisory.reconsider_suggestion", suggestion, by=by, at=now)
    letters.reconsidered(suggestion, now)
    return suggestion


@transaction.atomic
def join_suggestion(*, suggestion, to, by, now):
    """Join one to another that is filed or answered, of any campaign of the same coordinator: its reply is hers too.

    Twice is once. Raises Refused, Conflict, Invalid. Returns the Suggestion.
    """
    raise_if(who.why_not_coordinate(suggestion.campaign, by) or who.why_not_oneself(suggestion, by))
    suggestion, to = locked_all(suggestion, to)
    if suggestion.state == SuggestionState.JOINED and suggestion.joined_to_id == to.pk:
        return suggestion
    raise_if(rules.why_not_join(suggestion, to))
    suggestion.state, suggestion.joined_to = SuggestionState.JOINED, to
    suggestion.filed_at, suggestion.filed_by = now, by
    suggestion.save()
    audit.record("advisory.join_suggestion", suggestion, by=by, at=now, to=to.pk)
    letters.joined(suggestion, now)
    return suggestion


@transaction.atomic
def part_suggestion(*, suggestion, by, now):
    """Undo joining: it waits to be filed again. Raises Refused, Conflict once the reply is there. Returns the Suggestion."""
    raise_if(who.why_not_coordinate(suggestion.campaign, by) or who.why_not_oneself(suggestion, by))
    suggestion = locked_with_main(suggestion)
    if suggestion.state == SuggestionState.SENT:
        return suggestion
    raise_if(rules.why_not_part(suggestion))
    suggestion.state, suggestion.joined_to = SuggestionState.SENT, None
    suggestion.filed_at = suggestion.filed_by = None
    suggestion.save()
    audit.record("advisory.part_suggestion", suggestion, by=by, at=now)
    letters.reconsidered(suggestion, now)
    return suggestion
