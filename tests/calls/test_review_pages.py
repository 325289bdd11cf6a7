"""The same from outside: the reviewer's pages, an outsider's, the clerk's from panel to minutes."""

import io
from datetime import timedelta

import docx
import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calls import operations, score_sheet, tasks
from calls.models import Assignment, Call, Candidate, Review, Reviewer, Score
from kernel.sweeps import SweepFailed
from privacy.models import AuditEntry
from tests import factories
from tests.calls import make

pytestmark = pytest.mark.django_db
REASON = "出差在外，不能按时评"


@pytest.fixture
def then():
    """So long ago that the calls made then are over."""
    return timezone.now() - timedelta(days=12)


@pytest.fixture
def clerk(settings):
    settings.STAFF_SECOND_FACTOR = False
    return factories.staff("department_clerk")


def expert_of_ours(name):
    """Return a woman of the database who may be asked."""
    talent = factories.talent(full_name=name, unit=factories.unit())
    factories.consent(talent.user, "talent_database")
    return talent


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_a_reviewer_declares_opens_scores_and_hands_in(client, then):
    make.judging(now=then, applications=1, panel=1)
    sheet = Assignment.objects.get()
    key, comment = (
        f"{part}_{sheet.candidate.review.criteria.get().pk}" for part in ("score", "comment")
    )
    client.force_login(sheet.reviewer.user)
    assert "申报评审" in client.get("/me/").content.decode()
    assert sheet.reviewer.get_absolute_url() in client.get("/calls/review/").content.decode()
    panel, here = sheet.reviewer.get_absolute_url(), sheet.get_absolute_url()
    early = client.get(here, follow=True)
    assert said(early) == ["请先完成回避声明，再打开材料。"]
    assert "攻关三年" not in early.content.decode()
    assert said(client.post(panel, {"open": sheet.code}, follow=True)) == said(early)
    assert client.post(panel, {"declare": "1"}).status_code == 422
    client.post(panel, {"declare": "1", "word": "on"})
    opened = client.post(panel, {"open": sheet.code}, follow=True)
    assert "攻关三年" in opened.content.decode()
    assert opened.content.decode().count("（选填）") == 1  # the comment; the score is asked for
    wrong = client.post(here, {key: "101", comment: "很好"})
    assert wrong.status_code == 422
    for kept in ('value="101"', "很好", "请填 0 到 100 之间的分数。"):
        assert kept in wrong.content.decode()
    part = client.post(here, {key: "88.5", comment: "很好"}, headers={"HX-Request": "true"})
    assert "这一份评完了" in part.content.decode()
    assert str(Score.objects.get().value) == "88.5"
    assert 'value="88.5"' in client.get(here).content.decode()
    assert said(client.post(panel, {"hand_in": "1"}, follow=True)) == ["评分已提交，谢谢您。"]
    sheet.refresh_from_db()
    assert sheet.handed_in_at is not None
    assert "评分已经提交" in client.get(here).content.decode()


def test_what_is_wrong_in_one_line_does_not_keep_the_others_from_being_saved(client, then):
    criteria = (("创新性", 10, 1), ("可行性", 10, 1))
    make.judging(now=then, applications=1, panel=1, criteria=criteria)
    sheet = make.opened(Assignment.objects.get())
    first, second = sheet.candidate.review.criteria.all()
    client.force_login(sheet.reviewer.user)
    typed = {first.key: "11", first.comment_key: "", second.key: "9", second.comment_key: "可行"}
    answer = client.post(sheet.get_absolute_url(), typed, headers={"HX-Request": "true"})
    assert "“创新性”请填 0 到 10 之间的分数。" in answer.content.decode()
    assert [(s.criterion, s.value, s.comment) for s in Score.objects.all()] == [(second, 9, "可行")]


def test_whom_she_recognises_is_taken_from_her(client, then):
    make.judging(now=then, applications=1, panel=1)
    sheet = make.opened(Assignment.objects.get())
    client.force_login(sheet.reviewer.user)
    where = f"{sheet.get_absolute_url()}recognised/"
    assert client.post(where, {"kind": ""}).status_code == 422
    done = client.post(where, {"kind": "kin", "note": "表妹"}, follow=True)
    assert said(done) == ["已记录，您不再评这份申报。"]
    assert said(client.get(sheet.get_absolute_url(), follow=True)) == [
        "您已回避这份申报，不用评分。"
    ]


