"""Recommended to the city: sent, answered, taken back; and who was on reserve hears of the next call."""

from datetime import date, timedelta

import pytest

from calls import operations as calling
from care_points.models import PointsAccount
from honours import operations, queue, reserves
from honours.models import Award, CallHonour, Recommendation
from honours.tasks import suggest_calls
from kernel.errors import Conflict, Invalid
from notices.models import Notice
from tests import factories
from tests.calls import make as calls
from tests.honours import make

pytestmark = pytest.mark.django_db
NOW, DAY = make.NOW, make.DAY
ON = date(2026, 3, 7)


def answer(row, granted=True, **fields):
    given = {"answered_on": ON, "document_number": "渝妇发〔2026〕8号"} | fields
    return operations.answer_recommendation(
        recommendation=row, granted=granted, by=None, now=NOW, **given
    )


def told(talent):
    kinds = Notice.objects.filter(recipient=talent.user, kind__startswith="honours.")
    return list(kinds.order_by("pk").values_list("kind", flat=True))


def test_those_selected_by_a_call_for_the_citys_honour_are_recommended_and_granted_it_later():
    _call, (chosen, other) = make.concluded(make.CITY, ("awarded", "reserve"))
    row = make.put_forward()
    assert (row.talent, row.state, Award.objects.count()) == (chosen.talent, "pending", 0)
    operations.follow_result(application=chosen, now=NOW)
    assert Recommendation.objects.count() == 1
    with pytest.raises(Conflict) as error:
        answer(row)
    assert error.value.code == "recommendation_not_sent"
    sent = {"sent_to": "重庆市妇联", "sent_on": date(2026, 3, 6), "by": None, "now": NOW}
    for _again in range(2):
        operations.send_recommendation(recommendation=row, **sent)
    for _again in range(2):
        answer(row)
    award, row = make.only(), make.put_forward()
    assert (row.state, row.award, award.source) == ("granted", award, "upward")
    assert (award.granted_on, award.document_number) == (ON, "渝妇发〔2026〕8号")
    assert PointsAccount.objects.look_up(chosen.talent).balance == 200
    assert told(chosen.talent) == ["honours.sent", "honours.granted"]
    assert told(other.talent) == []


def test_an_answer_noted_by_mistake_is_taken_back_with_the_honour_it_gave():
    row = answer(make.recommendation())
    given = row.award
    row = operations.undo_answer(recommendation=row, reason="文件看错了", by=None, now=NOW)
    assert (row.state, row.award, make.fresh(given).stands) == ("sent", None, False)
    row = answer(row, granted=False, note="名额已满")
    assert (row.state, row.note) == ("not_granted", "名额已满")
    assert told(row.talent)[-1] == "honours.not_granted"
    row = operations.undo_answer(recommendation=row, reason="又看错了", by=None, now=NOW)
    assert told(row.talent)[-1] == "honours.looked_at_again"
    with pytest.raises(Conflict):
        operations.undo_answer(
            recommendation=operations.withdraw_recommendation(
                recommendation=row, reason="本人放弃推荐", by=None, now=NOW
            ),
            reason="又看错了",
            by=None,
            now=NOW,
        )
    assert told(row.talent)[-1] == "honours.withdrawn"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"honour": make.DISTRICT}, "honour_is_ours"),
        ({"sent_to": " "}, "sent_to_missing"),
        ({"sent_on": date(2099, 1, 1)}, "sent_in_future"),
    ],
)
def test_what_is_wrong_with_a_recommendation_is_said(wrong, code):
    given = {"honour": make.CITY, "sent_to": "重庆市妇联", "sent_on": ON} | wrong
    given["honour"] = make.honour(given["honour"])
    with pytest.raises(Invalid) as error:
        operations.recommend(award=make.award(), **given, by=None, now=NOW)
    assert error.value.code == code


def test_one_recommendation_for_an_honour_is_open_at_a_time():
    row = make.recommendation()
    with pytest.raises(Conflict) as error:
        make.recommendation(row.based_on)
    assert error.value.code == "recommendation_open"
    answer(row, granted=False)
    assert make.recommendation(row.based_on).state == "sent"
    with pytest.raises(Invalid) as error:
        answer(make.put_forward_newest(), answered_on=date(2026, 1, 1))
    assert error.value.code == "answered_before_sent"


def test_who_was_on_reserve_hears_once_of_the_next_call_for_the_same_honour():
    _call, (_chosen, reserve) = make.concluded(results=("awarded", "reserve"), now=NOW - 30 * DAY)
    make.concluded(make.CITY, results=("reserve",), now=NOW - 30 * DAY)  # on reserve for another
    new = calls.draft(NOW, title="今年的推荐")
    operations.set_call_honour(call=new, honour=make.honour(), by=None, now=NOW)
    assert list(CallHonour.objects.to_suggest(NOW)) == []  # a draft
    calling.open_call(call=new, by=None, now=NOW)
    (due,) = CallHonour.objects.to_suggest(NOW)
    for _again in range(2):
        operations.suggest_to_reserves(leads_to=due, now=NOW)
    assert list(CallHonour.objects.to_suggest(NOW)) == []
    notices = Notice.objects.filter(kind="honours.suggested")
    assert [notice.recipient for notice in notices] == [reserve.talent.user]
    (opening,) = reserves.find(reserve.talent, NOW)
    assert (opening.title, "列为备选" in opening.why[0]) == ("今年的推荐", True)
    calls.begun(new, reserve.talent, NOW)
    assert reserves.find(reserve.talent, NOW) == []


def test_the_clock_tells_them(monkeypatch):
    make.concluded(results=("reserve",), now=NOW - 30 * DAY)
    new = calls.call(NOW)
    operations.set_call_honour(call=new, honour=make.honour(), by=None, now=NOW)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(hours=1))
    suggest_calls()
    suggest_calls()
    assert Notice.objects.filter(kind="honours.suggested").count() == 1


def test_the_work_queue_asks_for_what_was_forgotten():
    clerk = factories.staff("department_clerk")
    elsewhere = factories.staff("department_clerk", department_code="science_innovation")
    call, _rows = make.concluded(make.CITY, leads=False)
    assert [queue.calls_without_honour(user, NOW).count for user in (clerk, elsewhere)] == [1, 0]
    operations.set_call_honour(call=call, honour=make.honour(make.CITY), by=None, now=NOW)
    assert queue.calls_without_honour(clerk, NOW).count == 0
    assert [queue.to_send(user, NOW).count for user in (clerk, elsewhere)] == [1, 0]
    CallHonour.objects.update(sweep_failures=99)
    assert queue.suggestions_set_aside(clerk, NOW).count == 1
