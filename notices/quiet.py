"""When SMS and mail leave: by day. Between 22:00 and 9:00 (kernel.days) only what cannot wait until the morning.

A delivery whose `due_at` lies in the night is one that may leave then; no other ever is given such a moment.
"""

from datetime import timedelta

from kernel.days import DAY, out_of_night

EVENING_TO_MORNING = timedelta(hours=12)  # from 21:00, when nobody is asleep yet, to 9:00


def leaves_at(due_at, at, *, essential=False, needed_by=None):
    """Return when a message leaves that is due at `due_at` and queued at `at`; None: never, it would come too late.

    What is due at night goes the morning after, or where that is too late, or farther off, the evening before.
    `needed_by` is the moment until which it is of use, None: any. An `essential` one that would come too late, or
    names no moment, leaves at night.
    """
    morning = out_of_night(due_at)
    if morning == due_at or (essential and needed_by is None):
        return due_at
    evening = morning - EVENING_TO_MORNING
    of_use = [m for m in (evening, morning) if m > at and (needed_by is None or m <= needed_by)]
    if of_use:
        return min(of_use, key=lambda moment: abs(moment - due_at))
    return due_at if essential else None


def held_until(due_at, now, *, essential=False, good_until=None):
    """Return the morning for which a message has to wait that was to leave at `due_at` by day and comes up at night; None: none.

    An essential one leaves although it is late, where what it says is over by the next night.
    """
    morning = out_of_night(now)
    by_day, late = morning == now, out_of_night(due_at) == due_at
    if by_day or not late:
        return None
    urgent = essential and (good_until is None or good_until <= morning + DAY)
    return None if urgent else morning


def retry_at(due_at, later):
    """Return when what was due at `due_at` is tried again: `later`, by day unless it may leave at night."""
    return later if out_of_night(due_at) != due_at else out_of_night(later)
