"""Photos as their readers find them: the pictures themselves, her own choice, the list for the photographer."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events import operations, rules
from events.door.pages import at_door
from events.models import Booking, Photo, PhotoSize
from events.operations.photos import read_photo
from events.photo_forms import PhotoAnswerForm
from kernel import ids
from kernel.access import needs, public, signed_in
from kernel.downloads import download
from kernel.errors import DomainError

SHOWN = (PhotoSize.SMALL, PhotoSize.LARGE)
# What staff on site may note, by the value of the button.
ANSWERS = {
    "both": {"site": True, "press": True},
    "site": {"site": True, "press": False},
    "none": {"site": False, "press": False},
}


def of_event(event):
    """Return the photos its page shows, each with `for_press`; one query."""
    return list(event.photos.shown().with_press().order_by("pk"))


def _photo(code):
    return get_object_or_404(Photo.objects.select_related("event"), code=code)


@public
@require_safe
def photo(request, code, size):
    """Send a picture to who may see it at this moment; nobody keeps it without asking again."""
    found = _photo(code)
    if size not in SHOWN or rules.why_not_see_photo(found, request.user):
        raise Http404
    # What a browser has of it it may show again only after this view was asked: the bytes never change.
    tag = f'"{found.code}-{size}"'
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponseNotModified()
    else:
        answer = HttpResponse(read_photo(found, size), content_type="image/jpeg")
    answer["ETag"], answer["Cache-Control"] = tag, "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


@public
@never_cache
@require_safe
def press_photo(request, code):
    """Send a photo in print size, while everybody in it agrees that the press has it."""
    found = _photo(code)
    if rules.why_not_for_press(found, request.user):
        raise Http404
    return download(read_photo(found, PhotoSize.FULL), f"{found.event.code}-{found.pk}.jpg")


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_photos(request, code):
    """Ask whether she agrees to be shown; she may change it at any time, also after the event."""
    own = Booking.objects.filter(talent__user=request.user.pk)
    booking = get_object_or_404(own.select_related("event", "talent", "photo_answer"), code=code)
    answer = getattr(booking, "photo_answer", None)
    now = {name: bool(answer and getattr(answer, name)) for name in ("site", "press")}
    form = PhotoAnswerForm(request.POST if request.method == "POST" else None, initial=now)
    if form.is_valid() and _answered(request, form, booking):
        return redirect("my_photos", code=booking.code)
    context = {
        "booking": booking,
        "event": booking.event,
        "form": form,
        "answer": answer,
        "why_not": None if answer else rules.why_not_answer_photos(booking, request.user, True),
        "shown": Photo.objects.shown().filter(people__booking=booking),
    }
    status = 422 if form.errors else 200
    return render(request, "events/my_photos.html", context, status=status)


def _answered(request, form, booking):
    try:
        answer = operations.answer_photos(
            booking=booking, by=request.user, now=timezone.now(), **form.cleaned_data
        )
    except DomainError as error:
        error.add_to(form)
        return False
    messages.success(request, _said(answer))
    return True


def _said(answer):
    if answer.site and answer.press:
        return _("已记下：网站和媒体都可以使用有您的照片。随时可以在这里撤回。")
    if answer.site:
        return _("已记下：有您的照片可以在活动页面展示，不供媒体使用。")
    if answer.press:
        return _("已记下：有您的照片可以供媒体使用，不在活动页面展示。")
    return _("已记下：不使用有您的照片。已经展示的，现在已经撤下。")


@needs("events.check_in_booking")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def photographer(request, code):
    """Show who agrees to be shown, for the photographer on paper; note what somebody says on site (POST)."""
    event = at_door(request, code)
    if request.method == "POST" and (refused := _noted(request, event)):
        messages.error(request, str(refused))
    elif request.method == "POST":
        return redirect("photographer", code=event.code)
    rows = event.bookings.active().select_related("talent__unit", "photo_answer")
    rows = [row for row in rows.order_by("place") if row.is_seated]
    context = {
        "event": event,
        "why_not": None if rules.takes_photos(event) else rules.why_no_photos(event),
        "takes_photos": rules.takes_photos(event),
        "rows": [_row(booking, request.user) for booking in rows],
        "site": sum(rules.agrees(row, "site") for row in rows),
        "press": sum(rules.agrees(row, "press") for row in rows),
    }
    return render(request, "events/door_photos.html", context)


def _row(booking, user):
    return {
        "booking": booking,
        "site": rules.agrees(booking, "site"),
        "press": rules.agrees(booking, "press"),
        "is_asked": hasattr(booking, "photo_answer"),
        "may_agree": rules.why_not_answer_photos(booking, user, True) is None,
    }


def _noted(request, event):
    """Note what a woman said to who asked her; returns the DomainError of a refusal, or None."""
    rows = event.bookings.select_related("talent__user", "event")
    booking = get_object_or_404(rows, code=ids.tidy(request.POST.get("code", "")))
    says = ANSWERS.get(request.POST.get("says"), ANSWERS["none"])
    try:
        operations.answer_photos(booking=booking, by=request.user, now=timezone.now(), **says)
    except DomainError as error:
        return error
    done = _("已登记%(name)s的选择。") % {"name": booking.talent.full_name}
    messages.success(request, done)
    return None
