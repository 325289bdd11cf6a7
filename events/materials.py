"""Materials as their readers find them: on the event's page, on the page after it, at their own address."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events import operations, rules
from events.models import Material
from kernel.access import public
from kernel.downloads import download
from kernel.errors import DomainError


def of_event(event):
    """Return the materials its page lists, in their order; none of a cancelled one. Two queries, one where there are none."""
    return [] if event.is_cancelled else list(event.materials.shown())


def for_reader(event, user, at):
    """Return [(Material, why `user` may not read it or None)] of an event, in their order."""
    found = of_event(event)
    if not found:
        return []
    reader = rules.reader_of(event, user)
    for material in found:
        material.event = event
    return [(material, rules.why_not_read(material, reader, at)) for material in found]


@public
@never_cache
@require_safe
def material(request, code):
    """Send a material to who may read it; say why not to who may know of it; 404 to others."""
    found = get_object_or_404(Material.objects.select_related("event"), code=code)
    try:
        name, data = operations.read_material(
            material=found,
            by=request.user,
            now=timezone.now(),
            counted=request.method == "GET",
        )
    except DomainError as error:
        return _refused(request, found, error)
    return download(data, name)


def _refused(request, found, error):
    if error.code == "not_there":
        raise Http404 from error
    status = 410 if error.code in ("material_withdrawn", "event_cancelled") else 403
    context = {"event": found.event, "why_not": error}
    return render(request, "events/material_refused.html", context, status=status)
