"""Schools' requests of the demo (liangjiang.demo): in every state, with the white list and a priority school."""

from datetime import time, timedelta

from django.utils import timezone

from accounts.models import Unit, UnitKind
from kernel.errors import DomainError
from outreach.requests import attesting, lists, operations
from outreach.requests.models import CampusEntry, InvitationState, SchoolRequest
from outreach.requests.rules import school_year
from places.holidays import is_working_day

ACTIVITIES = (("女科学家进校园", 4), ("科学实验进课堂", 2))
# Days from today on which it was sent, days after that it is asked for, topic, stage, what becomes of it.
REQUESTS = (
    (-95, 20, "talk", "primary", "held"),
    (-70, 18, "experiment", "junior", "held"),
    (-50, 15, "campus", "primary", "missed"),
    (-44, 16, "equality", "senior", "unmet"),
    (-12, 25, "talk", "junior", "arranged"),
    (-9, 20, "experiment", "primary", "sent"),
    (-5, 30, "reading", "primary", "sent"),
    (-3, 20, "campus", "junior", "cancelled"),
)


def make(world):
    """Put them on the timeline: the lists first, each request, what became of it."""
    today = timezone.localdate(world.now)
    for year in {school_year(today), school_year(timezone.localdate(world.days(-95)))}:
        world.at(world.days(-150), _lists, year)
    for number, row in enumerate(REQUESTS):
        world.at(world.days(row[0]), _send, number, row)
        if row[4] in ("held", "missed", "arranged"):
            world.at(world.days(row[0] + 1), _accept, number)
        if row[4] in ("held", "missed"):
            world.at(world.days(min(-1, row[0] + row[1] + 8)), _after, number, row[4])
        if row[4] == "cancelled":
            world.at(world.days(row[0] + 1), _cancel, number)


def _schools():
    return list(Unit.objects.filter(kind=UnitKind.SCHOOL, is_partner=True).order_by("pk"))


def _lists(world, year, moment):
    by = world.staff["DEMOVOLUN"]
    for activity, cap in ACTIVITIES:
        given = {"year": year, "activity": activity, "cap": cap, "ended_on": None}
        document = f"渝两江社发〔{year}〕12 号"
        lists.save_entry(entry=None, document=document, by=by, now=moment, **given)
    for school in _schools()[:1]:
        lists.save_priority(
            unit=school, year=year, document=f"渝两江社发〔{year}〕15 号", by=by, now=moment
        )


def _send(world, number, row, moment):
    schools = _schools()
    if not schools:
        return
    _sent, ahead, topic, stage, _becomes = row
    days = [d for n in range(ahead, ahead + 12) if is_working_day(d := _day(moment, n))][:3]
    entries = CampusEntry.objects.filter(year=school_year(days[0]))
    values = {
        "topic": topic,
        "stage": stage,
        "area": "lijia",
        "classes": 1,
        "girls": 21 + number % 3,
        "boys": 22,
        "days": days,
        "begins": time(14, 30),
        "teacher_present": True,
        "entry": entries.order_by("pk")[number % 2],
    }
    # What is attested is attested by the school that has a login.
    school = schools[0 if row[4] == "held" else 1 + number % (len(schools) - 1)]
    try:
        made = operations.save_request(
            unit=school, request=None, values=values, by=None, now=moment
        )
        sent = operations.send_request(request=made, by=None, now=moment)
    except DomainError:  # its two classes of the term are used up: it stays a draft
        return
    operations.ask_volunteers(request=sent, now=moment)


def _day(moment, days):
    return timezone.localdate(moment + timedelta(days=days))


def _nth(number):
    row = REQUESTS[number]
    return SchoolRequest.objects.filter(topic=row[2], stage=row[3]).order_by("pk").first()


def _accept(world, number, moment):
    request = _nth(number)
    if request is None:
        return
    for invitation in request.invitations.filter(state=InvitationState.ASKED):
        try:
            operations.accept_visit(invitation=invitation, day=request.days[0], by=None, now=moment)
        except DomainError:  # she may not go that day: the next is asked
            continue
        return


def _after(world, number, becomes, moment):
    request = _nth(number)
    if request is None or request.state != "arranged":
        return
    if becomes == "missed":
        attesting.miss_visit(request=request, by=None, now=moment)
        return
    attesting.attest_visit(
        request=request, half_hours=3, girls=20, boys=21, by=world.contacts["DEMOSCHOO"], now=moment
    )


def _cancel(world, number, moment):
    if request := _nth(number):
        operations.cancel_request(request=request, by=None, now=moment)
