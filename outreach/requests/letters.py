"""What schools and volunteers are told of a visit."""

from accounts.models import User
from kernel.words import day_text, in_both_languages
from notices.operations import Letter, page_link, queue_all
from outreach.requests.models import ASK, InvitationState, VisitInvitation


def _about(request):
    said = {
        "unit": request.unit.name,
        "topic": in_both_languages(lambda: str(request.get_topic_display())),
    }
    if request.day:
        said["day"] = in_both_languages(lambda: day_text(request.day))
    return said


def _to_school(kind, request, key, now):
    people = User.objects.holding(ASK).filter(unit=request.unit_id, is_staff=False)
    link, about = page_link("my_request", request.code), _about(request)
    letters = [Letter(f"outreach.{kind}", one, key, about, link=link) for one in people]
    queue_all(letters, at=now)


def _to_her(kind, invitation, key, now, about):
    if invitation.talent.user is None:
        return
    link = page_link("visit_invitation", invitation.pk)
    queue_all([Letter(f"outreach.{kind}", invitation.talent.user, key, about, link=link)], at=now)


def _once(row, now):
    return f"{row.pk}@{now:%Y%m%d%H%M%S}"


def invited(invitation, now):
    """Ask a volunteer."""
    about = _about(invitation.request)
    _to_her("visit_invited", invitation, f"{invitation.pk}", now, about)


def arranged(request, now):
    """Tell the school that somebody comes, and when."""
    _to_school("visit_arranged", request, _once(request, now), now)


def cancelled(request, invitation, now):
    """Tell who was to come that the school has called off."""
    _to_her("visit_cancelled", invitation, _once(request, now), now, _about(request))


def given_back(request, invitation, now, *, by_herself):
    """Tell the school that somebody else is looked for; and her, where not she herself gave it back."""
    _to_school("visit_given_back", request, _once(request, now), now)
    if not by_herself:
        _to_her("visit_released", invitation, _once(request, now), now, _about(request))


def not_found_yet(request, now):
    """Tell the school after fourteen days."""
    _to_school("visit_not_found", request, f"{request.pk}", now)


def unmet(request, now):
    """Tell the school that the last day came with nobody found."""
    _to_school("visit_unmet", request, f"{request.pk}", now)


def remind(request, now):
    """Remind both sides."""
    _to_school("visit_soon", request, _once(request, now), now)
    rows = VisitInvitation.objects.select_related("talent__user")
    invitation = rows.get(request=request, state=InvitationState.ACCEPTED)
    _to_her("visit_soon", invitation, _once(request, now), now, _about(request))
