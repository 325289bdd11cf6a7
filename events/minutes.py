"""How long she was inside: training hours and certificates stand on these functions, and on nothing else.

The rules, once:

* A time inside begins when she goes in and ends when she goes out. Going in twice is once; leaving and coming
  back are two times; times that overlap are one. Nobody is counted twice, whoever and whatever noted it.
* Only what lies within the sessions counts; where the event has none, within the event. Sessions held side by
  side count once.
* Not checked out never means extra hours. At trainings, seminars and volunteering (`needs_check_out`), whose hours
  are certified, a time nobody ended counts nothing until staff say when she left. At other events it lasts
  until the end of that day's programme, and counts nothing where no programme of the day says when that is.
* A day begins at four in the morning: who was not checked out yesterday comes anew today.
* Of several events (a programme of training) what overlaps counts once as well: nobody learns twice at a time.
"""

from datetime import timedelta

from django.utils import timezone

DAY_BEGINS = timedelta(hours=4)
MINUTE = timedelta(minutes=1)
HOURS_COUNT = ("training", "seminar", "volunteering")
TAUGHT = ("training", "seminar")  # of these, minutes may be asked for as training


def needs_check_out(event):
    """Tell whether hours are certified of the event, so that a time counts only when she was checked out."""
    return event.kind in HOURS_COUNT


def minutes_inside(booking):
    """Return the whole minutes (int) she was inside while the programme ran.

    Reads the booking's event, its sessions and its passages; prefetch them for many.
    """
    return whole_minutes(times_counted(booking))


def times_counted(booking):
    """Return the times [(from, to)], merged, she was inside while the programme ran.

    Reads the booking's event, its sessions and its passages; prefetch them for many.
    """
    return common(times_inside(booking), programme(booking.event))


def percent_inside(booking):
    """Return how much of the event's programme she was inside, in whole percent.

    Reads what minutes_inside does.
    """
    spans = programme(booking.event)
    whole = sum((end - start).total_seconds() for start, end in spans) // 60
    return int(100 * minutes_inside(booking) // whole) if whole else 0


def minutes_by_session(booking):
    """Return {session: whole minutes she was inside} for the sessions of the event, in their order."""
    inside = times_inside(booking)
    return {
        session: whole_minutes(common(inside, [(session.starts_at, session.ends_at)]))
        for session in sessions(booking.event)
    }


def sessions(event):
    """Return the sessions of an event in the order they begin; none where it is one."""
    return sorted(event.sessions.all(), key=lambda s: (s.starts_at, s.pk))


def programme(event):
    """Return the times in which being inside counts: those of the sessions, merged, or the event's own."""
    times = [(session.starts_at, session.ends_at) for session in sessions(event)]
    return merged(times or [(event.starts_at, event.ends_at)])


def times_inside(booking):
    """Return her times inside as [(came, left)], merged, by the rules above."""
    event = booking.event
    whole = []
    for came, left in times_noted(booking):
        left = left or _assumed_end(event, came)
        if left and left > came:
            whole.append((came, left))
    return merged(whole)


def times_noted(booking):
    """Return what was noted as [(came, left)]; `left` is None where nobody saw her leave.

    The door and each list of a meeting tool are read by themselves: what one says does not end what another began.
    """
    told = {}
    for passage in booking.passages.all():
        if passage.stands and passage.way != "here":
            told.setdefault(passage.meeting_list_id, []).append(passage)
    return [times for passages in told.values() for times in _replayed(passages)]


def _replayed(passages):
    found, came = [], None
    for passage in sorted(passages, key=lambda p: (p.at, p.pk)):
        if came and day_of(came) != day_of(passage.at):
            found.append((came, None))
            came = None
        if passage.way == "in":
            came = came or passage.at
        elif came:
            found.append((came, passage.at))
            came = None
    return [*found, (came, None)] if came else found


def day_of(moment):
    """Return the day of the programme a moment belongs to."""
    return timezone.localdate(moment - DAY_BEGINS)


def merged(times):
    """Return times [(from, to)] in order, those that overlap or touch as one."""
    out = []
    for start, end in sorted(times):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _assumed_end(event, came):
    """Return when a time nobody ended is taken to end: with that day's programme; None where it counts nothing."""
    if needs_check_out(event):
        return None
    that_day = [
        end for start, end in programme(event) if day_of(start) == day_of(came) == day_of(end)
    ]
    return max(that_day, default=None)


def common(inside, counted):
    """Return the times two lists of merged times have in common, merged."""
    return [
        (max(came, start), min(left, end))
        for came, left in inside
        for start, end in counted
        if min(left, end) > max(came, start)
    ]


def whole_minutes(times):
    """Return how many whole minutes (int) times are that do not overlap."""
    return sum((end - start for start, end in times), timedelta()) // MINUTE
