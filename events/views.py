"""Event pages: list, one event, booking, her own bookings, calendar file."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import (
    calendar_file,
    materials,
    month_view,
    openings,
    operations,
    photos,
    qr,
    rules,
    seat_counts,
    share_pictures,
    speaking,
    structured,
)
from events.forms import AbsenceForm, BookingForm, ChildrenForm
from events.listing import EventFilter
from events.models import (
    LATEST_FIRST,
    NEWEST_FIRST,
    NEXT_FIRST,
    Booking,
    BookingHold,
    Event,
    FeedbackGiven,
    PaidSeat,
    Series,
    SharePicture,
    Speaker,
)
from events.standing import offer, standing
from kernel import holes
from kernel.access import public, signed_in
from kernel.errors import DomainError
from kernel.public_pages import public_page
from kernel.share_pictures import answer
from kernel.words import span_text
from talents.codes import Discipline
from talents.operations import own_record
from talents.standing import why_not_take_part

PAGE = 20
MORE = ("place", "series", "discipline", "region", "mode")  # what is not chosen from at first sight
MOST_COMING = 60  # of one series
# What is said when she gave back what she held in this state.
GIVEN_BACK = {
    "waitlisted": gettext_lazy("已退出候补。"),
    "pending": gettext_lazy("已撤回报名。"),
    "offered": gettext_lazy("已放弃席位，席位已经让出。"),
}
GIVEN = FeedbackGiven.objects.filter(booking=OuterRef("pk"))
MAP = "https://uri.amap.com/search"


@public_page
@require_safe
def events(request):
    """Show what is coming, next first; `?after=<cursor>` pages on."""
    now = timezone.now()
    narrowed, coming = EventFilter(request.GET, now=now), Event.objects.upcoming(now).listed()
    found = narrowed.apply(coming).select_related("series")
    page = NEXT_FIRST.page(found, request.GET.get("after", ""), PAGE)
    context = {
        "events": page.rows,
        "filter": narrowed,
        "kept": narrowed.kept("q"),
        "choices": (choices := narrowed.choices(coming)),
        "more": [(label, offered) for label, offered in choices[3:] if offered],
        "more_chosen": not narrowed.chosen.keys().isdisjoint(MORE),
        "after": page.after,
    }
    return render(request, "events/list.html", context)


@public_page
@require_safe
def past_events(request):
    """Show what was, the latest first; `?after=<cursor>` pages on."""
    past = Event.objects.past(timezone.now()).listed()
    page = LATEST_FIRST.page(past, request.GET.get("after", ""), PAGE)
    return render(request, "events/past.html", {"events": page.rows, "after": page.after})


@signed_in
@never_cache
@require_safe
def for_me(request):
    """Show what she may book now, with the reasons why it suits her; what would open more where she has no record."""
    talent, now = own_record(request.user), timezone.now()
    why_not = why_not_take_part(talent)
    rows = [] if why_not else openings.open_to(talent, request.user, now)
    context = {
        "rows": [(event, why, offer(event, now)) for event, why in rows],
        "why_not": why_not,
    }
    return render(request, "events/for_me.html", context)


@public_page
@require_safe
def month(request):
    """Show a month as a table of its days; `?month=2026-12` names it."""
    now = timezone.now()
    asked = month_view.MonthForm(request.GET).asked(now)
    weeks = month_view.weeks(Event.objects.published().listed(), asked, now)
    context = {
        "month": asked,
        "weeks": weeks,
        "any": any(cell.events for week in weeks for cell in week if cell.inside),
        "steps": month_view.beside(asked, now),
    }
    return render(request, "events/month.html", context)


@public_page
@require_safe
def series(request, code):
    """Show a series: what it is, its events to come and those it had; `?after=<cursor>` pages the past on."""
    found = get_object_or_404(Series.objects.public().select_related("department"), code=code)
    now, events = timezone.now(), Event.objects.filter(series=found).listed()
    past = LATEST_FIRST.page(events.past(now), request.GET.get("after", ""), PAGE)
    context = {
        "series": found,
        "coming": events.upcoming(now)[:MOST_COMING],
        "past": past.rows,
        "after": past.after,
    }
    return render(request, "events/series.html", context)


@public
@require_safe
def event(request, code):
    """Show one event: a public one as rendered for everybody, another to those who may know of it."""
    try:
        return public_event(request, code)
    except Http404:
        return _private_event(request, code)


@public_page
@require_safe
def public_event(request, code):
    """Show a public event; its seats and what the reader can do about it are holes (events.holes)."""
    events = Event.objects.public().select_related("department", "series", "share_picture")
    event = get_object_or_404(events.defer("share_picture__content"), code=code)
    return _event_page(request, event)


@never_cache
def _private_event(request, code):
    event = seen(request, code)
    response = _event_page(request, event)
    response.content = holes.cut(response.content).fill(request)
    return response


def seen(request, code):
    """Return the event if the reader may know of it; 404 otherwise, as for a code nobody gave out."""
    events = Event.objects.seen_by(request.user, own_record(request.user))
    return get_object_or_404(events.select_related("department", "series"), code=code)


@signed_in
@require_safe
def invited_event(request, code):
    """Lead whom a letter invites to the event, after signing in where she has to."""
    return redirect(seen(request, code))


def _event_page(request, event):
    is_on = not (event.is_cancelled or event.is_over(timezone.now()))
    sessions = speaking.agenda_of(event)
    speakers = speaking.speakers_of(sessions)
    picture = share_pictures.address(event)
    context = {
        "event": event,
        "agenda": speaking.by_day(sessions),
        "speakers": speakers,
        "is_on": is_on,
        "map_address": _map_address(event),
        "whom": rules.whom(event),
        "share_picture": picture,
        "structured": structured.described(event, speakers, picture) if event.is_public else "",
        "disciplines": [Discipline(code).label for code in event.disciplines],
        "photos": photos.of_event(event),
        **_materials(event),
    }
    return render(request, "events/event.html", context)


def _materials(event):
    """Return the materials where everybody may read them all; else that there are some: a hole knows its reader."""
    found = materials.of_event(event)
    for_all = all(one.is_for_everybody for one in found)
    return {
        "materials": [(one, None) for one in found if for_all],
        "held": bool(found) and not for_all,
    }


def _map_address(event):
    """Return the address of a map that looks for the venue; a phone opens its own map with it."""
    return f"{MAP}?{urlencode({'keyword': f'{event.address} {event.venue}', 'city': '重庆'})}"


@signed_in
@require_POST
def book(request, code):
    """Book the event for the signed-in talent, then show the event again with what came of it."""
    # May be old: the operation sees to it that what it rests on is still so, under the event's lock.
    event = seat_counts.known(code)
    if event is None or not event.is_public:
        event = seen(request, code)
    form, talent = BookingForm(request.POST), own_record(request.user)
    try:
        booking = form.book(event=event, talent=talent, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        _say_booked(request, booking)
        if booking.is_active:
            say_moved(request, booking.event)
    return redirect(event)


def say_moved(request, event):
    """Tell her when and where the event is now, where the page she pressed on (its field `shown`) said otherwise."""
    if request.POST.get("shown", event.when_and_where) != event.when_and_where:
        sentence = _(
            "您打开页面以后，活动的时间或地点有变：现为%(span)s，%(place)s。不能参加请及时取消。"
        )
        facts = {"span": span_text(event.starts_at, event.ends_at), "place": event.place}
        messages.warning(request, sentence % facts)


def _say_booked(request, booking):
    if booking.is_seated:
        messages.success(request, _("报名成功，已为您保留席位。") + _how(booking.event))
    elif booking.is_pending:
        messages.success(request, _("报名已提交，审核结果会通知您。"))
    elif booking.is_offered:
        messages.success(request, _("有一个席位正为您保留，请确认是否参加。"))
    elif booking.is_waitlisted:
        sentence = _("席位已满，已为您保留第 %(rank)s 位候补，席位空出时会通知您。")
        messages.success(request, sentence % {"rank": booking.queue_rank()})
    elif booking.is_called_off:
        messages.error(
            request, str(rules.why_not_book(booking.event, booking.talent, timezone.now()))
        )
    else:
        messages.warning(request, _("这次报名之前已经结束；如需参加，请重新报名。"))


def _how(event):
    """Say how she takes part."""
    if event.is_online:
        return _("参加链接在活动开始前半小时出现在本页。")
    return _("到场时请出示签到码。") if event.has_door else _("到时间直接去，不用签到。")


def own_booking(request, code):
    """Return the reader's own booking of that code, or answer 404."""
    own = Booking.objects.filter(talent__user=request.user.pk).select_related("event", "talent")
    return get_object_or_404(own, code=code)


