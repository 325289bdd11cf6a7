"""Her points, the services, her vouchers, and the station's desk."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from care_points import operations, seats, sheet, statement, times, versions
from care_points.forms import RedeemForm, SlotForm, UnspentForm, VoucherForm, WordForm
from care_points.models import (
    CareStation,
    Category,
    EarningRule,
    PointsAccount,
    Redemption,
    RedemptionState,
    Service,
)
from kernel import days, qr
from kernel.access import public, signed_in
from kernel.downloads import download
from kernel.errors import DomainError, Invalid
from kernel.public_pages import public_page
from talents.operations import own_record

VOUCHERS = 20  # shown at the top; older ones are reached from their line of the statement


@public
@never_cache
@require_safe
def points(request):
    """Show her balance, vouchers, statement (`?after=<cursor>` pages on) and how to earn."""
    if not request.user.is_authenticated:
        return redirect("services")
    talent = own_record(request.user)
    account = PointsAccount.objects.look_up(talent)
    cursor = request.GET.get("after", "")
    page, now = statement.page(account, request.user, cursor), timezone.now()
    waiting = Redemption.objects.of(request.user).filter(state=RedemptionState.RESERVED)
    waiting = waiting.select_related("station", "appointment")
    waiting = waiting.order_by("appointment__starts_at", "-pk")[: VOUCHERS + 1].with_services()
    context = {
        "talent": talent,
        "account": account,
        "lines": page.rows,
        "more": page.after,
        "first_page": not cursor,
        "vouchers": waiting[:VOUCHERS],
        "more_vouchers": len(waiting) > VOUCHERS,
        "rules": [_told(rule) for rule in EarningRule.objects.active(timezone.localdate())],
        "at_desk": request.user.care_stations.exists(),
    }
    if not cursor and account.balance:
        context |= {
            "validity": sheet.validity(account),
            "why_form": UnspentForm() if operations.may_ask(account, now) else None,
        }
    return render(request, "care_points/points.html", context)


@signed_in
@never_cache
@require_safe
def statement_sheet(request):
    """Show a year of her statement (`?year=`) as a sheet to be printed."""
    account = PointsAccount.objects.look_up(own_record(request.user))
    if account.pk is None:
        return redirect("points")
    found = sheet.sheet(account, request.user, request.GET.get("year", ""), timezone.now())
    context = {
        "sheet": found,
        "account": account,
        "talent": account.talent,
        "validity": sheet.validity(account),
        "now": timezone.now(),
    }
    return render(request, "care_points/sheet.html", context)


@signed_in
@never_cache
@require_safe
def statement_file(request):
    """Send a year of her statement (`?year=`) as a workbook."""
    account = PointsAccount.objects.look_up(own_record(request.user))
    if account.pk is None:
        return redirect("points")
    found = sheet.sheet(account, request.user, request.GET.get("year", ""), timezone.now())
    name = _("积分明细") + f"-{found.year}.xlsx"
    return download(sheet.workbook(found, account, account.talent.full_name), name)


@signed_in
@never_cache
@require_POST
def why_unspent(request):
    """Keep what she says to why she has never used her points; the button beside says "not now"."""
    talent = own_record(request.user)
    answer = "not_now" if "not_now" in request.POST else request.POST.get("answer", "")
    try:
        if talent is None:
            raise operations.why_not_redeem(None, None, 0, timezone.now())
        kept = operations.answer_unspent(
            talent=talent, answer=answer, by=request.user, now=timezone.now()
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        thanks = _("谢谢您告诉我们。")
        quiet = _("好的，不再询问。")
        messages.success(request, quiet if kept.answer == "not_now" else thanks)
    return redirect("points")


def _told(rule):
    """Return a rule with its caps and its validity in words."""
    rule.terms = [*(versions.caps(rule) or [_("不设上限")]), versions.validity(rule)]
    return rule


@public_page
@require_safe
def services(request):
    """Show the catalogue by the policy's five kinds, a service once with all its stations."""
    offered = list(Service.objects.offered())
    kinds = [
        {"kind": kind, "helps": _by_title([s for s in offered if s.category == kind])}
        for kind in Category
    ]
    return render(request, "care_points/services.html", {"kinds": kinds})


def _by_title(services):
    """Return the services in lists of the same title, the cheapest title first."""
    titles = {}
    for service in services:
        titles.setdefault(service.title, []).append(service)
    return list(titles.values())


