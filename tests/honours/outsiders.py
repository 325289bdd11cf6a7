"""One call of every operation, for tests/test_rights.py."""

from datetime import date

from honours import operations
from tests import factories
from tests.calls import make as calls
from tests.honours import make
from tests.rights import call

DAY = date(2026, 3, 6)
REASON = "经核实材料有误"


def clerk(given=None):
    """Return a clerk of the women's federation."""
    return factories.staff("department_clerk")


def _new():
    talent = factories.talent()
    return {"talent": talent, "honour": make.honour(), "values": make.facts(talent)}


def _pending():
    make.concluded(make.CITY)
    return {"recommendation": make.put_forward()}


def _sent():
    return {"recommendation": make.recommendation()}


def _answered():
    return {
        "recommendation": operations.answer_recommendation(
            **_sent(), granted=False, answered_on=DAY, by=None, now=make.NOW
        )
    }


CALLS = (
    call(
        operations.save_honour,
        lambda: {
            "values": {
                "name": "两江新区巾帼科技先锋",
                "level": "district",
                "for_whom": "person",
                "is_current": True,
            }
        },
        insider=clerk,
        open_to=("staff elsewhere",),  # one catalogue for all departments
    ),
    call(
        operations.attach_evidence,
        lambda: {"award": make.award(), "files": [("表彰文件.pdf", make.PDF)]},
        insider=clerk,
    ),
    call(
        operations.detach_evidence,
        lambda: {"file": make.proof(), "reason": REASON},
        insider=clerk,
    ),
    call(operations.read_evidence, lambda: {"file": make.proof()}, insider=clerk),
    call(
        operations.set_call_honour,
        lambda: {"call": calls.draft(), "honour": make.honour()},
        insider=clerk,
    ),
    call(
        operations.grant_award,
        _new,
        insider=clerk,
    ),
    call(
        operations.correct_award,
        lambda: {"award": make.award(), "values": {"recipient": "林静姝"}},
        insider=clerk,
    ),
    call(operations.revoke_award, lambda: {"award": make.award(), "reason": REASON}, insider=clerk),
    call(operations.restore_award, lambda: {"award": make.revoked()}, insider=clerk),
    call(
        operations.reissue_certificate,
        lambda: {"award": make.award(), "reason": REASON},
        insider=clerk,
    ),
    call(
        operations.fetch_certificate,
        lambda: {"certificate": make.award().certificate},
        insider=clerk,
    ),
    call(
        operations.list_award,
        lambda: {"award": make.award(), "listed": False},
        insider=lambda given: given["award"].talent.user,
        others={"the clerk": clerk},
    ),
    call(
        operations.export_awards,
        lambda: {"rows": make.Award.objects.filter(pk=make.award().pk)},
        insider=clerk,
        open_to=("staff elsewhere",),  # who gets a list without what is not hers
    ),
    call(
        operations.recommend,
        lambda: {
            "award": make.award(),
            "honour": make.honour(make.CITY),
            "sent_to": "重庆市妇联",
            "sent_on": DAY,
        },
        insider=clerk,
    ),
    call(
        operations.send_recommendation,
        lambda: _pending() | {"sent_to": "重庆市妇联", "sent_on": DAY},
        insider=clerk,
    ),
    call(
        operations.answer_recommendation,
        lambda: _sent() | {"granted": False, "answered_on": DAY},
        insider=clerk,
    ),
    call(operations.undo_answer, lambda: _answered() | {"reason": REASON}, insider=clerk),
    call(
        operations.withdraw_recommendation,
        lambda: _sent() | {"reason": REASON},
        insider=clerk,
    ),
)
