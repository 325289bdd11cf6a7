"""What is counted: replies in time, taken up, effect proven, raised again; never how many are satisfied."""

from datetime import timedelta

import pytest
from django.utils import timezone

from advisory import reports
from advisory.suggestions import figures, operations
from kernel.days import month_bounds, month_of
from tests import factories
from tests.advisory.suggestions import stages

pytestmark = pytest.mark.django_db
SATISFIED = "满意"


def lines(user):
    part = figures.part(user, timezone.localdate())
    return {line.words: line.value for line in part.lines}, part


def test_an_empty_year_says_nothing_and_others_are_not_told():
    said, _part = lines(stages.clerk())
    assert (said["收到"], said["按时答复"], said["采纳"]) == (0, "—", "—")
    assert figures.part(factories.staff("points_clerk"), timezone.localdate()) is None


def test_in_time_counts_signed_ones_and_those_late_by_now():
    now = timezone.now()
    early = now - timedelta(days=70)
    of = stages.campaign(early)
    stages.signed(of=of, now=early)
    late = stages.assigned(of=of, now=early).suggestion
    assert lines(stages.clerk())[0]["按时答复"] == "50%"
    stages.signed(row=late, now=now)
    assert lines(stages.clerk())[0]["按时答复"] == "50%"


def test_a_second_reply_that_was_promised_and_is_late_counts_as_late():
    now = timezone.now()
    early = now - timedelta(days=40)
    promised = timezone.localdate(early) + timedelta(days=10)
    stages.signed(now=early, answer="B", second_on=promised)
    # The first was in time, the second is owed.
    assert lines(stages.clerk())[0]["按时答复"] == "50%"


def test_a_redo_leaves_the_first_reply_in_time():
    now = timezone.now()
    early = now - timedelta(days=40)
    reply = stages.signed(now=early)
    her = reply.suggestion.authorship.user
    at = early + timedelta(days=3)
    operations.rate(reply=reply, verdict="not", words="没有回答", by=her, now=at)
    said, _part = lines(stages.clerk())
    # Signed in time, and owed anew: late since, so one of two.
    assert (said["按时答复"], said["再次提出"]) == ("50%", "100%")
    other = stages.clerk(stages.LEAD)
    stages.signed(row=stages.fresh(reply.suggestion), by=other, now=now)
    said, _part = lines(stages.clerk())
    assert (said["按时答复"], said["再次提出"]) == ("50%", "100%")


def test_adopted_and_proven_are_shares_of_what_was_answered_and_told():
    of = stages.campaign()
    stages.signed(of=of)
    first = stages.signed(of=of).suggestion
    stages.told(row=first, proven=True)
    second = stages.signed(of=of).suggestion
    stages.told(row=second, proven=False)
    said, part = lines(stages.clerk())
    assert (said["采纳"], said["成效可核实"]) == ("67%", "50%")
    (words, cells) = part.grid.rows[0]
    assert (words, [cell.value for cell in cells]) == ("社会发展局", [0, 3, "100%", "67%"])
    assert SATISFIED not in "".join(said)


def test_who_was_joined_is_heard_too_and_raised_again_when_she_came_later():
    of = stages.campaign()
    main = stages.signed(of=of).suggestion
    other = stages.sent(of=of)
    now = timezone.now()
    operations.join_suggestion(suggestion=other, to=main, by=None, now=now)
    said, _part = lines(stages.clerk())
    assert (said["得到答复的建言（含并案）"], said["再次提出"]) == (2, "100%")


def test_a_foreign_department_counts_nothing_of_it():
    stages.told()
    assert lines(stages.clerk("science_innovation"))[0]["收到"] == 0
    assert lines(stages.clerk(stages.LEAD))[0]["收到"] == 1


def test_the_month_counts_what_came_in_was_answered_and_taken_up():
    now = timezone.now()
    stages.confirmed()
    stages.sent()
    start, end = month_bounds(month_of(now))
    counted = reports.monthly(start, end)
    names = ("suggested", "suggestions_answered", "suggestions_in_time", "suggestions_adopted")
    assert [counted[name].count for name in names] == [2, 1, 1, 1]
    assert [counted[name].behind(None) for name in names] == [2, 1, 1, 1]
    assert counted["suggested"].behind(end) == 0
