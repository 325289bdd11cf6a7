"""The pages by which a woman hands her seat on to a colleague, and the colleague takes it."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events import operations, rules
from events.models import BookingHold, Transfer
from events.operations.transfers import why_not_take
from events.standing import at_that_time
from events.views import own_booking, say_moved
from kernel.access import signed_in
from kernel.errors import DomainError
from kernel.masking import name as masked
from talents.operations import own_record


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_on(request, code):
    """Say what handing on means, make the link, show it, take it back."""
    booking, now = own_booking(request, code), timezone.now()
    transfer = booking.transfers.standing().first()
    why_not = rules.why_not_hand_on(booking, now)
    if request.method == "POST":
        why_not = _hand_on(request, booking, transfer, now)
        if why_not is None:
            return redirect("hand_on", booking.code)
    context = {"booking": booking, "event": booking.event, "transfer": transfer, "why_not": why_not}
    context["until"] = booking.event.transfers_end()
    if transfer and not why_not:
        where = reverse("handed_on", args=[transfer.pk, transfer.secret])
        context["address"] = f"{settings.SITE_URL}{where}"
    status = why_not.status if request.method == "POST" else 200
    return render(request, "events/hand_on.html", context, status=status)


def _hand_on(request, booking, transfer, now):
    """Make the link or take it back; return the DomainError that says why not, None where it is done."""
    who = {"by": request.user, "now": now}
    try:
        if request.POST.get("do") != "take_back":
            operations.hand_on(booking=booking, **who)
        elif transfer:
            operations.take_transfer_back(transfer=transfer, **who)
            messages.success(request, _("已收回，原来的链接不能再接收。"))
    except DomainError as error:
        return error
    return None


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def handed_on(request, number, secret):
    """Ask the colleague whether she takes the seat, and give it to her; 404 for an address nobody gave out."""
    transfer = Transfer.found(number, secret)
    if transfer is None:
        raise Http404
    event, talent, now = transfer.booking.event, own_record(request.user), timezone.now()
    hers, clash = at_that_time(event, talent) if talent else (None, None)
    hers = hers if hers and hers.is_active else None
    status = 200
    if request.method == "POST":
        try:
            operations.accept_transfer(transfer=transfer, talent=talent, by=request.user, now=now)
        except DomainError as error:
            why_not, status = error, error.status
        else:
            messages.success(request, _("已接收，报名现在是您的了。"))
            say_moved(request, event)
            return redirect(event)
    else:
        held = BookingHold.objects.of_reader(request.user, now)
        why_not = why_not_take(transfer, talent, hers, held, now)
    context = {"event": event, "booking": transfer.booking, "hers": hers, "why_not": why_not}
    context["standing"] = {"clash": clash}
    context["giver"] = masked(transfer.booking.talent.full_name)
    context["shown"] = why_not is None or event.is_public
    return render(request, "events/handed_on.html", context, status=status)
