"""One call of every operation on suggestions, for tests/test_rights.py."""

from datetime import timedelta

from advisory.suggestions import operations
from advisory.suggestions.operations import exporting
from tests import factories
from tests.advisory.suggestions import make
from tests.factories import NOW
from tests.rights import call


def _clerk(given):
    return make.clerk()


def _lead(given):
    return make.clerk(make.LEAD)


def _reviewer(given):
    return make.reviewer()


def _author(given):
    return make.author(given["suggestion"])


def _author_of_reply(given):
    return make.author(given["reply"].suggestion)


def _author_of_adoption(given):
    return make.author(given["adoption"].suggestion)


def _elsewhere():
    """Return staff of a department that has nothing to do with it."""
    roles = ("department_clerk", "department_reviewer")
    return factories.staff(*roles, department_code="trade_union")


# What belongs to the leading department, where the usual outsider ("staff elsewhere") works.
TO_LEAD = {
    "open_to": ("staff elsewhere",),
    "others": {"a third department": _elsewhere, "the coordinator": make.clerk},
}
# What lead and coordinator may both do.
TO_BOTH = {"open_to": ("staff elsewhere",), "others": {"a third department": _elsewhere}}
EXPORTS = {"open_to": ("staff elsewhere",)}  # of what she sees
HERS = {"others": {"the department itself": make.clerk}}


def _handed_back():
    found = make.assigned()
    operations.not_ours(assignment=found, words="不属于本部门", by=None, now=NOW)
    return found


def _refused():
    given = {"reason": "vague", "words": "请补充做法", "by": None, "now": NOW}
    return operations.refuse_suggestion(suggestion=make.sent(), **given)


def _joined():
    main = make.filed()
    row = make.sent(main.campaign)
    return operations.join_suggestion(suggestion=row, to=main, by=None, now=NOW)


def _closed():
    return operations.close_campaign(campaign=make.campaign(), by=None, now=NOW)


def _asked():
    return operations.ask_extension(
        assignment=make.assigned(), days=10, reason="要先开会研究", by=None, now=NOW
    )


def _cosigned():
    row = make.filed()
    return operations.cosign(suggestion=row, named=False, by=make.woman("陈笛"), now=NOW)


def _contested():
    adoption = make.adopted()
    return operations.contest(
        adoption=adoption,
        effect=None,
        words="文件里没有",
        by=make.author(adoption.suggestion),
        now=NOW,
    )


def _proof(adoption):
    return operations.add_proof(adoption=adoption, sent=("文.pdf", make.PDF), by=None, now=NOW)


def _rows(model):
    from advisory.suggestions import models

    return getattr(models, model).objects.all()


CAMPAIGN = {"title": "新题目"}
END = NOW + timedelta(days=60)

