"""Staff: accept, return, refuse, undo, note a result, tell the results once; what follows elsewhere."""

from datetime import timedelta

import pytest

from calls import operations, tasks
from calls.models import Application, Call
from kernel import portal
from kernel.errors import Conflict, Invalid, Refused
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.calls import make

NOW, SECOND = factories.NOW, timedelta(seconds=1)
pytestmark = pytest.mark.django_db


def told(talent):
    rows = Notice.objects.filter(recipient=talent.user).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_returned_for_more_she_supplies_it_behind_the_calls_deadline_and_not_behind_hers():
    mine = make.handed_in()
    line = mine.call.fields.get(label="主要事迹")
    due = mine.call.closes_at + make.DAY
    about = {"application": mine, "by": None}
    with pytest.raises(Invalid) as empty:
        operations.return_application(items={line: " "}, due_at=due, now=NOW, **about)
    assert empty.value.code == "nothing_lacking"
    operations.return_application(items={line: "写明年份"}, due_at=due, now=NOW, **about)
    operations.save_answers(answers={line.pk: "2025 年"}, now=due, **about)
    with pytest.raises(Conflict) as late:
        operations.submit_application(now=due + SECOND, **about)
    assert late.value.code == "return_over"
    again = operations.submit_application(now=due, **about)
    assert (again.state, again.number) == ("submitted", mine.number)
    assert told(mine.talent) == ["calls.received", "calls.returned", "calls.received"]


def test_acceptance_and_refusal_are_taken_back_until_a_result_is_noted():
    mine = make.accepted()
    about = {"application": mine, "by": None, "now": NOW}
    operations.decide_application(result="awarded", **about)
    with pytest.raises(Conflict) as refused:
        operations.undo_check(**about)
    assert refused.value.code == "has_result"
    operations.decide_application(result="", **about)
    assert operations.undo_check(**about).state == "submitted"
    assert operations.refuse_application(reason="不在两江新区工作", **about).state == "refused"
    back = operations.undo_check(**about)
    assert (back.state, back.refuse_reason) == ("submitted", "")


def test_a_unit_has_no_more_accepted_than_its_quota():
    call, unit = make.call(unit_quota=1, places=5), factories.unit()
    first = make.accepted(call, factories.talent(unit=unit))
    second = make.handed_in(call, factories.talent(unit=unit))
    with pytest.raises(Conflict) as refused:
        operations.accept_application(application=second, by=None, now=NOW)
    assert refused.value.code == "unit_quota"
    assert make.accepted(call).state == "accepted"  # another unit's
    operations.undo_check(application=first, by=None, now=NOW)
    assert operations.accept_application(application=second, by=None, now=NOW).state == "accepted"


def test_nobody_decides_on_her_own_application():
    clerk = factories.staff("department_clerk")
    mine = make.handed_in(talent=factories.talent(user=clerk))
    with pytest.raises(Refused) as refused:
        operations.accept_application(application=mine, by=clerk, now=NOW)
    assert refused.value.code == "own_application"


def test_results_are_told_once_when_everything_is_decided(monkeypatch):
    call = make.call(places=1)
    first, second, third = (make.accepted(call) for _each in range(3))
    followed = []
    declared = portal.listed
    monkeypatch.setattr(
        portal,
        "listed",
        lambda name: (
            [lambda application, now: followed.append((application.pk, application.state))]
            if name == "results"
            else declared(name)
        ),
    )
    about = {"by": None, "now": NOW}
    operations.decide_application(application=first, result="awarded", **about)
    with pytest.raises(Conflict) as full:
        operations.decide_application(application=second, result="awarded", **about)
    assert full.value.code == "places_taken"
    with pytest.raises(Conflict) as taking:
        operations.conclude_call(call=call, **about)
    assert taking.value.code == "call_still_taking"
    after = {"by": None, "now": make.over(first)}
    with pytest.raises(Conflict) as undecided:
        operations.conclude_call(call=call, **after)
    assert undecided.value.code == "call_undecided"
    operations.decide_application(application=second, result="reserve", **after)
    operations.decide_application(application=third, result="not_awarded", **after)
    for _again in range(2):
        assert operations.conclude_call(call=call, **after).state == "decided"
    assert followed == [(first.pk, "awarded"), (second.pk, "reserve"), (third.pk, "not_awarded")]
    assert [told(one.talent)[-1] for one in (first, second, third)] == [
        "calls.awarded",
        "calls.reserve",
        "calls.not_awarded",
    ]
    with pytest.raises(Conflict):
        operations.withdraw_application(application=first, by=None, now=make.over(first))


def test_the_clock_closes_what_is_over_once():
    now = make.factories.NOW
    over, open_one = make.call(now - 20 * make.DAY), make.call(now + 10_000 * make.DAY)
    for _twice in range(2):
        tasks.close_due()
    assert list(Call.objects.order_by("pk").values_list("pk", "state")) == [
        (over.pk, "closed"),
        (open_one.pk, "open"),
    ]
    assert AuditEntry.objects.filter(action="calls.close_call").count() == 1


def test_a_call_goes_back_to_a_draft_only_before_anybody_began():
    call = make.call()
    assert operations.unpublish_call(call=call, by=None, now=NOW).state == "draft"
    operations.open_call(call=call, by=None, now=NOW)
    make.begun(call)
    with pytest.raises(Conflict) as refused:
        operations.unpublish_call(call=call, by=None, now=NOW)
    assert refused.value.code == "call_has_applications"
    assert Application.objects.count() == 1
