"""What a school may ask for, who is asked in which order, and that no table has a place for a pupil."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from kernel.errors import DomainError
from outreach.requests import operations, rules
from outreach.requests.models import SchoolRequest, VisitInvitation
from talents.asking.models import Asked
from tests.outreach import make, visits

NOW = make.NOW
KEPT = {"by": None, "now": NOW}
pytestmark = pytest.mark.django_db
# Words a field for a pupil, a teacher or what they said would be named by.
PERSONAL = (
    "name",
    "pupil",
    "student",
    "child",
    "teacher_",
    "phone",
    "contact",
    "id_number",
    "text",
    "note",
    "comment",
)


def refused(operation, **given):
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        operation(**KEPT | given)
    return refusal.value.code


def test_no_model_of_the_app_has_a_field_for_a_pupil_or_a_teacher():
    found = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("outreach").get_models()
        for field in model._meta.get_fields()
        if any(word in field.name for word in PERSONAL)
    ]
    assert found == [
        "ChoiceCell.pupils",  # how many
        "LessonReview.note",  # what a colleague says of a lesson
        "SchoolRequest.teacher_present",  # whether, not who
    ]


def test_terms_and_school_years_begin_where_schools_begin_them():
    days = [date(2026, 8, 31), date(2026, 9, 1), date(2027, 1, 31), date(2027, 2, 1)]
    assert [rules.school_year(day) for day in days] == [2025, 2026, 2026, 2026]
    terms = [rules.term_of(day)[0] for day in days]
    assert terms == [date(2026, 2, 1), date(2026, 9, 1), date(2026, 9, 1), date(2027, 2, 1)]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"topic": ""}, "topic_missing"),
        ({"girls": 0, "boys": 0}, "nobody"),
        ({"teacher_present": False}, "no_teacher"),
        ({"days": visits.DAYS[:1]}, "days"),
        ({"days": [make.TODAY, make.TODAY + make.DAY]}, "days"),
        ({"entry": None}, "off_list"),
    ],
)
def test_what_is_missing_is_said_when_it_is_sent(values, code):
    request = visits.draft(**values)
    assert refused(operations.send_request, request=request) == code


def test_two_classes_a_term_and_no_more_than_the_list_says():
    school = visits.school()
    visits.sent(school, classes=2)
    third = visits.draft(school)
    assert refused(operations.send_request, request=third) == "classes_full"
    other = visits.school()
    once = visits.entry(activity="科学实验", cap=1)
    visits.sent(other, entry=once)
    again = visits.draft(other, entry=once)
    assert refused(operations.send_request, request=again) == "cap"
    old = visits.entry()
    type(old).objects.filter(pk=old.pk).update(year=2025)
    assert refused(operations.send_request, request=visits.draft(entry=old)) == "off_list"


def test_what_is_sent_is_whole_whatever_writes():
    request = visits.sent()
    for wrong in ({"topic": ""}, {"teacher_present": False}, {"entry": None}, {"days": []}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SchoolRequest.objects.filter(pk=request.pk).update(**wrong)


def test_fit_first_then_who_was_asked_longest_ago():
    request = visits.sent()
    far = make.ready(areas=["yufu"])
    one_day = make.ready(days=[3])
    lately = make.ready(make.woman(asked_at=NOW - 3 * make.DAY))
    long_ago = make.ready(make.woman(asked_at=NOW - 90 * make.DAY))
    never = make.ready()
    make.ready(topics=["reading"])
    make.ready(days=[1])
    make.active()
    found = operations.candidates(request, NOW)
    assert [one.pk for one in found] == [one.pk for one in (never, long_ago, lately, one_day, far)]
    assert operations.ask_volunteers(request=request, now=NOW) == 5
    assert operations.ask_volunteers(request=request, now=NOW) == 0
    assert Asked.objects.filter(kind="visit").count() == 5


def test_she_accepts_and_the_others_are_let_off():
    request = visits.sent()
    first, second, third = (visits.asked(request) for _each in range(3))
    operations.decline_visit(invitation=third, **KEPT)
    day = visits.DAYS[1]
    assert refused(operations.accept_visit, invitation=first, day=make.TODAY) == "day"
    operations.accept_visit(invitation=first, day=day, **KEPT)
    request.refresh_from_db()
    assert (request.state, request.day) == ("arranged", day)
    states = list(VisitInvitation.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["accepted", "taken", "declined"]
    assert refused(operations.accept_visit, invitation=second, day=day) == "taken"


def test_an_invitation_lapses_after_72_hours():
    invitation = visits.asked(visits.sent())
    at = NOW + timedelta(hours=72)
    assert not operations.lapse_visit(invitation=invitation, now=at)
    assert operations.lapse_visit(invitation=invitation, now=at + timedelta(seconds=1))
    late = {"invitation": invitation, "day": visits.DAYS[0], "now": at}
    assert refused(operations.accept_visit, **late) == "not_open"


def test_who_cancels_late_comes_last():
    school = visits.school()
    request = visits.sent(school)
    operations.accept_visit(invitation=visits.asked(request), day=visits.DAYS[0], **KEPT)
    eve = NOW + (visits.DAYS[0] - make.TODAY - make.DAY)
    operations.cancel_request(request=request, by=None, now=eve)
    request.refresh_from_db()
    assert (request.state, request.cancelled_late) == ("cancelled", True)
    later, other = visits.sent(school), visits.sent(now=NOW + make.DAY)
    assert list(SchoolRequest.objects.sent().in_turn()) == [other, later]