CALLS = (
    # campaigns
    call(
        operations.save_campaign,
        lambda: {"campaign": make.campaign(), "values": CAMPAIGN},
        insider=_clerk,
    ),
    call(
        operations.open_campaign,
        lambda: {"campaign": make.campaign(opened=False)},
        insider=_clerk,
    ),
    call(operations.close_campaign, lambda: {"campaign": make.campaign()}, insider=_clerk),
    call(
        operations.reopen_campaign,
        lambda: {"campaign": _closed(), "closes_at": END},
        insider=_clerk,
    ),
    call(
        operations.cancel_campaign,
        lambda: {"campaign": make.campaign(), "reason": "不再需要"},
        insider=_clerk,
    ),
    # she
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
    # filing
    call(
        operations.send_back,
        lambda: {"suggestion": make.sent(), "words": "请分成两件"},
        insider=_clerk,
    ),
    call(
        operations.file_suggestion,
        lambda: {"suggestion": make.sent(), "listed": True},
        insider=_clerk,
    ),
    call(
        operations.set_listed,
        lambda: {"suggestion": make.filed(), "listed": False},
        insider=_clerk,
    ),
    call(
        operations.refuse_suggestion,
        lambda: {"suggestion": make.sent(), "reason": "vague", "words": "请补充做法"},
        insider=_clerk,
    ),
    call(operations.reconsider, lambda: {"suggestion": _refused()}, insider=_clerk),
    call(
        operations.join_suggestion,
        lambda: {"suggestion": make.sent(), "to": make.filed()},
        insider=_clerk,
    ),
    call(operations.part_suggestion, lambda: {"suggestion": _joined()}, insider=_clerk),
    # who deals with it
    call(
        operations.assign,
        lambda: {
            "suggestion": make.filed(),
            "department": factories.department(make.LEAD),
            "role": "lead",
        },
        insider=_clerk,
    ),
    call(operations.take_up, lambda: {"assignment": make.assigned()}, insider=_lead, **TO_LEAD),
    call(
        operations.not_ours,
        lambda: {"assignment": make.assigned(), "words": "不属于本部门"},
        insider=_lead,
        **TO_LEAD,
    ),
    call(
        operations.insist,
        lambda: {"assignment": _handed_back(), "reason": "三定方案写明"},
        insider=_clerk,
    ),
    call(
        operations.take_back_assignment,
        lambda: {"assignment": make.assigned(), "reason": "职责调整了"},
        insider=_clerk,
    ),
    call(
        operations.tell_opinion,
        lambda: {"assignment": make.assigned(role="assist"), "text": "建议写进标准"},
        insider=_lead,
        **TO_LEAD,
    ),
    call(
        operations.ask_extension,
        lambda: {"assignment": make.assigned(), "days": 10, "reason": "要先开会研究"},
        insider=_lead,
        **TO_LEAD,
    ),
    call(
        operations.decide_extension,
        lambda: {"extension": _asked(), "granted": True, "words": ""},
        insider=_clerk,
    ),
    # replies
    call(
        operations.save_reply,
        lambda: {
            "suggestion": make.assigned().suggestion,
            "reply": None,
            "values": make.REPLY,
        },
        insider=_lead,
        **TO_LEAD,
    ),
    call(operations.hand_in_reply, lambda: {"reply": make.reply()}, insider=_lead, **TO_LEAD),
    call(
        operations.send_back_reply,
        lambda: {"reply": make.handed_in(), "words": "写明时间"},
        insider=_reviewer,
        **TO_LEAD,
    ),
    call(
        operations.sign_reply,
        lambda: {"reply": make.handed_in(), "kept_back_reason": ""},
        insider=_reviewer,
        **TO_LEAD,
    ),
    call(
        operations.keep_back_reply,
        lambda: {"reply": make.signed(), "reason": "涉及招商谈判"},
        insider=_reviewer,
        **TO_BOTH,
    ),
    call(
        operations.correct_reply,
        lambda: {"reply": make.signed(), "reason": "日期写错了", "values": make.REPLY},
        insider=_lead,
        **TO_LEAD,
    ),
    call(operations.drop_reply, lambda: {"reply": make.reply()}, insider=_lead, **TO_LEAD),
    # effects
    call(
        operations.add_adoption,
        lambda: {
            "suggestion": make.signed().suggestion,
            "values": {"kind": "other", "what": "写进园区公约", "on": NOW.date()},
        },
        insider=_lead,
        **TO_BOTH,
    ),
    call(
        operations.add_proof,
        lambda: {"adoption": make.entered(), "sent": ("文.pdf", make.PDF)},
        insider=_lead,
        **TO_BOTH,
    ),
    call(
        operations.remove_proof,
        lambda: {"proof": _proof(make.entered())},
        insider=_lead,
        **TO_BOTH,
    ),
    call(
        operations.read_proof,
        lambda: {"proof": _proof(make.entered())},
        insider=_lead,
        **TO_BOTH,
    ),
    call(operations.confirm_adoption, lambda: {"adoption": make.entered()}, insider=_clerk),
    call(
        operations.withdraw_adoption,
        lambda: {"adoption": make.adopted(), "reason": "文件没有发布"},
        insider=_clerk,
    ),
    call(
        operations.report_effect,
        lambda: {
            "effect": make.adopted().effects.get(months=6),
            "words": "有人用了",
            "proven": True,
        },
        insider=_lead,
        **TO_BOTH,
    ),
    call(
        operations.decide_contest,
        lambda: {"contest": _contested(), "outcome": "stands", "words": "文件写明了"},
        insider=_clerk,
    ),
    # the clock, and what is carried out
    call(operations.retry_suggestion, lambda: {"row": make.sent()}, insider=_clerk),
    call(operations.retry_assignment, lambda: {"row": make.assigned()}, insider=_clerk),
    call(
        operations.retry_effect,
        lambda: {"row": make.adopted().effects.get(months=6)},
        insider=_clerk,
    ),
    call(
        exporting.export_suggestions,
        lambda: {"rows": _rows("Suggestion")},
        insider=_clerk,
        **EXPORTS,
    ),
    call(
        exporting.export_assignments,
        lambda: {"rows": _rows("Assignment")},
        insider=_clerk,
        **EXPORTS,
    ),
    call(
        exporting.export_adoptions, lambda: {"rows": _rows("Adoption")}, insider=_clerk, **EXPORTS
    ),
)
