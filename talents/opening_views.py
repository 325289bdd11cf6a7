"""What is open to her, and why it fits: gathered from what the apps above declare."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel.access import signed_in
from talents import openings as found
from talents.operations import own_record
from talents.standing import why_not_take_part


@signed_in
@never_cache
@require_safe
def openings(request):
    """Show what suits her with the reasons, and the rules it was found by."""
    talent = own_record(request.user)
    if talent is None:
        return redirect("profile")
    context = {
        "found": found.suiting(talent, timezone.now()),
        "why_not": why_not_take_part(talent),
        "rules": found.rules(),
    }
    return render(request, "talents/openings.html", context)
