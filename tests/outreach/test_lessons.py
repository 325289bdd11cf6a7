"""The library: written, reviewed by two who did not write it, corrected by another version."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from kernel.errors import Conflict, DomainError, Invalid, Refused
from outreach.lessons import operations
from outreach.lessons.models import Lesson, LessonReview, LessonVersion
from tests.factories import NOW
from tests.outreach import make
from tests.outreach.lessons import agree, said, shown, written

pytestmark = pytest.mark.django_db


def fresh(lesson):
    return Lesson.objects.get(pk=lesson.pk)


def test_it_is_shown_once_two_others_have_agreed():
    writer = make.coordinator()
    version = written(writer)
    with pytest.raises(Refused) as refused:
        agree(version, writer)
    assert refused.value.code == "own_lesson"
    first = make.coordinator()
    agree(version, first)
    assert list(Lesson.objects.shown()) == []
    with pytest.raises(Conflict) as refused:
        agree(version, first)
    assert refused.value.code == "reviewed_already"
    agree(version)
    assert list(Lesson.objects.shown()) == [version.lesson]
    assert fresh(version.lesson).shown == version


def test_the_old_version_stays_until_two_agree_to_the_new():
    old = shown()
    new = operations.save_lesson(
        lesson=old.lesson, by=make.coordinator(), now=NOW, **said(minutes=45)
    )
    assert (new.number, fresh(old.lesson).shown) == (2, old)
    agree(new)
    assert fresh(old.lesson).shown == old
    agree(new)
    assert fresh(old.lesson).shown == new
    with pytest.raises(Conflict) as refused:
        agree(old)
    assert refused.value.code == "not_waiting"


def test_saved_unchanged_is_no_new_version():
    version = written()
    again = operations.save_lesson(lesson=version.lesson, by=None, now=NOW, **said())
    assert (again, LessonVersion.objects.count()) == (version, 1)


def test_sent_back_says_what_to_change_and_waits_for_another_version():
    version = written()
    with pytest.raises(Invalid):
        operations.review_lesson(version=version, agrees=False, by=make.coordinator(), now=NOW)
    operations.review_lesson(
        version=version, agrees=False, note="少了一种材料", by=make.coordinator(), now=NOW
    )
    with pytest.raises(Conflict):
        agree(version)
    assert list(Lesson.objects.to_review()) == []
    operations.save_lesson(lesson=version.lesson, by=None, now=NOW, **said(materials="纸巾\n杯子"))
    assert list(Lesson.objects.to_review()) == [version.lesson]


def test_a_review_is_taken_back_while_it_waits():
    version, one = written(), make.coordinator()
    review = agree(version, one)
    with pytest.raises(Refused):
        operations.take_back_review(review=review, by=make.coordinator(), now=NOW)
    operations.take_back_review(review=review, by=one, now=NOW)
    assert LessonReview.objects.count() == 0
    review = agree(version, one)
    agree(version)
    with pytest.raises(Conflict):
        operations.take_back_review(review=review, by=one, now=NOW)


def test_what_waits_for_whom():
    writer, other = make.coordinator(), make.coordinator()
    version = written(writer)
    assert list(Lesson.objects.to_review(writer)) == []
    assert list(Lesson.objects.to_review(other)) == [version.lesson]
    agree(version, other)
    assert list(Lesson.objects.to_review(other)) == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"risks": " "}, "risks_missing"),
        ({"title": ""}, "lesson_incomplete"),
        ({"body": ""}, "lesson_incomplete"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(values, code):
    with pytest.raises(DomainError) as refused:
        written(**values)
    assert refused.value.code == code
    assert Lesson.objects.count() == 0


def test_an_experiment_without_risks_cannot_be_stored():
    version = written(kind="lesson", risks="")
    with pytest.raises(IntegrityError), transaction.atomic():
        LessonVersion.objects.filter(pk=version.pk).update(kind="experiment")


def test_taken_off_and_put_back_as_it_was(client):
    version = shown()
    page = version.lesson.get_absolute_url()
    assert "会爬坡的水" in client.get(page).content.decode()
    operations.withdraw_lesson(
        lesson=version.lesson, reason="材料里有禁用的", by=make.coordinator(), now=NOW
    )
    assert client.get(page).status_code == 404
    operations.restore_lesson(lesson=version.lesson, by=make.coordinator(), now=NOW)
    assert client.get(page).status_code == 200


def test_everybody_finds_by_kind_stage_and_time(client):
    assert "还没有公布的课和实验" in client.get(reverse("lessons")).content.decode()
    shown()
    shown(kind="lesson", stage="senior", title="一个工程师的一天", minutes=90, risks="")
    written(title="没有审核的课")

    def found(**asked):
        page = client.get(reverse("lessons"), asked).content.decode()
        return [t for t in ("会爬坡的水", "一个工程师的一天", "没有审核的课") if t in page]

    assert found() == ["会爬坡的水", "一个工程师的一天"]
    assert found(kind="lesson") == ["一个工程师的一天"]
    assert found(stage="primary") == ["会爬坡的水"]
    assert found(minutes="45") == ["会爬坡的水"]
    assert found(q="工程师") == ["一个工程师的一天"]
    assert found(minutes="nine") == []


def test_the_list_costs_the_same_for_one_and_three(client, django_assert_num_queries):
    shown()
    with django_assert_num_queries(1):
        client.get(reverse("lessons"))
    for _ in range(2):
        shown()
    with django_assert_num_queries(1):
        client.get(reverse("lessons"), {"kind": "experiment"})


def test_what_staff_write_is_no_script(client):
    version = shown(body="<script>alert(1)</script>\n\n- 一条")
    page = client.get(version.lesson.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "一条" in page


def test_written_and_reviewed_in_the_admin(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    writer, one, two = (make.coordinator() for _ in range(3))
    client.force_login(writer)
    sent = said() | {"title_en": ""}
    assert (
        client.post(reverse("admin:outreach_lesson_write"), sent | {"risks": ""}).status_code == 422
    )
    client.post(reverse("admin:outreach_lesson_write"), sent)
    lesson = Lesson.objects.get()
    review = reverse("admin:outreach_lesson_review", args=[lesson.pk])
    for reviewer in (one, two):
        client.force_login(reviewer)
        page = client.get(review).content.decode()
        assert "地上有水会滑" in page
        client.post(review, {"agrees": "yes", "note": ""})
    assert fresh(lesson).shown is not None
    assert "已公布" in client.get(reverse("admin:outreach_lesson_changelist")).content.decode()
