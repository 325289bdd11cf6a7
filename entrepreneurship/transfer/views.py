"""The public list of offers, needs and joint research, and one of them."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from entrepreneurship.transfer.models import TransferProfile, VersionState
from entrepreneurship.transfer.showing import NEWEST, TransferFilter
from kernel.public_pages import public_page

PAGE = 12


@public_page
@require_safe
def transfers(request):
    """Show what is public, the newest first, narrowed by what the address asks for; `?after=<cursor>` pages on."""
    narrowed = TransferFilter(request.GET)
    rows = narrowed.rows().listed()
    page = NEWEST.page(rows, request.GET.get("after", ""), PAGE)
    context = {"form": narrowed, "chosen": narrowed.chosen, "page": page}
    return render(request, "entrepreneurship/transfer/list.html", context)


@public_page
@require_safe
def transfer(request, code):
    """Show one of them."""
    rows = TransferProfile.objects.shown(timezone.localdate()).with_words()
    found = get_object_or_404(rows, code=code)
    version = get_object_or_404(found.versions, state=VersionState.PUBLISHED)
    context = {"profile": found, "version": version}
    return render(request, "entrepreneurship/transfer/transfer.html", context)
