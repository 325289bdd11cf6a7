"""What classes answer: counted up and nothing else, never more than there are, read by class and compared between classes."""

import threading
from datetime import timedelta
from math import isclose

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from kernel.errors import Conflict, DomainError, Invalid, Refused
from outreach.requests import attesting
from outreach.requests import operations as requests
from outreach.surveys import operations, shown, statistics
from outreach.surveys.models import DrawingCount, Moment, Question, SurveyCount, SurveyRound
from tests.outreach import counts, make, visits
from tests.outreach.at_once import rush

NOW = make.NOW
pytestmark = pytest.mark.django_db
CHOSEN = {"interest": 4, "ability": 3, "belonging": 5}


@pytest.fixture
def school():
    return counts.contact(visits.school())


def cards(girls=12, boys=12, answer=4):
    """Return counts in which every girl and boy gives one answer to each question."""
    return {
        (sex, question, answer): n
        for sex, n in (("girls", girls), ("boys", boys))
        for question in Question.values
    }


def enter(request, moment="before", counted=None, now=NOW, **more):
    given = {"counts": counted or cards(), "drawings": {}, "by": None} | more
    return operations.enter_cards(request=request, moment=moment, now=now, **given)


def held(school):
    """Return a request whose visit took place, and the moment after it."""
    request = visits.sent(school.unit)
    invitation = visits.asked(request)
    requests.accept_visit(invitation=invitation, day=visits.DAYS[0], by=None, now=NOW)
    after = NOW + timedelta(days=(visits.DAYS[0] - make.TODAY).days, hours=8)
    fresh = type(request).objects.select_related("unit").get(pk=request.pk)
    attesting.attest_visit(request=fresh, half_hours=3, girls=20, boys=20, by=school, now=after)
    return type(request).objects.select_related("unit").get(pk=request.pk), after


# --- answering ---
def test_an_answer_only_counts_up(school):
    round_ = visits.open_survey(visits.sent(school.unit))
    for _ in range(2):
        operations.answer(code=round_.code, sex="girls", answers=CHOSEN, now=NOW)
    round_.refresh_from_db()
    assert (round_.girls, round_.boys) == (2, 0)
    assert set(SurveyCount.objects.values_list("sex", "question", "answer", "number")) == {
        ("girls", "interest", 4, 2),
        ("girls", "ability", 3, 2),
        ("girls", "belonging", 5, 2),
    }


def test_no_table_has_a_place_for_who_answered_or_when():
    fields = {f.name for model in (SurveyCount, DrawingCount) for f in model._meta.fields}
    assert fields == {"id", "round", "sex", "question", "answer", "drawn", "number"}
    models = {model.__name__ for model in apps.get_app_config("outreach").get_models()}
    assert {"SurveyAnswer", "Pupil"} & models == set()


def test_no_more_answers_than_pupils(school):
    round_ = visits.open_survey(visits.sent(school.unit, girls=2, boys=1))
    for _ in range(2):
        operations.answer(code=round_.code, sex="girls", answers=CHOSEN, now=NOW)
    with pytest.raises(Conflict) as refused:
        operations.answer(code=round_.code, sex="girls", answers=CHOSEN, now=NOW)
    assert refused.value.code == "all_answered"
    assert SurveyCount.objects.filter(number__gt=2).count() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyRound.objects.filter(pk=round_.pk).update(girls=3)


@pytest.mark.parametrize(
    ("sex", "answers", "code"),
    [
        ("girl", CHOSEN, "sex"),
        ("girls", CHOSEN | {"ability": 6}, "answer"),
        ("girls", {"interest": 1}, "answer"),
    ],
)
def test_what_is_no_answer_counts_nothing(school, sex, answers, code):
    round_ = visits.open_survey(visits.sent(school.unit))
    with pytest.raises(Invalid) as refused:
        operations.answer(code=round_.code, sex=sex, answers=answers, now=NOW)
    assert (refused.value.code, SurveyCount.objects.count()) == (code, 0)


def test_a_code_counts_for_three_hours_and_another_is_another(school):
    request = visits.sent(school.unit)
    first = visits.open_survey(request)
    with pytest.raises(Conflict) as refused:
        operations.answer(code=first.code, sex="boys", answers=CHOSEN, now=NOW + timedelta(hours=3))
    assert refused.value.code == "closed"
    second = visits.open_survey(request)
    assert second.pk == first.pk
    assert second.code != first.code
    operations.close_code(round=second, by=school, now=NOW)
    with pytest.raises(Conflict):
        operations.answer(code=second.code, sex="boys", answers=CHOSEN, now=NOW)


