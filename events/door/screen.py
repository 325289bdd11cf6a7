"""Self check-in: the screen on site with its changing digits, and the page where she uses them."""

from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events import operations, screen_codes
from events.door import lists
from events.door.pages import at_door, way_of
from events.models import Booking, CodeWord, Way
from events.views import seen
from kernel import qr
from kernel.access import needs, signed_in
from kernel.errors import DomainError
from notices.operations import page_link
from talents.operations import own_record


@needs("events.check_in_booking")
@never_cache
@require_safe
def screen(request, code):
    """Show the digits and their QR code for everybody on site; with `?part` only what changes."""
    return screen_page(request, at_door(request, code))


def screen_page(request, event, *, word=None, error=None):
    """Show the screen of an event; where a word was refused, with it in its field and the sentence why not (422)."""
    way, now = way_of(request.GET), timezone.now()
    digits = screen_codes.code(event, way, now)
    stands = CodeWord.objects.filter(event=event).values_list("word", flat=True).first() or ""
    context = {
        "event": event,
        "way": way,
        "digits": digits,
        "left": screen_codes.seconds_left(now),
        "qr": qr.svg(_address(event, way, digits)),
        "counts": lists.counts(event, now),
        "word": stands if word is None else word,
        "word_error": error,
    }
    part = "part" in request.GET
    template = f"events/door_screen{'_part' if part else ''}.html"
    return render(request, template, context, status=422 if error else 200)


def _address(event, way, digits):
    query = {"c": digits} | ({"way": "out"} if way == Way.OUT else {})
    return f"{settings.SITE_URL}{page_link('check_in_herself', event.code)}?{urlencode(query)}"


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def herself(request, code):
    """Let her check herself in (`way=out`: out) by the digits on the screen, or by the word that was said."""
    event, given = seen(request, code), request.POST or request.GET
    way, typed = way_of(given), given.get("c", "")[:40]
    context = {"event": event, "way": way, "typed": typed}
    if request.method == "POST":
        context |= _checked_in(request, event, way, typed)
    status = 422 if "error" in context else 200
    return render(request, "events/herself.html", context, status=status)


def _checked_in(request, event, way, typed):
    who = {"talent": own_record(request.user), "by": request.user}
    try:
        came = operations.check_in_herself(
            event=event, typed=typed, way=way, now=timezone.now(), **who
        )
    except DomainError as error:
        return {"error": error}
    return {"done": True, "waits": came if isinstance(came, Booking) else None}
