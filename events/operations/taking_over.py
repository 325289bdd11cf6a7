"""Taking over a sensitive event whose organiser is gone: asked for by one person, confirmed by another.

Whoever takes over reads the list of names, so neither the department nor an administrator does it alone.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import joint
from events import rules
from events.models import Event
from events.operations.events import edit_event
from events.operations.locking import lock_event

TAKE_OVER = "events.take_over"


@transaction.atomic
def ask_take_over(*, event, organiser, reason, by, now):
    """Ask that `organiser` (a User) take over a sensitive event whose organiser is gone; returns the JointAction.

    The one who was in charge is told, also when her account is closed. Raises what `rules.why_not_take_over`
    and `why_not_organise` return, Invalid("reason_missing"), Conflict("joint_waiting").
    """
    # Not locked: nothing of the event is written, and `carry_out` locks it after the request.
    if error := rules.why_not_take_over(event, by):
        raise error
    if error := rules.why_not_organise(event.department, organiser):
        raise error
    return joint.ask(
        kind=TAKE_OVER,
        person=event.organiser,
        beneficiary=organiser,
        object_id=event.pk,
        by=by,
        now=now,
        reason=reason,
    )


def carry_out(action, *, by, now):
    """Put her in charge, in the name of the system: two people stand behind it.

    Raises what the rules say by now: the one who was in charge may be back.
    """
    event = lock_event(Event.objects.get(pk=action.object_id), rules.why_not_take_over, None)
    edit_event(event=event, changes={"organiser": action.beneficiary}, by=None, now=now)


def facts(action):
    """Return which event it is and who would be in charge, as (label, value) pairs."""
    event = Event.objects.filter(pk=action.object_id).first()
    return [
        (_("活动"), event),
        (_("现任负责人"), action.person),
        (_("接手的负责人"), action.beneficiary),
    ]
