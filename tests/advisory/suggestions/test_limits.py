"""Limits end with their day, on a rest day with the next working day; a corrected calendar moves open ones later alone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from advisory.suggestions import limits, operations
from kernel.days import begin
from kernel.errors import Conflict
from places.models import CalendarDays
from tests import factories
from tests.advisory.suggestions import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def free(first, last):
    """Enter days off, as staff do."""
    return CalendarDays.objects.create(
        name="停工", source="通知", first_day=first, last_day=last, is_off=True
    )


@pytest.mark.parametrize(
    ("start", "days", "ends"),
    [
        (date(2026, 11, 23), 30, date(2026, 12, 23)),  # a Wednesday
        (date(2026, 11, 26), 30, date(2026, 12, 28)),  # a Saturday: Monday
        (
            date(2025, 11, 2),
            60,
            date(2026, 1, 4),
        ),  # New Year's Day; the 4th is a Sunday worked for it
        (date(2025, 12, 20), 60, date(2026, 2, 24)),  # Spring Festival, 15–23 February 2026
        (date(2026, 1, 29), 30, date(2026, 2, 28)),  # a Saturday worked for Spring Festival
    ],
)
def test_a_limit_ends_on_a_working_day(start, days, ends):
    assert limits.limit(start, days) == ends


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        (date(2026, 11, 23), date(2026, 11, 30)),  # a weekend between
        (date(2025, 12, 29), date(2026, 1, 6)),  # New Year between, the Sunday worked
        (date(2026, 2, 11), date(2026, 2, 25)),  # Spring Festival between, the Saturday worked
    ],
)
def test_five_working_days(start, ends):
    assert limits.working_limit(start, 5) == ends


def test_a_limit_lasts_till_midnight_in_chongqing():
    last = date(2026, 12, 23)
    assert limits.is_over(last, begin(last) + timedelta(hours=24) - MINUTE) is False
    assert limits.is_over(last, begin(last) + timedelta(hours=24)) is True


def test_an_assignment_counts_its_limits_from_the_day_it_was_given():
    found = make.assigned()
    assert (found.not_ours_by, found.due_on) == (date(2026, 11, 30), date(2027, 1, 22))
    helper = make.assigned(found.suggestion, "social_security", "assist")
    assert helper.due_on == date(2026, 12, 23)


def test_a_corrected_calendar_moves_open_limits_later_and_never_earlier():
    found = make.assigned()
    free(date(2026, 11, 24), date(2026, 11, 24))
    free(date(2027, 1, 22), date(2027, 1, 24))
    operations.move_terms(now=NOW)
    found = make.fresh(found)
    assert (found.not_ours_by, found.due_on) == (date(2026, 12, 1), date(2027, 1, 25))
    CalendarDays.objects.all().delete()
    operations.move_terms(now=NOW)
    found = make.fresh(found)
    assert (found.not_ours_by, found.due_on) == (date(2026, 12, 1), date(2027, 1, 25))


def test_more_days_never_end_before_a_limit_that_was_moved():
    found = make.assigned()
    free(date(2027, 1, 22), date(2027, 1, 28))
    operations.move_terms(now=NOW)
    CalendarDays.objects.all().delete()
    asked = operations.ask_extension(
        assignment=found, days=1, reason="要先开会研究", by=None, now=NOW
    )
    operations.decide_extension(extension=asked, granted=True, words="", by=None, now=NOW)
    assert make.fresh(found).due_on == date(2027, 1, 29)


def test_an_effect_is_due_later_where_its_day_was_made_free():
    first = make.adopted().effects.get(months=6)
    assert first.due_on == date(2027, 5, 24)
    free(date(2027, 5, 24), date(2027, 5, 25))
    operations.move_terms(now=NOW)
    CalendarDays.objects.all().delete()
    operations.move_terms(now=NOW)
    first.refresh_from_db()
    assert first.due_on == date(2027, 5, 26)


def test_a_second_reply_promised_for_a_rest_day_is_due_on_the_next_working_day():
    saturday = date(2027, 3, 6)
    reply = make.signed(answer="B", second_on=saturday)
    assert (reply.second_on, make.fresh(reply.suggestion).second_on) == (date(2027, 3, 8),) * 2
    free(date(2027, 3, 8), date(2027, 3, 9))
    operations.move_terms(now=NOW)
    CalendarDays.objects.all().delete()
    operations.move_terms(now=NOW)
    row = make.fresh(reply.suggestion)
    assert row.second_on == date(2027, 3, 10)
    second = make.signed(row, now=datetime(2027, 3, 10, 15, 59, tzinfo=UTC))  # 23:59 here
    assert make.fresh(second).due_on == date(2027, 3, 10)


def test_what_is_done_is_not_moved():
    made = make.signed()
    found = made.suggestion.assignments.get()
    free(date(2027, 1, 22), date(2027, 1, 24))
    operations.move_terms(now=NOW)
    assert make.fresh(found).due_on == date(2027, 1, 22)


# --- not ours, more days --------------------------------------------------------------------------
def test_not_ours_is_said_on_the_last_of_five_working_days_and_not_after():
    found = make.assigned()
    given = {"assignment": found, "words": "属于人社部门的职责", "by": None}
    late = begin(date(2026, 12, 1))
    with pytest.raises(Conflict) as error:
        operations.not_ours(now=late, **given)
    assert error.value.code == "too_late"
    back = operations.not_ours(now=late - MINUTE, **given)
    assert (back.state, back.returned_words) == ("not_ours", "属于人社部门的职责")


def test_one_extension_asked_in_time_of_at_most_thirty_days():
    found = make.assigned()
    given = {"assignment": found, "reason": "要先做可行性研究", "by": None}
    with pytest.raises(Exception, match="延期最多 30 天"):
        operations.ask_extension(days=31, now=NOW, **given)
    late = begin(date(2027, 1, 23))
    with pytest.raises(Conflict, match="现在已经过期"):
        operations.ask_extension(days=30, now=late, **given)
    asked = operations.ask_extension(days=30, now=late - MINUTE, **given)
    with pytest.raises(Conflict) as error:
        operations.ask_extension(days=5, now=NOW, **given)
    assert error.value.code == "second_extension"
    # Asked in time, it may be granted afterwards; over Spring Festival 2027 as far as the notice is known.
    operations.decide_extension(extension=asked, granted=True, words="", by=None, now=late)
    found = make.fresh(found)
    assert (found.days, found.due_on) == (90, limits.limit(date(2026, 11, 23), 90))


def test_a_refused_extension_leaves_the_limit_and_says_why():
    asked = operations.ask_extension(
        assignment=make.assigned(), days=10, reason="要先开会研究", by=None, now=NOW
    )
    given = {"extension": asked, "granted": False, "by": None, "now": NOW}
    with pytest.raises(Exception, match="为什么不同意"):
        operations.decide_extension(words="", **given)
    operations.decide_extension(words="可以按期办完", **given)
    assert make.fresh(asked.assignment).due_on == date(2027, 1, 22)
    with pytest.raises(Conflict, match="已经批复"):
        operations.decide_extension(words="再想想看", **given)


def test_insisting_begins_the_limit_anew_and_ends_handing_back():
    found = make.assigned()
    operations.not_ours(assignment=found, words="不属于本部门", by=None, now=NOW)
    later = NOW + timedelta(days=7)
    kept = operations.insist(
        assignment=found, reason="三定方案写明由贵部门负责", by=None, now=later
    )
    assert (kept.state, kept.due_on) == ("working", date(2027, 1, 29))
    with pytest.raises(Conflict) as error:
        operations.not_ours(assignment=found, words="还是不属于", by=None, now=later)
    assert error.value.code == "insisted"


def test_handed_back_the_coordinator_gives_it_to_another():
    found = make.assigned()
    operations.not_ours(assignment=found, words="不属于本部门", by=None, now=NOW)
    other = make.assigned(found.suggestion, "social_security")
    assert other.state == "waiting"
    # That it was handed back is agreed to: it waits for no decision any more.
    found = make.fresh(found)
    assert (found.state, found.taken_back_reason) == ("taken_back", "已同意退回")
    with pytest.raises(Conflict) as error:
        operations.insist(assignment=found, reason="还是请你们办", by=None, now=NOW)
    assert error.value.code == "moved_on"
    clerk = make.clerk(make.LEAD)
    assert not type(other).objects.visible_to(clerk).exists()
    assert factories.department("social_security") == other.department
