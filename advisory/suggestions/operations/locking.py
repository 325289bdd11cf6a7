"""Locks, in the order of every operation: campaign, then suggestions by number. What hangs on one is changed under its lock."""

from advisory.suggestions.models import Assignment, Suggestion, SuggestionCampaign
from advisory.suggestions.rules.who import why_moved_on
from kernel.errors import raise_if


def locked_campaign(campaign):
    """Return a campaign as it stands now, locked."""
    rows = SuggestionCampaign.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("department").get(pk=campaign.pk)


def locked(suggestion):
    """Return a suggestion as it stands now, locked."""
    return locked_all(suggestion)[0]


def locked_all(*suggestions):
    """Return suggestions as they stand now, locked in the order of their numbers."""
    rows = Suggestion.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("campaign__department", "joined_to__campaign").order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in={one.pk for one in suggestions})}
    return [found[one.pk] for one in suggestions]


def locked_with_main(suggestion):
    """Return a suggestion, it and the one it was joined to locked; `joined_to` is that locked row."""
    if suggestion.joined_to_id is None:
        return locked(suggestion)
    one, main = locked_all(suggestion, suggestion.joined_to)
    if one.joined_to_id == main.pk:
        one.joined_to = main
    return one


def locked_with_joined(suggestion):
    """Return a suggestion, what it was joined to and what was joined to it locked; `joined_to` is that locked row."""
    joined = Suggestion.objects.filter(joined_to=suggestion.pk)
    main = [suggestion.joined_to] if suggestion.joined_to_id else []
    rows = {row.pk: row for row in locked_all(suggestion, *main, *joined)}
    one = rows[suggestion.pk]
    one.joined_to = rows.get(one.joined_to_id, one.joined_to)
    return one


def locked_assignment(assignment):
    """Return an assignment as it stands now, its suggestion locked. Raises Conflict as `_under`."""
    suggestion = locked(assignment.suggestion)
    assignment = Assignment.objects.select_related("department").get(pk=assignment.pk)
    return _under(suggestion, assignment)


def locked_reply(reply):
    """Return a reply as it stands now, its suggestion locked. Raises Conflict as `_under`."""
    suggestion = locked(reply.suggestion)
    reply = (
        type(reply).objects.select_related("drafted_by", "signed_by", "corrects").get(pk=reply.pk)
    )
    return _under(suggestion, reply)


def locked_adoption(adoption):
    """Return an adoption as it stands now, its suggestion locked. Raises Conflict as `_under`."""
    suggestion = locked(adoption.suggestion)
    adoption = type(adoption).objects.get(pk=adoption.pk)
    return _under(suggestion, adoption)


def _under(suggestion, row):
    """Return a row with its locked suggestion. Raises Conflict where it has gone on with another meanwhile.

    An author took hers back, what was joined to it stands for it now: saved as it was read, the row would go back.
    """
    raise_if(why_moved_on() if row.suggestion_id != suggestion.pk else None)
    row.suggestion = suggestion
    return row