@public_page
@require_safe
def service(request, pk):
    """Show one service and how to get it; whether she may redeem it now is a hole (care_points.holes)."""
    found = _offered(pk)
    context = {"service": found, "seat": seats.facts(found)}
    return render(request, "care_points/service.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def redeem(request, pk):
    """Show what the redemption will cost her; on POST make it, once for the page's key."""
    talent = own_record(request.user)
    if talent is None:
        messages.info(request, str(operations.why_not_redeem(None, None, 0, timezone.now())))
        return redirect("points")
    form = RedeemForm(request.POST) if request.method == "POST" else SlotForm(request.GET)
    slot = form.slot if form.is_valid() else None
    if request.method == "GET":
        service = _offered(pk)
        if service.by_appointment and slot is None:
            return redirect("service_times", pk=pk)
        return _confirmation(request, service, talent, slot)
    try:
        # Names the service, no more: the operation reads it.
        redemption = _redeem(request.user, talent, Service(pk=pk), form)
    except Service.DoesNotExist:
        raise Http404 from None
    except DomainError as error:
        return _confirmation(request, _offered(pk), talent, slot, error)
    chosen_later = redemption.service is not None and redemption.service.by_case
    return redirect("voucher_time" if chosen_later else "voucher", pk=redemption.pk)


def _offered(pk):
    offered = Service.objects.offered().prefetch_related("station__place__other_hours")
    return get_object_or_404(offered, pk=pk)


def _redeem(user, talent, service, form):
    """Redeem what the confirmation page sent; returns the Redemption or raises a DomainError."""
    if not form.is_valid():
        raise Invalid("page_expired", _("页面已失效，积分没有变动，请再确认一次。"))
    asked = {
        "talent": talent,
        "service": service,
        "idempotency_key": form.cleaned_data["key"],
        "expected_cost": form.cleaned_data["cost"],
        "by": user,
        "now": timezone.now(),
    }
    try:
        return operations.redeem(**asked, slot=form.slot)
    except DomainError as error:
        if error.code != "seat_by_event":
            raise
    # Nothing is written yet: the app of the events books the seat and spends the points, both or neither.
    return seats.seats().redeem(**asked | {"service": _offered(service.pk)})


def _confirmation(request, service, talent, slot, error=None):
    """Render the page that asks her to confirm, or says what stands in the way."""
    now = timezone.now()
    balance = PointsAccount.objects.look_up(talent).balance
    why_not = operations.why_not_redeem(service, talent, balance, now)
    timed = times.chosen(service, talent, slot, now) if service.by_appointment else {}
    why_not = why_not or timed.get("why_not")
    if service.by_event and not why_not:
        why_not = seats.seats().why_not_take(service.event_code, talent, now)
    context = timed | {
        "service": service,
        "form": None if why_not else RedeemForm.for_service(service, slot),
        "why_not": error or why_not,
        "seat": seats.facts(service),
        "balance": balance,
        "after": balance - service.cost,
    }
    status = error.status if error else 200
    return render(request, "care_points/redeem.html", context, status=status)


@signed_in
@never_cache
@require_safe
def voucher(request, pk):
    """Show her voucher with its code large and as a QR code."""
    voucher, now = times.own_voucher(request, pk), timezone.now()
    why_not = operations.why_not_fulfil(voucher, None, now)
    usable = why_not is None or why_not.code == "not_today"  # it is shown as soon as it is hers
    timed = hasattr(voucher, "appointment")
    by_case = voucher.service is not None and voucher.service.by_case
    case = operations.case_of(voucher) if by_case else None
    context = {
        "voucher": voucher,
        "usable": usable,
        "qr": qr.svg(voucher.code) if usable else "",
        "seat": seats.facts(voucher.service) if voucher.service else None,
        "may_cancel": not voucher.by_event and operations.why_not_cancel(voucher, now) is None,
        "case": case,
        "may_choose": by_case
        and operations.why_not_choose(voucher, case, request.user, now) is None,
        "may_move": timed and operations.why_not_move(voucher, request.user, now) is None,
        "terms": timed and times.terms(voucher.appointment, now),
    }
    return render(request, "care_points/voucher.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def cancel(request, pk):
    """Ask, then cancel her voucher and give the points back."""
    voucher, now = times.own_voucher(request, pk), timezone.now()
    if request.method == "POST":
        told = request.POST.get("points", "")
        try:
            ended = operations.cancel_redemption(
                redemption=voucher,
                by=request.user,
                now=now,
                expected_points=int(told) if told.isdecimal() and len(told) < 8 else None,
            )
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _cancelled_words(ended))
            return redirect("points")
    if voucher.by_event or operations.why_not_cancel(voucher, now):
        return redirect("voucher", pk=pk)
    context = {"voucher": voucher, "points": operations.points_back(voucher, now)}
    return render(request, "care_points/cancel.html", context)


def _cancelled_words(voucher):
    """Return what she is told once a voucher of hers is cancelled."""
    if voucher.state == RedemptionState.FORFEITED:
        return _("预约已取消，积分不退。")
    text = ngettext(
        "兑换已取消，%(points)s 积分已退回您的账户。",
        "兑换已取消，%(points)s 积分已退回您的账户。",
        voucher.cost,
    )
    return text % {"points": voucher.cost}


def _desk(request, form, status=200, **extra):
    """Render the desk, for people who stand at one."""
    stations = CareStation.objects.operated_by(request.user)
    if not stations:
        raise PermissionDenied
    today = days.midnight(timezone.now())
    fulfilled = Redemption.objects.filter(station__in=stations, fulfilled_at__gte=today)
    fulfilled = fulfilled.select_related("talent", "station", "fulfilled_by").order_by(
        "-fulfilled_at"
    )
    now = timezone.now()
    context = {
        "stations": stations,
        "form": form,
        "done": fulfilled[:100],
        "today": _today(stations, request.user, now),
        **extra,
    }
    return render(request, "care_points/station.html", context, status=status)


def _today(stations, user, now):
    """Return today's appointments, each with whether she can be marked absent."""
    rows = list(Redemption.objects.today(stations, now)[:200])
    for row in rows:
        row.may_mark_absent = operations.why_not_mark_absent(row, user, now, at_desk=True) is None
    return rows


@signed_in
@never_cache
@require_safe
def station(request):
    """Ask for a voucher's code; list what was fulfilled today."""
    return _desk(request, VoucherForm())


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def station_check(request):
    """Show what the code stands for, to be confirmed; the code travels in the body, not the address."""
    if request.method == "GET":  # the language was switched or the page opened again
        return redirect("station")
    if not CareStation.objects.operated_by(request.user).exists():
        raise PermissionDenied  # before a photo is decoded: that costs memory and time
    form = VoucherForm(request.POST, request.FILES)
    if not form.is_valid():
        return _desk(request, form, status=422)
    try:
        now, code = timezone.now(), form.cleaned_data["code"]
        voucher = operations.find_voucher(code=code, by=request.user, now=now)
        if error := operations.why_not_fulfil(voucher, request.user, now):
            raise error
    except DomainError as error:
        form.add_error("code", str(error))
        return _desk(request, form, status=error.status)
    return render(request, "care_points/station_check.html", {"voucher": voucher})


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def station_fulfil(request):
    """Mark the voucher used."""
    if request.method == "GET":
        return redirect("station")
    form = VoucherForm(request.POST)
    if not form.is_valid():
        return _desk(request, form, status=422)
    try:
        voucher = operations.fulfil(
            code=form.cleaned_data["code"], by=request.user, now=timezone.now()
        )
    except DomainError as error:
        form.add_error("code", str(error))
        return _desk(request, form, status=error.status)
    text = _("已核销：%(name)s，%(points)s 积分。")
    messages.success(request, text % {"name": voucher.talent.masked_name, "points": voucher.cost})
    return redirect("station")


def _at_desk(request, pk):
    """Return a voucher of the reader's stations; 404 for another's, 403 for people who stand at no desk."""
    stations = CareStation.objects.operated_by(request.user)
    if not stations.exists():
        raise PermissionDenied
    rows = Redemption.objects.filter(station__in=stations)
    found = rows.select_related("talent", "station", "appointment__provider")
    return get_object_or_404(found, pk=pk)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def station_absent(request, pk):
    """Ask, then note that she did not come to her appointment."""
    voucher, now = _at_desk(request, pk), timezone.now()
    error = operations.why_not_mark_absent(voucher, request.user, now)
    if request.method == "POST" and not error:
        try:
            operations.mark_absent(redemption=voucher, by=request.user, now=now)
        except DomainError as refused:
            error = refused
        else:
            messages.success(request, _("已登记未到，本人会收到通知。"))
            return redirect("station")
    if error:
        messages.error(request, str(error))
        return redirect("station")
    return render(request, "care_points/station_absent.html", {"voucher": voucher})


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def station_undo(request, pk):
    """Ask why, then take a fulfilment of today back."""
    voucher, now = _at_desk(request, pk), timezone.now()
    form = WordForm(request.POST if request.method == "POST" else None)
    error = operations.why_not_undo(voucher, request.user, now)
    if error:
        messages.error(request, str(error))
        return redirect("station")
    if form.is_valid():
        try:
            operations.undo_fulfilment(
                voucher=voucher, reason=form.cleaned_data["reason"], by=request.user, now=now
            )
        except DomainError as refused:
            refused.add_to(form)
        else:
            messages.success(request, _("已撤回核销，兑换码可以继续使用。"))
            return redirect("station")
    status = 422 if form.errors else 200
    context = {"voucher": voucher, "form": form}
    return render(request, "care_points/station_undo.html", context, status=status)
