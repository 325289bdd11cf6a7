"""Public notices: who stands in them, how long, what stops them, and that nobody is selected past one."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from calls import operations, queue, tasks
from calls.models import ApplicationState, NoticeEntry, NoticeState, PublicNotice
from kernel.days import begin
from kernel.errors import Conflict, Invalid, Refused
from kernel.sweeps import MOST_FAILURES, SweepFailed
from notices.models import Notice
from places import operations as places
from privacy.models import AuditEntry
from tests import factories
from tests.calls import make

pytestmark = pytest.mark.django_db
# A Monday; the five working days after it are the 15th to the 21st.
MONDAY = begin(date(2026, 12, 14)) + timedelta(hours=9)
LAST, NEXT = date(2026, 12, 21), begin(date(2026, 12, 22))


def run(notice):
    return PublicNotice.objects.get(pk=notice.pk)


def test_who_is_noted_stands_there_with_what_was_approved_and_nothing_else():
    call, women = make.noted(2, at=MONDAY)
    field = call.fields.get(label="主要事迹")
    notice = make.notice(call, MONDAY, fields=[field], masked=True)
    assert list(notice.entries.values_list("order", "name", "unit", "lines")) == [
        (n, f"林*{'一二'[n - 1]}", women[n - 1].talent.unit_name, [["主要事迹", "在一线攻关三年"]])
        for n in (1, 2)
    ]
    assert (notice.state, notice.ends_on) == (NoticeState.RUNNING, LAST)
    told = Notice.objects.filter(kind="calls.on_notice").values_list("recipient", flat=True)
    assert set(told) == {row.talent.user_id for row in women}


def test_what_was_made_known_does_not_change_whoever_writes():
    notice = make.notice(make.noted(1, at=MONDAY)[0], MONDAY)
    entry = notice.entries.get()
    for change in ({"name": "别人"}, {"lines": [["x", "y"]]}, {"order": 9}):
        with pytest.raises(IntegrityError), transaction.atomic():
            NoticeEntry.objects.filter(pk=entry.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeEntry.objects.create(notice=notice, application=entry.application, order=2, name="x")
    assert NoticeEntry.objects.filter(pk=entry.pk).update(name="—", unit="", lines=[]) == 1


def test_it_ends_by_itself_once_and_only_when_its_days_are_over():
    notice = make.notice(make.noted(1, at=MONDAY)[0], MONDAY)
    states = []
    for moment in (NEXT - timedelta(minutes=2), NEXT, NEXT + timedelta(hours=1)):
        operations.end_notice(notice=notice, by=None, now=moment)
        states.append((run(notice).state, run(notice).ended_at))
    assert states == [("running", None), ("ended", NEXT), ("ended", NEXT)]
    assert AuditEntry.objects.filter(action="calls.end_notice").count() == 1


def test_one_notice_that_fails_stops_no_other():
    long_ago = MONDAY - timedelta(weeks=26)
    first, second = (make.notice(make.noted(1, at=long_ago)[0], long_ago) for _ in range(2))
    with make.broken(first, "ended_at"):
        for _time in range(MOST_FAILURES):
            with pytest.raises(SweepFailed):
                tasks.end_notices()
        tasks.end_notices()  # set aside: nobody fails any more
    assert [(run(one).state, run(one).sweep_failures) for one in (first, second)] == [
        ("running", MOST_FAILURES),
        ("ended", 0),
    ]
    assert queue.notices_set_aside(factories.staff("department_clerk"), MONDAY).count == 1
    operations.end_again(row=first, by=None, now=MONDAY)
    tasks.end_notices()
    assert run(first).state == "ended"


def test_days_that_become_free_move_the_end_later_and_never_earlier():
    notice = make.notice(make.noted(1, at=MONDAY)[0], MONDAY)
    day = {
        "is_off": True,
        "name": "临时放假",
        "source": "国务院办公厅通知",
        "by": None,
        "now": MONDAY,
    }
    free = places.enter_calendar_days(
        first_day=date(2026, 12, 17), last_day=date(2026, 12, 18), **day
    )
    assert run(notice).ends_on == date(2026, 12, 23)
    places.drop_calendar_days(calendar_days=free, by=None, now=MONDAY)
    made_up = {"first_day": date(2026, 12, 19), "last_day": date(2026, 12, 20)}
    places.enter_calendar_days(**made_up, **day | {"is_off": False})
    assert run(notice).ends_on == date(2026, 12, 23)


def test_suspended_its_days_stand_still():
    notice = make.notice(make.noted(1, at=MONDAY)[0], MONDAY)
    wednesday = MONDAY + timedelta(days=2)
    for _twice in range(2):
        operations.suspend_notice(notice=notice, reason="核实情况", by=None, now=wednesday)
    assert (run(notice).counted_days, run(notice).reason) == (4, "核实情况")
    operations.end_notice(notice=notice, by=None, now=NEXT)
    assert run(notice).state == "suspended"
    friday = MONDAY + timedelta(days=11)
    for _twice in range(2):
        operations.resume_notice(notice=notice, by=None, now=friday)
    # The 28th to the 31st; New Year's Day is the day after.
    assert (run(notice).state, run(notice).ends_on) == ("running", date(2026, 12, 31))


def test_nobody_is_selected_past_a_notice():
    call, (she, _other) = make.noted(2, at=MONDAY)
    conclude = {"call": call, "by": None}
    with pytest.raises(Conflict) as unseen:
        operations.conclude_call(now=MONDAY, **conclude)
    notice = make.notice(call, MONDAY)
    with pytest.raises(Conflict) as running:
        operations.conclude_call(now=MONDAY, **conclude)
    with pytest.raises(Conflict) as fixed:
        operations.decide_application(application=she, result="reserve", by=None, now=MONDAY)
    operations.end_notice(notice=notice, by=None, now=NEXT)
    assert [str(one.value) for one in (unseen, running, fixed)] == [
        "还有 2 位拟入选的人没有公示满期。",
        "公示到2026年12月21日 (周一)结束，之后才能公布结果。",
        "公示期间不改拟定结果；异议成立的在“异议”里办理，或先撤销公示。",
    ]
    operations.conclude_call(now=NEXT, **conclude)
    she.refresh_from_db()
    assert she.state == ApplicationState.AWARDED


def test_who_takes_her_application_back_stands_there_no_longer():
    call, (she, _other) = make.noted(2, at=MONDAY)
    notice = make.notice(call, MONDAY)
    operations.withdraw_application(application=she, by=None, now=MONDAY)
    assert list(notice.entries.filter(struck_at=None).values_list("order", flat=True)) == [2]


def test_withdrawn_it_may_be_written_anew():
    call, (she,) = make.noted(1, at=MONDAY)
    notice = make.notice(call, MONDAY)
    for _twice in range(2):
        operations.withdraw_notice(notice=notice, reason="名单有误", by=None, now=MONDAY)
    told = Notice.objects.get(kind="calls.notice_withdrawn")
    assert (told.recipient_id, run(notice).state) == (she.talent.user_id, "withdrawn")
    assert make.notice(call, MONDAY).number == 2


def test_a_call_called_off_takes_its_notice_along():
    call = make.noted(1, at=MONDAY)[0]
    notice = make.notice(call, MONDAY)
    operations.cancel_call(call=call, reason="经费取消", by=None, now=MONDAY)
    assert (run(notice).state, run(notice).reason) == ("withdrawn", "经费取消")


@pytest.mark.parametrize("days", [0, 4, 31])
def test_days_out_of_range_are_refused(days):
    call = make.noted(1, at=MONDAY)[0]
    with pytest.raises(Invalid) as refused:
        make.notice_draft(call, MONDAY, days=days)
    assert (refused.value.code, PublicNotice.objects.count()) == ("days_out_of_range", 0)


def test_one_at_a_time_and_only_where_a_stage_says_so():
    call = make.noted(1, at=MONDAY)[0]
    make.notice_draft(call, MONDAY)
    with pytest.raises(Conflict) as second:
        make.notice_draft(call, MONDAY)
    plain = make.accepted(now=MONDAY).call
    with pytest.raises(Conflict) as no_stage:
        make.notice_draft(plain, MONDAY)
    assert (second.value.code, no_stage.value.code) == ("notice_there", "no_notice_stage")


def test_it_begins_when_all_is_noted_and_is_not_changed_then():
    call, (she, _other) = make.noted(2, at=MONDAY)
    operations.decide_application(application=she, result="", by=None, now=MONDAY)
    draft = make.notice_draft(call, MONDAY)
    with pytest.raises(Conflict) as early:
        operations.start_notice(notice=draft, by=None, now=MONDAY)
    operations.decide_application(application=she, result="awarded", by=None, now=MONDAY)
    for _twice in range(2):
        operations.start_notice(notice=draft, by=None, now=MONDAY)
    with pytest.raises(Conflict) as late:
        operations.edit_notice(notice=draft, values={"text": "改"}, by=None, now=MONDAY)
    assert (early.value.code, late.value.code) == ("call_undecided", "notice_begun")
    assert draft.entries.count() == 2


def test_a_draft_is_thrown_away():
    draft = make.notice_draft(make.noted(1, at=MONDAY)[0], MONDAY)
    operations.discard_notice(notice=draft, by=None, now=MONDAY)
    assert not PublicNotice.objects.exists()


def test_another_department_begins_none():
    draft = make.notice_draft(make.noted(1, at=MONDAY)[0], MONDAY)
    with pytest.raises(Refused):
        operations.start_notice(
            notice=draft,
            by=factories.staff("department_clerk", department_code="science_innovation"),
            now=MONDAY,
        )
