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
from events.views import own_booking
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
    if request.method == "POST":
        _hand_on(request, booking, transfer, now)
        return redirect("hand_on", booking.code)
    why_not = rules.why_not_hand_on(booking, now)
    context = {"booking": booking, "event": booking.event, "transfer": transfer, "why_not": why_not}
    context["until"] = booking.event.transfers_end()
    if transfer and not why_not:
        where = reverse("handed_on", args=[transfer.pk, transfer.secret])
        context["address"] = f"{settings.SITE_URL}{where}"
    return render(request, "events/hand_on.html", context)


def _hand_on(request, booking, transfer, now):
    who = {"by": request.user, "now": now}
    try:
        if request.POST.get("do") != "take_back":
            operations.hand_on(booking=booking, **who)
        elif transfer:
            operations.take_transfer_back(transfer=transfer, **who)
            messages.success(request, _("已收回，原来的链接不能再接收。"))
    except DomainError as error:
        messages.error(request, str(error))


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def handed_on(request, number, secret):
    """Ask the colleague whether she takes the seat, and give it to her; 404 for an address nobody gave out."""
    transfer = Transfer.found(number, secret)
    if transfer is None:
        raise Http404
    event, talent, now = transfer.booking.event, own_record(request.user), timezone.now()
    if request.method == "POST":
        try:
            operations.accept_transfer(transfer=transfer, talent=talent, by=request.user, now=now)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("handed_on", number, secret)
        messages.success(request, _("已接收，报名现在是您的了。"))
        return redirect(event)
    hers = event.bookings.active().filter(talent=talent).first() if talent else None
    held = BookingHold.objects.of_reader(request.user, now)
    why_not = why_not_take(transfer, talent, hers, held, now)
    context = {"event": event, "booking": transfer.booking, "hers": hers, "why_not": why_not}
    context["giver"] = masked(transfer.booking.talent.full_name)
    context["shown"] = why_not is None or event.is_public
    return render(request, "events/handed_on.html", context)
