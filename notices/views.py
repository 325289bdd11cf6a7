"""Her inbox; and in development the page that shows where mail and SMS land."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kernel import gateways
from kernel.access import public, signed_in
from kernel.keyset import Keyset
from notices import operations
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
    unread = any(not notice.read_at for notice in page.rows)
    context = {"notices": page.rows, "after": page.after, "unread": unread}
    return render(request, "notices/inbox.html", context)


@signed_in
@require_POST
def read_all(request):
    """Mark all her due notices as read and show the inbox again."""
    operations.mark_read(user=request.user, by=request.user, now=timezone.now())
    return redirect("notices")


@public
@never_cache
@require_safe
def outbox(request):
    """Show the local outbox; there is none outside development."""
    if settings.PORTAL_ENV != "development":
        raise Http404
    return render(request, "notices/outbox.html", {"messages_out": gateways.outbox()})
