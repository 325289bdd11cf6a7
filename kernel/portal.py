"""How an app declares what it adds to the portal, and how the rest of the portal finds it.

An app's module `portal` holds one `declaration = Declaration(...)`. It is found as Django finds
`admin.py`: by its place in an app of INSTALLED_APPS, in their order. Nothing lower names the app, and
nothing has to be listed a second time: `accounts` gathers roles, `notices` its kinds, `privacy`
purposes and audit verbs, the roof navigation, work queue and pages.

`merged(field)` and `listed(field)` are how they gather; both are remembered, because declarations do
not change while a process runs.
"""

from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import module_has_submodule

from kernel import words

MODULE = "portal"
MOST_COUNTED = 1000  # nobody acts differently on 1,000 and 1,001 waiting things
# What is named "app.name" has to begin with the label of the app that declares it.
OWN = ("notices", "verbs", "joint", "beat", "queues")


@dataclass(frozen=True)
class Role:
    """A group of people with the same rights. `staff` lets them into the admin, `scoped` asks for a department.

    `also` are rights ("app.codename") on lower apps' models that its work needs; those on an app's own
    models stand in its `permissions`.
    """

    code: str
    name: Any
    order: int
    staff: bool = True
    scoped: bool = True
    also: tuple = ()


@dataclass(frozen=True)
class Item:
    """One line of the admin's navigation: the list `view` ("app_model") of a section of the policy.

    `section` is 1 to 5 as the policy numbers them, 0 for administration; `query` narrows the list
    ("?measure__exact=3"). People who may view the model see it.
    """

    section: int
    order: int
    title: Any
    icon: str
    view: str
    query: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of the work queue, for people with `permission`; `make(user, now)` returns its Task."""

    order: int
    permission: str
    make: Any


@dataclass(frozen=True)
class Task:
    """What a line of the work queue says. `since` is when the oldest waiting item came in, or None."""

    title: str
    count: int
    hint: str
    link: str
    since: Any = None
    urgent: bool = False

    @property
    def count_text(self):
        """Return the count as it is shown (kernel.admin.queue counts up to a cap)."""
        return f"{MOST_COUNTED}+" if self.count > MOST_COUNTED else str(self.count)


@dataclass(frozen=True)
class Figure:
    """One number under the work queue, for people with `permission`; `count(user, now)` returns it."""

    order: int
    permission: str
    label: Any
    unit: Any
    count: Any


@dataclass(frozen=True)
class Card:
    """A part of 我的, in the column "top", "main" or "side".

    `make(request, now, found)` returns the context of `template`, or None where there is nothing to show;
    `request.works_here` tells whether the reader has work in the portal.
    `asks` are {name: kernel.prepared.Prepared} with the parameters `who` and `at`; what they find for the
    reader is in `found`, under the same names: the questions of all cards are one statement.
    """

    column: str
    order: int
    template: str
    make: Any
    asks: Any = None


@dataclass(frozen=True)
class Place:
    """A line of the site's own navigation: pages at and below `path` ("events/").

    It stands in the head and, with an icon, among the tabs of a phone (`short` where the title is too
    long for one); `footer` puts it at the foot of each page instead. `signed_in`: for those who are.
    """

    order: int
    path: str
    title: Any
    icon: str = ""
    short: Any = ""
    footer: bool = False
    signed_in: bool = False


@dataclass(frozen=True)
class Line:
    """Words of an app that stand in a list of another's: in its `order` among them."""

    order: int
    text: Any


@dataclass(frozen=True)
class Link:
    """A line at the end of 我的, under "work" or "settings": the address named `view`.

    `hint(user, found)` returns the words below the title; None hides the line. `asks` as with a Card.
    """

    group: str
    order: int
    title: Any
    view: str
    hint: Any
    asks: Any = None


@dataclass(frozen=True)
class Section:
    """One part of the monthly report: the measure it serves and its lines (label, number or words, unit)."""

    title: str
    lines: tuple


@dataclass(frozen=True)
class Table:
    """Counts by a code list, as the report shows them: `counts` {code: number or None}, `labels` their words."""

    title: str
    heading: str
    unit: str
    counts: dict
    labels: Any


@dataclass(frozen=True)
class Trend:
    """A number by month, drawn as columns: `points` are (date of the month's first day, number)."""

    title: str
    heading: str
    unit: str
    points: tuple


@dataclass(frozen=True)
class Report:
    """An app's part of the monthly report.

    `monthly(start, end)` counts the month [start, end) into plain JSON values; `sections(figures)`,
    `tables(figures)` and `trends(figures)` say them (in the language that is active) as Sections, Tables
    and Trends.
    """

    order: int
    monthly: Any
    sections: Any
    tables: Any
    trends: Any = lambda figures: ()


@dataclass(frozen=True)
class Statistics:
    """An app's part of what partner units may count: `count(now)`, its serializer and an example of it."""

    order: int
    count: Any
    serializer: Any
    example: Any


