"""A district talent programme from the draft to the results: filled in, accepted, scored blind, decided, on public notice, told."""

from datetime import timedelta

import pytest

from calls import operations
from calls.models import Assignment, Candidate, Review
from kernel.errors import Conflict
from notices.models import Notice
from tests import factories
from tests.calls import make

NOW, DAY = factories.NOW - timedelta(days=60), timedelta(days=1)
CLOSED = NOW + 10 * DAY
STAGES = ("acceptance", "blind_scoring", "public_notice", "decision")
PROGRAMME = {"kind": "programme", "measure": 1, "title": "两江巾帼英才计划", "places": 2}
POINTS = {"林一": (92, 88), "林二": (80, 84), "林三": (80, 84), "林四": (60, 62)}
pytestmark = pytest.mark.django_db


def applied(call, names):
    """Return {name: the application of a woman of that name, accepted}; each has a unit of her own and a file."""
    rows = {}
    for name in names:
        her = factories.talent(full_name=name, unit=factories.unit())
        mine = make.begun(call, her, NOW)
        make.attached(mine, NOW)
        operations.submit_application(application=mine, by=her.user, now=NOW)
        rows[name] = operations.accept_application(application=mine, by=None, now=NOW + DAY)
    return rows


def judged_blind(call, clerk, rows, client):
    """Let two experts score what they cannot put a name to; returns the review with its ranking fixed."""
    about = {"by": clerk, "now": CLOSED}
    review = Review.objects.get(stage__call=call)
    values = {"name": "创新性", "most": 100, "weight": 1}
    operations.save_criterion(review=review, values=values, **about)
    for _each in range(2):
        make.seat(review, now=CLOSED)
    settings = {"least": 2, "due_at": CLOSED + 8 * DAY}
    review = operations.edit_review(review=review, values=settings, **about)
    review = make.judging(review, CLOSED + DAY)
    names = {row.number: name for name, row in rows.items()}
    whose = {
        candidate.number: names[candidate.application.number]
        for candidate in Candidate.objects.filter(review=review).select_related("application")
    }
    sheet = make.opened(Assignment.objects.filter(candidate__review=review).first())
    client.force_login(sheet.reviewer.user)
    page = client.get(sheet.get_absolute_url()).content.decode()
    units = [row.talent.unit.name for row in rows.values()]
    assert [word in page for word in (*rows, *units)] == [False] * 8
    points = {
        (seat, number): POINTS[name][seat] for number, name in whose.items() for seat in range(2)
    }
    make.scored(review, points, CLOSED + 2 * DAY)
    return operations.fix_ranking(review=review, by=clerk, now=CLOSED + 3 * DAY)


def test_from_the_draft_to_the_results(client):
    clerk = factories.staff("department_clerk")
    call = make.call(NOW, stages=STAGES, files=True, **PROGRAMME)
    rows = applied(call, POINTS)

    # A second application of the same woman, and one after the deadline, are refused.
    first = rows["林一"].talent
    again = operations.start_application(call=call, talent=first, by=first.user, now=NOW + DAY)
    assert again.pk == rows["林一"].pk
    call = operations.close_call(call=call, by=None, now=CLOSED + timedelta(seconds=1))
    late = factories.talent(unit=factories.unit())
    with pytest.raises(Conflict):
        operations.start_application(call=call, talent=late, by=late.user, now=CLOSED + DAY)

    review = judged_blind(call, clerk, rows, client)
    ranked = Candidate.objects.filter(review=review).select_related("application__talent")
    assert {one.application.talent.full_name: one.place for one in ranked} == {
        "林一": 1,
        "林二": 2,
        "林三": 2,
        "林四": 4,
    }

    # Two places and two equals: one of them is selected, the other stands in reserve.
    decided = {"林一": "awarded", "林二": "awarded", "林三": "reserve", "林四": "not_awarded"}
    at = CLOSED + 4 * DAY
    for name, result in decided.items():
        operations.decide_application(application=rows[name], result=result, by=clerk, now=at)
    notice = make.notice(call, at)
    over = at + 20 * DAY
    operations.end_notice(notice=notice, by=None, now=over)
    operations.conclude_call(call=call, by=clerk, now=over)
    for row in rows.values():
        row.refresh_from_db()
    assert {name: row.state for name, row in rows.items()} == decided
    kinds = {
        name: Notice.objects.filter(recipient=row.talent.user).latest("pk").kind
        for name, row in rows.items()
    }
    assert kinds == {
        "林一": "calls.awarded",
        "林二": "calls.awarded",
        "林三": "calls.reserve",
        "林四": "calls.not_awarded",
    }
    client.force_login(rows["林四"].talent.user)
    page = client.get(rows["林四"].get_absolute_url()).content.decode()
    assert [name in page for name in ("林一", "林二", "林三")] == [False] * 3
