"""Schools' requests of the demo (liangjiang.demo): thirty over two terms in every state, what classes answered, those that wait too."""

from datetime import time, timedelta

from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.demo import make_user
from accounts.models import UnitKind
from kernel.errors import DomainError
from outreach.choices.models import Sex
from outreach.requests import attesting, clock, lists, operations
from outreach.requests.models import (
    CampusEntry,
    InvitationState,
    RequestState,
    SchoolRequest,
    VenueKind,
)
from outreach.requests.rules import school_year
from outreach.surveys import operations as surveys
from outreach.surveys.models import Question
from places.holidays import is_working_day

ACTIVITIES = (("女科学家进校园", 4), ("科学实验进课堂", 4))
HOW_MANY = 30
BEGAN, EVERY = 180, 6  # days ago the first was sent, days from one to the next
AHEAD = 12  # days from sending to the first day asked for
TOPICS = ("talk", "experiment", "campus", "reading", "guidance")
STAGES = ("primary", "junior", "senior")
VENUES = ("womens_home", "civilisation", "childrens_home")
MISSED, CANCELLED, WAITING = {9}, {21}, {4, 13, 18, 26, 28, 29}  # WAITING: nobody accepts
GIRLS, BOYS = 22, 21


def make(world):
    """Put them on the timeline: the lists, each request, what became of it and what the class answered."""
    years = {school_year(timezone.localdate(world.days(-n))) for n in (BEGAN, 0)}
    for year in sorted(years):
        world.at(world.days(-BEGAN - 20), _lists, year)
    for number in range(HOW_MANY):
        sent = -BEGAN + number * EVERY
        world.at(world.days(sent), _send, number)
        world.at(world.days(sent + 1), _answer, number, "before")
        if number in CANCELLED:
            world.at(world.days(sent + 2), _cancel, number)
        elif number not in WAITING:
            world.at(world.days(sent + 1, 11), _accept, number)
        if sent + 30 < 0:
            world.at(world.days(sent + 30), _after, number)
            world.at(world.days(sent + 31), _answer, number, "after")


def _unit(world, number):
    schools = [unit for unit in world.units if unit.kind == UnitKind.SCHOOL]
    others = [unit for unit in world.units if unit.kind != UnitKind.SCHOOL]
    return schools[number // 3 % len(schools)] if number % 3 == 0 else others[number % len(others)]


def _contact(world, unit):
    """Return who speaks for a unit; made where there is nobody."""
    known = {contact.unit_id: contact for contact in world.contacts.values()}
    if unit.pk not in known:
        number = 9200 + len(world.contacts)
        contact = make_user(world, number, "罗联系", code=f"DEMOU{number}", unit=unit)
        contact.groups.set(Group.objects.filter(name="unit_contact"))
        world.contacts[contact.code] = known[unit.pk] = contact
    return known[unit.pk]


def _lists(world, year, moment):
    by = world.staff["DEMOVOLUN"]
    for activity, cap in ACTIVITIES:
        given = {"year": year, "activity": activity, "cap": cap, "ended_on": None}
        document = f"渝两江社发〔{year}〕12 号"
        lists.save_entry(entry=None, document=document, by=by, now=moment, **given)
    school = next(unit for unit in world.units if unit.kind == UnitKind.SCHOOL)
    document = f"渝两江社发〔{year}〕15 号"
    lists.save_priority(unit=school, year=year, document=document, by=by, now=moment)


def _found(world, number):
    return getattr(world, "visits", {}).get(number)


def _send(world, number, moment):
    unit, today = _unit(world, number), timezone.localdate(moment)
    days = [today + timedelta(days=AHEAD + n) for n in range(14)]
    days = [day for day in days if is_working_day(day)][:3]
    is_school = unit.kind == UnitKind.SCHOOL
    entries = CampusEntry.objects.filter(year=school_year(days[0])).order_by("pk")
    values = {
        "venue": VenueKind.SCHOOL if is_school else VENUES[number % 3],
        "topic": TOPICS[number % len(TOPICS)],
        "stage": STAGES[number % len(STAGES)],
        "area": "lijia",
        "classes": 1,
        "girls": GIRLS,
        "boys": BOYS,
        "days": days,
        "begins": time(14, 30),
        "teacher_present": True,
        "entry": entries[number % 2],
    }
    by = _contact(world, unit)
    made = operations.save_request(unit=unit, request=None, values=values, by=by, now=moment)
    try:
        operations.send_request(request=made, by=by, now=moment)
    except DomainError:  # two classes in this term already, or days of two terms: it stays a draft
        return
    world.visits = getattr(world, "visits", {}) | {number: made.pk}
    operations.ask_volunteers(request=made, now=moment)


def _request(world, number):
    key = _found(world, number)
    return key and SchoolRequest.objects.select_related("unit").get(pk=key)


def _accept(world, number, moment):
    request = _request(world, number)
    for invitation in request.invitations.filter(state=InvitationState.ASKED) if request else ():
        for day in request.days:
            try:
                operations.accept_visit(invitation=invitation, day=day, by=None, now=moment)
            except DomainError:  # not on that day, or often enough: the next
                continue
            return


def _cancel(world, number, moment):
    if request := _request(world, number):
        operations.cancel_request(request=request, by=_contact(world, request.unit), now=moment)


def _after(world, number, moment):
    request = _request(world, number)
    if request is None:
        return
    by = _contact(world, request.unit)
    if request.state == RequestState.SENT:
        clock.end_unmet(request=request, now=moment)
    elif request.state == RequestState.ARRANGED and number in MISSED:
        attesting.miss_visit(request=request, by=by, now=moment)
    elif request.state == RequestState.ARRANGED:
        attesting.attest_visit(
            request=request,
            half_hours=2 + number % 2,
            girls=GIRLS,
            boys=BOYS - 1,
            by=by,
            now=moment,
        )


def _answer(world, number, survey, moment):
    """Count a class's cards: after a visit they stand a little higher, of a class that waits where they stood."""
    request = _request(world, number)
    if request is None or number in MISSED:
        return
    visited = request.state == RequestState.HELD and survey == "after"
    counts = {
        (sex, question, answer): n
        for sex in Sex.values
        for place, question in enumerate(Question.values)
        for answer, n in _cards(number + place, visited, sex).items()
    }
    given = {"request": request, "moment": survey, "counts": counts, "now": moment}
    by = _contact(world, request.unit)
    surveys.enter_cards(drawings=_drawn(number, visited), by=by, **given)


def _cards(turn, visited, sex):
    """Return {answer: pupils} of twenty."""
    up = (3 + turn % 3 + (sex == Sex.GIRLS)) if visited else turn % 2
    return {1: 1, 2: 4 - min(up, 3), 3: 6, 4: 6, 5: 3 + min(up, 3)}


def _drawn(number, visited):
    women = 6 + (7 if visited else 0) + number % 2
    return {
        ("girls", "woman"): women,
        ("girls", "man"): 18 - women,
        ("girls", "unclear"): 2,
        ("boys", "woman"): women // 3,
        ("boys", "man"): 18 - women // 3,
        ("boys", "unclear"): 2,
    }