# --- cards ---
def test_cards_are_entered_and_corrected(school):
    request = visits.sent(school.unit)
    enter(request, drawings={("girls", "man"): 11, ("girls", "woman"): 3})
    round_ = enter(request, counted=cards(girls=13, answer=5))
    assert (round_.girls, round_.boys, round_.by_cards) == (13, 12, True)
    assert set(SurveyCount.objects.values_list("answer", flat=True)) == {5}
    assert DrawingCount.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"counted": cards(girls=23)}, "more_than_pupils"),
        ({"counted": {("girls", "interest", 4): 0}}, "nothing"),
        ({"counted": {("girls", "interest", 4): -1}}, "number"),
        ({"drawings": {("boys", "woman"): 21}}, "more_than_pupils"),
    ],
)
def test_more_than_there_are_is_refused_and_nothing_is_written(school, given, code):
    request = visits.sent(school.unit)
    with pytest.raises(DomainError) as refused:
        enter(request, **given)
    assert (refused.value.code, SurveyCount.objects.count()) == (code, 0)


def test_one_way_of_answering_at_a_time_until_it_is_emptied(school):
    request = visits.sent(school.unit)
    round_ = enter(request)
    with pytest.raises(Conflict) as refused:
        visits.open_survey(request)
    assert refused.value.code == "by_cards"
    operations.empty_round(round=round_, by=school, now=NOW)
    opened = visits.open_survey(request)
    operations.answer(code=opened.code, sex="girls", answers=CHOSEN, now=NOW)
    with pytest.raises(Conflict) as refused:
        enter(request)
    assert refused.value.code == "by_code"


# --- when ---
def test_before_after_and_eight_weeks_later(school):
    request, after = held(school)
    for moment, now, code in (
        ("before", after, "too_late"),
        ("later", after, "too_early"),
    ):
        with pytest.raises(Conflict) as refused:
            enter(request, moment, now=now)
        assert refused.value.code == code
    assert not enter(request, "after", now=after).waiting
    assert not enter(request, "later", now=after + timedelta(weeks=8)).waiting


def test_a_class_that_waits_answers_twice(school):
    request = visits.sent(school.unit)
    with pytest.raises(Conflict):
        enter(request, "later")
    enter(request, "before")
    assert enter(request, "after").waiting


def test_only_the_school_itself(school):
    request = visits.sent(school.unit)
    for by in (counts.contact(visits.school()), make.coordinator(), make.woman().user):
        with pytest.raises(Refused):
            enter(request, by=by)


# --- what is read ---
def test_a_class_shows_its_mean_from_ten_answers_on(school):
    assert shown.mean_words(3.25, 10) == "3.2"
    assert shown.mean_words(3.25, 9) == "不到 10 人答，不显示"
    round_ = enter(visits.sent(school.unit), counted=cards(girls=9, boys=10))
    said = {line[1]: line[2] for line in shown.of_class([round_])}
    assert said == {"女生": [("上门之前", "不到 10 人答，不显示")], "男生": [("上门之前", "4.0")]}


def test_the_statistics_agree_with_an_independent_calculation():
    """SciPy 1.x: ttest_ind(…, equal_var=False).confidence_interval(0.95) of the same numbers."""
    visited = [0.62, 0.31, 0.48, 0.10, 0.55, 0.27, 0.40]
    waiting = [0.05, -0.12, 0.20, 0.08, 0.15]
    found = statistics.compared(visited, waiting)
    assert isclose(found["difference"], 0.318, abs_tol=1e-9)
    assert isclose(found["low"], 0.12431814, abs_tol=1e-4)
    assert isclose(found["high"], 0.51168186, abs_tol=1e-4)
    assert (found["visited"], found["waiting"]) == (7, 5)


def test_students_t_as_tables_have_it_and_between_their_lines():
    # SciPy: stats.t.ppf(0.975, df)
    for freedom, exact in (
        (1, 12.7062),
        (9.9994, 2.2282),
        (35, 2.0301),
        (80, 1.9901),
        (500, 1.9647),
    ):
        assert isclose(statistics.t95(freedom), exact, abs_tol=2e-3), freedom


def test_too_few_classes_say_nothing_and_equal_ones_no_interval():
    assert statistics.compared([0.5, 0.4], [0.1] * 9)["difference"] is None
    same = statistics.compared([0.5] * 3, [0.25] * 3)
    assert (same["low"], same["difference"], same["high"]) == (0.25, 0.25, 0.25)


