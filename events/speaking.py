"""Who speaks at an event, each person once, and how many of them are women."""

from collections import Counter
from dataclasses import dataclass

from events.models import EventState, Sex, Speaker


def agenda_of(event):
    """Return the sessions of an event with their speakers in `named`. Queries: two, one where there are none."""
    sessions = list(event.sessions.prefetch_related("speakers__talent__unit"))
    for session in sessions:
        session.named = [speaker for speaker in session.speakers.all() if speaker.name]
    return sessions


def by_day(sessions):
    """Return (day, its sessions) pairs."""
    days = {}
    for session in sessions:
        days.setdefault(session.day, []).append(session)
    return list(days.items())


def speakers_of(sessions):
    """Return who speaks in these sessions (of `agenda_of`), each once, in order."""
    found = {}
    for session in sessions:
        for speaker in session.named:
            found.setdefault((speaker.talent_id, speaker.guest_name, speaker.unit), speaker)
    return list(found.values())


def parts_of(user, now):
    """Return where a woman speaks at events to come and not called off, the first first. One query."""
    parts = Speaker.objects.filter(
        talent__user=user, session__ends_at__gt=now, session__event__state=EventState.PUBLISHED
    )
    return parts.select_related("session__event").order_by("session__starts_at", "pk")


@dataclass(frozen=True)
class Share:
    """How many speakers there are, how many of them are women, and of how many that is not known."""

    people: int
    women: int
    unknown: int

    @property
    def percent(self):
        """Return the share of women among those of whom it is known, 60.0; None where that is nobody."""
        known = self.people - self.unknown
        return round(100 * self.women / known, 1) if known else None


def share(events):
    """Return the Share of the speakers of `events` (a queryset): who speaks twice at one event counts once.

    A woman who was erased counts once for each session: who she was is not known any more. One query.
    """
    rows = Speaker.objects.filter(session__event__in=events).values_list(
        "pk", "sex", "session__event", "talent", "guest_name", "unit"
    )
    sexes = {}
    for pk, sex, event, talent, name, unit in rows:
        sexes[(event, talent, name, unit) if talent or name else pk] = sex
    counts = Counter(sexes.values())
    return Share(counts.total(), counts[Sex.FEMALE], counts[""])
