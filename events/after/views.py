"""What waits for her when an event is over, on one page: thanks, and the feedback she is asked for."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events import operations, rules
from events.after.forms import FeedbackForm
from events.models import Booking
from kernel.access import signed_in
from kernel.errors import DomainError


def own_booking(request, code):
    """Return her own booking; 404 for another's."""
    own = Booking.objects.filter(talent__user=request.user.pk).select_related("event", "talent")
    return get_object_or_404(own, code=code)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def after_event(request, code):
    """Thank her who came, and ask how it was."""
    booking = own_booking(request, code)
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _answered(request, form, booking):
        return redirect("after_event", code=booking.code)
    why_not = rules.why_not_answer(booking, timezone.now())
    context = {
        "booking": booking,
        "event": booking.event,
        "came": booking.state == "attended" and not booking.event.is_cancelled,
        "form": form,
        "why_not": why_not,
        "given": why_not is not None and why_not.code == "feedback_given",
    }
    status = 422 if form.errors else 200
    return render(request, "events/after/after.html", context, status=status)


def _answered(request, form, booking):
    try:
        first = operations.give_feedback(
            booking=booking, by=request.user, now=timezone.now(), **form.cleaned_data
        )
    except DomainError as error:
        error.add_to(form)
        return False
    if first:
        messages.success(request, _("收到了，谢谢您。我们会认真看每一条。"))
    else:
        messages.info(request, _("您已经填写过反馈，以第一次的为准。"))
    return True
