"""Her inbox; and in development the page that shows where mail and SMS land."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import gateways
from kernel.access import public, signed_in
from kernel.errors import DomainError
from kernel.keyset import Keyset
from notices import choosing, operations
from notices.forms import WaysForm
from notices.models import Notice

PAGE = 20
NEWEST_FIRST = Keyset(("-due_at", "-id"))


@signed_in
@never_cache
@require_safe
def inbox(request):
    """Show her notices, newest first; `?after=` pages on."""
    notices = Notice.objects.visible_to(request.user, timezone.now())
    page = NEWEST_FIRST.page(notices, request.GET.get("after", ""), PAGE)
    new = [notice.pk for notice in page.rows if not notice.read_at]
    context = {"notices": page.rows, "after": page.after, "new": new}
    return render(request, "notices/inbox.html", context)


@signed_in
@require_POST
def read(request):
    """Mark as read what the inbox has just shown her, or all that is due where nothing is named.

    The page itself posts what it shows, as soon as a browser has shown it: a prefetched address writes nothing.
    Of the page that comes back it takes the bell alone, which says now what is still new.
    """
    shown = [int(pk) for pk in request.POST.getlist("shown") if pk.isascii() and pk.isdigit()]
    only = shown[:PAGE] if shown else None
    operations.mark_read(user=request.user, by=request.user, now=timezone.now(), only=only)
    return redirect("notices")


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ways(request):
    """Show by which way she hears of what, and keep what she chooses."""
    user = request.user
    chosen = {topic: way for (_user, topic), way in choosing.ways_of([user.pk]).items()}
    form = WaysForm(request.POST or None, ways=choosing.open_to(user), chosen=chosen)
    if form.is_valid():
        try:
            choosing.choose_ways(user=user, ways=form.ways, by=user, now=timezone.now())
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, _("已保存。"))
            return redirect("notice_ways")
    context = {"form": form, "agreed": user.pk in operations.agreed_to_messages([user.pk])}
    return render(
        request, "notices/ways.html", context, status=422 if request.method == "POST" else 200
    )


@public
@never_cache
@require_safe
def outbox(request):
    """Show the local outbox; there is none outside development."""
    if settings.PORTAL_ENV != "development":
        raise Http404
    return render(request, "notices/outbox.html", {"messages_out": gateways.outbox()})
