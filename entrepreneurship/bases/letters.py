"""What is told about requests to bases: the words themselves stay in the portal."""

from accounts.models import User
from notices.operations import Letter, page_link, queue_all


def _send(kind, people, request, now, link):
    key = f"{request.pk}@{now:%Y%m%d%H%M%S}"
    context = {"base": request.base.name, "code": request.code}
    name = f"entrepreneurship.{kind}"
    queue_all([Letter(name, one, key, context, link=link) for one in people if one], at=now)


def _owner(request):
    """Return who answers: the owner, else clerks of the department, so that nothing waits for nobody."""
    owner = request.owner
    if owner is not None and owner.is_active:
        return [owner]
    return _holding("change_baserequest", request)


def _holding(codename, request):
    """Return the staff of the base's department with a right."""
    holding = User.objects.holding(f"entrepreneurship.{codename}")
    return list(holding.filter(is_staff=True, department=request.base.department_id))


def _owners_page(request):
    return page_link("base_request_to_answer", request.code)


def asked(request, now):
    """Tell who owns it that something was asked."""
    _send("base_asked", _owner(request), request, now, _owners_page(request))


def due(request, now):
    """Remind who owns it a day before it is due."""
    _send("base_due", _owner(request), request, now, _owners_page(request))


def escalated(request, now):
    """Tell the department's leads that it is overdue; where there are none, its clerks."""
    leads = _holding("lead_baserequest", request) or _holding("change_baserequest", request)
    link = page_link("admin:entrepreneurship_baserequest_change", request.pk)
    _send("base_overdue", leads, request, now, link)


def _to_her(kind, request, now):
    _send(kind, [request.talent.user], request, now, page_link("base_request", request.code))


def answered(request, now):
    """Tell her that it was answered."""
    _to_her("base_answered", request, now)


def declined(request, now):
    """Tell her that it could not be done, and that she may put it again."""
    _to_her("base_declined", request, now)