@signed_in
@require_POST
def accept(request, code):
    """Take the seat that was kept for her, then show the event."""
    booking = own_booking(request, code)
    try:
        operations.accept_offer(booking=booking, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("席位已确认。") + _how(booking.event))
        say_moved(request, booking.event)
    return redirect(booking.event)


@signed_in
@require_POST
def change_childcare(request, code):
    """Ask for childcare, for more or fewer children, or give it up; then show the event."""
    booking, form = own_booking(request, code), ChildrenForm(request.POST)
    children = form.cleaned_data["children"] if form.is_valid() else booking.children
    try:
        booking = operations.change_childcare(
            booking=booking, children=children, by=request.user, now=timezone.now()
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _childcare_words(booking))
    return redirect(booking.event)


def _childcare_words(booking):
    if not booking.children:
        return _("不需要托管，已更新。")
    if booking.has_childcare:
        return _("已为您的 %(n)s 个孩子安排托管。") % {"n": booking.children}
    return _("托管人数已更新，有名额会按报名先后安排并通知您。")


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def explain(request, code):
    """Ask her why she did not come; who says so counts as excused."""
    booking = own_booking(request, code)
    form = AbsenceForm(request.POST if request.method == "POST" else None)
    why_not = rules.why_not_explain(booking, timezone.now())
    if form.is_valid() and _explained(request, form, booking):
        messages.success(request, _("已记为请假，谢谢您的说明。"))
        return redirect("my_bookings")
    context = {"booking": booking, "form": form, "why_not": why_not}
    return render(request, "events/explain.html", context, status=422 if form.errors else 200)


