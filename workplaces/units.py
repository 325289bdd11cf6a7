"""What one unit offers mothers, on one page: each theme hands in its part."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Unit
from kernel.public_pages import public_page
from workplaces.childcare import shown as childcare
from workplaces.flexible import shown as flexible
from workplaces.rooms import shown as rooms

PARTS = (rooms.of_unit, flexible.of_unit, childcare.of_unit)


@public_page
@require_safe
def unit_page(request, pk):
    """Show what a unit offers; 404 where no theme has anything of it to show."""
    unit, today = get_object_or_404(Unit, pk=pk), timezone.localdate()
    parts = [part for find in PARTS if (part := find(unit, today))]
    if not parts:
        raise Http404
    return render(request, "workplaces/unit.html", {"unit": unit, "parts": parts})
