"""The event's lock, which every operation on it or its bookings takes first."""

from events.models import Event


def lock_event(event, rule, *asked):
    """Return `event` as it stands now, locked until the transaction ends, if `rule(event, *asked)` lets it.

    The rule of rights is asked of the row given, so that nobody who may not waits for the lock or lets
    others wait; and again of the locked one, whose organiser or topic may have changed meanwhile.
    Raises what the rule returns.
    """
    _raise(rule(event, *asked))
    event = Event.objects.locked(event)
    _raise(rule(event, *asked))
    return event


def _raise(error):
    if error:
        raise error
