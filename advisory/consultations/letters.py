"""What is told about consultations. The same may be told twice of one, so the moment is in the key."""

from accounts.models import User
from advisory.consultations.rules import RUN
from notices.operations import Letter, page_link, queue_all


def _send(kind, people, row, now, link, **context):
    key = f"{row.pk}@{now:%Y%m%d%H%M%S%f}"
    name = f"advisory.{kind}"
    queue_all([Letter(name, one, key, context, link=link) for one in people if one], at=now)


def _to_her(kind, invitation, now, **context):
    link = page_link("consultation_invitation", invitation.pk)
    context |= {"title": invitation.consultation.title}
    _send(kind, [invitation.talent.user], invitation, now, link, **context)


def _to_staff(kind, consultation, row, now, **context):
    """Tell who runs it while she works here; else whoever of the department may."""
    made_by = User.objects.filter(pk=consultation.created_by_id, is_active=True, is_staff=True)
    people = list(made_by.filter(department=consultation.department_id))
    if not people:
        holding = User.objects.holding(RUN)
        people = list(holding.filter(is_staff=True, department=consultation.department_id))
    link = page_link("admin:advisory_consultation_change", consultation.pk)
    _send(kind, people, row, now, link, title=consultation.title, **context)


def invited(invitation, now):
    """Invite her."""
    department = invitation.consultation.department.short_name
    until = {"until": invitation.answer_by, "department": department}
    _to_her("invited", invitation, now, **until)


def remind(invitation, now):
    """Remind her before her time to answer is over."""
    _to_her("answer_soon", invitation, now, until=invitation.answer_by)


def taken_back(invitation, now):
    """Tell her that she need not answer, or come."""
    _to_her("taken_back", invitation, now)


def lapsed(invitation, now):
    """Tell her that the place went to somebody else, and staff that it is free."""
    _to_her("lapsed", invitation, now)
    _to_staff("place_free", invitation.consultation, invitation, now)


def cancelled(invitation, now, reason):
    """Tell her that the whole is off."""
    _to_her("cancelled", invitation, now, reason=reason)


def declined(invitation, now):
    """Tell staff that a place is free; nobody is told why, for nobody asked."""
    _to_staff("place_free", invitation.consultation, invitation, now)


def conflicting(invitation, now):
    """Tell staff that a conflict of interest waits for them."""
    _to_staff("conflict_waits", invitation.consultation, invitation, now)


def let_in(invitation, now):
    """Tell her that she may read the papers and say what she thinks."""
    _to_her("let_in", invitation, now)


def noted(invitation, now):
    """Tell her that staff wrote down what she said at the meeting, so that she can set it right."""
    _to_her("opinion_noted", invitation, now)


def outcomes(invitation, now):
    """Tell her what became of what she said."""
    _to_her("outcomes", invitation, now)


def to_hold(consultation, now):
    """Remind staff of a consultation whose time is over."""
    _to_staff("to_hold", consultation, consultation, now)
