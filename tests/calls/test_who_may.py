"""Who may do what with an application, in each of its states: one table, compared as a whole."""

import pytest
from django.db import transaction

from calls import operations
from kernel.errors import DomainError
from tests import factories
from tests.calls import make

NOW = factories.NOW
pytestmark = pytest.mark.django_db
PAPER = {"paper": "盖章的推荐表原件"}
ACTIONS = {
    "save": lambda row, by: operations.save_answers(application=row, answers={}, by=by, now=NOW),
    "hand in": lambda row, by: operations.submit_application(application=row, by=by, now=NOW),
    "invite": lambda row, by: operations.invite_colleague(
        application=row, role="editor", by=by, now=NOW
    ),
    "withdraw": lambda row, by: operations.withdraw_application(application=row, by=by, now=NOW),
    "endorse": lambda row, by: operations.endorse_application(
        application=row, by=by, now=NOW, **PAPER
    ),
    "not endorse": lambda row, by: operations.decline_application(
        application=row, reason="考核年限不够", by=by, now=NOW, **PAPER
    ),
    "undo opinion": lambda row, by: operations.undo_opinion(application=row, by=by, now=NOW),
    "accept": lambda row, by: operations.accept_application(application=row, by=by, now=NOW),
    "refuse": lambda row, by: operations.refuse_application(
        application=row, reason="不在两江新区工作", by=by, now=NOW
    ),
    "undo check": lambda row, by: operations.undo_check(application=row, by=by, now=NOW),
    "decide": lambda row, by: operations.decide_application(
        application=row, result="awarded", by=by, now=NOW
    ),
}
# {state: {action: who}}; what is not named, nobody may.
HERS = {"save": "herself colleague", "hand in": "herself", "invite": "herself"}
UNIT = "unit clerk"
TABLE = {
    "draft": HERS | {"withdraw": "herself"},
    "submitted": {
        "hand in": "herself",  # once more changes nothing
        "withdraw": "herself",
        "endorse": UNIT,
        "not endorse": UNIT,
        "refuse": "clerk",
        "undo check": "clerk",  # nothing to undo
    },
    "endorsed": {
        "hand in": "herself",
        "withdraw": "herself",
        "endorse": UNIT,
        "not endorse": UNIT,
        "undo opinion": UNIT,
        "accept": "clerk",
        "refuse": "clerk",
        "undo check": "clerk",
    },
    "not endorsed": {"endorse": UNIT, "not endorse": UNIT, "undo opinion": UNIT},
    "returned": HERS | {"withdraw": "herself", "refuse": "clerk"},
    "accepted": {
        "withdraw": "herself",
        "accept": "clerk",
        "undo check": "clerk",
        "decide": "clerk",
    },
    "refused": {"refuse": "clerk", "undo check": "clerk"},
    "withdrawn": {"withdraw": "herself"},
    "awarded": {"decide": "clerk"},  # the same once more changes nothing
}


def application(state):
    """Return an application of a unit's woman in this state, to a call its unit endorses."""
    talent = factories.talent(unit=factories.unit())
    call = make.call(stages=make.ENDORSED)
    row = make.begun(call, talent)
    make.colleague(row, by=factories.user("陈同事"))
    if state == "draft":
        return row
    row = operations.submit_application(application=row, by=None, now=NOW)
    about = {"application": row, "by": None, "now": NOW}
    if state == "not endorsed":
        return operations.decline_application(reason="考核年限不够", **about)
    if state == "returned":
        items = {call.fields.get(label="主要事迹"): "请补充年份"}
        return operations.return_application(items=items, due_at=call.closes_at, **about)
    if state == "refused":
        return operations.refuse_application(reason="不在两江新区工作", **about)
    if state == "withdrawn":
        return operations.withdraw_application(**about)
    if state in ("endorsed", "accepted", "awarded"):
        row = operations.endorse_application(**about)
    if state in ("accepted", "awarded"):
        row = operations.accept_application(**about | {"application": row})
    if state == "awarded":
        operations.decide_application(**about | {"application": row}, result="awarded")
        operations.conclude_call(call=call, by=None, now=make.over(row))
        row.refresh_from_db()
    return row


def cast(row):
    """Return {who: the person}, those who have to do with it and those who could have seen it."""
    return {
        "herself": row.talent.user,
        "colleague": row.colleagues.get().user,
        "unit": make.contact(row.talent.unit),
        "another unit": make.contact(factories.unit()),
        "another woman": factories.talent(unit=row.talent.unit).user,
        "clerk": factories.staff("department_clerk"),
        "clerk elsewhere": factories.staff(
            "department_clerk", department_code="science_innovation"
        ),
        "auditor": factories.staff("auditor"),
    }


def may(action, row, by):
    """Tell whether an action is let through; what it did is taken back."""
    try:
        with transaction.atomic():
            action(type(row).objects.get(pk=row.pk), by)
            transaction.set_rollback(True)
    except DomainError:
        return False
    return True


@pytest.mark.parametrize("state", TABLE)
def test_who_may_do_what(state):
    row = application(state)
    people = cast(row)
    found = {
        action: " ".join(who for who, by in people.items() if may(do, row, by))
        for action, do in ACTIONS.items()
    }
    assert {action: who for action, who in found.items() if who} == TABLE[state]
