"""One call of every operation, for tests/test_rights.py."""

from outreach.choices import operations as choice_work
from outreach.choices.models import ChoiceReport
from outreach.lessons import operations as library_work
from outreach.requests import attesting, clock, lists
from outreach.requests import operations as request_work
from outreach.requests.models import PriorityVenue, SchoolRequest
from outreach.surveys import operations as survey_work
from outreach.volunteers import operations
from outreach.volunteers.models import Volunteer
from tests import factories
from tests.outreach import counts, lessons, make, visits
from tests.rights import call

DAYS = {"done_on": make.TODAY, "good_until": make.TODAY + 300 * make.DAY}
RIGHT = DAYS | {"take_back": False, "reason": "日期登记错了"}


def her(given):
    """Return the volunteer herself."""
    return given["volunteer"].talent.user


def clerk(given):
    """Return a clerk of her department."""
    return factories.staff("department_clerk")


def paused():
    """Return one who takes a break."""
    return operations.pause_volunteering(volunteer=make.active(), until=None, by=None, now=make.NOW)


def hers(operation, volunteer, **given):
    """Return the call of what she alone does."""
    return call(operation, lambda: {"volunteer": volunteer()} | given, insider=her)


def staffs(operation, volunteer, **given):
    """Return the call of what staff of her department do."""
    return call(operation, lambda: {"volunteer": volunteer()} | given, insider=clerk)


def own(given):
    """Return the woman who acts for herself."""
    return given["talent"].user


def library(operation, given, open_to=("staff elsewhere",)):
    """Return the call of what the coordinator does with lessons; clerks of all departments write them."""
    return call(operation, given, insider=lambda given: make.coordinator(), open_to=open_to)


def withdrawn_lesson():
    """Return a lesson that was taken off."""
    lesson = lessons.shown().lesson
    return library_work.withdraw_lesson(
        lesson=lesson, reason="材料里有禁用的", by=None, now=make.NOW
    )


def choices(operation, given):
    """Return the call of what the contact of a school counts; another school's contact does not."""
    return call(
        operation,
        given,
        insider=lambda given: counts.contact(given.get("unit") or given["report"].unit),
        others={"another school's contact": counts.contact},
    )


def of_school(operation, given):
    """Return the call of what the contact of a school does; another school's contact does not."""
    return call(
        operation,
        given,
        insider=lambda given: counts.contact(given.get("unit") or given["request"].unit),
        others={"another school's contact": counts.contact},
    )


def coordinators(operation, given, open_to=(), **more):
    """Return the call of what the coordinator does."""
    return call(operation, given, insider=lambda given: make.coordinator(), open_to=open_to, **more)


def invitee(given):
    """Return the woman who was asked."""
    return given["invitation"].talent.user


def accepted():
    """Return an invitation that was accepted."""
    invitation = visits.asked(visits.sent())
    return request_work.accept_visit(
        invitation=invitation, day=visits.DAYS[0], by=None, now=make.NOW
    )


def over():
    """Return an arranged request whose day has come."""
    request = accepted().request
    type(request).objects.filter(pk=request.pk).update(day=make.TODAY - make.DAY)
    return type(request).objects.select_related("unit").get(pk=request.pk)


def missed():
    """Return one that did not take place."""
    return attesting.miss_visit(request=over(), by=None, now=make.NOW)


def round_():
    """Return a class's round whose code is open."""
    opened = visits.open_survey(visits.sent())
    return type(opened).objects.select_related("request__unit").get(pk=opened.pk)


def of_class(operation):
    """Return the call of what the contact of a school does with a class's round."""
    return call(
        operation,
        lambda: {"round": round_()},
        insider=lambda given: counts.contact(given["round"].request.unit),
        others={"another school's contact": counts.contact},
    )


