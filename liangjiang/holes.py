"""The parts of every page that are the reader's own (kernel.holes)."""

from django.contrib.messages import get_messages
from django.template.loader import render_to_string
from django.utils import timezone

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


def client_id(request, calls):
    """Put the newest working key of the reader's own unit into the examples; a placeholder for others."""
    keys = PartnerKey.objects.none()
    if request.user.is_authenticated and request.user.unit_id:
        keys = PartnerKey.objects.filter(unit=request.user.unit_id).select_related("unit")
    now = timezone.now()
    own = next((key for key in keys.order_by("-pk") if key.works_at(now)), None)
    return [own.client_id if own else "$CLIENT_ID"] * len(calls)
