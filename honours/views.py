"""The roll for everybody; her own honours; the page that checks a certificate."""

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import certificate_pages
from care_points.models import Entry
from honours import certificate_words, operations
from honours import roll as rolls
from honours.models import Award, AwardFile, Honour, HonourCertificate, Level, Recommendation
from honours.operations.awarding import PURPOSE
from honours.reserves import on_reserve
from kernel.access import public, signed_in
from kernel.downloads import download
from kernel.errors import DomainError
from privacy.models import Consent


@public
@never_cache
@require_safe
def roll(request):
    """Show who was honoured, the newest first; `year`, `level`, `honour` and `q` narrow it, `after` pages on."""
    asked = rolls.Asked.of(request.GET)
    page = rolls.NEWEST.page(rolls.found(asked), request.GET.get("after", ""), rolls.PAGE)
    context = {
        "asked": asked,
        "page": page,
        "years": rolls.years(),
        "levels": Level.choices,
        "honours": Honour.objects.all(),
    }
    return render(request, "honours/roll.html", context)


@signed_in
@never_cache
@require_safe
def my_honours(request):
    """Show her honours with certificates and points, where she was recommended, and where she is on reserve."""
    awards = Award.objects.of_woman(request.user).select_related("honour")
    given = Entry.objects.filter(transfer=OuterRef("earned"), amount__gt=0).values("amount")[:1]
    hers = Recommendation.objects.filter(talent__user=request.user.pk).select_related("honour")
    context = {
        "awards": awards.annotate(points=Subquery(given))
        .prefetch_related("certificates", "files")
        .order_by("-granted_on", "-pk"),
        "recommendations": hers,
        "reserves": on_reserve(request.user),
        "agrees": Consent.objects.granted_by(request.user, PURPOSE),
    }
    return render(request, "honours/mine.html", context)


@signed_in
@require_POST
def on_roll(request, code):
    """Take one of her honours off the roll, or with `listed` put it back."""
    award = get_object_or_404(
        Award.objects.of_woman(request.user).select_related("honour", "talent"), code=code
    )
    listed = bool(request.POST.get("listed"))
    try:
        operations.list_award(award=award, listed=listed, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        done = _("已列入荣誉榜。") if listed else _("已从荣誉榜撤下，随时可以恢复。")
        messages.success(request, done)
    return redirect("my_honours")


@signed_in
@never_cache
@require_safe
def evidence(request, code):
    """Send her a file that proves an honour of hers; staff fetch it in the admin."""
    hers = AwardFile.objects.select_related("award__talent", "award__department")
    found = get_object_or_404(hers.filter(award__talent__user=request.user), code=code)
    name, data = operations.read_evidence(file=found, by=request.user, now=timezone.now())
    return download(data, name)


# --- certificates ----------------------------------------------------------------------------------
@signed_in
@never_cache
@require_safe
def certificate_file(request, code):
    """Send a certificate as PDF, in the language of the page or `lang`; 404 for who has no business with it."""
    rows = HonourCertificate.objects.exclude(name="").select_related(
        "award__talent", "award__department"
    )
    found = get_object_or_404(rows, code=code)
    try:
        operations.fetch_certificate(certificate=found, by=request.user, now=timezone.now())
    except DomainError as error:
        raise Http404 from error
    language = "en" if request.GET.get("lang", get_language()) == "en" else "zh-hans"
    name = f"{certificate_words.heading(found)}-{found.number}.pdf"
    return download(certificate_words.pdf(found, language), name)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def certificates(request):
    """Ask for the code that is printed on a certificate of an honour."""
    return certificate_pages.ask(request, "honour_certificate")


@public
@never_cache
@require_safe
def certificate(request, code):
    """Show all that a certificate of an honour says, and whether it is valid; nothing else."""
    return certificate_pages.answer(
        request,
        HonourCertificate.objects.all(),
        code,
        ask_page="honour_certificates",
        heading=certificate_words.heading,
        facts=certificate_words.facts,
    )
