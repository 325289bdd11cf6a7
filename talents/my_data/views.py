"""She takes a copy of what the portal holds about her or has it erased, each time after showing that it is she."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import proving
from kernel.access import signed_in
from kernel.admin.actions import attempt
from kernel.downloads import download
from kernel.errors import DomainError
from privacy import copies
from privacy.models import DataCopy
from talents.erasure import operations as erasure
from talents.operations import own_record

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
        "erasure": erasure.waiting_of(request.user),
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


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def ask_erasure(request):
    """Say what is lost and what stays; begin the days in which she may take it back."""
    user, now = request.user, timezone.now()
    if answer := proving.ask_again(request, "ask_erasure"):
        return answer
    if error := erasure.why_not_ask(user):
        messages.error(request, str(error))
        return redirect("my_data")
    if request.method == "POST":
        done = _("已收到申请，七天后删除。改主意了，随时可以在这里撤回。")
        attempt(request, erasure.ask_erasure, done, user=user)
        return redirect("my_data")
    context = {"losses": erasure.losses(user, own_record(user), now), "due": now + erasure.COOLING}
    return render(request, "talents/erase.html", context)


@signed_in
@require_POST
def withdraw_erasure(request):
    """Take it back: no proof is asked for, because nothing is lost by it."""
    if waiting := erasure.waiting_of(request.user):
        done = _("已撤回，您的账号和信息照常保留。")
        attempt(request, erasure.withdraw_erasure, done, erasure=waiting)
    return redirect("my_data")
