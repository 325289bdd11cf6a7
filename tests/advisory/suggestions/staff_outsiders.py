"""One call of every operation of staff, for tests/test_rights.py (joined in tests/advisory/outsiders.py)."""

from datetime import timedelta

from django.utils import timezone

from advisory.suggestions import operations
from advisory.suggestions.models import Adoption, Assignment, Suggestion
from tests import factories
from tests.advisory.suggestions import stages
from tests.advisory.suggestions.stages import LEAD
from tests.factories import NOW
from tests.rights import call


def _coordinator(given):
    return stages.clerk()


def _lead(given):
    return stages.clerk(LEAD)


def _signer(given):
    return stages.signer()


def _campaign(opened=True):
    return {"campaign": stages.make.campaign(NOW, opened)}


def _closed():
    made = operations.close_campaign(campaign=stages.campaign(NOW), by=None, now=NOW)
    return {"campaign": made, "closes_at": NOW + timedelta(days=9)}


def _sent():
    return stages.sent(now=NOW)


def _refused():
    return operations.refuse_suggestion(
        suggestion=_sent(), reason="vague", words="说得具体一些", by=None, now=NOW
    )


def _joined():
    to = stages.filed(now=NOW)
    return operations.join_suggestion(suggestion=_sent(), to=to, by=None, now=NOW)


def _assigned(**given):
    return stages.assigned(now=NOW, **given)


def _handed_back():
    return operations.not_ours(assignment=_assigned(), words="不归我们管", by=None, now=NOW)


def _extension():
    return operations.ask_extension(
        assignment=_assigned(), days=9, reason="需要会商", by=None, now=NOW
    )


def _handed_in():
    return stages.handed_in(now=NOW)


def _signed():
    return stages.signed(now=NOW)


def _entered():
    return stages.entered(now=NOW)


def _proof():
    sent = ("办法.pdf", b"%PDF-1.7 proof")
    return operations.add_proof(adoption=_entered(), sent=sent, by=None, now=NOW)


VALUES = {"answer": "A", "text": stages.TEXT, "second_on": None}
ADOPTION = {
    "kind": "document",
    "what": "托育办法",
    "on": timezone.localdate(NOW),
    "link": "https://example.cn/8",
}

