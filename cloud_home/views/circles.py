"""The first page, circles, and threads of events."""

from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cloud_home import operations, rules, showing
from cloud_home.models import Ask, Circle, CircleKind, Membership, Topic
from cloud_home.models.circles import BY_NAME
from cloud_home.models.posts import LIVELIEST_FIRST
from cloud_home.views.inside import NO_INDEX, inside, press
from events.models import Event
from kernel.access import signed_in
from talents.operations import own_record

PAGE = 20
MOST_CIRCLES = 30


@signed_in
@never_cache
@require_safe
def home(request):
    """Show what is new in her circles; who may not come in reads why, and what would change it."""
    if why_not := rules.why_not_enter(request.user):
        response = render(request, "cloud_home/closed.html", {"why_not": why_not})
    else:
        response = render(request, "cloud_home/home.html", _home(request))
    response["X-Robots-Tag"] = NO_INDEX
    return response


def _home(request):
    user = request.user
    joined = list(Circle.objects.readable_by(user).joined_by(user).order_by("name")[:MOST_CIRCLES])
    topics = Topic.objects.visible_to(user).listed()
    everything = request.GET.get("all") == "1" or not joined
    if not everything:
        topics = topics.filter(circle__in=[circle.pk for circle in joined])
    page = LIVELIEST_FIRST.page(topics.with_authors(), request.GET.get("after", ""), PAGE)
    return {
        "joined": joined,
        "everything": everything,
        "rows": showing.topic_rows(page.rows),
        "after": page.after,
        "asked": Ask.objects.put_to(user).waiting().count(),
    }


@inside
@require_safe
def circles(request):
    """Show the circles there are, each with how many belong to it."""
    rows = Circle.objects.visible_to(request.user).standing().exclude(kind=CircleKind.EVENT)
    page = BY_NAME.page(
        rows.annotate(members=Count("memberships")), request.GET.get("after", ""), PAGE
    )
    own = Membership.objects.filter(user=request.user, circle__in=[c.pk for c in page.rows])
    context = {
        "circles": page.rows,
        "after": page.after,
        "joined": set(own.values_list("circle", flat=True)),
    }
    return render(request, "cloud_home/circles.html", context)


def seen(request, code):
    """Return the circle if the reader may know of it; 404 otherwise."""
    rows = Circle.objects.visible_to(request.user).select_related("event", "department")
    return get_object_or_404(rows, code=code)


@inside
@require_safe
def circle(request, code):
    """Show a circle and its topics, the one written in last first."""
    found, user = seen(request, code), request.user
    topics = Topic.objects.visible_to(user).listed().filter(circle=found).with_authors()
    page = LIVELIEST_FIRST.page(topics, request.GET.get("after", ""), PAGE)
    names = found.memberships.filter(is_moderator=True).select_related("user")
    why_not_read = rules.why_not_read(found, user)
    context = {
        "circle": found,
        "rows": showing.topic_rows(page.rows),
        "after": page.after,
        "members": found.memberships.count(),
        # Of a sensitive subject even who keeps order says something of her.
        "moderators": [] if why_not_read else [membership.user.full_name for membership in names],
        "membership": found.memberships.filter(user=user).first(),
        "why_not_join": rules.why_not_join(found, user),
        "why_not_read": why_not_read,
        "why_not_write": rules.why_not_write(found, user, timezone.now()),
        "manages": found.is_managed_by(user),
    }
    return render(request, "cloud_home/circle.html", context)


@inside
@require_POST
def join(request, code):
    """Join a circle."""
    found, now = seen(request, code), timezone.now()
    press(request, operations.join_circle, _("已加入，可以发言了。"), circle=found, now=now)
    return redirect(found)


@inside
@require_POST
def leave(request, code):
    """Leave a circle."""
    found, now = seen(request, code), timezone.now()
    done = _("已退出圈子，您写过的内容仍然保留。")
    press(request, operations.leave_circle, done, circle=found, now=now)
    return redirect(found)


@inside
@require_POST
def follow(request, code):
    """Hear of new topics of a circle, or not."""
    found, on = seen(request, code), request.POST.get("on") == "1"
    done = _("新话题会写进摘要。") if on else _("新话题不再写进摘要。")
    press(request, operations.follow_circle, done, circle=found, on=on)
    return redirect(found)


@inside
@require_http_methods(["GET", "HEAD", "POST"])
def event_circle(request, code):
    """Lead to the thread of an event; the first who comes with a seat opens it."""
    events = Event.objects.seen_by(request.user, own_record(request.user))
    event = get_object_or_404(events, code=code, sensitive_topic=False)
    if found := Circle.objects.readable_by(request.user).filter(event=event).first():
        return redirect(found)
    why_not = rules.why_not_open_event(event, request.user, timezone.now())
    if why_not and why_not.code == "no_thread":
        raise Http404
    if request.method == "POST":
        opened = press(request, operations.open_event_circle, "", event=event, now=timezone.now())
        return redirect("new_topic", opened.code) if opened else redirect(event)
    context = {"event": event, "why_not": why_not}
    return render(request, "cloud_home/event_circle.html", context)
