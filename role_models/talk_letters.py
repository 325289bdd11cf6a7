"""What is told about requests for talks. The same may be told twice of one, so the moment is in the key."""

from accounts.models import User
from notices.operations import Letter, page_link, queue_all

RIGHT = "role_models.route_talkrequest"


def _send(kind, people, row, now, link, **context):
    key = f"{row.pk}@{now:%Y%m%d%H%M%S}"
    queue_all([Letter(kind, one, key, context, link=link) for one in people if one], at=now)


def _staff_link(request):
    return page_link("admin:role_models_talkrequest_change", request.pk)


def _unit_link(request):
    return page_link("talk_request", request.code)


def _to_her(kind, invitation, now, **context):
    request = invitation.request
    context |= {"unit": request.unit.name, "topic": request.topic}
    link = page_link("talk_invitation", invitation.pk)
    _send(kind, [invitation.talent.user], invitation, now, link, **context)


def asked(invitation, now):
    """Ask her for a talk."""
    _to_her("role_models.talk_asked", invitation, now, until=invitation.answer_by)


def let_off(invitation, now):
    """Tell her that she need not answer, or come."""
    _to_her("role_models.talk_off", invitation, now)


def _to_unit(kind, request, now, **context):
    context |= {"topic": request.topic}
    _send(kind, [request.asked_by], request, now, _unit_link(request), **context)


def _to_clerk(kind, invitation, now):
    """Tell who asked her, while she still works here."""
    people = User.objects.filter(pk=invitation.asked_by_id, is_active=True, is_staff=True)
    request = invitation.request
    _send(kind, people, invitation, now, _staff_link(request), topic=request.topic)


def accepted(invitation, now):
    """Tell the unit that it has a speaker, and who asked her that an event can be made."""
    _to_unit("role_models.talk_accepted", invitation.request, now)
    _to_clerk("role_models.talk_agreed", invitation, now)


def declined(invitation, now):
    """Tell who asked her that another has to be asked. The unit is told nothing: it was not told that she was asked."""
    _to_clerk("role_models.talk_declined", invitation, now)


def refused(request, now):
    """Tell the unit that it cannot be arranged, and why."""
    _to_unit("role_models.talk_refused", request, now, reason=request.refuse_reason)


def reopened(request, now):
    """Tell the unit that it is arranged all the same."""
    _to_unit("role_models.talk_reopened", request, now)


def planned(request, now):
    """Tell the unit that an event is being made of it."""
    _to_unit("role_models.talk_planned", request, now)


def request_waits(request, now):
    """Tell the department's staff that nobody was asked yet."""
    people = User.objects.holding(RIGHT).filter(department=request.department_id, is_staff=True)
    link = _staff_link(request)
    _send("role_models.talk_waits", people, request, now, link, topic=request.topic)


def answer_waits(invitation, now):
    """Tell who asked her that she has not answered."""
    _to_clerk("role_models.talk_unanswered", invitation, now)
