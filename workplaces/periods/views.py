"""What the law gives, and her own calculator. Nothing typed here is stored, logged or put into an address."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kernel.access import public
from workplaces.periods.forms import CalculatorForm
from workplaces.periods.models import Period, PeriodRule


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def periods(request):
    """Show what the law gives in the four periods; answer the calculator on the same page, without storing anything."""
    form = CalculatorForm(request.POST if request.method == "POST" else None)
    lines = form.lines() if form.is_valid() else None
    rules = list(PeriodRule.objects.on(timezone.localdate()))
    groups = [
        (period, [rule for rule in rules if rule.period == period.value]) for period in Period
    ]
    context = {"form": form, "lines": lines, "groups": [(p, found) for p, found in groups if found]}
    status = 422 if form.errors else 200
    return render(request, "workplaces/periods/periods.html", context, status=status)
