"""One call of every operation of the theme, for tests/test_rights.py."""

from entrepreneurship.bases import operations
from tests import factories
from tests.entrepreneurship import make
from tests.rights import call


def clerk(given=None):
    """Return a clerk of the base's department."""
    return factories.staff("department_clerk")


def her(given):
    """Return who asked."""
    return given["request"].talent.user


def _answered():
    return operations.answer_base_request(
        request=make.request(), answer="一月起可以入驻。", by=None, now=make.NOW
    )


CALLS = (
    call(
        operations.save_base,
        lambda: {"base": make.base(owner=factories.staff()), "values": {"address": "星光大道"}},
        insider=clerk,
    ),
    call(
        operations.save_service,
        lambda: {"base": make.base(), "values": make.offer()},
        insider=clerk,
    ),
    call(operations.verify_service, lambda: {"service": make.service()}, insider=clerk),
    call(operations.end_service, lambda: {"service": make.service()}, insider=clerk),
    call(operations.restore_service, lambda: {"service": make.service()}, insider=clerk),
    call(
        operations.ask_base,
        lambda: {
            "service": make.service(),
            "talent": make.woman(),
            "words": "两人团队，想用两个工位。",
            "contact": "zhou@example.cn",
        },
        insider=lambda given: given["talent"].user,
    ),
    call(operations.withdraw_base_request, lambda: {"request": make.request()}, insider=her),
    call(
        operations.reopen_base_request,
        lambda: {"request": _answered(), "words": "还缺一个会议室"},
        insider=her,
    ),
    call(operations.say_helped, lambda: {"request": _answered(), "helped": "yes"}, insider=her),
    call(
        operations.answer_base_request,
        lambda: {"request": make.request(), "answer": "一月起可以入驻。"},
        insider=lambda given: given["request"].owner,
    ),
    call(
        operations.decline_base_request,
        lambda: {"request": make.request(), "reason": "full"},
        insider=lambda given: given["request"].owner,
    ),
    call(
        operations.hand_over_request,
        lambda: {"request": make.request(), "owner": factories.staff()},
        insider=clerk,
    ),
    call(operations.retry_request, lambda: {"row": make.request()}, insider=clerk),
)
