"""The page all themes begin from."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from advisory import timeline
from kernel.access import signed_in
from talents.operations import own_record


@signed_in
@never_cache
@require_safe
def mine(request):
    """Show her what she was asked and where it stands, the newest first; what waits for her before all."""
    found = timeline.lines(request.user, timezone.now())
    context = {
        "waiting": [line for line in found if line.waits],
        "years": timeline.by_year(found),
        "talent": own_record(request.user),
    }
    return render(request, "advisory/mine.html", context)