@dataclass(frozen=True)
class TakingPart:
    """A way women take part, for the trends: `talents(since)` returns the ids of those who did since a moment (a queryset).

    `key` names it in stored figures ("events").
    """

    order: int
    key: str
    words: Any
    talents: Any


@dataclass(frozen=True)
class Joint:
    """Something that needs two people (accounts.joint), under the code of its verb.

    `words` say what is asked for; `carry_out(action, by=, now=)` does what was confirmed;
    `facts(action)` returns (label, value) pairs, what the second person reads before she confirms. `right` is
    the permission it is asked for with: who has lost it meanwhile has asked for nothing. `kept(params)` returns what
    stays of the request's values once it is decided or has run out.
    """

    words: Any
    carry_out: Any
    facts: Any
    right: str
    kept: Any = dict


@dataclass(frozen=True)
class Group:
    """Rows of one kind in her copy: `rows` are model instances, `fields` names of what is shown of them.

    A name is a field, which brings its own words, or a pair (attribute, words).
    """

    title: Any
    rows: Any
    fields: tuple


@dataclass(frozen=True)
class Person:
    """Somebody who is erased: her account (None where she has none), her records, and what she is called from now on.

    The apps that know of records hold their locks already; who holds the account's does so too.
    """

    user: Any
    records: tuple = ()
    pseudonym: str = ""


@dataclass(frozen=True)
class PersonalData:
    """An app's part of what the portal holds about one person (PIPL art. 45), and of erasing her (art. 47).

    Arguments:
        order: where it stands among the parts; title: words.
        covers: "app.Model.field" of the relations to a user or a record whose rows it hands out; a test
            fails on a relation that no app covers and that has no reason on the list of exceptions.
        collect: function(user) that returns Groups.
        files: function(user) that yields (name inside the copy, bytes).
        lost: function(person, now) that returns sentences: what is lost by being erased, and what stays.
        erase: function(person, now) that takes all that says who she was, leaves what sums and links need, and
            returns how many rows it changed. Called in the transaction of the whole erasure, the highest app
            first; twice does no harm.
    """

    order: int
    title: Any
    covers: tuple
    collect: Any
    files: Any = lambda user: ()
    lost: Any = lambda person, now: ()
    erase: Any = lambda person, now: 0


@dataclass(frozen=True)
class Opening:
    """Something that is open to one woman: `why` are sentences, one for each rule that fits; `note` says when or for what."""

    title: str
    link: str
    note: str
    why: tuple


@dataclass(frozen=True)
class Openings:
    """What an app has for her: `find(talent, now)` returns Openings by the rules that `rules` (lazy sentences) tell her."""

    order: int
    rules: tuple
    find: Any


@dataclass(frozen=True)
class Milestone:
    """One line of a woman's growth: a thing that happened to her or that she did.

    Arguments:
        day: a date; exact: how much of it is known, "day", "month" or "year".
        kind: words for what sort of thing it is ("论文"); title: what it is; note: what else is known.
            Words are lazy, because her copy tells them in both languages.
        link: address of its page; honour: whether it is shown as one.
    """

    day: date
    exact: str
    kind: Any
    title: Any
    note: Any = ""
    link: str = ""
    honour: bool = False

    @property
    def when(self):
        """Return its day in words, as exactly as it is known."""
        return words.date_text(self.day, self.exact)


