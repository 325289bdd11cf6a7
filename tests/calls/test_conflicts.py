"""What stands between two people, as other apps may ask; and a blind review that stays blind."""

import io
import zipfile
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calls import blind, operations, score_sheet
from calls.conflicts import among, conflicts_between
from calls.models import Assignment, Candidate
from talents.career.models import CareerEntry
from talents.endorsing import Endorsement
from tests import factories
from tests.calls import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def entry(talent, **fields):
    start = {"source": "self", "confirmed_at": NOW, "created_at": NOW, "updated_at": NOW}
    return CareerEntry.objects.create(talent=talent, **start | fields)


@pytest.fixture
def pair():
    """A reviewer and an applicant who have nothing in common."""
    return (
        factories.talent(full_name="何评", unit=factories.unit("重庆甲研究院")),
        factories.talent(full_name="秦申", unit=factories.unit("重庆乙研究院")),
    )


def between(pair, **more):
    judge, judged = pair
    return [(one.kind, one.is_hard) for one in conflicts_between(judge.user, judged, **more)]


def test_strangers_have_nothing_between_them_and_nobody_judges_herself(pair):
    assert between(pair) == []
    assert between((pair[0], pair[0])) == [("self", True)]


def test_units_meet_in_any_spelling_now_and_before(pair):
    judge, judged = pair
    assert between(pair, unit_text="重庆市乙研究院") == [("same_unit", True)]
    entry(judge, kind="employment", organisation="重庆市乙研究院", ended=date(2020, 1, 1))
    assert between(pair) == [("former_unit", False)]
    entry(judged, kind="post", organisation="重庆甲研究院")
    assert between(pair) == [("same_unit", True)]


def test_works_and_awards_they_share_are_found(pair):
    for talent in pair:
        entry(talent, kind="achievement", sort="award", name="科技进步奖", began=date(2023, 1, 1))
    assert between(pair) == [("co_award", False)]
    entry(pair[0], kind="achievement", sort="paper", name="声学诊断", number="10.1/AB")
    entry(pair[1], kind="achievement", sort="paper", name="Acoustic", number="10.1/ab")
    assert between(pair) == [("co_author", True), ("co_award", False)]


def test_an_award_of_another_year_and_what_was_deleted_are_none(pair):
    entry(pair[0], kind="achievement", sort="award", name="科技进步奖", began=date(2022, 1, 1))
    entry(pair[1], kind="achievement", sort="award", name="科技进步奖", began=date(2023, 1, 1))
    for talent in pair:
        entry(talent, kind="achievement", sort="paper", name="同名", deleted_at=NOW)
    assert between(pair) == []


def test_who_recommended_her_and_whom_she_asked_to_keep_away_do_not_judge(pair):
    judge, judged = pair
    assert between(pair, kept_away="何 评\n别人") == [("kin", True)]
    Endorsement.objects.create(talent=judged, unit=judge.unit, at=NOW)
    assert between(pair) == [("nominator", True)]


def test_it_asks_as_often_for_many_as_for_one():
    review = make.review(applications=1, panel=1)

    def ask():
        panel = list(review.reviewers.select_related("user__unit"))
        judged = list(review.call.applications.select_related("talent__unit"))
        with CaptureQueriesContext(connection) as asked:
            among(panel, judged)
        return len(asked)

    one = ask()
    for _each in range(2):
        make.accepted(review.call)
        make.seat(review)
    assert ask() == one


# --- blind -----------------------------------------------------------------------------------------
NAME, UNIT = "欧阳清岚", "重庆缙云山生态研究院"


@pytest.fixture
def judged():
    """A blind review of one application whose text names its applicant and her unit."""
    review = make.review(panel=1, applications=0)
    talent = factories.talent(full_name=NAME, unit=factories.unit(UNIT, short_name="缙云所"))
    mine = make.begun(review.call, talent)
    line = mine.call.fields.get(label="主要事迹")
    text = f"{NAME}在缙云所攻关"
    operations.save_answers(application=mine, answers={line.pk: text}, by=None, now=NOW)
    operations.submit_application(application=mine, by=None, now=NOW)
    operations.accept_application(application=mine, by=None, now=NOW)
    return make.scored(make.judging(review), {(0, 1): 80})


def test_a_blind_review_says_nothing_of_whose_it_is(judged):
    candidate = Candidate.objects.get()
    shown = blind.lines(candidate, is_blind=True)
    assert shown == [("主要事迹", "〔已隐去〕在〔已隐去〕攻关", []), ("类别", "", [])]
    assert blind.lines(candidate, is_blind=False)[0][0] == "单位"
    assert blind.naming(judged, [candidate]) == [candidate.label]


def test_it_stays_blind_on_her_pages_in_the_export_and_in_file_names(client, judged):
    sheet = Assignment.objects.get()
    client.force_login(sheet.reviewer.user)
    pages = [
        client.get(path).content.decode()
        for path in ("/calls/review/", sheet.reviewer.get_absolute_url(), sheet.get_absolute_url())
    ]
    data, name = score_sheet.made(judged)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        pages += [book.read(part).decode(errors="replace") for part in book.namelist()]
    number = sheet.candidate.application.number_text
    for text in (*pages, name):
        for secret in (NAME, UNIT, "缙云所", number, sheet.candidate.application.code):
            assert secret not in text
    assert "P001" in pages[1]


def test_the_application_itself_is_not_hers_to_read(client, judged):
    sheet = Assignment.objects.get()
    client.force_login(sheet.reviewer.user)
    assert client.get(sheet.candidate.application.get_absolute_url()).status_code == 404
