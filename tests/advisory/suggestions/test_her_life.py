"""What she wrote: on her line of time, in her copy and growth, when she is erased, when all is old."""

from datetime import date, timedelta

import pytest

from advisory import growth, personal_data, timeline
from advisory.suggestions import hers, operations
from advisory.suggestions.models import Authorship, CoSignature, Rating, Suggestion
from kernel import portal
from kernel.portal import Person
from privacy import retention
from tests.advisory.suggestions import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=3)


def note(row, now=NOW):
    """Return what her line of time says of a suggestion, and whether it is her turn."""
    (line,) = timeline.lines(make.author(row), now)
    return str(line.note), line.waits


def test_her_line_of_time_says_where_each_stands():
    assert note(make.draft()) == ("草稿，还没有提交", False)
    assert note(make.sent()) == ("已提交，等牵头部门审查", False)
    assert note(make.filed()) == ("已立案，正在确定由谁办", False)
    assert note(make.assigned().suggestion) == ("办理中，2027年1月22日 (周五)前答复", False)
    made = make.signed()
    assert note(made.suggestion) == ("已答复", True)
    by = make.author(made.suggestion)
    operations.rate(reply=made, verdict="satisfied", words="", by=by, now=NOW)
    assert note(made.suggestion) == ("已答复", False)
    main = make.signed().suggestion
    joined = operations.join_suggestion(
        suggestion=make.sent(main.campaign), to=main, by=None, now=NOW
    )
    assert note(joined) == ("已答复", True)


def test_the_steps_of_one_with_what_is_to_come_last():
    effect = make.effect(
        make.adopted(make.signed(answer="B", second_on=date(2027, 3, 1)).suggestion)
    )
    row = make.fresh(effect.adoption.suggestion)
    steps = hers.steps(row)
    assert [str(step.text) for step in steps if not step.ahead] == [
        "您提交了",
        "已立案",
        "由科技创新局主办",
        "答复：B 类：正在解决或已列入计划",
        "被采纳：两江发〔2026〕8 号",
        "报告了 6 个月的成效",
    ]
    assert [(step.day, str(step.text)) for step in steps if step.ahead] == [
        (date(2027, 3, 1), "答应这天再次答复"),
        (date(2027, 11, 23), "报告 12 个月的成效"),
    ]


def test_what_was_answered_anew_waits_for_her_word_anew():
    first = make.signed()
    by = make.author(first.suggestion)
    operations.rate(reply=first, verdict="not", words="没有说时间", by=by, now=NOW)
    make.signed(make.fresh(first.suggestion), now=LATER)
    assert note(first.suggestion, LATER) == ("已答复", True)


@pytest.mark.parametrize("listed", [True, False])
def test_what_hers_was_joined_to_is_called_by_its_title_only_where_everybody_reads_it(listed):
    main = make.filed(listed=listed)
    row = make.sent(main.campaign, title="托育晚间延长到八点")
    operations.join_suggestion(suggestion=row, to=main, by=None, now=NOW)
    said = str(hers.steps(make.fresh(row))[1].text)
    assert (main.title in said, main.code in said) == (listed, not listed)


def test_her_growth_tells_what_was_taken_up_and_no_list_who_wrote():
    made = make.signed()
    talent = make.author(made.suggestion).talent
    assert growth.milestones(talent) == []
    make.adopted(made.suggestion)
    (one,) = growth.milestones(talent)
    assert (one.title, one.day) == (make.TYPED["title"], NOW.date())
    # Staff's lists of who takes part would name who is nameless to the departments.
    assert "suggestions" not in [way.key for way in portal.listed("taking_part")]


def test_her_copy_holds_her_words_and_nobody_elses():
    made = make.signed()
    by = make.author(made.suggestion)
    operations.rate(reply=made, verdict="not", words="没有说时间", by=by, now=NOW)
    groups = {str(group.title): list(group.rows) for group in personal_data.collect(by)}
    assert [row.matter for row in groups["建言"]] == [make.TYPED["matter"]]
    assert [row.words for row in groups["答复评价"]] == ["没有说时间"]
    groups = {str(g.title): list(g.rows) for g in personal_data.collect(make.woman("陈笛"))}
    assert (groups["建言"], groups["附议"], groups["答复评价"]) == ([], [], [])


def test_who_is_erased_leaves_what_is_dealt_with_and_no_name():
    by = make.woman()
    draft, waiting = make.draft(by=by), make.sent(by=by)
    made = make.signed(make.assigned(make.filed(by=by)).suggestion)
    operations.rate(reply=made, verdict="not", words="没有说时间", by=by, now=NOW)
    signed = operations.cosign(
        suggestion=make.filed(by=make.woman("陈笛")), named=True, by=by, now=NOW
    )
    person = Person(by, (by.talent,), "已注销")
    assert len(personal_data.lost(person, NOW)) == 2
    personal_data.erase(person, NOW)
    personal_data.erase(person, NOW)
    assert not Suggestion.objects.filter(pk=draft.pk).exists()
    waiting, kept = make.fresh(waiting), make.fresh(made.suggestion)
    assert (waiting.state, waiting.title, waiting.signed_as) == ("withdrawn", None, None)
    assert (kept.state, kept.title, kept.named, kept.signed_as) == (
        "filed",
        make.TYPED["title"],
        "nameless",
        None,
    )
    signed.refresh_from_db()
    assert (signed.user, signed.signed_as, Rating.objects.get().words) == (None, None, None)
    assert Authorship.objects.count() == 1  # the other woman's
    # Without an author it goes on: answered anew, taken up, told to nobody.
    again = make.signed(kept, now=LATER)
    make.adopted(again.suggestion, now=LATER)


def test_what_was_not_filed_loses_its_words_after_a_year_and_all_their_names_after_five():
    row = make.sent()
    operations.refuse_suggestion(
        suggestion=row, reason="vague", words="请补充做法", by=None, now=NOW
    )
    draft = make.draft()
    made = make.signed()
    operations.end_suggestion(suggestion=made.suggestion, now=NOW + timedelta(days=31))
    retention.apply(now=NOW + timedelta(days=300))
    assert make.fresh(row).title == make.TYPED["title"]
    retention.apply(now=NOW + timedelta(days=400))
    assert (make.fresh(row).title, Suggestion.objects.filter(pk=draft.pk).exists()) == (
        None,
        False,
    )
    assert Authorship.objects.count() == 2
    retention.apply(now=NOW + timedelta(days=6 * 365))
    assert (Authorship.objects.count(), CoSignature.objects.count()) == (0, 0)
    kept = make.fresh(made.suggestion)
    assert (kept.title, kept.signed_as) == (make.TYPED["title"], None)
