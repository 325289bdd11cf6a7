"""The recommendation of Red-Banner Holders from the first nomination to the results, and next year's."""

from datetime import timedelta

import pytest

from calls import operations
from calls.models import Review
from kernel.errors import Conflict, Refused
from notices.models import Notice
from tests import factories
from tests.calls import make

NOW, DAY = factories.NOW - timedelta(days=60), timedelta(days=1)
CLOSED, JUDGED = NOW + 12 * DAY, NOW + 25 * DAY
RED_BANNER = {
    "title": "三八红旗手推荐",
    "award": "三八红旗手",
    "sources": ["unit", "third"],
    "places": 2,
    "unit_quota": 1,
    "surplus_percent": 50,
    "no_repeat": True,
    "endorse_by": NOW + 11 * DAY,
}
STAGES = ("endorsement", "acceptance", "panel", "public_notice", "decision")
pytestmark = pytest.mark.django_db


def brought_forward(call, unit, by):
    """Let a contact bring one of the unit's people forward; she agrees, fills in and hands in. Returns her application."""
    her = factories.talent(full_name=f"林{by.full_name[-1]}", unit=unit)
    nomination = make.nomination(call, her, unit, by, NOW)
    about = {"by": her.user, "now": NOW + DAY}
    mine = operations.agree_to_nomination(nomination=nomination, talent=her, **about)
    answers = {
        line.pk: "在一线攻关三年" for line in call.fields.filter(label__in=("单位", "主要事迹"))
    }
    operations.save_answers(application=mine, answers=answers, **about)
    return operations.submit_application(application=mine, **about)


def contacts(count):
    """Return [(unit, its contact)]."""
    units = [factories.unit() for _each in range(count)]
    return [(unit, make.contact(unit)) for unit in units]


def judge(call, clerk, points):
    """Let a panel of three score the accepted ones and fix the ranking."""
    review, about = Review.objects.get(stage__call=call), {"by": clerk, "now": CLOSED}
    values = {"name": "事迹", "most": 100, "weight": 1}
    operations.save_criterion(review=review, values=values, **about)
    for _each in range(3):
        make.seat(review, now=CLOSED)
    values = {"least": 3, "due_at": CLOSED + 5 * DAY}
    review = operations.edit_review(review=review, values=values, **about)
    review = make.judging(review, CLOSED + DAY)
    numbers = sorted(candidate.number for candidate in review.candidates.all())
    of = {
        (seat, number): points
        for number, points in zip(numbers, points, strict=True)
        for seat in range(3)
    }
    review = make.scored(review, of, CLOSED + 2 * DAY)
    return operations.fix_ranking(review=review, by=clerk, now=CLOSED + 3 * DAY)


def test_from_the_units_nominations_to_the_results_and_next_year():
    clerk = factories.staff("department_clerk")
    call = make.call(NOW, stages=STAGES, **RED_BANNER)
    pairs = contacts(3)
    rows = [brought_forward(call, *pair) for pair in pairs]
    second = brought_forward(call, *pairs[0])

    # Units endorse within their place; one does not, one changes its mind.
    for row, (_unit, contact) in zip(rows, pairs, strict=True):
        operations.endorse_application(application=row, by=contact, now=NOW + 2 * DAY)
    contact = pairs[0][1]
    with pytest.raises(Conflict, match="最多推荐 1 份"):
        operations.endorse_application(application=second, by=contact, now=NOW + 2 * DAY)
    operations.undo_opinion(application=rows[0], by=contact, now=NOW + 3 * DAY)
    operations.endorse_application(application=second, by=contact, now=NOW + 3 * DAY)
    operations.decline_application(
        application=rows[0], reason="本次推荐另一位", by=contact, now=NOW + 3 * DAY
    )

    # The department accepts what units stand for; nobody else gets in.
    going_on = [second, *rows[1:]]
    for row in going_on:
        operations.accept_application(application=row, by=clerk, now=NOW + 4 * DAY)
    with pytest.raises(Conflict):
        operations.accept_application(application=rows[0], by=clerk, now=NOW + 4 * DAY)

    # The panel judges, two are selected and one stands in reserve: three is what the surplus allows.
    operations.close_call(call=call, by=None, now=CLOSED)
    judge(call, clerk, (90, 80, 70))
    for row, result in zip(going_on, ("awarded", "awarded", "reserve"), strict=True):
        operations.decide_application(application=row, result=result, by=clerk, now=JUDGED)

    # Five working days of public notice, then the results.
    call.refresh_from_db()
    notice = make.notice(call, JUDGED)
    with pytest.raises(Conflict, match="公示"):
        operations.conclude_call(call=call, by=clerk, now=JUDGED + DAY)
    over = JUDGED + 20 * DAY
    operations.end_notice(notice=notice, by=None, now=over)
    operations.conclude_call(call=call, by=clerk, now=over)
    for row in (*rows, second):
        row.refresh_from_db()
    assert [row.state for row in (rows[0], *going_on)] == [
        "not_endorsed",
        "awarded",
        "awarded",
        "reserve",
    ]
    told = Notice.objects.filter(recipient=second.talent.user).order_by("pk")
    assert list(told.values_list("kind", flat=True)) == [
        "calls.nominated",
        "calls.received",
        "calls.endorsed",
        "calls.accepted",
        "calls.on_notice",
        "calls.awarded",
    ]

    # Next year's is a copy; who holds it is not put forward again, her unit's contact may bring somebody else.
    again = {"opens_at": over + 300 * DAY, "closes_at": over + 310 * DAY}
    copy = operations.copy_call(call=call, by=clerk, now=over, **again)
    operations.open_call(call=copy, by=clerk, now=over)
    at = over + 301 * DAY
    nomination = make.nomination(copy, second.talent, *pairs[0], at)
    with pytest.raises(Refused, match="不重复推荐"):
        operations.agree_to_nomination(
            nomination=nomination, talent=second.talent, by=second.talent.user, now=at
        )
    waiting = make.nomination(copy, rows[0].talent, *pairs[0], at)
    assert (
        operations.agree_to_nomination(
            nomination=waiting, talent=rows[0].talent, by=rows[0].talent.user, now=at
        ).state
        == "draft"
    )
