"""Stories as everybody reads them, their photos, and how they are counted."""

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from events.models import Event, Series
from kernel.access import public, signed_in
from kernel.errors import DomainError
from kernel.keyset import Keyset
from kernel.photo_sizes import PhotoSize
from kernel.public_pages import public_page
from kernel.share_pictures import answer as share_answer
from role_models import operations, rules, share_pictures
from role_models.listing import StoryFilter
from role_models.models import Story, StoryPhoto
from role_models.structured import described

NEWEST = Keyset(("-published_at", "-id"))
PAGE = 12
MOST_EVENTS = 6
SIZES = (PhotoSize.SMALL, PhotoSize.LARGE)


@public_page
@require_safe
def stories(request):
    """Show the stories, the newest first; `?after=<cursor>` pages on."""
    narrowed, shown = StoryFilter(request.GET), Story.objects.shown()
    found = narrowed.apply(shown).with_words().with_cover()
    page = NEWEST.page(found, request.GET.get("after", ""), PAGE)
    choices = [(label, offered) for label, offered in narrowed.choices(shown) if offered]
    context = {
        "stories": page.rows,
        "after": page.after,
        "chosen": narrowed.chosen,
        "choices": choices[:1],
        "more": choices[1:],
        "more_chosen": not narrowed.chosen.keys().isdisjoint({"discipline", "series", "month"}),
    }
    return render(request, "role_models/list.html", context)


@public_page
@require_safe
def story(request, code):
    """Show one story."""
    rows = (
        Story.objects.shown()
        .with_words()
        .with_cover()
        .select_related("series", "department", "award__honour", "share_picture")
        .defer("share_picture__content")
    )
    found = get_object_or_404(rows, code=code)
    version = found.published
    if version is None:
        raise Http404
    image = share_pictures.address(found)
    others = Story.objects.shown().exclude(pk=found.pk).with_words().with_cover()
    context = {
        "story": found,
        "version": version,
        "photos": found.seen,
        "image": image,
        "structured": described(found, version, image),
        "others": others.order_by("-published_at", "-pk")[:3],
    }
    return render(request, "role_models/story.html", context)


@public_page
@require_safe
def story_series(request, code):
    """Show a series: its stories, and its events to come and past."""
    found = get_object_or_404(Series.objects.public().select_related("department"), code=code)
    now, events = timezone.now(), Event.objects.filter(series=found).listed()
    rows = Story.objects.shown().filter(series=found).with_words().with_cover()
    page = NEWEST.page(rows, request.GET.get("after", ""), PAGE)
    context = {
        "series": found,
        "stories": page.rows,
        "after": page.after,
        "coming": events.upcoming(now)[:MOST_EVENTS],
        "past": events.past(now).order_by("-starts_at", "-pk")[:MOST_EVENTS],
    }
    return render(request, "role_models/series.html", context)


@public
@require_safe
def story_photo(request, code, size):
    """Send a picture to who may see it at this moment; nobody keeps it without asking again."""
    found = get_object_or_404(
        StoryPhoto.objects.select_related("story__talent", "story__award"), code=code
    )
    if size not in SIZES or rules.why_not_see_photo(found, request.user):
        raise Http404
    # What a browser has of it it may show again only after this view was asked: the bytes never change.
    tag = f'"{found.code}-{size}"'
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponseNotModified()
    else:
        answer = HttpResponse(operations.read_photo(found, size), content_type="image/jpeg")
    answer["ETag"], answer["Cache-Control"] = tag, "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


@public
@require_safe
def story_share_picture(request, code, mark):
    """Send the picture of a shown story to whoever asks; 404 for any other, and for what it said or showed before.

    What is true is asked of the story itself each time, whatever lies in the table.
    """
    rows = Story.objects.shown().with_words().with_cover().select_related("award", "share_picture")
    found = get_object_or_404(rows, code=code, share_picture__mark=mark)
    if share_pictures.mark(found) != mark:
        raise Http404
    return share_answer(request, found.share_picture, "image/jpeg")


@csrf_exempt  # it carries nothing and changes nothing of anybody's; the page is the same for all, without a token
@public
@require_POST
def story_read(request, code):
    """Count one reader. Only a page of this site says so: nobody's cookie or address is looked at."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise Http404
    found = get_object_or_404(Story.objects.shown(), code=code)
    try:
        operations.count_reader(story=found, now=timezone.now())
    except DomainError as error:
        raise Http404 from error
    return HttpResponse(status=204)


@signed_in
@never_cache
@require_safe
def story_preview(request, code):
    """Show the newest words of a story as they will stand, to her and to who looks after it."""
    found = get_object_or_404(
        Story.objects.select_related("talent", "series", "department", "award__honour"), code=code
    )
    if rules.why_not_see(found, request.user):
        raise Http404
    version = found.working or found.published
    context = {"story": found, "version": version, "photos": found.photos.filter(hidden_at=None)}
    return render(request, "role_models/preview.html", context)
