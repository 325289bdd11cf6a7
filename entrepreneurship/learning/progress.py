"""How far she is in a programme: minutes done, what is still planned, and whether it can be reached.

The rules, once:

* What counts is what `events.minutes` counts, of the series' trainings and seminars (`TAUGHT`) alone: inside the
  programme, until she was checked out, what overlaps once, also between two events held at the same time.
* Planned is every event of the series that is not cancelled, drafts with it. One whose attendance is not settled yet
  is still to come as a whole: who came is not known before (forgotten check-outs, lists of online meetings).
* She is **lost** (`Risk.LOST`) where done and still to come together are less than is asked for, in all or of a module;
  **tight** where missing one more event would make it so, once she has missed something. Who has missed nothing is
  not warned that everything counts: her page says so from the first day.
"""

from dataclasses import dataclass, field

from entrepreneurship.learning.models import EnrolmentState, ProgrammeState, Risk
from events import minutes
from events.models import Booking, Event, EventState


@dataclass
class Plan:
    """A programme with its modules and events as they are planned now; read once for all who take part.

    `events` are those that count, the earliest first; `module_of` maps an event's number to its module's.
    """

    programme: object
    modules: list
    events: list
    module_of: dict
    spans: dict = field(default_factory=dict)

    def __post_init__(self):
        """Read when each event teaches."""
        self.spans = {event.pk: minutes.programme(event) for event in self.events}

    def of_module(self, module):
        """Return the numbers of a module's events."""
        return [event.pk for event in self.events if self.module_of.get(event.pk) == module.pk]

    def planned(self, events=None):
        """Return how many minutes are planned, of all events or of these (numbers); what overlaps counts once."""
        chosen = self.spans if events is None else events
        return minutes.whole_minutes(_together(self.spans[pk] for pk in chosen))

    @property
    def begins_at(self):
        """Return when the first event begins, None without one."""
        return min((event.starts_at for event in self.events), default=None)

    @property
    def ends_at(self):
        """Return when the last event ends, None without one."""
        return max((event.ends_at for event in self.events), default=None)

    @property
    def unsettled(self):
        """Return the events of which it is not settled who came."""
        return [event for event in self.events if event.settled_at is None]


def plan(programme):
    """Return the Plan of a programme. Four queries."""
    events = Event.objects.filter(series=programme.series_id, kind__in=minutes.TAUGHT)
    events = events.exclude(state=EventState.CANCELLED).order_by("starts_at", "pk")
    modules = list(programme.modules.prefetch_related("taught").order_by("pk"))
    module_of = {row.event_id: module.pk for module in modules for row in module.taught.all()}
    return Plan(programme, modules, list(events.prefetch_related("sessions")), module_of)


def inside_of(found, talents):
    """Return {talent number: {event number: times she was inside}} for a Plan's events. Two queries for any number."""
    events = {event.pk: event for event in found.events}
    rows = Booking.objects.filter(event__in=events, talent__in=talents, state="attended")
    inside = {}
    for booking in rows.prefetch_related("passages"):
        booking.event = events[booking.event_id]
        inside.setdefault(booking.talent_id, {})[booking.event_id] = minutes.times_counted(booking)
    return inside


@dataclass(frozen=True)
class Part:
    """Minutes of the whole or of one module: done, asked for, planned, and what done and still to come make together."""

    name: str
    done: int
    required: int
    planned: int
    attainable: int
    module: object = None

    @property
    def is_met(self):
        """Tell whether what is asked for is done."""
        return self.done >= self.required

    @property
    def is_lost(self):
        """Tell whether it cannot be reached any more."""
        return self.attainable < self.required

    @property
    def missing(self):
        """Return how many minutes are missing."""
        return max(self.required - self.done, 0)

    @property
    def percent(self):
        """Return how much of what is asked for is done, 100 at most."""
        return min(100, 100 * self.done // self.required) if self.required else 100


@dataclass(frozen=True)
class Progress:
    """How far one woman is: the whole, each module, and what becomes of it."""

    whole: Part
    modules: list
    risk: str
    decisive: tuple = ()  # numbers of the events to come of which she can miss none

    @property
    def parts(self):
        """Return the whole and the modules that ask for minutes of their own."""
        return [self.whole, *(part for part in self.modules if part.required)]

    @property
    def is_complete(self):
        """Tell whether all that is asked for is done."""
        return all(part.is_met for part in self.parts)


def progress(found, inside, now):
    """Return the Progress of a woman by a Plan and {event number: times inside}."""
    coming = {event.pk: found.spans[event.pk] for event in found.unsettled}
    whole = _part(found, None, "", found.programme.minutes_required, inside, coming)
    modules = [
        _part(found, module, module.name, module.minutes_required, inside, coming)
        for module in found.modules
    ]
    made = Progress(whole, modules, Risk.NONE)
    if any(part.is_lost for part in made.parts):
        return Progress(whole, modules, Risk.LOST)
    if made.is_complete:
        return made
    decisive = tuple(
        event.pk
        for event in found.unsettled
        if event.starts_at > now and _lost_without(found, event, inside, coming)
    )
    missed = whole.attainable < whole.planned
    return Progress(whole, modules, Risk.TIGHT if decisive and missed else Risk.NONE, decisive)


def _part(found, module, name, required, inside, coming):
    events = list(found.spans) if module is None else found.of_module(module)
    done = [inside[pk] for pk in events if pk in inside]
    still = [coming[pk] for pk in events if pk in coming]
    return Part(
        name,
        minutes.whole_minutes(_together(done)),
        required,
        found.planned(events),
        minutes.whole_minutes(_together([*done, *still])),
        module,
    )


def _lost_without(found, event, inside, coming):
    """Tell whether missing one event makes a part unreachable."""
    without = {pk: spans for pk, spans in coming.items() if pk != event.pk}
    whole = _part(found, None, "", found.programme.minutes_required, inside, without)
    parts = [whole] + [
        _part(found, module, "", module.minutes_required, inside, without)
        for module in found.modules
        if module.minutes_required and found.module_of.get(event.pk) == module.pk
    ]
    return any(part.is_lost for part in parts)


def _together(spans):
    """Return several lists of times as one, merged."""
    return minutes.merged([span for times in spans for span in times])


def why_at_risk(enrolment, made):
    """Return the Risk of an enrolment by her Progress: NONE once she has left or it is decided."""
    running = enrolment.programme.state == ProgrammeState.OPEN
    if enrolment.state != EnrolmentState.ENROLLED or not running:
        return Risk.NONE
    return made.risk
