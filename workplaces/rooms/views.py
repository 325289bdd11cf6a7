"""Mothers' rooms for everybody, near her or by words; its own for the contact of a unit; what a woman found."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from kernel.access import needs, public, signed_in
from kernel.devices import asks_position
from kernel.errors import DomainError
from kernel.keyset import Keyset
from kernel.public_pages import public_page
from places import near
from places import operations as places
from workplaces.rooms import operations, rules, shown
from workplaces.rooms.forms import (
    DaysForm,
    NearForm,
    ReportForm,
    RoomForm,
    SearchForm,
    WithdrawForm,
)
from workplaces.rooms.models import KEEP, Room, RoomReport

FRESH_FIRST = Keyset(("-checked_on", "-id"))
PAGE = 20
CIRCLES = (1_000, 5_000, 50_000)  # metres: the first with enough in it is shown
ENOUGH, MOST = 8, 30


# --- everybody -------------------------------------------------------------------------------------
def _listed():
    rows = Room.objects.shown().select_related("place", "unit", "tier")
    return rows.prefetch_related("place__other_hours")


def _found(asked):
    rows = _listed()
    if words := asked["q"].strip():
        rows = rows.filter(
            Q(place__name__icontains=words)
            | Q(place__address__icontains=words)
            | Q(unit__name__icontains=words)
        )
    return rows if asked["inside"] else rows.filter(is_public=True)


@public_page
@require_safe
def rooms(request):
    """List the rooms that are shown, narrowed by words; those for their own unit alone only when asked for."""
    form = SearchForm(request.GET)
    rows = _found(form.cleaned_data) if form.is_valid() else Room.objects.none()
    page = FRESH_FIRST.page(rows, request.GET.get("after", ""), PAGE)
    shown.with_tiers(page.rows, timezone.localdate())
    asked = any(request.GET.get(name) for name in form.fields)
    context = {"form": form, "page": page, "asked": asked}
    return render(request, "workplaces/rooms/list.html", context)


@public
@never_cache
@sensitive_post_parameters()
@asks_position
@require_http_methods(["GET", "HEAD", "POST"])
def rooms_near(request):
    """Ask the phone where it is; POST answers with what is near. The position is in no address, log, row or cache."""
    form = NearForm(request.POST if request.method == "POST" else None)
    found = near_her(**form.cleaned_data) if form.is_valid() else None
    status = 422 if form.errors else 200
    context = {"form": form, "rooms": found, "failed": bool(form.errors)}
    return render(request, "workplaces/rooms/near.html", context, status=status)


def near_her(latitude, longitude):
    """Return the rooms open to the public near what a phone says (WGS-84), nearest first, each with `away` in words."""
    position = near.as_maps_have_it(latitude, longitude)
    rows = _listed().filter(is_public=True)
    for metres in CIRCLES:
        found = list(near.nearest(rows, *position, metres, to="place__")[:MOST])
        if len(found) >= ENOUGH:
            break
    for room in shown.with_tiers(found, timezone.localdate()):
        room.away = near.metres_text(room.metres)
    return found


@public_page
@require_safe
def room(request, pk):
    """Show one room: hours, how one gets in, its tier and what the last visit found."""
    found, today = get_object_or_404(_listed(), pk=pk), timezone.localdate()
    visit = found.visits.first()
    context = {
        "room": found,
        "tier": found.tier_on(today),
        "met": visit.met,
    }
    return render(request, "workplaces/rooms/room.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_room(request, pk):
    """Take what she found at a room; what she said before can be taken back."""
    found, by = get_object_or_404(_listed(), pk=pk), request.user
    hers = RoomReport.objects.filter(room=found, by=by, ended_at=None).first()
    if request.method == "POST" and hers and "take_back" in request.POST:
        operations.take_back_report(report=hers, by=by, now=timezone.now())
        messages.success(request, _("已撤回。"))
        return redirect("report_room", found.pk)
    form = ReportForm(request.POST if request.method == "POST" and not hers else None)
    if form.is_valid():
        given = {"room": found, "by": by, "now": timezone.now()} | form.cleaned_data
        if _done(form, operations.report_room, **given):
            messages.success(request, _("谢谢，已转给核查的工作人员；他们和单位都看不到您是谁。"))
            return redirect(found)
    why_not = None if hers else rules.why_not_report(found, by)
    context = {"room": found, "form": form, "hers": hers, "why_not": why_not}
    status = 422 if form.errors else 200
    return render(request, "workplaces/rooms/report.html", context, status=status)


def _done(form, operation, **given):
    """Carry out an operation; None where it was refused, which then stands in the form."""
    try:
        return operation(**given)
    except DomainError as error:
        error.add_to(form)
        return None


# --- the contact of a unit -------------------------------------------------------------------------
def _own(request, pk):
    rows = Room.objects.of_contact(request.user).select_related("place__unit", "unit", "tier")
    return get_object_or_404(rows, pk=pk)


def _form_page(request, form, **context):
    status = 422 if form.errors else 200
    return render(request, "workplaces/rooms/form.html", context | {"form": form}, status=status)


@needs(KEEP)
@never_cache
@require_safe
def my_rooms(request):
    """List the rooms of the contact's unit."""
    rows = Room.objects.of_contact(request.user).select_related("place", "tier")[:100]
    today = timezone.localdate()
    context = {
        "rows": [(row, shown.standing(row, today)) for row in rows],
        "why_not": rules.why_not_keep(request.user.unit, request.user),
    }
    return render(request, "workplaces/rooms/mine.html", context)