def test_in_a_panel_she_reads_whose_it_is_and_declares_for_each(client, then):
    make.judging(now=then, stages=("acceptance", "panel", "decision"), applications=2, panel=2)
    seat = Reviewer.objects.first()
    first, second = seat.assignments.order_by("candidate__number")
    client.force_login(seat.user)
    page = client.get(seat.get_absolute_url()).content.decode()
    assert first.candidate.application.talent.unit_name in page
    half = {"declare": "1", "word": "on", f"kind_{first.pk}": "none", f"note_{first.pk}": ""}
    refused = client.post(seat.get_absolute_url(), half)
    assert (refused.status_code, "请选择有没有利害关系" in refused.content.decode()) == (422, True)
    client.post(
        seat.get_absolute_url(),
        half | {f"kind_{second.pk}": "teacher", f"note_{second.pk}": "导师"},
    )
    second.refresh_from_db()
    assert second.recused_at is not None


def test_the_matrix_who_comes_to_a_sheet_in_each_state(client, then, clerk):
    """The fixed cast, and a reviewer of another call, at a sheet while it is prepared, open, handed in and ranked."""
    elsewhere = make.judging(now=then, applications=1, panel=1).reviewers.get().user
    review = make.review(now=then, applications=1, panel=1)
    operations.distribute(review=review, by=None, now=timezone.now())
    sheet = Assignment.objects.get(candidate__review=review)
    sheet.candidate.review = review
    applicant = sheet.candidate.application.talent.user
    cast = {
        "hers": sheet.reviewer.user,
        "elsewhere": elsewhere,
        "applicant": applicant,
        "woman": factories.talent().user,
        "clerk": clerk,
    }

    def seen():
        found = {}
        for who, user in cast.items():
            client.force_login(user)
            found[who] = client.get(sheet.get_absolute_url()).status_code
        return found

    nobody = {"hers": 404, "elsewhere": 404, "applicant": 403, "woman": 403, "clerk": 403}
    now = timezone.now()
    assert seen() == nobody
    operations.start_judging(review=review, by=None, now=now)
    assert seen() == nobody | {"hers": 302}  # led to the declaration
    make.scored(review, {(0, 1): 80}, now)
    assert seen() == nobody | {"hers": 200}
    operations.fix_ranking(review=review, by=None, now=now)
    assert seen() == nobody | {"hers": 200}
    post = client.post(sheet.get_absolute_url(), {"x": "1"})  # the clerk
    assert post.status_code == 403
    client.force_login(cast["hers"])
    criterion = review.criteria.get()
    assert client.post(sheet.get_absolute_url(), {criterion.key: "99"}).status_code == 422
    assert Score.objects.get(assignment=sheet).value == 80


@pytest.mark.parametrize("which", ["list", "panel"])
def test_lists_ask_as_often_for_three_as_for_one(client, then, which, django_assert_num_queries):
    talent = factories.talent(unit=factories.unit())
    client.force_login(talent.user)

    def more(applications):
        made = make.review(now=then, panel=0, applications=applications, seats=[talent])
        return make.judging(made).reviewers.get()

    path = {"list": "/calls/review/", "panel": more(1).get_absolute_url()}[which]
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    more(2), more(3)
    if which == "panel":
        path = more(3).get_absolute_url()
    with django_assert_num_queries(len(one)):
        client.get(path)


