"""How far she is: what counts, what is still to come, when she hears that it may not be enough, and certificates."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entrepreneurship.learning import operations, queue
from entrepreneurship.learning.models import TrainingCertificate, periods
from entrepreneurship.learning.progress import inside_of, plan, progress
from events import operations as events
from kernel.errors import Conflict, Invalid, Refused
from notices.models import Notice
from tests import factories
from tests.entrepreneurship import training
from tests.entrepreneurship.training import DAY, FIRST, HOUR, MINUTE, NOW

pytestmark = pytest.mark.django_db


def made(row, now=NOW):
    found = plan(row.programme)
    return progress(found, inside_of(found, [row.talent_id]).get(row.talent_id, {}), now)


def told(row):
    kinds = Notice.objects.filter(recipient=row.talent.user, kind__startswith="entrepreneurship")
    kinds = kinds.order_by("pk").values_list("kind", flat=True)
    return [kind.partition("training_")[2] for kind in kinds]


@pytest.mark.parametrize(
    ("minutes", "said"), [(44, "0.9"), (45, "1"), (100, "2.2"), (540, "12"), (1, "0")]
)
def test_periods_are_of_45_minutes_and_never_rounded_up(minutes, said):
    assert periods(minutes) == said


def test_only_what_she_was_inside_of_trainings_counts_and_what_overlaps_once():
    of = training.programme(lessons=2, required=100)
    first, second = training.lessons(of)
    salon = training.lesson(of.series, FIRST + 5 * DAY, kind="salon")
    beside = training.lesson(
        of.series, FIRST + HOUR
    )  # 15:00 to 17:00, an hour of it beside the first
    row = training.enrolled(of)
    training.inside(first, row.talent, 90)  # 14:00 to 15:30
    training.inside(beside, row.talent, 60)  # 15:00 to 16:00
    training.inside(salon, row.talent, 60)
    whole = made(row).whole
    assert (whole.done, whole.planned) == (120, 120 + 60 + 120)
    booking = factories.booking(second, row.talent)
    events.check_in(booking=booking, by=second.organiser, now=second.starts_at)
    assert made(row).whole.done == 120  # nobody checked her out


def test_she_and_staff_hear_while_it_can_still_be_met_and_once_when_it_cannot():
    clerk = factories.staff("department_clerk")
    of = training.programme(lessons=5, required=360)
    lessons = training.lessons(of)
    row = training.enrolled(of)
    training.look(of, NOW)
    assert (told(row), queue.at_risk(clerk, NOW).count) == ([], 0)
    after = training.settled(
        lessons[0]
    )  # missed: 480 of 600 can still be reached, and one more is no harm
    training.look(of, after)
    assert training.fresh(row).risk == ""
    after = training.settled(lessons[1])  # missed: 360 are left, none may be missed any more
    for _again in range(2):
        training.look(of, after)
        row = training.fresh(row)
        assert (row.risk, row.attainable, told(row)) == ("tight", 360, ["tight"])
    assert queue.at_risk(clerk, after).count == 1
    assert set(made(row, after).decisive) == {event.pk for event in lessons[2:]}
    after = training.settled(lessons[2])
    for _again in range(2):
        training.look(of, after)
        row = training.fresh(row)
        assert (row.risk, row.attainable, told(row)) == ("lost", 240, ["tight", "lost"])
    assert queue.at_risk(clerk, after).count == 1


def test_a_correction_takes_the_risk_back_and_who_misses_nothing_is_not_warned():
    of = training.programme(lessons=3, required=360)  # every minute is asked for
    first = training.lessons(of)[0]
    row = training.enrolled(of)
    booking = factories.booking(first, row.talent)
    events.check_in(booking=booking, by=first.organiser, now=first.starts_at)
    training.look(of, first.ends_at)  # not checked out: the day is not settled, nothing is lost yet
    assert (training.fresh(row).risk, told(row)) == ("", [])
    after = training.settled(first)
    training.look(of, after)
    assert training.fresh(row).risk == "lost"
    times = [(first.starts_at, first.ends_at)]
    events.correct_times(
        booking=booking, times=times, reason="忘记签退，补记", by=first.organiser, now=after
    )
    training.look(of, after)
    row = training.fresh(row)
    assert (row.risk, row.minutes, row.risk_since) == ("", 120, None)


def test_a_module_may_be_lost_while_the_whole_is_not():
    of = training.programme(lessons=4, required=240)
    lessons = training.lessons(of)
    training.module(of, lessons[:1], required=100)
    row = training.enrolled(of)
    training.look(of, training.settled(lessons[0]))
    assert training.fresh(row).risk == "lost"
    assert [part.is_lost for part in made(row).parts] == [False, True]


def test_cancelled_lessons_are_not_planned_and_drafts_are():
    of = training.programme(lessons=3, required=240)
    lessons = training.lessons(of)
    training.lesson(of.series, FIRST + 8 * DAY, state="draft")
    row = training.enrolled(of)
    events.cancel_event(event=lessons[0], reason="讲师生病", by=None, now=NOW)
    assert made(row).whole.planned == 360


def test_the_same_queries_for_one_and_for_three():
    of = training.programme(lessons=3, required=300)
    training.module(of, training.lessons(of)[:2], required=100)
    counts = []
    for _number in range(3):
        row = training.enrolled(of)
        for event in training.lessons(of)[:2]:
            training.inside(event, row.talent, 100)
        training.look(of, NOW + 4 * DAY)
        with CaptureQueriesContext(connection) as asked:
            training.look(of, NOW + 4 * DAY)
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2] <= 12


# --- certificates ------------------------------------------------------------------------------------
def test_conclusion_gives_completion_or_attendance_from_one_period_on():
    done = training.concluded((120, 120, 120))
    certificate = training.certificate(done)
    assert (done.state, certificate.kind, certificate.minutes) == ("completed", "completion", 360)
    assert (certificate.periods, certificate.number[:6]) == ("8", "PX2026")
    assert told(done)[-1] == "certified"


def test_who_lacks_minutes_gets_attendance_and_who_was_hardly_there_nothing():
    of = training.programme(lessons=1, required=120)
    (event,) = training.lessons(of)
    half, hardly = training.enrolled(of), training.enrolled(of)
    training.inside(event, half.talent, 60)
    training.inside(event, hardly.talent, 44)
    with pytest.raises(Conflict) as refused:
        operations.close_programme(programme=of, by=None, now=event.ends_at)
    assert refused.value.code == "not_settled"
    operations.close_programme(programme=of, by=None, now=training.settled(event))
    assert training.certificate(half).kind == "attendance"
    assert training.certificate(hardly) is None
    assert [training.fresh(row).state for row in (half, hardly)] == ["ended", "ended"]


def test_a_corrected_attendance_revokes_and_issues_what_is_true():
    row = training.concluded((120, 120, 120))
    event = training.lessons(row.programme)[2]
    first, later = training.certificate(row), training.night(event)
    booking = event.bookings.get(talent=row.talent)
    about = {"booking": booking, "by": event.organiser, "now": later}
    events.correct_attendance(outcome="absent", reason="经核对没有到场", **about)
    assert training.look(row.programme, later) == 2  # her part, and her certificate
    assert training.look(row.programme, later) == 0
    second = training.certificate(row)
    assert (training.fresh(first).cause, second.kind, second.minutes) == (
        "attendance",
        "attendance",
        240,
    )
    times = [(event.starts_at, event.ends_at)]
    events.correct_attendance(outcome="attended", reason="核对有误，她到场了", **about)
    events.correct_times(times=times, reason="按签到表补记", **about)
    operations.recount(programme=row.programme, by=None, now=later)
    third = training.certificate(row)
    assert (third.kind, third.minutes) == ("completion", 360)
    assert TrainingCertificate.objects.count() == 3


def test_what_staff_revoked_comes_back_by_hand_alone():
    row = training.concluded((120, 120, 120))
    later = training.night(training.lessons(row.programme)[2])
    certificate, clerk = training.certificate(row), factories.staff("department_clerk")
    about = {"by": clerk, "now": later, "reason": "姓名有误要核对"}
    operations.revoke_training_certificate(certificate=certificate, **about)
    with pytest.raises(Conflict):
        operations.revoke_training_certificate(certificate=certificate, **about)
    training.look(row.programme, later)
    assert training.certificate(row) is None
    new = operations.reissue_training_certificate(certificate=certificate, name="王晓敏", **about)
    assert (new.name, new.minutes, new.pk > certificate.pk) == ("王晓敏", 360, True)
    training.look(row.programme, later)
    assert training.certificate(row) == new


def test_a_conclusion_taken_back_runs_again_and_is_concluded_anew():
    row = training.concluded((120, 0, 0), required=300)
    of, later = row.programme, training.night(training.lessons(row.programme)[2])
    first = training.certificate(row)
    operations.reopen_programme(programme=of, reason="要补一课", by=None, now=later)
    assert training.fresh(row).state == "enrolled"
    extra = training.lesson(of.series, FIRST + 20 * DAY, ends_at=FIRST + 20 * DAY + 3 * HOUR)
    training.inside(extra, row.talent, 180)
    operations.close_programme(programme=of, by=None, now=training.settled(extra))
    assert training.fresh(first).cause == "attendance"
    assert training.certificate(row).minutes == 300


# --- wrong input ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("required", "code"), [(0, "minutes_missing"), (481, "minutes_above_planned")]
)
def test_minutes_of_nothing_or_above_what_is_planned(required, code):
    with pytest.raises(Invalid) as refused:
        training.programme(lessons=4, required=required)
    assert (refused.value.code, refused.value.field) == (code, "minutes_required")


def test_a_programme_that_runs_cannot_be_asked_for_more_than_there_is():
    of = training.programme(lessons=2, required=200)
    lessons = training.lessons(of)
    with pytest.raises(Invalid):
        operations.edit_programme(programme=of, changes={"minutes_required": 241}, by=None, now=NOW)
    with pytest.raises(Invalid) as refused:
        training.module(of, lessons[:1], required=121)
    assert refused.value.code == "module_above_planned"
    training.module(of, lessons[:1], required=120)
    with pytest.raises(Invalid) as refused:
        training.module(of, lessons[1:], required=81, name="智能科技", theme="smart_technology")
    assert refused.value.code == "modules_above_whole"
    with pytest.raises(Invalid) as refused:
        training.module(of, lessons[:1], name="同一课两个模块")
    assert refused.value.code == "event_taken"
    assert of.modules.count() == 1


def test_lessons_of_another_series_or_kind_teach_no_module():
    of = training.programme()
    for event in (
        training.lesson(training.series("别的系列"), FIRST),
        training.lesson(of.series, FIRST + 9 * DAY, kind="salon"),
    ):
        with pytest.raises(Invalid):
            training.module(of, [event])


def test_a_programme_longer_than_bookings_are_kept_is_refused():
    of = training.programme(state="draft")
    training.lesson(of.series, FIRST + 301 * DAY)
    with pytest.raises(Invalid) as refused:
        operations.open_programme(programme=of, by=None, now=NOW)
    assert refused.value.code == "programme_too_long"


def test_who_may_join_and_that_she_joins_once():
    draft = training.programme(state="draft")
    with pytest.raises(Conflict):
        training.enrolled(draft)
    operations.open_programme(programme=draft, by=None, now=NOW)
    with pytest.raises(Refused):
        operations.enrol(programme=draft, talent=None, by=None, now=NOW)
    with pytest.raises(Refused):
        training.enrolled(draft, factories.talent(state="submitted"))
    row = training.enrolled(draft)
    assert training.enrolled(draft, row.talent) == row
    left = operations.leave_programme(enrolment=row, by=row.talent.user, now=NOW + MINUTE)
    assert left.state == "left"
    assert training.enrolled(draft, row.talent).pk != row.pk


def test_a_call_selects_who_may_join():
    from tests.calls import make as calls

    call = calls.call()
    of = training.programme(call=call)
    woman = factories.talent()
    with pytest.raises(Refused) as refused:
        training.enrolled(of, woman)
    assert refused.value.code == "not_selected"
    row = calls.accepted(call, woman)
    type(row).objects.filter(pk=row.pk).update(state="awarded")
    assert training.enrolled(of, woman).state == "enrolled"
