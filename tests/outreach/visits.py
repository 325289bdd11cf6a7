"""Requests of schools as the tests need them."""

from datetime import date, time, timedelta
from itertools import pairwise

from django.utils import timezone

from outreach.requests import operations
from outreach.requests.models import CampusEntry, VisitInvitation
from outreach.requests.rules import school_year, term_of
from outreach.surveys import operations as surveys
from places.holidays import is_working_day
from tests import factories
from tests.outreach import make

# The Wednesday and the Friday after next, as the volunteers of the tests come on these days.
DAYS = [date(2026, 12, 9), date(2026, 12, 11)]


def school(**fields):
    """Return a school that is a partner."""
    return factories.unit(kind="school", is_partner=True, **fields)


def entry(**fields):
    """Return an activity of the year's white list."""
    start = {"year": 2026, "document": "渝两江教〔2026〕1 号", "cap": 2, "entered_at": make.NOW}
    name = fields.pop("activity", "女科学家进校园")
    return CampusEntry.objects.get_or_create(activity=name, year=2026, defaults=start | fields)[0]


def entry_of(day):
    """Return an activity of the white list of the school year of a date."""
    year = school_year(day)
    row = {"document": "渝两江教 1 号", "cap": 9, "entered_at": make.NOW}
    return CampusEntry.objects.get_or_create(activity="女科学家进校园", year=year, defaults=row)[0]


def draft(unit=None, now=make.NOW, **values):
    """Return a draft with everything filled in."""
    start = {
        "topic": "talk",
        "stage": "primary",
        "area": "lijia",
        "classes": 1,
        "girls": 22,
        "boys": 20,
        "days": DAYS,
        "begins": time(14),
        "teacher_present": True,
        "entry": entry(),
    }
    return operations.save_request(
        unit=unit or school(), request=None, values=start | values, by=None, now=now
    )


def sent(unit=None, now=make.NOW, **values):
    """Return one somebody is looked for."""
    return operations.send_request(request=draft(unit, now, **values), by=None, now=now)


def asked(request, volunteer=None, now=make.NOW):
    """Return an invitation of a volunteer who may go."""
    volunteer = volunteer or make.ready()
    return VisitInvitation.objects.create(
        request=request,
        talent=volunteer.talent,
        asked_at=now,
        answer_by=now + operations.TIME_TO_ANSWER,
    )


def days_ahead(now):
    """Return a Wednesday and a Friday ahead of a moment on which schools are open, both in one term."""
    days = [timezone.localdate(now) + timedelta(days=n) for n in range(8, 60)]
    days = [day for day in days if day.isoweekday() in (3, 5) and is_working_day(day)]
    return next([a, b] for a, b in pairwise(days) if term_of(a) == term_of(b))


def of_world(unit, now):
    """Return a draft of a unit, for days ahead of a moment."""
    days = days_ahead(now)
    return draft(unit, now, days=days, entry=entry_of(days[0]))


def invited_of_world(talent, unit, now):
    """Return the invitation of a woman to a request of a unit."""
    request = operations.send_request(request=of_world(unit, now), by=None, now=now)
    return VisitInvitation.objects.create(
        request=request,
        talent=talent,
        asked_at=now,
        answer_by=now + operations.TIME_TO_ANSWER,
    )


def open_survey(request, now=make.NOW, moment="before"):
    """Return the round of a class whose code is open."""
    return surveys.open_code(request=request, moment=moment, by=None, now=now)
