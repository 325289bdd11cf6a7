"""The contact of a school counts for it, and sees the district beside it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kernel.access import needs
from kernel.errors import DomainError, raise_if
from outreach.choices import operations, rules, shown
from outreach.choices.forms import ChoicesForm
from outreach.choices.models import ASK, ChoiceReport


def _lines(reports):
    """Return [(report, its shares in physics, the district's or None)], with as many queries for one year as for ten."""
    reports = list(reports.prefetch_related("cells"))
    districts = shown.districts([report.year for report in reports])
    return [
        (report, shown.shares(shown.counts_of(report)), districts.get(report.year))
        for report in reports
    ]


@needs(ASK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_choices(request):
    """List the school's counts year by year; POST takes one back."""
    reports = ChoiceReport.objects.of_contact(request.user)
    if request.method == "POST":
        _withdrawn(request, reports)
        return redirect("my_choices")
    context = {
        "rows": _lines(reports.standing()[:10]),
        "why_not": rules.why_not_report(request.user.unit, request.user),
    }
    return render(request, "outreach/choices/mine.html", context)


def _withdrawn(request, reports):
    year = request.POST.get("withdraw", "")
    if not (year.isdecimal() and len(year) == 4):
        raise Http404
    report = get_object_or_404(reports.select_related("unit"), year=year)
    try:
        operations.withdraw_choices(report=report, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已撤回，不再计入全区；再保存一次就恢复。"))


@needs(ASK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter_choices(request, year=None):
    """Take the counts of a year, new or corrected."""
    unit, counts = request.user.unit, None
    if year is not None:
        report = get_object_or_404(ChoiceReport.objects.of_contact(request.user), year=year)
        counts = report.cells.counted()
    form = ChoicesForm(
        request.POST if request.method == "POST" else None, initial={"year": year}, counts=counts
    )
    if form.is_valid():
        try:
            if year is None:
                raise_if(rules.why_not_new(unit, form.cleaned_data["year"]))
            operations.save_choices_of_year(
                unit=unit, by=request.user, now=timezone.now(), **form.values
            )
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, _("已保存。"))
            return redirect("my_choices")
    context = {"form": form, "why_not": rules.why_not_report(unit, request.user)}
    status = 422 if form.errors else 200
    return render(request, "outreach/choices/form.html", context, status=status)
