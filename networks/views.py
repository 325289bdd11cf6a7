"""Associations for everybody: the list, one of them, women's share in all."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from calls.models import Call
from events.models import Event
from kernel.public_pages import public_page
from networks import shown
from networks.associations.models import Association
from networks.meter import activity, ladder
from networks.posts.models import Term


@public_page
@require_safe
def associations(request):
    """List the associations, women's own first, each with how its election stands."""
    today = timezone.localdate()
    rows = list(Association.objects.shown().order_by("is_mixed", "name"))
    terms = {term.association_id: term for term in Term.objects.last()}
    listed = [(row, terms.get(row.pk)) for row in rows]
    return render(request, "networks/list.html", {"listed": listed, "today": today})


@public_page
@require_safe
def association(request, code):
    """Show an association: who is in office, its term, its ladder, what it did, what is open."""
    found = get_object_or_404(Association.objects.shown(), code=code)
    now = timezone.now()
    today = timezone.localdate(now)
    context = {
        "association": found,
        "term": found.terms.order_by("-starts_on").first(),
        "today": today,
        "offices": shown.offices(found, today),
        "steps": ladder.of(found, today),
        "activity": activity.of(found, now),
        "events": Event.objects.public().upcoming(now).filter(held_by__association=found)[:5],
        "calls": Call.objects.taking(now).filter(election_call__election__association=found),
    }
    return render(request, "networks/association.html", context)


@public_page
@require_safe
def share_meter(request):
    """Show women's share by rung in all associations, with source and date."""
    today = timezone.localdate()
    rows = list(Association.objects.shown().order_by("-is_mixed", "name"))
    steps = ladder.of_many(rows, today)
    terms = {term.association_id: term for term in Term.objects.last()}
    listed = [(row, steps[row.pk], terms.get(row.pk)) for row in rows if steps[row.pk]]
    return render(request, "networks/meter.html", {"listed": listed, "today": today})
