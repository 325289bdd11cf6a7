"""One call of every operation of hers on suggestions, for tests/test_rights.py."""

from advisory.suggestions import operations
from tests.advisory.suggestions import make
from tests.factories import NOW
from tests.rights import call


def _author(given):
    return make.author(given["suggestion"])


def _author_of_reply(given):
    return make.author(given["reply"].suggestion)


def _author_of_adoption(given):
    return make.author(given["adoption"].suggestion)


def _cosigned():
    row = make.filed()
    return operations.cosign(suggestion=row, named=False, by=make.woman("陈笛"), now=NOW)


HERS = {"others": {"the department itself": make.clerk}}

CALLS = (
    call(
        operations.save_draft,
        lambda: {
            "campaign": make.campaign(),
            "suggestion": make.draft(),
            "values": make.TYPED,
        },
        insider=_author,
        **HERS,
    ),
    call(operations.drop_draft, lambda: {"suggestion": make.draft()}, insider=_author, **HERS),
    call(
        operations.send_suggestion,
        lambda: {"suggestion": make.draft()},
        insider=_author,
        **HERS,
    ),
    call(
        operations.withdraw_suggestion,
        lambda: {"suggestion": make.sent()},
        insider=_author,
        **HERS,
    ),
    call(
        operations.cosign,
        lambda: {"suggestion": make.filed(), "named": False},
        insider=lambda given: make.woman("陈笛"),
        open_to=("another woman",),
        **HERS,
    ),
    call(
        operations.withdraw_cosignature,
        lambda: {"cosignature": _cosigned()},
        insider=lambda given: given["cosignature"].user,
        **HERS,
    ),
    call(
        operations.rate,
        lambda: {"reply": make.signed(), "verdict": "satisfied", "words": ""},
        insider=_author_of_reply,
        **HERS,
    ),
    call(
        operations.contest,
        lambda: {"adoption": make.adopted(), "effect": None, "words": "文件里没有"},
        insider=_author_of_adoption,
        **HERS,
    ),
)
