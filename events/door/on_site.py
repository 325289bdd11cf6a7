"""At the door beside scanning: who has not booked, who waits here, seats of the late, the word of the day."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from events import operations
from events.door.pages import Answer, at_door, door_page, sent_moment
from events.door.screen import screen_page
from events.models import Booking
from kernel import ids
from kernel.access import needs
from kernel.errors import DomainError
from talents.models import Talent


@needs("events.check_in_booking")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def people(request, code):
    """Find a woman who has not booked (POST `who`: record code or whole name), and register her (POST `talent`)."""
    event = at_door(request, code)
    step = {"event": event, "by": request.user, "now": timezone.now()}
    context = {"event": event, "who": request.POST.get("who", "")}
    try:
        if "talent" in request.POST:
            return _register(request, step)
        if request.method == "POST":
            context["found"] = operations.find_people(**step, typed=context["who"])
    except DomainError as error:
        context["error"] = error
    status = 422 if "error" in context else 200
    return render(request, "events/door_people.html", context, status=status)


def _register(request, step):
    talent = get_object_or_404(Talent.objects.active(), code=ids.tidy(request.POST["talent"]))
    came = operations.walk_in(**step, talent=talent)
    return door_page(request, step["event"], _said(came))


@needs("events.check_in_booking")
@require_POST
def come_in(request, code):
    """Let one in who waits at the door (`code` of her booking), or whose seat was given on."""
    event = at_door(request, code)
    bookings = Booking.objects.managed_by(request.user).filter(event=event)
    booking = get_object_or_404(
        bookings.select_related("talent", "event"), code=ids.tidy(request.POST.get("code", ""))
    )
    step = {"by": request.user, "now": timezone.now()}
    try:
        if booking.is_active:
            answer = _said(operations.come_in(booking=booking, **step))
        else:
            answer = _said(operations.walk_in(event=event, talent=booking.talent, **step))
    except DomainError as error:
        answer = Answer(error=error)
    return door_page(request, event, answer)


def _said(came):
    """Return the Answer to an Arrival, or to the Booking of one who waits."""
    if isinstance(came, Booking):
        return Answer(waits=came)
    return Answer(arrival=came)


@needs("events.check_in_booking")
@require_POST
def late(request, code):
    """Give the seats of the late to who waits here, or take that back (`undo`: its moment)."""
    event = at_door(request, code)
    step = {"event": event, "by": request.user, "now": timezone.now()}
    try:
        if "undo" in request.POST:
            _take_back(request, step)
        else:
            came = len(operations.give_late_seats(**step))
            sentence = ngettext(
                "已请现场候补的 %(n)s 人入场。", "已请现场候补的 %(n)s 人入场。", came
            )
            messages.success(request, sentence % {"n": came})
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("door", code=event.code)


def _take_back(request, step):
    moment = sent_moment(request.POST["undo"])
    back = operations.undo_late_seats(**step, given_at=moment) if moment else 0
    if not back:
        messages.info(request, _("没有可以还回的席位，可能已经还回，或她已经另有席位。"))
        return
    sentence = ngettext("已还回 %(n)s 个席位。", "已还回 %(n)s 个席位。", back)
    messages.success(request, sentence % {"n": back})


@needs("events.check_in_booking")
@require_POST
def word(request, code):
    """Set the word that is said at the event, or take it away; a refused one stays in its field."""
    event = at_door(request, code)
    said = request.POST.get("word", "")
    step = {"event": event, "by": request.user, "now": timezone.now()}
    try:
        operations.set_code_word(**step, word=said)
    except DomainError as error:
        return screen_page(request, event, word=said, error=error)
    done = _("口令已设定，请在现场或会议里说出来。") if said.strip() else _("口令已取消。")
    messages.success(request, done)
    return redirect("door_screen", code=event.code)