@dataclass(frozen=True)
class Page:
    """A page the benchmark reads: its address and a text that has to stand on it, filled from its world.

    `reader` is "anybody", "woman", "clerk" or "partner"; `goals` are those of tools.bench.
    """

    order: int
    name: str
    path: str
    must: str
    reader: str
    goals: dict


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """Everything an app may add to the portal; each field may be left out.

    Arguments:
        roles: Roles that exist because of this app.
        permissions: {role code: ("app.codename", …)}, rights on this app's own models.
        notices: {"app.kind": notices.kinds.Kind}, what people are told.
        purposes: privacy.purposes.Purpose, what personal data is used for.
        consent_sources: {source code: words}, on which occasion she answers (`source` of
            privacy.consents.grant).
        consent_effects: {purpose code: function(user=, granted=, by=, now=)}, run in the transaction
            of a changed answer; by raising, one keeps it from happening.
        consent_losses: {purpose code: function(user, now)}, returns the sentences that say, before she
            withdraws, what she loses and what she keeps.
        departures: talents.departures.Departure, what becomes of what a woman holds when her record
            leaves the database.
        movings: talents.doubles.moving.Moving, what goes over when two records of one woman are merged.
        retention: kernel.retention.Retention: what is kept for how long, as the privacy notice says it and a job
            does it; Lines where no job is needed.
        benefits: Lines saying what a woman in the talent database can do ("报名活动"), for the sentences
            that invite her to join it.
        verbs: {"app.verb_object": words}, what the audit log says happened: a verb and what it was done
            to ("reports.request_monthly"), the verb alone where that is the app's own subject ("talents.verify").
            The words go on after a name: pgettext_lazy("audit", …), in English the past ("redeemed a service").
        alerts: {kind: words}, what auditors and administrators are told of at once (privacy.limits).
        points: {rule code: care_points.sources.Source}, what women earn points by.
        scopes: {scope: words}, what a partner's token may read.
        api: dotted path of a module with `urlpatterns`, mounted at /api/v1/.
        api_sections: {tag: words}, the parts of the API's documentation its views are tagged with.
        places: the site's navigation, Places.
        problems: {code: kernel.api.errors.Kind}, errors of the API besides the general ones.
        navigation, queue, figures: the admin's Items, Entries and Figures.
        cards, links: what 我的 shows, Cards and Links.
        report, statistics: the app's Report and {key: Statistics}.
        taking_part: TakingPart, of which the trends say how many women do.
        joint: {"app.verb_object": Joint}, what one person may not do alone.
        openings: the app's Openings, what suits a woman and why.
        growth: function(talent) that returns the Milestones the app knows of her, in any order.
        personal_data: the app's PersonalData, its part of the copy somebody may ask for.
        holes: {name: kernel.holes.Hole}, parts of public pages that are the reader's own or move.
        read_with_user: {"app.Model": columns}, what of a model with a one-to-one `user` is read in the
            statement that finds who reads a page (accounts.sessions).
        counted_with_user: {name: kernel.prepared.Prepared} with the parameters `who` and `at`, whose rows are
            counted in the same statement (`user.counts[name]`).
        public_models: "app.Model" labels whose rows public pages show (kernel.content).
        beat: {"app.tasks.name": seconds}, what Celery's clock starts.
        sealed: privacy.sealed.Sealed and Fleeting, what is encrypted elsewhere than in encrypted
            model fields.
        queues: {"app.tasks.name": queue}, work that may be long or heavy and has a worker of its own.
        demo: dotted path of a module with `make(world)`, `finish(world)` or both (liangjiang.demo).
        bench: Pages for `make bench`.
    """

    roles: tuple = ()
    permissions: dict = None
    notices: dict = None
    purposes: tuple = ()
    consent_sources: dict = None
    consent_effects: dict = None
    consent_losses: dict = None
    departures: tuple = ()
    movings: tuple = ()
    retention: tuple = ()
    benefits: tuple = ()
    verbs: dict = None
    alerts: dict = None
    points: dict = None
    scopes: dict = None
    api: str = ""
    api_sections: dict = None
    places: tuple = ()
    problems: dict = None
    navigation: tuple = ()
    queue: tuple = ()
    figures: tuple = ()
    cards: tuple = ()
    links: tuple = ()
    report: Report | None = None
    statistics: dict = None
    taking_part: tuple = ()
    joint: dict = None
    openings: Openings | None = None
    growth: Any = None
    personal_data: PersonalData | None = None
    holes: dict = None
    read_with_user: dict = None
    counted_with_user: dict = None
    public_models: tuple = ()
    beat: dict = None
    sealed: tuple = ()
    queues: dict = None
    demo: str = ""
    bench: tuple = ()


FIELDS = frozenset(field.name for field in fields(Declaration))
_added = {}


@cache
def _load():
    by_app = {}
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, MODULE):
            module = import_module(f"{config.name}.{MODULE}")
            if isinstance(declared := getattr(module, "declaration", None), Declaration):
                _check(config.label, declared)
                by_app[config.label] = declared
    return by_app


def _check(label, declared):
    """Refuse names that would be another app's: a mistake here is met when the portal starts."""
    names = [name for field in OWN for name in getattr(declared, field) or {}]
    names += [name for granted in (declared.permissions or {}).values() for name in granted]
    if foreign := [name for name in names if not name.startswith(f"{label}.")]:
        raise ImproperlyConfigured(f"{label}.{MODULE} declares what is not its own: {foreign}")


def declarations():
    """Return {app label: Declaration} of the apps that declare something, the lowest first."""
    return _load() | _added


def _pieces(field):
    if field not in FIELDS:
        raise AttributeError(f"an app declares no {field!r}")
    return [(app, getattr(declared, field)) for app, declared in declarations().items()]


@cache
def merged(field):
    """Return one dict of what all apps declare under `field`; a name declared twice is refused."""
    together = {}
    for app, piece in _pieces(field):
        if twice := together.keys() & (piece or {}).keys():
            raise ImproperlyConfigured(f"{app}.{MODULE} repeats {field}: {sorted(twice)}")
        together |= piece or {}
    return together


@cache
def listed(field):
    """Return what all apps declare under `field` as one list, by `order` where the things have one."""
    together = []
    for _app, piece in _pieces(field):
        together += piece if isinstance(piece, tuple) else [piece] if piece else []
    return sorted(together, key=lambda piece: getattr(piece, "order", 0))


@contextmanager
def declared(label, declaration):
    """Let one more declaration hold inside the block (for tests of what gathers them)."""
    _check(label, declaration)
    _added[label] = declaration
    _forget()
    try:
        yield
    finally:
        del _added[label]
        _forget()


def _forget():
    merged.cache_clear()
    listed.cache_clear()
