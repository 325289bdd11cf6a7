"""Choosing, looking at it first, publishing; and the page everybody sees."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel.access import public, signed_in
from kernel.admin.actions import attempt
from kernel.errors import DomainError
from talents.cv.content import name_of
from talents.operations import own_record
from talents.public import operations
from talents.public.forms import PublicPageForm
from talents.public.models import PublicPage, Shown

NO_INDEX = "noindex, nofollow"


def content(page):
    """Return what a public page shows of its record: {name, facts, research, achievements, honours}."""
    talent, shown = page.talent, set(page.shown)
    facts = (Shown.UNIT, Shown.POSITION, Shown.TITLE, Shown.DISCIPLINE)
    values = {
        Shown.UNIT: talent.unit_name,
        Shown.POSITION: talent.position,
        Shown.TITLE: talent.professional_title,
        Shown.DISCIPLINE: talent.get_discipline_display(),
    }
    career = talent.career.kept().newest_first().filter(kind="achievement")
    return {
        "name": name_of(talent) if Shown.NAME in shown else talent.masked_name,
        "facts": [(name.label, values[name]) for name in facts if name in shown and values[name]],
        "research": talent.research_fields if Shown.RESEARCH in shown else [],
        "achievements": list(career) if Shown.ACHIEVEMENT in shown else [],
        "honours": talent.honours if Shown.HONOURS in shown else "",
    }


@public
@never_cache
@require_safe
def person(request, address):
    """Show what she lets everybody see; what is off, withdrawn or unknown is not there, all alike."""
    pages = PublicPage.objects.public(timezone.localdate()).select_related(
        "talent__unit", "talent__user"
    )
    found = pages.filter(name=address) | pages.filter(code=address.upper(), name=None)
    page = get_object_or_404(found)
    context = {"person": content(page), "noindex": not page.may_be_indexed}
    answer = render(request, "talents/public/person.html", context)
    if not page.may_be_indexed:
        answer["X-Robots-Tag"] = NO_INDEX
    return answer


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def choose(request):
    """Ask what is to be shown; a page that is not public is looked at before it is."""
    talent = own_record(request.user)
    if error := operations.why_not_publish(talent):
        messages.info(request, str(error))
        return redirect("profile")
    page = operations.page_of(talent)
    start = {
        "shown": page.shown,
        "readable": page.name is not None,
        "may_be_indexed": page.may_be_indexed,
    }
    sent = request.POST if request.method == "POST" else None
    form = PublicPageForm(sent, initial=start, masked_name=talent.masked_name)
    if form.is_valid():
        try:
            saved = operations.save_page(
                user=request.user, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as error:
            error.add_to(form)
        else:
            return redirect("public_choose" if saved.is_on else "public_preview")
    status = 422 if form.errors else 200
    hidden = page.is_on and operations.why_not_shown(talent, timezone.localdate())
    context = {"form": form, "page": page, "hidden": hidden}
    return render(request, "talents/public/choose.html", context, status=status)


@signed_in
@never_cache
@require_safe
def preview(request):
    """Show her the page as everybody would see it, with the button that publishes it."""
    page = operations.page_of(own_record(request.user))
    if page.pk is None:
        return redirect("public_choose")
    context = {"person": content(page), "page": page, "noindex": True, "preview": True}
    return render(request, "talents/public/person.html", context)


@signed_in
@require_POST
def publish(request):
    """Show it to everybody."""
    attempt(request, operations.publish_page, _("已公开，随时可以撤下。"), user=request.user)
    return redirect("public_choose")


@signed_in
@require_POST
def take_back(request):
    """Take it off at once."""
    if own_record(request.user) is not None:
        done = _("已撤下，主页立即不可访问。")
        attempt(request, operations.take_page_back, done, user=request.user)
    return redirect("public_choose")
