"""Staff: accept, return, refuse, note a result, and take each back while nothing depends on it."""

from django.db import transaction
from django.utils.translation import gettext as _

from calls import fairness, letters, rules
from calls.locking import lock_application, lock_call
from calls.models import ApplicationState, Return, ReturnItem
from kernel import reasons
from privacy import audit

State = ApplicationState


def _locked(application, by, permission="calls.accept_application"):
    """Return the application locked under its call: quotas and places are counted alone."""
    if error := rules.why_not_handle(application, by, permission):
        raise error
    return lock_application(application, call=lock_call(application.call))


@transaction.atomic
def accept_application(*, application, by, now):
    """Accept what was handed in. Accepting twice does nothing twice. Returns the Application."""
    application = _locked(application, by)
    if application.state == State.ACCEPTED:
        return application
    if error := rules.why_not_accept(application):
        raise error
    application.state, application.accepted_at = State.ACCEPTED, now
    application.save(update_fields=["state", "accepted_at"])
    audit.record("calls.accept_application", application, by=by, at=now)
    letters.accepted(application, now)
    return application


@transaction.atomic
def return_application(*, application, items, due_at, by, now):
    """Send it back for more, until `due_at`; `items` is {Field: what is lacking}. Returns the Application.

    Returning again replaces the list and the deadline, which never lies before the call's own.
    """
    application = _locked(application, by)
    items = {field: note.strip() for field, note in items.items() if note.strip()}
    if error := rules.why_not_return(application, items, due_at, now):
        raise error
    due_at = max(due_at, application.call.closes_at)
    back = Return.objects.create(application=application, returned_at=now, due_at=due_at)
    ReturnItem.objects.bulk_create(
        ReturnItem(about=back, field=field, note=note) for field, note in items.items()
    )
    application.state, application.deadline = State.RETURNED, due_at
    application.save(update_fields=["state", "deadline"])
    audit.record("calls.return_application", application, by=by, at=now)
    letters.returned(application, back, now)
    return application


@transaction.atomic
def refuse_application(*, application, reason, unmet=(), by, now):
    """Do not accept it, and say why; `unmet` are the call's Requirements it does not meet. Returns the Application."""
    application = _locked(application, by)
    if application.state == State.REFUSED:
        return application
    if error := rules.why_not_check(application):
        raise error
    reason = reasons.clean(reason, _("请写明不予受理的原因。"))
    application.state, application.refuse_reason = State.REFUSED, reason
    application.save(update_fields=["state", "refuse_reason"])
    application.unmet.set(application.call.requirements.filter(pk__in=[one.pk for one in unmet]))
    audit.record("calls.refuse_application", application, by=by, at=now, reason_in="refuse_reason")
    letters.refused(application, now)
    return application


@transaction.atomic
def undo_check(*, application, by, now):
    """Take an acceptance or a refusal back, while no result is noted; she is told. Returns the Application."""
    application = _locked(application, by)
    if application.state == State.SUBMITTED:
        return application
    if error := rules.why_not_undo_check(application):
        raise error
    application.state, application.accepted_at = State.SUBMITTED, None
    application.refuse_reason = ""
    application.save(update_fields=["state", "accepted_at", "refuse_reason"])
    application.unmet.clear()
    audit.record("calls.undo_check", application, by=by, at=now)
    letters.checked_again(application, now)
    return application


@transaction.atomic
def decide_application(*, application, result, by, now):
    """Note what is to be told of it ("awarded", "reserve", "not_awarded"; "" for nothing yet). Returns the Application.

    Nobody is told before the call's results are (`conclude_call`), so until then it may be corrected.
    """
    application = _locked(application, by, "calls.decide_application")
    if application.result == result:
        return application
    if error := rules.why_not_decide(application, result):
        raise error
    application.result = result
    application.save(update_fields=["result"])
    audit.record("calls.decide_application", application, by=by, at=now)
    return application


@transaction.atomic
def take_export(*, call, by, now):
    """Note that the list of a call's applications is taken out. Raises Refused; returns the Call."""
    if error := rules.why_not_manage(call, by, "calls.export_application"):
        raise error
    audit.record("calls.export_applications", call, by=by, at=now)
    return call


@transaction.atomic
def export_fairness(*, calls, by, now):
    """Return the report on how fair these calls were (calls.fairness) for a file; who took it is recorded for each.

    A file travels, so it leaves small cells out. Raises Refused unless `by` may export the applications of all.
    """
    for call in calls:
        if error := rules.why_not_manage(call, by, "calls.export_application"):
            raise error
    for call in calls:
        audit.record("calls.export_fairness", call, by=by, at=now, calls=len(calls))
    return fairness.of(calls, at=now, exact=False)
