"""She invites colleagues by a link: to write with her, or to be named as members. Only she hands in."""

from django.db import transaction

from calls import letters, together_rules
from calls.locking import lock_application, share_call
from calls.models import Colleague, ColleagueRole
from privacy import audit


def _locked(colleague):
    """Return the invitation as it stands, its application locked before it."""
    application = lock_application(
        colleague.application, call=share_call(colleague.application.call_id)
    )
    rows = Colleague.objects.select_related("user")
    row = rows.select_for_update(of=("self",), no_key=True).get(pk=colleague.pk)
    row.application = application
    return row


@transaction.atomic
def invite_colleague(*, application, role, by, now):
    """Make the link she sends to a colleague; where one waits already for this role it is that one.

    `role` is a code of ColleagueRole. Raises Refused, Conflict; returns the Colleague.
    """
    if error := together_rules.why_not_invite_for(application, by):
        raise error
    application = lock_application(application, call=share_call(application.call_id))
    if error := together_rules.why_not_invite(application, role, now):
        raise error
    rows = application.colleagues.standing().filter(role=role, accepted_at=None)
    if waiting := rows.first():
        return waiting
    row = Colleague.objects.create(application=application, role=role, made_at=now)
    audit.record("calls.invite_colleague", application, by=by, at=now, role=role)
    return row


@transaction.atomic
def accept_invitation(*, colleague, by, now):
    """Join an application by its link. Twice is once. Raises Refused, Conflict; returns the Colleague."""
    if error := together_rules.why_not_join_at_all(colleague, by):
        raise error
    colleague = _locked(colleague)
    if colleague.user_id == by.pk and colleague.ended_at is None:
        return colleague
    if error := together_rules.why_not_join(colleague, by, now):
        raise error
    colleague.user, colleague.accepted_at = by, now
    colleague.save(update_fields=["user", "accepted_at"])
    audit.record(
        "calls.join_application", colleague.application, by=by, at=now, role=colleague.role
    )
    letters.joined(colleague, now)
    return colleague


@transaction.atomic
def end_colleague(*, colleague, by, now):
    """Close a link, or end that a colleague is with her: she does, or the colleague herself. Twice is once.

    From the next request on nothing of the application is hers to see. Raises Refused; returns the Colleague.
    """
    if error := together_rules.why_not_end(colleague, by):
        raise error
    colleague = _locked(colleague)
    if colleague.ended_at is None:
        colleague.ended_at = now
        colleague.save(update_fields=["ended_at"])
        audit.record(
            "calls.end_colleague", colleague.application, by=by, at=now, role=colleague.role
        )
    return colleague


def roles_of(application):
    """Return the roles somebody may be invited for: members of what has members."""
    return [ColleagueRole.EDITOR, *([ColleagueRole.MEMBER] if application.is_together else [])]
