"""One call of every operation of the theme, for tests/test_rights.py."""

from datetime import date

from entrepreneurship.ventures import operations
from entrepreneurship.ventures.models import Venture
from tests import factories
from tests.entrepreneurship import make
from tests.rights import call

DAY = date(2026, 11, 20)


def clerk(given=None):
    """Return a clerk of her department."""
    return factories.staff("department_clerk")


def keeper(given):
    """Return who keeps the venture."""
    one = given.get("venture") or (given.get("founder") or given["checkpoint"]).venture
    return one.talent.user


def _new():
    values = {"name": "听声科技", "industry": "M", "role": "lead", "share": "60"}
    return {"talent": make.woman(), "values": values}


def _part():
    return {"venture": make.venture(), "role": "market", "share": "5"}


def _joined():
    return make.founder(make.venture())


def _answered():
    one = make.venture()
    return operations.answer_check(venture=one, values=make.answers(), by=None, now=make.NOW)


CALLS = (
    call(operations.create_venture, _new, insider=lambda given: given["talent"].user),
    call(
        operations.save_venture,
        lambda: {"venture": make.venture(), "values": {"name": "听声智能"}},
        insider=keeper,
    ),
    call(
        operations.correct_venture,
        lambda: {
            "venture": make.venture(),
            "values": {"name": "听声智能"},
            "reason": "与营业执照一致",
        },
        insider=clerk,
    ),
    call(
        operations.export_ventures,
        lambda: {"rows": Venture.objects.all()},
        insider=clerk,
        open_to=("staff elsewhere",),  # her own department's alone
    ),
    call(operations.invite_founder, _part, insider=keeper),
    call(operations.add_outside_founder, _part, insider=keeper),
    call(
        operations.accept_founder,
        lambda: {"founder": make.link(make.venture()), "talent": make.woman()},
        insider=lambda given: given["talent"].user,
    ),
    call(
        operations.set_founder,
        lambda: {"founder": _joined(), "role": "market", "share": "5"},
        insider=lambda given: given["founder"].talent.user,
    ),
    call(operations.end_founder, lambda: {"founder": _joined()}, insider=keeper),
    call(operations.hand_over_venture, lambda: {"founder": _joined()}, insider=keeper),
    call(
        operations.enter_stage,
        lambda: {"venture": make.venture(), "stage": "team", "day": DAY},
        insider=keeper,
    ),
    call(
        operations.take_stage_back,
        lambda: {
            "venture": operations.enter_stage(
                venture=make.venture(), stage="team", day=DAY, by=None, now=make.NOW
            )
        },
        insider=keeper,
    ),
    call(
        operations.answer_check,
        lambda: {"venture": make.venture(), "values": make.answers()},
        insider=keeper,
    ),
    call(operations.ask_again, lambda: {"row": make.venture()}, insider=clerk),
    call(
        operations.correct_checkpoint,
        lambda: {"checkpoint": _answered(), "values": make.answers(jobs=13)},
        insider=keeper,
    ),
)
