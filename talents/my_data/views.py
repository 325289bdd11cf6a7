"""She takes a copy of what the portal holds about her, each time after showing that it is she."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import proving
from kernel.access import signed_in
from kernel.admin.actions import attempt
from kernel.downloads import download
from kernel.errors import DomainError
from privacy import copies
from privacy.models import DataCopy

SHOWN = 5


@signed_in
@never_cache
@require_safe
def my_data(request):
    """Show the copies she asked for, and what she can do."""
    now = timezone.now()
    mine = list(DataCopy.objects.visible_to(request.user)[:SHOWN])
    context = {
        "copies": mine,
        "waits": any(copy.state == "requested" for copy in mine),
        "why_not": copies.why_not_request(request.user, now),
        "now": now,
    }
    return render(request, "talents/my_data.html", context)


@signed_in
@never_cache
@require_POST
def request_copy(request):
    """Ask for a copy."""
    if answer := proving.ask_again(request, "my_data"):
        messages.info(request, _("确认是您本人后，请再按一次“申请副本”。"))
        return answer
    done = _("已申请。一般几分钟内备好，本页会自动更新，备好后也会通知您。")
    attempt(request, copies.request_copy, done, user=request.user)
    return redirect("my_data")


@signed_in
@never_cache
@require_safe
def download_copy(request, pk):
    """Send the file to be saved."""
    copy = get_object_or_404(DataCopy.objects.visible_to(request.user), pk=pk)
    if answer := proving.ask_again(request, "my_data"):
        messages.info(request, _("确认是您本人后，请再按一次“下载”。"))
        return answer
    try:
        return download(*copies.download_copy(copy=copy, by=request.user, now=timezone.now()))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("my_data")
