"""Her volunteer hours and the certificates of them; the public page that checks one."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import certificate_pages
from care_points import hours_words, operations
from care_points.models import HoursCertificate, HoursState, ServiceHours
from kernel.access import public, signed_in
from kernel.downloads import download
from kernel.errors import DomainError
from talents.operations import own_record

SHOWN = 200  # records on one page: years of volunteering


def date_field(label):
    """Return the field of a date on her own pages."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("请选择日期。"),
            "invalid": gettext_lazy("请按 2026-03-08 的样子填写日期。"),
        },
    )


class PeriodForm(forms.Form):
    """From which day to which the certificate counts."""

    from_on = date_field(gettext_lazy("开始日期"))
    until_on = date_field(gettext_lazy("结束日期"))


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_hours(request):
    """Show her hours by activity, each record in words, and her certificates; a period (`from_on`, `until_on`) issues one."""
    form = PeriodForm(request.POST if request.method == "POST" else None, initial=_this_year())
    if form.is_valid() and _certified(request, form):
        return redirect("my_hours")
    rows = ServiceHours.objects.of(request.user)
    rows = rows.select_related("recorded_by", "decided_by", "replaces")
    records = list(hours_words.with_points(rows)[:SHOWN])
    context = {
        "talent": own_record(request.user),
        "activities": hours_words.by_activity(records),
        "confirmed": _sum(records, HoursState.CONFIRMED),
        "waiting": _sum([r for r in records if not r.replaces_id], HoursState.RECORDED),
        "certificates": HoursCertificate.objects.of_woman(request.user),
        "form": form,
    }
    return render(request, "care_points/hours.html", context, status=422 if form.errors else 200)


def _this_year():
    today = timezone.localdate()
    return {"from_on": today.replace(month=1, day=1), "until_on": today}


def _sum(records, state):
    return f"{sum(r.half_hours for r in records if r.state == state) / 2:g}"


def _certified(request, form):
    try:
        issued = operations.certify_hours(
            talent=own_record(request.user),
            by=request.user,
            now=timezone.now(),
            **form.cleaned_data,
        )
    except DomainError as error:
        error.add_to(form)
        return False
    messages.success(request, _("证书 %(number)s 可以下载了。") % {"number": issued.number})
    return True


@signed_in
@never_cache
@require_safe
def hours_certificate_file(request, code):
    """Send her certificate as PDF, in the language of the page or `lang`; 404 for anybody else's."""
    hers = HoursCertificate.objects.of_woman(request.user).exclude(name="")
    found = get_object_or_404(hers, code=code)
    language = "en" if request.GET.get("lang", get_language()) == "en" else "zh-hans"
    name = f"{hours_words.heading()}-{found.number}.pdf"
    return download(hours_words.pdf(found, language), name)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hours_certificates(request):
    """Ask for the code that is printed on a certificate of hours."""
    return certificate_pages.ask(request, "hours_certificate")


@public
@never_cache
@require_safe
def hours_certificate(request, code):
    """Show all that a certificate of hours says, and whether it is valid; nothing else."""
    return certificate_pages.answer(
        request,
        HoursCertificate.objects.all(),
        code,
        ask_page="hours_certificates",
        heading=lambda certificate: hours_words.heading(),
        facts=hours_words.facts,
    )
