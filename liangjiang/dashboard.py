"""我的: what needs her attention, what is hers, what is open to her; each app brings its own cards."""

from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel import portal
from kernel.access import signed_in

COLUMNS = ("top", "main", "side")


def _links(user, group):
    """Return the lines of one group that are meant for `user`."""
    offered = [link for link in portal.listed("links") if link.group == group]
    hints = [(link, link.hint(user)) for link in offered]
    return [
        {"title": link.title, "href": reverse(link.view), "hint": hint}
        for link, hint in hints
        if hint is not None
    ]


def _cards(request, now):
    """Return {column: the finished parts of the page in it}."""
    columns = {column: [] for column in COLUMNS}
    for card in portal.listed("cards"):
        context = card.make(request, now)
        if context is not None:
            columns[card.column].append(render_to_string(card.template, context, request))
    return columns


@signed_in
@never_cache
@require_safe
def dashboard(request):
    """Show her own page; those who work here see the way to their work as well."""
    work = _links(request.user, "work")
    request.works_here = bool(work)
    context = _cards(request, timezone.now()) | {
        "work": work,
        "settings": _links(request.user, "settings"),
    }
    return render(request, "liangjiang/dashboard.html", context)
