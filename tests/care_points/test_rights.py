"""Each operation decides first whether `by` may: every one is tried by the whole cast, who all know the object."""

from datetime import timedelta

import pytest
from django.db import transaction

from care_points import operations
from kernel.errors import DomainError
from tests import factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
OTHER = "science_innovation"
DONE = "done"


@pytest.fixture
def cast(woman):
    """Her, people who may something, and people who may the same elsewhere."""
    return {
        "herself": woman.user,
        "another woman": factories.talent().user,
        "operator": factories.user(),
        "operator elsewhere": factories.user(),
        "clerk": factories.staff("department_clerk"),
        "clerk elsewhere": factories.staff("department_clerk", department_code=OTHER),
        "reviewer": factories.staff("department_reviewer"),
        "reviewer elsewhere": factories.staff("department_reviewer", department_code=OTHER),
        "organiser": factories.staff("event_organiser"),
        "points clerk": factories.staff("points_clerk"),
        "auditor": factories.staff("auditor"),
        "staff without a role": factories.staff(),
    }


@pytest.fixture
def voucher(woman, cast):
    make.station(cast["operator elsewhere"])
    return make.redeem(woman, make.service(station=make.station(cast["operator"])))


def record(talent, by):
    return operations.record_hours(
        talent=talent,
        activity="科普讲座",
        starts_at=NOW - timedelta(hours=3),
        half_hours=2,
        by=by,
        now=NOW,
    )


def answers(cast, act):
    """Let each one try, from the same beginning; returns {who: "done" or the refusal's code}."""
    outcomes = {}
    for name, person in cast.items():
        with transaction.atomic():
            try:
                act(person)
                outcomes[name] = DONE
            except DomainError as error:
                outcomes[name] = error.code
            transaction.set_rollback(True)
    return outcomes


def expected(cast, others, **named):
    """Return what each one should be answered: as named (`points_clerk="done"`), all others the same."""
    return {name: named.get(name.replace(" ", "_"), others) for name in cast}


def test_only_she_spends_her_points(woman, cast):
    service = make.service()
    act = cast | {"system": None, "superuser": factories.user(is_staff=True, is_superuser=True)}
    outcomes = answers(
        act,
        lambda by: operations.redeem(
            talent=woman, service=service, idempotency_key="k", expected_cost=30, by=by, now=NOW
        ),
    )
    assert outcomes == expected(act, "not_yours", herself=DONE, system=DONE)


def test_a_talent_without_an_account_is_nobodys_own(cast):
    reported = factories.talent(user=None)
    make.give(reported, 100)
    service = make.service()
    outcomes = answers(
        cast,
        lambda by: operations.redeem(
            talent=reported, service=service, idempotency_key="k", expected_cost=30, by=by, now=NOW
        ),
    )
    assert outcomes == expected(cast, "not_yours")


def test_she_and_points_clerks_cancel(voucher, cast):
    cast |= {"system": None}
    outcomes = answers(
        cast, lambda by: operations.cancel_redemption(redemption=voucher, by=by, now=NOW)
    )
    assert outcomes == expected(cast, "not_allowed", herself=DONE, points_clerk=DONE, system=DONE)


def test_the_stations_own_desk_and_points_clerks_fulfil(voucher, cast):
    outcomes = answers(cast, lambda by: operations.fulfil(code=voucher.code, by=by, now=NOW))
    assert outcomes == expected(
        cast,
        "not_an_operator",
        operator=DONE,
        points_clerk=DONE,
        operator_elsewhere="voucher_unknown",
    )


def test_the_desk_looks_up_its_own_vouchers_only(voucher, cast):
    outcomes = answers(cast, lambda by: operations.find_voucher(code=voucher.code, by=by, now=NOW))
    assert outcomes == expected(
        cast,
        "not_an_operator",
        operator=DONE,
        points_clerk=DONE,
        operator_elsewhere="voucher_unknown",
    )


def test_clerks_record_hours_of_their_department(woman, cast):
    outcomes = answers(cast, lambda by: record(woman, by))
    assert outcomes == expected(cast, "not_allowed", clerk=DONE, clerk_elsewhere="not_in_scope")