CALLS = (
    of_school(survey_work.open_code, lambda: {"request": visits.sent(), "moment": "before"}),
    of_class(survey_work.close_code),
    of_class(survey_work.empty_round),
    of_school(
        survey_work.enter_cards,
        lambda: {
            "request": visits.sent(),
            "moment": "before",
            "counts": {("girls", "interest", 4): 12},
            "drawings": {},
        },
    ),
    of_school(
        request_work.save_request,
        lambda: {"unit": visits.school(), "request": None, "values": {"topic": "talk"}},
    ),
    of_school(request_work.send_request, lambda: {"request": visits.draft()}),
    of_school(request_work.cancel_request, lambda: {"request": visits.sent()}),
    call(
        request_work.accept_visit,
        lambda: {"invitation": visits.asked(visits.sent()), "day": visits.DAYS[0]},
        insider=invitee,
    ),
    call(
        request_work.decline_visit,
        lambda: {"invitation": visits.asked(visits.sent())},
        insider=invitee,
    ),
    call(request_work.give_back_visit, lambda: {"invitation": accepted()}, insider=invitee),
    of_school(
        attesting.attest_visit,
        lambda: {"request": over(), "half_hours": 3, "girls": 20, "boys": 20},
    ),
    of_school(attesting.miss_visit, lambda: {"request": over()}),
    of_school(attesting.take_back_attest, lambda: {"request": missed()}),
    coordinators(clock.retry_request, lambda: {"row": visits.sent()}, reads_only=True),
    coordinators(lists.ask_more, lambda: {"request": visits.sent()}, reads_only=True),
    coordinators(
        lists.export_requests,
        lambda: {"rows": SchoolRequest.objects.filter(pk=visits.sent().pk)},
        open_to=("staff elsewhere",),
        reads_only=True,
    ),
    coordinators(
        lists.save_entry,
        lambda: {"entry": visits.entry(), "cap": 5},
        open_to=("staff elsewhere",),
    ),
    coordinators(
        lists.save_priority,
        lambda: {"unit": visits.school(), "year": 2026, "document": "1 号"},
        open_to=("staff elsewhere",),
    ),
    coordinators(
        lists.drop_priority,
        lambda: {
            "venue": PriorityVenue.objects.create(unit=visits.school(), year=2026, document="1 号")
        },
        open_to=("staff elsewhere",),
    ),
    choices(
        choice_work.save_choices_of_year,
        lambda: {"unit": counts.school(), "year": 2028, "counts": counts.counted()},
    ),
    choices(choice_work.withdraw_choices, lambda: {"report": counts.report()}),
    call(
        choice_work.export_choices,
        lambda: {"rows": ChoiceReport.objects.filter(pk=counts.report().pk)},
        insider=lambda given: make.coordinator(),
        open_to=("staff elsewhere",),
        reads_only=True,
    ),
    library(library_work.save_lesson, lessons.said),
    library(library_work.review_lesson, lambda: {"version": lessons.written(), "agrees": True}),
    call(
        library_work.take_back_review,
        lambda: {"review": lessons.agree(lessons.written())},
        insider=lambda given: given["review"].by,
    ),
    library(
        library_work.withdraw_lesson,
        lambda: {"lesson": lessons.shown().lesson, "reason": "材料里有禁用的"},
    ),
    library(library_work.restore_lesson, lambda: {"lesson": withdrawn_lesson()}),
    call(
        operations.save_choices,
        lambda: {"talent": make.woman(), "values": make.CHOSEN},
        insider=own,
    ),
    call(operations.apply_volunteer, lambda: {"talent": make.draft().talent}, insider=own),
    hers(operations.pause_volunteering, make.active, until=None),
    hers(operations.resume_volunteering, paused),
    hers(operations.leave_team, make.active),
    staffs(operations.accept_volunteer, make.applied),
    staffs(operations.refuse_volunteer, make.applied, reason="名额已满"),
    staffs(operations.reopen_volunteer, make.active, reason="资料要再核对"),
    staffs(operations.enter_training, make.active, title="上岗培训", **DAYS),
    staffs(operations.enter_clearance, make.active, **DAYS),
    staffs(operations.correct_training, make.ready, title="上岗培训", **RIGHT),
    staffs(operations.correct_clearance, make.ready, **RIGHT),
    call(operations.retry_volunteer, lambda: {"row": make.active()}, insider=clerk),
    call(
        operations.export_volunteers,
        lambda: {"rows": Volunteer.objects.filter(pk=make.active().pk)},
        open_to=("staff elsewhere",),
        insider=clerk,
    ),
)
