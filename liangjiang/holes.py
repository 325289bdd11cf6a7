"""The parts of every page that are the reader's own (kernel.holes)."""

from django.contrib.messages import get_messages
from django.template.loader import render_to_string


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