CAMPAIGNS = (
    call(
        operations.save_campaign,
        lambda: _campaign() | {"values": {"title": "新的题目"}},
        insider=_coordinator,
    ),
    call(operations.open_campaign, lambda: _campaign(opened=False), insider=_coordinator),
    call(operations.close_campaign, _campaign, insider=_coordinator),
    call(operations.reopen_campaign, _closed, insider=_coordinator),
    call(
        operations.cancel_campaign,
        lambda: _campaign() | {"reason": "改由市里组织"},
        insider=_coordinator,
    ),
)
FILING = (
    call(
        operations.send_back,
        lambda: {"suggestion": _sent(), "words": "请分成两件"},
        insider=_coordinator,
    ),
    call(
        operations.file_suggestion,
        lambda: {"suggestion": _sent(), "listed": True},
        insider=_coordinator,
    ),
    call(
        operations.set_listed,
        lambda: {
            "suggestion": stages.filed(now=NOW),
            "listed": False,
            "reason": "涉及单位内部情况",
        },
        insider=_coordinator,
    ),
    call(
        operations.refuse_suggestion,
        lambda: {"suggestion": _sent(), "reason": "vague", "words": "说得具体一些"},
        insider=_coordinator,
    ),
    call(operations.reconsider, lambda: {"suggestion": _refused()}, insider=_coordinator),
    call(
        operations.join_suggestion,
        lambda: {"suggestion": _sent(), "to": stages.filed(now=NOW)},
        insider=_coordinator,
    ),
    call(operations.part_suggestion, lambda: {"suggestion": _joined()}, insider=_coordinator),
)
HANDLING = (
    call(
        operations.assign,
        lambda: {
            "suggestion": stages.filed(now=NOW),
            "department": factories.department(LEAD),
            "role": "lead",
        },
        insider=_coordinator,
    ),
    call(operations.take_up, lambda: {"assignment": _assigned()}, insider=_lead),
    call(
        operations.not_ours,
        lambda: {"assignment": _assigned(), "words": "不归我们管"},
        insider=_lead,
    ),
    call(
        operations.insist,
        lambda: {"assignment": _handed_back(), "reason": "三定方案第四条"},
        insider=_coordinator,
    ),
    call(
        operations.take_back_assignment,
        lambda: {"assignment": _assigned(), "reason": "改由别处主办"},
        insider=_coordinator,
    ),
    call(
        operations.tell_opinion,
        lambda: {"assignment": _assigned(role="assist"), "text": "可以出一半费用"},
        insider=_lead,
    ),
    call(
        operations.ask_extension,
        lambda: {"assignment": _assigned(), "days": 9, "reason": "需要会商"},
        insider=_lead,
    ),
    call(
        operations.decide_extension,
        lambda: {"extension": _extension(), "granted": True, "words": ""},
        insider=_coordinator,
    ),
)
REPLIES = (
    call(
        operations.save_reply,
        lambda: {"suggestion": _assigned().suggestion, "reply": None, "values": VALUES},
        insider=_lead,
    ),
    call(operations.hand_in_reply, lambda: {"reply": stages.drafted(now=NOW)}, insider=_lead),
    call(
        operations.send_back_reply,
        lambda: {"reply": _handed_in(), "words": "请写得具体"},
        insider=_signer,
    ),
    call(
        operations.sign_reply,
        lambda: {"reply": _handed_in(), "kept_back_reason": ""},
        insider=_signer,
    ),
    call(
        operations.keep_back_reply,
        lambda: {"reply": _signed(), "reason": "涉及单位内部"},
        insider=_signer,
    ),
    call(
        operations.correct_reply,
        lambda: {"reply": _signed(), "reason": "日期写错", "values": VALUES},
        insider=_lead,
    ),
    call(operations.drop_reply, lambda: {"reply": stages.drafted(now=NOW)}, insider=_lead),
)
EFFECTS = (
    call(
        operations.add_adoption,
        lambda: {"suggestion": _signed().suggestion, "values": ADOPTION},
        insider=_lead,
    ),
    call(
        operations.add_proof,
        lambda: {"adoption": _entered(), "sent": ("办法.pdf", b"%PDF-1.7 proof")},
        insider=_lead,
    ),
    call(operations.remove_proof, lambda: {"proof": _proof()}, insider=_lead),
    call(operations.read_proof, lambda: {"proof": _proof()}, insider=_lead),
    call(operations.confirm_adoption, lambda: {"adoption": _entered()}, insider=_coordinator),
    call(
        operations.withdraw_adoption,
        lambda: {"adoption": _entered(), "reason": "没有落实"},
        insider=_coordinator,
    ),
    call(
        operations.report_effect,
        lambda: {
            "effect": stages.confirmed(now=NOW).effects.get(months=6),
            "words": "多了四成",
            "proven": True,
        },
        insider=_lead,
    ),
    call(
        operations.decide_contest,
        lambda: {
            "contest": stages.contested(now=NOW),
            "outcome": "stands",
            "words": "核对过，属实",
        },
        insider=_coordinator,
    ),
)
OTHERS = (
    call(operations.retry_suggestion, lambda: {"row": stages.filed(now=NOW)}, insider=_coordinator),
    call(operations.retry_assignment, lambda: {"row": _assigned()}, insider=_coordinator),
    call(
        operations.retry_effect,
        lambda: {"row": stages.confirmed(now=NOW).effects.get(months=6)},
        insider=_coordinator,
    ),
    call(
        operations.export_suggestions,
        lambda: {"rows": Suggestion.objects.all()},
        insider=_coordinator,
        open_to=("staff elsewhere",),  # what she sees herself
    ),
    call(
        operations.export_assignments,
        lambda: {"rows": Assignment.objects.all()},
        insider=_coordinator,
        open_to=("staff elsewhere",),
    ),
    call(
        operations.export_adoptions,
        lambda: {"rows": Adoption.objects.all()},
        insider=_coordinator,
        open_to=("staff elsewhere",),
    ),
)
CALLS = (*CAMPAIGNS, *FILING, *HANDLING, *REPLIES, *EFFECTS, *OTHERS)