def test_a_clerk_goes_from_the_panel_to_the_minutes(client, then, clerk):
    review = make.review(now=then, panel=0, applications=1, criteria=())
    client.force_login(clerk)
    here = f"/admin/calls/review/{review.pk}/"
    assert client.get("/admin/calls/review/").status_code == 200
    assert client.get(f"{here}change/").status_code == 200
    due = timezone.now() + timedelta(days=5)
    settings = {
        "least": "1",
        "due_at_0": f"{due:%Y-%m-%d}",
        "due_at_1": "18:00",
        "rank_by": "raw",
        "outlier_points": "20",
    }
    assert client.post(f"{here}settings/", settings).status_code == 302
    assert client.post(f"{here}settings/", settings | {"least": "0"}).status_code == 422
    criterion = {"name": "创新性", "name_en": "", "help": "", "most": "100", "weight": "1"}
    assert client.post(f"{here}criteria/add/", criterion).status_code == 302
    expert = {
        "talent": "",
        "full_name": "沈远",
        "unit_text": "",
        "phone": "14077770002",
        "email": "",
    }
    assert client.post(f"{here}reviewers/add/", expert).status_code == 422
    assert (
        client.post(f"{here}reviewers/add/", expert | {"unit_text": "西南大学"}).status_code == 302
    )
    assert client.post(f"{here}reviewers/add/", {"talent": "没有这个人"}).status_code == 422
    expert_of_ours("贺评")
    assert client.post(f"{here}reviewers/add/", {"talent": "贺评"}).status_code == 302
    assert client.post(f"{here}distribute/").status_code == 302
    assert "沈远" in client.get(f"{here}panel/").content.decode()
    assert client.post(f"{here}start/").status_code == 302
    assert client.post(f"{here}reviewers/add/", expert).status_code == 422
    sheet = Assignment.objects.get()
    other = Reviewer.objects.exclude(pk=sheet.reviewer_id).get()
    move = f"{here}sheets/{sheet.pk}/move/"
    assert client.post(move, {"reviewer": other.pk, "reason": ""}).status_code == 422
    assert client.post(move, {"reviewer": other.pk, "reason": REASON}).status_code == 302
    sheet = Assignment.objects.standing().get()
    client.post(f"{here}reviewers/{sheet.reviewer_id}/remind/")
    swap = dict.fromkeys(("full_name", "unit_text", "phone", "email"), "") | {"reason": REASON}
    third = expert_of_ours("邹评")
    replaced = client.post(
        f"{here}reviewers/{sheet.reviewer_id}/replace/", swap | {"talent": third.code}
    )
    assert replaced.status_code == 302
    review = Review.objects.get()
    make.scored(review, {(1, 1): 80, (0, 1): 80}, timezone.now())
    sheet = Assignment.objects.standing().get()
    assert (
        client.post(f"{here}sheets/{sheet.pk}/reopen/", {"reason": "分数填反了"}).status_code == 302
    )
    operations.hand_in(reviewer=sheet.reviewer, by=None, now=timezone.now())
    assert "80.00 → 80.00" in client.get(f"{here}scores/").content.decode()
    assert client.post(f"{here}fix/").status_code == 302
    words = docx.Document(io.BytesIO(client.get(f"{here}minutes/").content))
    cells = [cell.text for table in words.tables for row in table.rows for cell in row.cells]
    assert [text in cells for text in ("邹评", "P001", "80.00", REASON)] == [True] * 4
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{here}export/").content))
    assert [cell.value for cell in book["排名"][4]][:3] == [1, "P001", 80]
    lines = client.get(f"{here}history/").content.decode()
    for sentence in ("更换评审专家", "确定排名", "退回评分重评", "取出评分或评审纪要", REASON):
        assert sentence in lines
    assert client.post(f"{here}unfix/", {"reason": "漏了一份材料"}).status_code == 302
    assert Candidate.objects.get().place is None


def test_another_department_finds_no_review(client, then, settings):
    settings.STAFF_SECOND_FACTOR = False
    review = make.review(now=then)
    client.force_login(factories.staff("department_clerk", department_code="science_innovation"))
    for page in ("change", "panel", "scores", "minutes", "export", "history"):
        answer = client.get(f"/admin/calls/review/{review.pk}/{page}/")
        assert answer.status_code in (302, 404)
    assert AuditEntry.objects.filter(action="calls.take_scores").count() == 0


def test_formulas_and_control_characters_in_comments_do_no_harm(then):
    review = make.judging(now=then, applications=1, panel=1)
    sheet, one = make.opened(Assignment.objects.get()), review.criteria.get()
    about = {"assignment": sheet, "by": None, "now": timezone.now()}
    operations.save_scores(scores={one.pk: (80, "=HYPERLINK(1)\x07")}, **about)
    operations.hand_in(reviewer=sheet.reviewer, by=None, now=timezone.now())
    book = openpyxl.load_workbook(io.BytesIO(score_sheet.made(review)[0]))
    assert book["评语"]["D4"].value.startswith("'=HYPERLINK")


# --- the clock -------------------------------------------------------------------------------------
def test_one_call_that_cannot_be_closed_stops_no_other():
    bad, good = make.call(factories.NOW - 20 * make.DAY), make.call(factories.NOW - 20 * make.DAY)
    with make.broken(bad, "state"), pytest.raises(SweepFailed):
        tasks.close_due()
    rows = Call.objects.order_by("pk").values_list("pk", "state", "sweep_failures")
    assert list(rows) == [(bad.pk, "open", 1), (good.pk, "closed", 0)]
    tasks.close_due()
    bad.refresh_from_db()
    assert bad.state == "closed"


def test_one_reviewer_who_cannot_be_reminded_stops_no_other(then):
    review = make.judging(now=then, applications=1, panel=2)
    operations.edit_review(
        review=review, values={"due_at": timezone.now() + timedelta(hours=5)}, by=None, now=then
    )
    bad, good = Reviewer.objects.order_by("pk")
    with make.broken(bad, "reminded_at"), pytest.raises(SweepFailed):
        tasks.remind_reviewers()
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.reminded_at, good.reminded_at is None) == (None, False)
