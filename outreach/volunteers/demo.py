"""The volunteer team of the demo (liangjiang.demo): one in each state, some who run out soon."""

from datetime import timedelta

from django.utils import timezone

from outreach.volunteers import operations
from outreach.volunteers.models import Area, Stage, VisitTopic

# (which member, days ago, what becomes of her)
TEAM = (
    (0, 200, "ready"),
    (1, 190, "ready"),
    (2, 180, "soon"),
    (3, 170, "over"),
    (4, 160, "paused"),
    (5, 150, "ready"),
    (6, 90, "untrained"),
    (7, 60, "left"),
    (8, 40, "refused"),
    (9, 3, "applied"),
    (10, 1, "draft"),
    *((number, 210 - number, "ready") for number in range(11, 21)),
)
# How many days after today her clearance ends.
LEFT_OVER = {"ready": 300, "paused": 300, "soon": 20, "over": -5, "untrained": 300}


def make(world):
    """Put them on the timeline."""
    for number, days, what in TEAM:
        world.at(world.days(-days), _join, number, what)


def _join(world, number, what, moment):
    talent, by = world.members[number], world.staff["DEMOVOLUN"]
    hers, staff = {"by": talent.user, "now": moment}, {"by": by, "now": moment}
    values = {
        "topics": VisitTopic.values[number % 3 : number % 3 + 3],
        "stages": Stage.values[1:4],
        "days": [3, 5] if number % 2 else [2, 4, 6],
        "areas": Area.values[number % 5 : number % 5 + 5],
        "most_a_term": 2 + number % 3,
    }
    volunteer = operations.save_choices(talent=talent, values=values, **hers)
    if what == "draft":
        return
    operations.apply_volunteer(talent=talent, **hers)
    if what == "refused":
        reason = "这学期的名额已满，下学期再请您"
        operations.refuse_volunteer(volunteer=volunteer, reason=reason, **staff)
    elif what != "applied":
        operations.accept_volunteer(volunteer=volunteer, **staff)
        _go_on(world, volunteer, what, hers, staff)


def _go_on(world, volunteer, what, hers, staff):
    today = timezone.localdate(world.now)
    day = timezone.localdate(hers["now"])
    until = today + timedelta(days=LEFT_OVER.get(what, 300))
    if what != "untrained":
        operations.enter_training(
            volunteer=volunteer,
            title="志愿者上岗培训：怎样给孩子讲科学",
            done_on=day,
            good_until=today + timedelta(days=400),
            **staff,
        )
    operations.enter_clearance(volunteer=volunteer, done_on=day, good_until=until, **staff)
    if what == "paused":
        operations.pause_volunteering(volunteer=volunteer, until=None, **hers)
    elif what == "left":
        operations.leave_team(volunteer=volunteer, **hers)