def test_the_district_compares_classes_with_a_visit_and_classes_that_wait():
    for step in range(3):
        visited = counts.contact(visits.school())
        request = visits.sent(visited.unit)
        enter(request, "before", cards(answer=3))
        invitation = visits.asked(request)
        requests.accept_visit(invitation=invitation, day=visits.DAYS[0], by=None, now=NOW)
        after = NOW + timedelta(days=20 + step)
        row = type(request).objects.select_related("unit").get(pk=request.pk)
        attesting.attest_visit(request=row, half_hours=2, girls=20, boys=20, by=visited, now=after)
        enter(row, "after", cards(answer=4), now=after)
        waits = visits.sent()
        enter(waits, "before", cards(answer=3))
        enter(waits, "after", cards(answer=3))
    found = shown.district()["girls"]
    assert (found["difference"], found["visited"], found["waiting"]) == (1.0, 3, 3)
    assert shown.district(Moment.LATER)["girls"]["difference"] is None


# --- pages ---
def test_a_pupil_answers_without_a_cookie(client, school):
    now = timezone.now()
    round_ = visits.open_survey(visits.sent(school.unit), now)
    page = reverse("class_answer", args=[round_.code])
    shown_page = client.get(page)
    assert "没有对错" in shown_page.content.decode()
    sent = client.post(page, {"sex": "girls"} | {k: str(v) for k, v in CHOSEN.items()})
    assert "谢谢，记下了" in sent.content.decode()
    assert (dict(client.cookies), "no-store" in sent.headers["Cache-Control"]) == ({}, True)
    round_.refresh_from_db()
    assert round_.girls == 1
    missing = client.post(page, {"sex": "girls", "interest": "4"})
    assert missing.status_code == 422
    elsewhere = client.post(page, {"sex": "girls"}, HTTP_SEC_FETCH_SITE="cross-site")
    assert elsewhere.status_code == 404


def test_a_wrong_code_is_told_and_a_typed_one_is_tidied(client, school):
    assert client.get(reverse("class_answer", args=["WRONG2"])).status_code == 404
    typed = client.get(reverse("class_code"), {"code": " ab-c2 34 "})
    assert typed.url == reverse("class_answer", args=["ABC234"])


def test_the_contact_opens_counts_and_reads(client, school):
    client.force_login(school)
    request = visits.sent(
        school.unit,
        timezone.now(),
        days=visits.days_ahead(timezone.now()),
        entry=visits.entry_of(visits.days_ahead(timezone.now())[0]),
    )
    page = reverse("class_survey", args=[request.code])
    client.post(page, {"act": "open-before"})
    round_ = SurveyRound.objects.get()
    assert round_.code in client.get(page).content.decode()
    client.post(page, {"act": "empty-before"})
    entry = reverse("survey_cards", args=[request.code, "before"])
    wrong = client.post(entry, {"girls-interest-4": "23"})
    assert wrong.status_code == 422
    assert "请核对" in wrong.content.decode()
    sent = {f"{sex}-{q}-4": "12" for sex in ("girls", "boys") for q in Question.values}
    client.post(entry, sent | {"girls-woman": "10", "girls-man": "2"})
    text = client.get(page).content.decode()
    assert ("4.0" in text, "女的 10" in text) == (True, True)
    client.force_login(counts.contact(visits.school()))
    assert client.get(page).status_code == 404


# --- two hundred at one moment ---
@pytest.mark.django_db(transaction=True)
def test_two_hundred_answers_at_once_are_all_counted_and_none_too_many():
    round_ = visits.open_survey(visits.sent(girls=90, boys=90))
    calls = [
        lambda sex=sex: operations.answer(code=round_.code, sex=sex, answers=CHOSEN, now=NOW)
        for sex in ("girls", "boys")
        for _ in range(100)
    ]
    met = [code for start in range(0, 200, 40) for code in rush(calls[start : start + 40])]
    assert met == ["all_answered"] * 20
    round_.refresh_from_db()
    assert (round_.girls, round_.boys) == (90, 90)
    assert set(SurveyCount.objects.values_list("number", flat=True)) == {90}


@pytest.mark.django_db(transaction=True)
def test_counted_in_the_program_answers_are_lost():
    """The control: read, add, write loses what came between."""
    round_ = visits.open_survey(visits.sent(girls=90, boys=90))
    barrier = threading.Barrier(2, timeout=5)

    def lossy():
        found = SurveyRound.objects.get(pk=round_.pk)
        barrier.wait()
        SurveyRound.objects.filter(pk=round_.pk).update(girls=found.girls + 1)

    rush([lossy, lossy])
    round_.refresh_from_db()
    assert round_.girls == 1
