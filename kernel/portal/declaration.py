"""The one object an app hands in: everything it adds to the portal."""

from dataclasses import dataclass, fields
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from kernel.portal.counts import Report
from kernel.portal.people import Openings, PersonalData


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
            of a changed answer; by raising, one keeps it from happening. Of a purpose that is agreed to for each thing
            apart it is called with about= as well, the code of the thing, and she may withdraw on the general page.
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
        seats: care_points.seats.Seats, how a seat of an event is had for points.
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
        engagements: functions(talent, start, end) that return sentences: what she has at that time already.
        results: functions(application=, now=), what follows in the app when a call's results are told: called for each
            decided application in that transaction (calls.operations.conclude_call). A DomainError one raises keeps
            them from being told.
        why_not_apply: functions(call, talent, at) that return why a woman may not apply to a call (DomainError), or None:
            an election is for members.
        honours_held: functions(talent) that return what honours she holds, each with `name` and `day`, by which calls see
            whether she is put forward again (calls.conditions).
        prefills: {code: Prefill}, what a text of a call's form may begin with besides her record; it always counts as naming her.
        terms: functions(now=), called when the calendar of holidays changes (places.operations): move what ends after a
            number of working days later where it has to be, never earlier.
        honours: function(talent) that returns the honours of hers that stand, as (name, line) pairs, the newest first
            (talents.honours).
        asks: {code: Ask}, what the app asks women for (talents.asking): each says in one place what she may be asked for.
        growth: function(talent) that returns the Milestones the app knows of her, in any order.
        personal_data: the app's PersonalData, its part of the copy somebody may ask for.
        holes: {name: kernel.holes.Hole}, parts of public pages that are the reader's own or move.
        event_parts: functions(request, event) that return what an app has on an event's page for its reader, "" for nothing.
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
    seats: Any = None
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
    engagements: tuple = ()
    results: tuple = ()
    why_not_apply: tuple = ()
    honours_held: tuple = ()
    prefills: dict = None
    terms: tuple = ()
    honours: Any = None
    asks: dict = None
    growth: Any = None
    personal_data: PersonalData | None = None
    holes: dict = None
    event_parts: tuple = ()
    read_with_user: dict = None
    counted_with_user: dict = None
    public_models: tuple = ()
    beat: dict = None
    sealed: tuple = ()
    queues: dict = None
    demo: str = ""
    bench: tuple = ()


FIELDS = frozenset(field.name for field in fields(Declaration))


def joined(*parts):
    """Return one Declaration of the parts of an app that has several: lists one after the other, tables together.

    Rights of a role add up. Raises ImproperlyConfigured where two parts give what an app has once (its api,
    its personal data), or the same name in a table.
    """
    return Declaration(
        **{name: _joined(name, [getattr(part, name) for part in parts]) for name in FIELDS}
    )


def _joined(name, given):
    given = [piece for piece in given if piece]
    if not given:
        return getattr(Declaration, name)
    if isinstance(given[0], tuple):
        return tuple(thing for piece in given for thing in piece)
    if name == "permissions":
        roles = {role: None for piece in given for role in piece}
        return {role: tuple(r for piece in given for r in piece.get(role, ())) for role in roles}
    if isinstance(given[0], dict):
        together = {key: thing for piece in given for key, thing in piece.items()}
        if len(together) == sum(map(len, given)):
            return together
    elif len(given) == 1:
        return given[0]
    raise ImproperlyConfigured(f"two parts of one app declare the same of {name!r}")
