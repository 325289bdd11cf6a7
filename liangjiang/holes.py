"""The parts of every page that are the reader's own (kernel.holes)."""

from functools import lru_cache

from django.contrib.messages import get_messages
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from kernel import holes
from kernel.stencils import stencilled
from kernel.templatetags.portal import chinese
from notices.cards import UNREAD
from partners.models import PartnerKey


def messages(request, calls):
    """Say what has just happened: messages that wait for this reader."""
    waiting = list(get_messages(request))
    if not waiting:
        return [""] * len(calls)
    return [render_to_string("liangjiang/messages.html", {"messages": waiting})] * len(calls)


def staff_link(request, calls):
    """Lead members of staff to their work queue."""
    if not (request.user.is_authenticated and request.user.is_staff):
        return [""] * len(calls)
    return [render_to_string("liangjiang/staff_link.html")] * len(calls)


def account(request, calls):
    """Show who is signed in, how many notices are new, and the way out."""
    if not request.user.is_authenticated:
        return [""] * len(calls)
    words = {
        "name": chinese(request.user.get_full_name()),
        "bell": _bell(_unread(request), get_language()),
        "csrf_token": holes.csrf_token(request),
    }
    return [stencilled("liangjiang/account.html", **words)] * len(calls)


@lru_cache
def _bell(unread, language):
    """Return the way to the notices with how many are new: the same for all who have as many."""
    return render_to_string("liangjiang/bell.html", {"unread": unread})


def unread_dot(request, calls):
    """Mark 我的 in the bar of a phone while something there is new."""
    dot = stencilled("liangjiang/unread_dot.html") if _unread(request) else ""
    return [dot] * len(calls)


def _unread(request):
    """Return how many notices are new: counted in the statement that found her, else asked for once."""
    user = request.user
    if not user.is_authenticated:
        return 0
    if not hasattr(user, "counts"):  # signed in by this very request
        user.counts = {"unread": len(UNREAD(who=user, at=timezone.now()))}
    return user.counts["unread"]


def client_id(request, calls):
    """Put the newest working key of the reader's own unit into the examples; a placeholder for others."""
    keys = PartnerKey.objects.none()
    if request.user.is_authenticated and request.user.unit_id:
        keys = PartnerKey.objects.filter(unit=request.user.unit_id).select_related("unit")
    now = timezone.now()
    own = next((key for key in keys.order_by("-pk") if key.works_at(now)), None)
    return [own.client_id if own else "$CLIENT_ID"] * len(calls)
