"""What is left of calls once a woman is erased: that there was an application, and what others were ranked by."""

from datetime import timedelta

import pytest

from calls import operations, personal_data
from calls.models import Answer, Application, Relation, Score, UnitOpinion
from kernel.portal import Person
from talents.models import Talent
from tests import factories
from tests.calls import make

pytestmark = pytest.mark.django_db
LATER = factories.NOW + timedelta(days=40)


def forget(talent):
    return personal_data.erase(Person(talent.user, (talent,), "已删除用户 7"), LATER)


def judged():
    """Return a review with one application, judged with comments; whose it is asked to keep somebody away."""
    found = make.judging(applications=1, panel=1)
    sheet = found.candidates.get().assignments.get()
    Application.objects.filter(pk=sheet.candidate.application_id).update(kept_away="何评")
    make.scored(found, {(0, 1): 90})
    Relation.objects.create(
        reviewer=sheet.reviewer,
        candidate=sheet.candidate,
        kind="other",
        is_declared=True,
        note="共过事",
        at=LATER,
    )
    return sheet


def words():
    """Return everything written that is left."""
    texts = [*Answer.objects.values_list("text", flat=True)]
    texts += Application.objects.values_list("kept_away", flat=True)
    texts += Relation.objects.values_list("note", flat=True)
    texts += Score.objects.values_list("comment", flat=True)
    return {text for text in texts if text}


def test_of_who_was_judged_no_word_is_left_and_the_scores_stay():
    sheet = judged()
    assert words() == {"在一线攻关三年", "何评", "共过事", "有依据"}  # the control
    forget(sheet.candidate.application.talent)
    assert words() == set()
    assert [score.value for score in Score.objects.all()] == [90]


def test_of_who_judged_her_words_and_her_name_go():
    sheet = judged()
    forget(Talent.objects.get(user=sheet.reviewer.user))
    sheet.reviewer.refresh_from_db()
    assert (sheet.reviewer.full_name, words()) == ("已删除用户 7", {"在一线攻关三年", "何评"})


def test_in_a_public_notice_a_line_without_a_name_is_left():
    at = factories.NOW + timedelta(days=11)
    call, (application,) = make.noted(1, at=at)
    notice = make.notice(call, at)
    forget(application.talent)
    entry = notice.entries.get()
    assert (entry.name, entry.unit, entry.lines, entry.struck_at is None) == ("—", "", [], False)
    assert operations.end_notice(notice=notice, by=None, now=LATER).state == "ended"


def test_what_staff_noted_for_a_unit_the_portal_does_not_know_hinders_no_erasure():
    """A paper stands in the place of the unit (a constraint): its words go, that there was one stays."""
    her = factories.talent(full_name="何创", unit=None)
    row = make.to_endorse(talent=her)
    about = {"application": row, "by": factories.staff("department_clerk"), "now": factories.NOW}
    paper = {"reason": "推荐名额已满", "paper": "何创的单位意见，盖章件"}
    operations.decline_application(**about, **paper)
    forget(her)
    opinion = UnitOpinion.objects.get()
    assert (opinion.unit, opinion.reason, opinion.paper) == (None, "—", "—")
