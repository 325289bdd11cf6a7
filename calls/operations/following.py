"""What is due after an award: laid down in a call, made for each who is selected, closed and opened again with the result.

Locks: the call, then an application, which all that is due of it is under.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from calls import afterwards_rules, letters
from calls.models import ApplicationState, CountedFrom, Due, DueState, FollowStep
from calls.models.afterwards import UNSETTLED
from calls.operations.drafts import draft_of, put_in_place
from kernel.days import DAY
from privacy import audit

State = DueState
STEP = (
    "kind",
    "title",
    "title_en",
    "wanted",
    "wanted_en",
    "days",
    "counted_from",
    "needs_before",
    "limit",
    "needs_file",
    "amount",
)
# Whose turn comes has so many days at least, where the day counted from the decision is nearer or over.
LEAST = timedelta(days=7)


# --- laid down -------------------------------------------------------------------------------------
@transaction.atomic
def save_step(*, call, step=None, values, by, now):
    """Lay down what follows for whom a draft selects, or change it. `values` are names of STEP.

    Raises Refused, Conflict once it is open, Invalid. Returns the FollowStep.
    """
    call = draft_of(call, by)
    last = call.follow_steps.aggregate(last=Max("order"))["last"] or 0
    step = step or FollowStep(call=call, order=last + 1)
    for name in STEP:
        if name in values:
            setattr(step, name, values[name])
    others = list(call.follow_steps.exclude(pk=step.pk))
    if error := afterwards_rules.why_not_step(step, others):
        raise error
    step.save()
    audit.record("calls.write_steps", call, by=by, at=now)
    return step


@transaction.atomic
def move_step_up(*, step, by, now):
    """Let a step change places with the one before it; the first stays where it is. Returns the FollowStep."""
    call = draft_of(step.call, by)
    if not put_in_place(step, call.follow_steps.all()):
        return step
    audit.record("calls.write_steps", call, by=by, at=now)
    return step


@transaction.atomic
def remove_step(*, step, by, now):
    """Take a step out of a draft. Raises Refused, or Conflict once it is open."""
    call = draft_of(step.call, by)
    if call.follow_steps.filter(pk=step.pk).delete()[0]:
        audit.record("calls.write_steps", call, by=by, at=now)


def copy_steps(call, copy):
    """Give a new draft the steps of the call it is made like."""
    FollowStep.objects.bulk_create(
        FollowStep(call=copy, order=step.order, **{name: getattr(step, name) for name in STEP})
        for step in call.follow_steps.all()
    )


# --- made for each who is selected -----------------------------------------------------------------
def make_dues(call, applications, now):
    """Make what follows for each of these applications that is selected, once; in the caller's transaction.

    Two queries, however many there are, and what tells them.
    """
    steps = list(call.follow_steps.all())
    if not steps:
        return []
    selected = [one for one in applications if one.state == ApplicationState.AWARDED]
    rows = [
        _due(application, step, place, now)
        for application in selected
        for place, step in enumerate(steps)
    ]
    made = Due.objects.bulk_create(rows)
    audit.record_many("calls.make_due", made, by=None, at=now)
    letters.due_asked([due for due in made if _is_asked(due)], now)
    return made


def _due(application, step, place, now):
    waits = step.needs_before and place > 0
    from_before = step.counted_from == CountedFrom.BEFORE and place > 0
    return Due(
        application=application,
        step=step,
        state=State.WAITING if waits else State.OPEN,
        due_on=None if from_before else timezone.localdate(now) + step.days * DAY,
        made_at=now,
    )


def _is_asked(due):
    return due.state == State.OPEN and due.due_on is not None and not due.step.is_payment


def go_on(due, now):
    """Let the step behind one that was settled begin, and count its days; she is told. `due` is locked."""
    rows = due.application.dues.filter(step__order__gt=due.step.order).select_related("step")
    behind = rows.order_by("step__order").first()
    if behind is None or behind.state not in (State.WAITING, State.OPEN):
        return
    behind.application, today = due.application, timezone.localdate(now)
    was_asked = _is_asked(behind)
    if behind.step.counted_from == CountedFrom.BEFORE:
        behind.due_on = max(filter(None, [behind.due_on, today + behind.step.days * DAY]))
    elif behind.state == State.WAITING:
        behind.due_on = max(behind.due_on, today + LEAST)
    behind.state = State.OPEN
    behind.save(update_fields=["state", "due_on"])
    if _is_asked(behind) and not was_asked:
        letters.due_asked([behind], now)


def go_back(due):
    """Let the step behind wait again: the one before it is settled no longer. `due` is locked."""
    behind = afterwards_rules.following(due)
    if behind is None or behind.state != State.OPEN:
        return
    behind.state = State.WAITING
    if behind.step.counted_from == CountedFrom.BEFORE:
        behind.due_on = None
    behind.save(update_fields=["state", "due_on"])


# --- the result is taken back, or stands again -----------------------------------------------------
def follow_taking_back(application, taken_back, now):
    """Close what is open of an application whose result was taken back, or open it again; she is told.

    What is settled stays as it is: what was paid was paid.
    """
    rows = Due.objects.filter(application=application).select_related("step")
    rows = rows.select_for_update(of=("self",), no_key=True).order_by("step__order")
    changed = [row for row in rows if _turn(row, taken_back)]
    for row in changed:
        row.application = application
        row.save(update_fields=["state", "closed_from"])
    if changed:
        verb = "calls.close_due" if taken_back else "calls.open_due_again"
        audit.record_many(verb, changed, by=None, at=now)
        letters.dues_closed(application, taken_back, now)


def _turn(due, taken_back):
    """Close a step that is open, or open one that is closed; tell whether it changed."""
    if taken_back and due.state in UNSETTLED:
        due.state, due.closed_from = State.CLOSED, due.state
        return True
    if not taken_back and due.state == State.CLOSED:
        due.state, due.closed_from = due.closed_from, ""
        return True
    return False