def _explained(request, form, booking):
    try:
        operations.explain_absence(
            booking=booking, by=request.user, now=timezone.now(), **form.cleaned_data
        )
    except DomainError as error:
        error.add_to(form)
        return False
    return True


@signed_in
@never_cache
@require_safe
def my_bookings(request):
    """Show her bookings: seats she is asked about, the next one with its QR code, the others, and what is past."""
    now = timezone.now()
    own = Booking.objects.filter(talent__user=request.user.pk).select_related("event")
    coming = list(own.coming(now).with_queue_rank())
    over = own.past_or_cancelled(now).annotate(given=Exists(GIVEN))
    past = NEWEST_FIRST.page(over, request.GET.get("after", ""), PAGE)
    for booking in past.rows:
        booking.is_asked = rules.may_still_answer(booking, now, given=booking.given)
    first = next((booking for booking in coming if booking.has_seat), None)
    context = {
        "first": first,
        "first_qr": qr.svg(first) if first else "",
        "name": request.user.get_full_name(),
        "may_cancel": first and rules.why_not_cancel(first, now) is None,
        "asked": [b for b in coming if b.is_offered],
        "parts": speaking.parts_of(request.user, now),
        "coming": [b for b in coming if b is not first and not b.is_offered],
        "past": past.rows,
        "after": past.after,
        "holds": BookingHold.objects.of_reader(request.user, now),
        "now": now,
    }
    return render(request, "events/mine.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, code):
    """Ask before a booking is cancelled, then cancel it."""
    booking = own_booking(request, code)
    if request.method != "POST":
        now = timezone.now()
        why_not = rules.why_not_cancel(booking, now)
        paid = _paid(booking)
        lost = paid and rules.is_too_late(paid, booking.event, now)
        context = {"booking": booking, "why_not": why_not, "paid": paid, "lost": lost}
        return render(request, "events/cancel.html", context)
    try:
        operations.cancel_booking(booking=booking, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        _say_given_back(request, booking)
    return redirect(booking.event)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_speaking(request, number):
    """Ask before she takes her name off a session, then take it off."""
    hers = Speaker.objects.filter(talent__user=request.user.pk)
    part = get_object_or_404(hers.select_related("session__event", "talent"), pk=number)
    if request.method != "POST":
        why_not = rules.why_not_leave_session(part, timezone.now())
        return render(request, "events/stop_speaking.html", {"part": part, "why_not": why_not})
    try:
        operations.leave_session(speaker=part, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已从议程撤下您的名字，并通知了主办方。"))
    return redirect("my_bookings")


def _paid(booking):
    """Return the PaidSeat of a booking with its voucher; None where the seat was free."""
    if not booking.event.points_only:
        return None
    return PaidSeat.objects.select_related("redemption").filter(booking=booking).first()


def _points_said(booking):
    """Say what became of the points a seat was had for; "" where it was free."""
    paid = _paid(booking)
    if paid is None:
        return ""
    points = paid.redemption.cost
    if paid.redemption.state == "forfeited":
        sentence = ngettext("%(n)s 积分不退。", "%(n)s 积分不退。", points)
    else:
        sentence = ngettext("%(n)s 积分已退回账户。", "%(n)s 积分已退回账户。", points)
    return sentence % {"n": points}


def _say_given_back(request, booking):
    done = GIVEN_BACK.get(booking.state, _("已取消报名，席位已经让出。")) + _points_said(booking)
    event = Event.objects.get(
        pk=booking.event_id
    )  # as it is now: the next may have the seat already
    messages.success(request, done + _again(event, request.user))


def _again(event, user):
    """Say what she can do who changes her mind, as the event's page offers it to her."""
    case = standing(event=event, user=user, now=timezone.now()).case
    if case == "full" and not event.needs_approval:
        return _("改变主意的话，可以在这里重新候补。")
    return _("改变主意的话，可以在这里重新报名。") if case in ("open", "full") else ""


@public
@require_safe
def calendar(request, code):
    """Offer an event as a calendar file."""
    event = seen(request, code)
    content = calendar_file.content(event, request.build_absolute_uri(event.get_absolute_url()))
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="event-{event.code}.ics"'
    return response


@public
@require_safe
def share_picture(request, code, mark):
    """Send the picture of a public event to whoever asks; 404 for any other event, and for what it said before."""
    found = SharePicture.objects.filter(event__in=Event.objects.public().filter(code=code))
    picture = get_object_or_404(found.exclude(drawn_at=None), mark=mark)
    return answer(request, picture, "image/png")
