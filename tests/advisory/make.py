"""Consultations as the tests need them."""

from datetime import date, timedelta

from advisory.consultations import operations
from advisory.consultations.models import Consultation, ConsultationInvitation
from kernel.days import begin
from tests import factories
from tests.factories import NOW
from tests.talents.asking import make as asking

PDF = b"%PDF-1.7 paper"
OPINIONS_BY = date(2026, 12, 7)
AFTER = begin(OPINIONS_BY) + timedelta(days=1, hours=9)


def clerk(**fields):
    """Return who runs consultations of the women's federation."""
    return factories.staff("department_clerk", **fields)


def expert(**fields):
    """Return a woman who may be asked."""
    return asking.woman(**{"full_name": "苏晴"} | fields)


def consultation(by=None, now=NOW, units=None, **values):
    """Return a draft, in writing unless it is said otherwise."""
    start = {
        "kind": "policy",
        "mode": "writing",
        "title": "青年人才安居政策",
        "question": "目标定得是否合适？",
        "places": 2,
    }
    if values.get("mode") != "meeting":
        start["opinions_by"] = OPINIONS_BY
    return operations.save_consultation(
        consultation=None,
        values=start | values | {"units": units},
        by=by,
        now=now,
        department=factories.department(),
    )


def meeting_fields(now=NOW, **fields):
    """Return what staff fill in to plan the meeting."""
    start = now + timedelta(days=7)
    times = {"starts_at": start, "ends_at": start + timedelta(hours=2)}
    organiser = {"organiser": clerk()}
    return {"title": "座谈会", "venue": "302 会议室"} | times | organiser | fields


def inviting(by=None, now=NOW, **values):
    """Return one whose invitations go out; a meeting is planned."""
    made = consultation(by, now, **values)
    if made.is_meeting:
        operations.plan_meeting(consultation=made, fields=meeting_fields(now), by=by, now=now)
    return operations.open_inviting(consultation=made, by=by, now=now)


def sent(of=None, talent=None, now=NOW, **values):
    """Return an invitation nobody answered yet."""
    of = of or inviting(now=now, **values)
    (row,) = operations.invite(consultation=of, talents=[talent or expert()], by=None, now=now)
    return fresh(row)


def accepted(*, conflict="", now=NOW, **fields):
    """Return an accepted invitation; `conflict` are her words on one."""
    row = sent(now=now, **fields)
    operations.accept_invitation(
        invitation=row, declared=bool(conflict), declared_words=conflict, by=None, now=now
    )
    return fresh(row)


def opinion(row=None, text="建议增加三年留存率指标", now=NOW, **fields):
    """Return one thing a woman said."""
    row = row or accepted(**fields)
    return operations.give_opinion(invitation=row, text=text, by=None, now=now)


def held(row=None, now=AFTER, **fields):
    """Return a consultation in writing that was held, with one opinion unless `row` says otherwise."""
    row = row or opinion(**fields).invitation
    return operations.hold_consultation(consultation=row.consultation, by=None, now=now)


def decided(row=None, outcome="used", why="", now=AFTER):
    """Return an opinion with what became of it, of a consultation that was held."""
    said = row or opinion()
    held(said.invitation)
    return operations.decide_opinion(opinion=said, outcome=outcome, why=why, by=None, now=now)


def closed(row=None, **totals):
    """Return a consultation that is closed."""
    said = decided(row)
    totals = {"came_outside": 0, "came_outside_women": 0} | totals
    return operations.close_consultation(
        consultation=said.invitation.consultation, by=None, now=AFTER, **totals
    )


def paper(of=None, confidential=True, now=NOW):
    """Return a paper."""
    return operations.add_paper(
        consultation=of or consultation(),
        sent=("征求意见稿.pdf", PDF),
        confidential=confidential,
        by=None,
        now=now,
    )


def fresh(row):
    """Return an invitation as it stands, with what its pages need."""
    rows = ConsultationInvitation.objects.select_related(
        "consultation__department", "consultation__event", "talent__user"
    )
    return rows.get(pk=row.pk)


def again(row):
    """Return a consultation as it stands."""
    return Consultation.objects.select_related("department", "event").get(pk=row.pk)
