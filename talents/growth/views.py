"""Her growth on a phone and on paper."""

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel.access import signed_in
from talents.growth.timeline import by_year
from talents.operations import own_record


@signed_in
@never_cache
@require_safe
def growth(request):
    """Show her own milestones by year."""
    talent = own_record(request.user)
    if talent is None:
        return redirect("profile")
    return render(request, "talents/growth.html", {"talent": talent, "years": by_year(talent)})