@needs(KEEP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_room(request):
    """Take an application for the contact's unit."""
    unit, form = request.user.unit, RoomForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = {"unit": unit, "values": form.values, "by": request.user, "now": timezone.now()}
        if made := _done(form, operations.save_room, **given):
            messages.success(request, _("已申请，工作人员会来核查，通过后公布。"))
            return redirect("my_room", made.pk)
    why_not = rules.why_not_keep(unit, request.user)
    return _form_page(request, form, title=_("申请妈咪小屋"), why_not=why_not)


@needs(KEEP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_room(request, pk):
    """Take a correction."""
    found = _own(request, pk)
    form = RoomForm(request.POST if request.method == "POST" else None, room=found)
    if form.is_valid():
        given = {"room": found, "values": form.values, "by": request.user, "now": timezone.now()}
        if _done(form, operations.save_room, **given):
            messages.success(request, _("已保存。"))
            return redirect("my_room", found.pk)
    return _form_page(request, form, title=_("修改妈咪小屋"), room=found)


@needs(KEEP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def room_days(request, pk):
    """Take days on which it is closed or open at other hours."""
    found, form = _own(request, pk), DaysForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = {"place": found.place, "by": request.user, "now": timezone.now()}
        if _done(form, places.add_other_hours, **given, **form.cleaned_data):
            messages.success(request, _("已登记，读者马上会看到。"))
            return redirect("my_room", found.pk)
    return _form_page(request, form, title=_("登记例外的日子"), room=found)


@needs(KEEP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_room(request, pk):
    """Ask why, then take a room off."""
    found = _own(request, pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = {"room": found, "by": request.user, "now": timezone.now()} | form.cleaned_data
        if _done(form, operations.withdraw_room, **given):
            messages.success(request, _("已撤下，页面上不再显示。"))
            return redirect("my_room", found.pk)
    why_not = rules.why_not_withdraw(found, request.user)
    return _form_page(request, form, title=_("撤下妈咪小屋"), room=found, why_not=why_not)


def _taken_up(found, by, now, _number):
    operations.take_up_room(room=found, by=by, now=now)


def _as_usual(found, by, now, number):
    other = get_object_or_404(found.place.other_hours, pk=number)
    places.drop_other_hours(other=other, by=by, now=now)


ACTS = {
    "take_up": (_taken_up, gettext_lazy("已重新申请。")),
    "usual": (_as_usual, gettext_lazy("这几天恢复为每周的开放时间。")),
}


def _acted(request, found):
    act, __, number = request.POST.get("act", "").partition("-")
    if act not in ACTS or (number and not (number.isdecimal() and len(number) < 19)):
        raise Http404
    do, done = ACTS[act]
    try:
        do(found, request.user, timezone.now(), number or 0)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(done))


@needs(KEEP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_room(request, pk):
    """Show a room of the contact's unit, its visits and exceptions; POST takes up again, takes an exception back."""
    found, today = _own(request, pk), timezone.localdate()
    if request.method == "POST":
        _acted(request, found)
        return redirect("my_room", found.pk)
    context = {
        "room": found,
        "standing": shown.standing(found, today),
        "tier": found.tier_on(today),
        "visits": found.visits.select_related("tier", "corrects").prefetch_related("corrected_by")[
            :20
        ],
        "others": found.place.other_hours.filter(last_day__gte=today),
        "may_take_up": rules.why_not_take_up(found, request.user) is None,
        "may_withdraw": rules.why_not_withdraw(found, request.user) is None,
        "reports": found.reports.filter(ended_at=None),
    }
    return render(request, "workplaces/rooms/own.html", context)
