"""A call opens, moves its deadline, closes, is cancelled, tells its results."""

from django.db import transaction
from django.utils.translation import gettext as _

from calls import letters, rules
from calls.locking import lock_application, lock_award, lock_call
from calls.models import REVIEWED, UNDECIDED, ApplicationState, CallState, Review
from calls.operations import following, leaving
from kernel import portal, reasons
from privacy import audit

State = ApplicationState


def _locked(call, by, permission="calls.open_call"):
    """Return the call locked, once it is known that `by` may; the department that leads it never changes."""
    if error := rules.why_not_manage(call, by, permission):
        raise error
    return lock_call(call)


def _move(call, state, *changed):
    call.state = state
    call.save(update_fields=["state", *changed])


@transaction.atomic
def open_call(*, call, by, now):
    """Publish a draft: from now on its form is frozen. Publishing twice does nothing twice. Returns the Call."""
    call = _locked(call, by)
    if call.state == CallState.OPEN:
        return call
    if error := rules.why_not_open(call, now):
        raise error
    call.opened_at = now
    _move(call, CallState.OPEN, "opened_at")
    for stage in call.stages.filter(kind__in=REVIEWED):
        Review.objects.get_or_create(stage=stage)
    audit.record("calls.open_call", call, by=by, at=now)
    return call


@transaction.atomic
def unpublish_call(*, call, by, now):
    """Make a published call a draft again, while nobody has begun an application. Returns the Call."""
    call = _locked(call, by)
    if call.is_draft:
        return call
    if error := rules.why_not_unpublish(call):
        raise error
    call.opened_at = None
    _move(call, CallState.DRAFT, "opened_at")
    audit.record("calls.unpublish_call", call, by=by, at=now)
    return call


@transaction.atomic
def extend_call(*, call, closes_at, by, now):
    """Move the deadline of an open call later, for those who are filling in as well. Returns the Call."""
    call = _locked(call, by)
    if error := rules.why_not_extend(call, closes_at, now):
        raise error
    if call.endorse_by:  # units keep the time they had
        call.endorse_by += closes_at - call.closes_at
    call.closes_at = closes_at
    call.save(update_fields=["closes_at", "endorse_by"])
    call.applications.filter(deadline__lt=closes_at).update(deadline=closes_at)
    audit.record("calls.extend_call", call, by=by, at=now)
    return call


@transaction.atomic
def close_call(*, call, by, now):
    """Note that the deadline has passed; the clock does so. Before it, or a second time, nothing happens. Returns the Call."""
    call = _locked(call, by)
    if call.state != CallState.OPEN or call.closes_at >= now:
        return call
    _move(call, CallState.CLOSED)
    audit.record("calls.close_call", call, by=by, at=now)
    return call


@transaction.atomic
def cancel_call(*, call, reason, by, now):
    """Call it off and tell those who have applied or are about to. Returns the Call."""
    call = _locked(call, by)
    if call.state == CallState.CANCELLED:
        return call
    if error := rules.why_not_cancel(call):
        raise error
    call.cancel_reason = reasons.clean(reason, _("请写明取消的原因。"))
    _move(call, CallState.CANCELLED, "cancel_reason")
    leaving.close_all(call)
    audit.record("calls.cancel_call", call, by=by, at=now, reason=call.cancel_reason)
    letters.cancelled(call, call.applications.filter(state__in=UNDECIDED), now)
    return call


@transaction.atomic
def conclude_call(*, call, by, now):
    """Tell the results: each accepted application becomes what was noted for it, each woman is told, once.

    What follows a result elsewhere (points, a badge, a cohort) the apps declare (kernel.portal, field `results`)
    and is done in the same transaction. Raises Refused or Conflict; returns the Call.
    """
    call = _locked(call, by, "calls.conclude_call")
    if call.state == CallState.DECIDED:
        return call
    lock_award(call)
    if error := rules.why_not_conclude(call, now):
        raise error
    decided = call.applications.filter(state=State.ACCEPTED).select_related("talent__user")
    decided = list(decided.order_by("pk").select_for_update(of=("self",), no_key=True))
    for application in decided:
        application.call, application.state = call, application.result
        application.save(update_fields=["state"])
    call.decided_at = now
    _move(call, CallState.DECIDED, "decided_at")
    audit.record("calls.conclude_call", call, by=by, at=now)
    _tell(call, decided, now)
    return call


def _tell(call, decided, now):
    """Tell each her result, and have done what follows from it here and in the apps."""
    letters.decided(decided, now)
    following.make_dues(call, decided, now)
    for follow in portal.listed("results"):
        for application in decided:
            follow(application=application, now=now)


@transaction.atomic
def move_up(*, application, reason, by, now):
    """Let somebody on reserve take a place that has become free, once the results are told; what follows an award follows.

    Raises Refused, Conflict, Invalid without a reason. Returns the Application. Twice is once.
    """
    if error := rules.why_not_handle(application, by, "calls.conclude_call"):
        raise error
    call = lock_call(application.call)
    lock_award(call)
    application = lock_application(application, call=call)
    if application.state == State.AWARDED:
        return application
    if error := rules.why_not_move_up(application):
        raise error
    reason = reasons.clean(reason, _("请写明为什么递补，例如谁放弃了名额。"))
    application.state = application.result = State.AWARDED
    application.save(update_fields=["state", "result"])
    audit.record("calls.move_up", application, by=by, at=now, reason=reason)
    _tell(call, [application], now)
    return application


def note_taken_back(*, application, taken_back, now):
    """Note that what somebody was selected for was taken from her again, or stands again.

    For the app that gave it, in the transaction of its own revocation; who may, it has decided. She reads it on her
    application, and it counts no longer among what she holds; what is still due of it is closed, or open again.
    """
    locked = lock_application(application, call=application.call)
    application.taken_back_at = locked.taken_back_at = now if taken_back else None
    locked.save(update_fields=["taken_back_at"])
    following.follow_taking_back(locked, taken_back, now)
