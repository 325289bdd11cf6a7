"""Lists of ventures, training and coaching cost the same with one row and with three; what is wrong in a form of staff is one sentence."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from entrepreneurship.learning.models import Coach, Enrolment, Programme, ProgrammeModule
from entrepreneurship.ventures.models import Venture
from tests import factories
from tests.entrepreneurship import coaching, make, training

pytestmark = pytest.mark.django_db
NOW = make.NOW
ADMIN = "/admin/entrepreneurship"
OF_STAFF = (
    "venture",
    "programme",
    "programmemodule",
    "enrolment",
    "trainingcertificate",
    "coach",
    "coachinghour",
)
HERS = ("/innovation/learning/", "/innovation/learning/mine/", "/innovation/ventures/")


@pytest.fixture
def staff(settings):
    settings.STAFF_SECOND_FACTOR = False
    return factories.staff("department_clerk", "event_organiser")


def one_more(her, number):
    """Add one more row to every list: a venture, a concluded training, a coach with an hour, of another woman each."""
    other = make.woman(full_name=f"何创{number}")
    make.founder(make.venture(her, NOW, name=f"项目{number}"), talent=other)
    of = training.programme(1, 100, series=training.series(f"第{number}期"), name=f"训练营{number}")
    (lesson,) = training.lessons(of)
    training.module(of, [lesson])
    rows = [training.enrolled(of, woman) for woman in (her, other)]
    for row in rows:
        training.inside(lesson, row.talent)
    after = training.settled(lesson)
    training.operations.close_programme(programme=of, by=None, now=after)
    start = timezone.now() + timedelta(days=3 + number)
    hour = coaching.hour(coaching.coach(), starts_at=start, now=start - timedelta(days=1))
    factories.booking(hour.event, other, start - timedelta(days=1))


def test_lists_ask_the_database_as_often_for_three_as_for_one(client, staff):
    her, asked, rows = make.woman(), {}, {}
    pages = [
        *((staff, f"{ADMIN}/{name}/") for name in OF_STAFF),
        *((her.user, address) for address in HERS),
    ]
    for number in range(3):
        one_more(her, number)
        if number == 1:
            continue
        for user, address in pages:
            client.force_login(user)
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address)
            asked.setdefault(address, []).append(len(queries))
            if "cl" in (answer.context or {}):
                rows.setdefault(address, []).append(answer.context["cl"].result_count)
    assert {address: one == three for address, (one, three) in asked.items()} == dict.fromkeys(
        asked, True
    )
    assert all(one < three for one, three in rows.values())  # a control: rows there were
    assert len(rows) == len(OF_STAFF)


def test_the_page_of_who_takes_part_says_who_and_how_it_stands_in_words(client, staff):
    client.force_login(staff)
    row = training.enrolled(training.programme(), make.woman(full_name="林静姝"))
    html = client.get(f"{ADMIN}/enrolment/{row.pk}/change/").content.decode()
    assert ("林静姝 · 女企业家训练营" in html, "正常" in html, "(&#x27;" in html) == (
        True,
        True,
        False,
    )
    Enrolment.objects.update(state="completed")
    assert "正常" not in client.get(f"{ADMIN}/enrolment/{row.pk}/change/").content.decode()


PROGRAMME = {"name": "女企业家训练营", "name_en": "", "description": "", "call": ""}


@pytest.mark.parametrize("minutes", ["0", "-1", "1.005", "", "九十"])
def test_minutes_that_are_none_are_a_sentence_and_no_programme(client, staff, minutes):
    client.force_login(staff)
    of = training.series()
    training.lesson(of, training.FIRST)
    sent = PROGRAMME | {"series": of.pk, "minutes_required": minutes}
    answer = client.post(f"{ADMIN}/programme/add/", sent)
    form = answer.context["adminform"].form
    assert (answer.status_code, list(form.errors)) == (200, ["minutes_required"])
    assert len(form.errors["minutes_required"]) == 1
    assert Programme.objects.count() == 0


@pytest.mark.parametrize("minutes", ["-1", "1.005", "121"])
def test_a_module_cannot_ask_for_what_is_not_planned(client, staff, minutes):
    client.force_login(staff)
    of = training.programme(lessons=1, required=100)
    (lesson,) = training.lessons(of)
    sent = {"programme": of.pk, "theme": "economy", "name": "经济", "events": [lesson.pk]}
    answer = client.post(f"{ADMIN}/programmemodule/add/", sent | {"minutes_required": minutes})
    form = answer.context["adminform"].form
    assert (answer.status_code, list(form.errors)) == (200, ["minutes_required"])
    assert ProgrammeModule.objects.count() == 0


@pytest.mark.parametrize(
    ("page", "typed", "field"),
    [
        ("correct", {"uscc": make.USCC[:-1] + "9"}, "uscc"),
        ("correct", {"name": " "}, "name"),
        ("stage", {"day": "2999-01-01"}, "day"),
        ("phoned", {"jobs": "-1"}, "jobs"),
        ("phoned", {"jobs": "1.005"}, "jobs"),
        ("phoned", {"jobs": "3", "women_jobs": "4"}, "women_jobs"),
        ("phoned", {"patents": "-1"}, "patents"),
    ],
)
def test_what_staff_type_wrong_of_a_venture_is_one_sentence_and_changes_nothing(
    client, staff, page, typed, field
):
    client.force_login(staff)
    one = make.registered(name="听声智能")
    right = {
        "correct": {
            "name": "听声智能科技",
            "industry": "M",
            "summary": "",
            "base": "",
            "uscc": make.USCC,
            "reason": "与营业执照一致",
        },
        "stage": {"stage": "paused", "day": "2026-11-01", "uscc": ""},
        "phoned": make.answers() | {"alive": "yes", "day": "2026-11-23"},
    }[page]
    before = Venture.objects.values().get()
    answer = client.post(f"{ADMIN}/venture/{one.pk}/{page}/", right | typed)
    errors = answer.context["form"].errors
    assert (answer.status_code, list(errors), len(errors[field])) == (422, [field], 1)
    assert Venture.objects.values().get() == before
    assert (one.stages.count(), one.checkpoints.count()) == (1, 0)


@pytest.mark.parametrize("hours", ["0", "-1", "41", "1.005"])
def test_hours_a_coach_cannot_give_are_a_sentence_and_no_offer(client, hours):
    user = factories.talent(full_name="沈教练").user
    client.force_login(user)
    sent = coaching.OFFER | {"hours_per_month": hours, "agrees": "on", "agreed": "on"}
    answer = client.post("/innovation/learning/coaching/offer/", sent)
    errors = answer.context["form"].errors
    assert (answer.status_code, "hours_per_month" in errors) == (422, True)
    assert len(errors["hours_per_month"]) == 1
    assert Coach.objects.count() == 0