def test_a_draft_is_hers_alone_and_gets_no_hours(cast):
    draft = factories.talent(state="draft")
    assert answers(cast, lambda by: record(draft, by))["clerk"] == "not_in_scope"


def test_reviewers_of_the_department_and_points_clerks_confirm(woman, cast):
    hours = record(woman, factories.staff("department_clerk"))
    outcomes = answers(cast, lambda by: operations.confirm_hours(hours=hours, by=by, now=NOW))
    assert outcomes == expected(
        cast, "not_allowed", reviewer=DONE, points_clerk=DONE, reviewer_elsewhere="not_in_scope"
    )


@pytest.mark.parametrize("confirmed", [False, True])
def test_the_same_people_refuse_and_revoke(woman, cast, confirmed):
    hours = record(woman, factories.staff("department_clerk"))
    if confirmed:
        colleague = factories.staff("department_reviewer")
        operations.confirm_hours(hours=hours, by=colleague, now=NOW)
    outcomes = answers(
        cast, lambda by: operations.refuse_hours(hours=hours, reason="重复", by=by, now=NOW)
    )
    assert outcomes == expected(
        cast, "not_allowed", reviewer=DONE, points_clerk=DONE, reviewer_elsewhere="not_in_scope"
    )


# --- points of higher apps ------------------------------------------------------------------------
# `earn` and `reverse` are called by an operation that has decided about its object (this event is
# hers to run). They themselves ask for the right its app declares: whoever cannot check anybody in
# gives no points for attendance, whatever calls them.
def test_points_are_given_with_the_right_their_app_declares(woman, cast):
    cast |= {"system": None}
    outcomes = answers(
        cast,
        lambda by: operations.earn(
            rule_code="event_attendance", talent=woman, key="checkin:1:1", by=by, now=NOW
        ),
    )
    assert outcomes == expected(
        cast, "not_allowed", organiser=DONE, clerk=DONE, clerk_elsewhere=DONE, system=DONE
    )


def test_points_are_taken_back_with_the_same_right(woman, cast):
    earned = operations.earn(
        rule_code="event_attendance", talent=woman, key="checkin:1:1", by=None, now=NOW
    )
    cast |= {"system": None}
    outcomes = answers(cast, lambda by: operations.reverse(transfer=earned, by=by, now=NOW))
    assert outcomes == expected(
        cast, "not_allowed", organiser=DONE, clerk=DONE, clerk_elsewhere=DONE, system=DONE
    )


def test_points_for_hours_have_no_way_round_the_hours(woman, cast):
    """Only confirming and refusing the hours moves them: no app declares a right for their rule."""
    hours = record(woman, factories.staff("department_clerk"))
    reviewer = factories.staff("department_reviewer")
    earned = operations.confirm_hours(hours=hours, by=reviewer, now=NOW)
    outcomes = answers(
        cast,
        lambda by: operations.earn(
            rule_code="volunteer_hours", talent=woman, key="x", by=by, now=NOW
        ),
    )
    assert outcomes == expected(cast, "not_allowed")
    outcomes = answers(
        cast, lambda by: operations.reverse(transfer=earned, reason="x", by=by, now=NOW)
    )
    assert outcomes == expected(cast, "not_allowed")


def test_an_account_that_was_closed_may_nothing(woman, voucher, cast):
    for person in cast.values():
        person.is_active = False
        person.save()
    hours = record(woman, factories.staff("department_clerk"))
    tries = {
        "fulfil": lambda by: operations.fulfil(code=voucher.code, by=by, now=NOW),
        "record": lambda by: record(woman, by),
        "confirm": lambda by: operations.confirm_hours(hours=hours, by=by, now=NOW),
        "reverse": lambda by: operations.reverse(
            transfer=make.give(woman, 5), reason="x", by=by, now=NOW
        ),
    }
    done = [name for name, act in tries.items() if DONE in answers(cast, act).values()]
    assert done == []
