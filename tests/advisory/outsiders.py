"""One call of every operation, for tests/test_rights.py."""

from datetime import timedelta

from advisory.consultations import operations
from tests import factories
from tests.advisory import make
from tests.advisory.suggestions import outsiders as suggestions
from tests.advisory.suggestions import staff_outsiders
from tests.factories import NOW
from tests.rights import call


def _clerk(given):
    return make.clerk()


def _herself(given):
    return given["invitation"].talent.user


def _author(given):
    return given["opinion"].invitation.talent.user


def _declined():
    row = make.sent()
    operations.decline_invitation(invitation=row, by=None, now=NOW)
    return make.fresh(row)


def _conflicting():
    return make.accepted(conflict="参股")


def _to_hold():
    """Return a consultation everybody has answered and said something on."""
    return make.opinion(places=1).invitation.consultation


def _to_close():
    said = make.decided()
    return make.again(said.invitation.consultation)


def _met():
    row = make.accepted(mode="meeting").consultation
    later = row.event.ends_at + timedelta(hours=1)
    return operations.hold_consultation(consultation=row, by=None, now=later)


def _readable():
    row = make.accepted()
    return {"paper": make.paper(row.consultation), "invitation": row}


def _reviewer(given):
    return factories.staff("department_reviewer")


VALUES = {
    "kind": "plan",
    "mode": "writing",
    "title": "人才规划",
    "question": "还缺什么？",
    "places": 3,
    "opinions_by": make.OPINIONS_BY,
}

CALLS = (
    call(
        operations.save_consultation,
        lambda: {"consultation": make.consultation(), "values": {"places": 3}},
        insider=_clerk,
    ),
    call(
        operations.plan_meeting,
        lambda: {
            "consultation": make.consultation(mode="meeting"),
            "fields": make.meeting_fields(),
        },
        insider=_clerk,
    ),
    call(operations.open_inviting, lambda: {"consultation": make.consultation()}, insider=_clerk),
    call(
        operations.cancel_consultation,
        lambda: {"consultation": make.inviting(), "reason": "改由市里组织"},
        insider=_clerk,
    ),
    call(
        operations.set_target,
        lambda: {"department": factories.department(), "year": 2027, "percent": 40},
        insider=_reviewer,
    ),
    call(
        operations.invite,
        lambda: {"consultation": make.inviting(), "talents": [make.expert()]},
        insider=_clerk,
    ),
    call(operations.invite_again, lambda: {"invitation": _declined()}, insider=_clerk),
    call(operations.retry_invitation, lambda: {"row": make.sent()}, insider=_clerk),
    call(operations.withdraw_invitation, lambda: {"invitation": make.sent()}, insider=_clerk),
    call(
        operations.settle_conflict,
        lambda: {"invitation": _conflicting(), "reason": "合作已经结束"},
        insider=_clerk,
    ),
    call(
        operations.accept_invitation,
        lambda: {"invitation": make.sent(), "declared": False, "declared_words": ""},
        insider=_herself,
        others={"the department itself": make.clerk},
    ),
    call(
        operations.declare_conflict,
        lambda: {"invitation": make.accepted(), "declared": True, "declared_words": "参股"},
        insider=_herself,
        others={"the department itself": make.clerk},
    ),
    call(
        operations.decline_invitation,
        lambda: {"invitation": make.sent()},
        insider=_herself,
        others={"the department itself": make.clerk},
    ),
    call(
        operations.give_opinion,
        lambda: {"invitation": make.accepted(), "text": "建议增加指标"},
        insider=_herself,
        others={"the department itself": make.clerk},
    ),
    call(
        operations.change_opinion,
        lambda: {"opinion": make.opinion(), "text": "改为两年"},
        insider=_author,
        others={"the department itself": make.clerk},
    ),
    call(
        operations.note_opinion,
        lambda: {"invitation": make.accepted(), "text": "会上说的"},
        insider=_clerk,
    ),
    call(
        operations.decide_opinion,
        lambda: {"opinion": _held_opinion(), "outcome": "used", "why": ""},
        insider=_clerk,
    ),
    call(operations.hold_consultation, lambda: {"consultation": _to_hold()}, insider=_clerk),
    call(operations.count_again, lambda: {"consultation": _met()}, insider=_clerk),
    call(
        operations.export_invitations,
        lambda: {"rows": type(make.sent()).objects.all()},
        insider=_clerk,
        open_to=("staff elsewhere",),  # who gets a list of nobody
    ),
    call(
        operations.export_opinions,
        lambda: {"rows": type(make.opinion()).objects.all()},
        insider=_clerk,
        open_to=("staff elsewhere",),
    ),
    call(
        operations.close_consultation,
        lambda: {"consultation": _to_close(), "came_outside": 3, "came_outside_women": 1},
        insider=_clerk,
    ),
    call(
        operations.reopen_consultation,
        lambda: {"consultation": make.closed()},
        insider=_clerk,
    ),
    call(
        operations.add_paper,
        lambda: {
            "consultation": make.consultation(),
            "sent": ("稿.pdf", make.PDF),
            "confidential": True,
        },
        insider=_clerk,
    ),
    call(operations.remove_paper, lambda: {"paper": make.paper()}, insider=_clerk),
    call(
        operations.open_paper,
        _readable,
        insider=_herself,
        others={"the department itself": make.clerk},
    ),
    call(operations.read_paper, lambda: {"paper": make.paper()}, insider=_clerk),
    *suggestions.CALLS,
    *staff_outsiders.CALLS,
)


def _held_opinion():
    said = make.opinion()
    make.held(said.invitation)
    return said
