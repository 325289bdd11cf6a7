"""Her points, the services, her vouchers, and the station's desk."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from care_points import operations, statement
from care_points.forms import RedeemForm, VoucherForm
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
    page = statement.page(account, request.user, cursor)
    waiting = Redemption.objects.of(request.user).filter(state=RedemptionState.RESERVED)
    waiting = list(waiting.select_related("service__station")[: VOUCHERS + 1])
    context = {
        "talent": talent,
        "account": account,
        "lines": page.rows,
        "more": page.after,
        "first_page": not cursor,
        "vouchers": waiting[:VOUCHERS],
        "more_vouchers": len(waiting) > VOUCHERS,
        "rules": EarningRule.objects.active(timezone.localdate()),
        "at_desk": request.user.care_stations.exists(),
    }
    return render(request, "care_points/points.html", context)


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
    return render(request, "care_points/service.html", {"service": _offered(pk)})


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def redeem(request, pk):
    """Show what the redemption will cost her; on POST make it, once for the page's key."""
    talent = own_record(request.user)
    if talent is None:
        messages.info(request, str(operations.why_not_redeem(None, None, 0, timezone.now())))
        return redirect("points")
    if request.method == "GET":
        return _confirmation(request, _offered(pk), talent)
    try:
        # Names the service, no more: the operation reads it.
        redemption = _redeem(request.user, talent, Service(pk=pk), RedeemForm(request.POST))
    except Service.DoesNotExist:
        raise Http404 from None
    except DomainError as error:
        return _confirmation(request, _offered(pk), talent, error)
    return redirect("voucher", pk=redemption.pk)


def _offered(pk):
    return get_object_or_404(Service.objects.offered(), pk=pk)


def _redeem(user, talent, service, form):
    """Redeem what the confirmation page sent; returns the Redemption or raises a DomainError."""
    if not form.is_valid():
        raise Invalid("page_expired", _("页面已失效，积分没有变动，请再确认一次。"))
    return operations.redeem(
        talent=talent,
        service=service,
        idempotency_key=form.cleaned_data["key"],
        expected_cost=form.cleaned_data["cost"],
        by=user,
        now=timezone.now(),
    )


def _confirmation(request, service, talent, error=None):
    """Render the page that asks her to confirm, or says what stands in the way."""
    balance = PointsAccount.objects.look_up(talent).balance
    why_not = operations.why_not_redeem(service, talent, balance, timezone.now())
    context = {
        "service": service,
        "form": None if why_not else RedeemForm.for_service(service),
        "why_not": error or why_not,
        "balance": balance,
        "after": balance - service.cost,
    }
    status = error.status if error else 200
    return render(request, "care_points/redeem.html", context, status=status)


def _own_voucher(request, pk):
    own = Redemption.objects.of(request.user).select_related("service__station__place", "talent")
    return get_object_or_404(own, pk=pk)


@signed_in
@never_cache
@require_safe
def voucher(request, pk):
    """Show her voucher with its code large and as a QR code."""
    voucher = _own_voucher(request, pk)
    usable = operations.why_not_fulfil(voucher, None, timezone.now()) is None
    context = {
        "voucher": voucher,
        "usable": usable,
        "qr": qr.svg(voucher.code) if usable else "",
        "may_cancel": operations.why_not_cancel(voucher) is None,
    }
    return render(request, "care_points/voucher.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def cancel(request, pk):
    """Ask, then cancel her voucher and give the points back."""
    voucher = _own_voucher(request, pk)
    if request.method == "POST":
        try:
            operations.cancel_redemption(redemption=voucher, by=request.user, now=timezone.now())
        except DomainError as error:
            messages.error(request, str(error))
        else:
            text = ngettext(
                "兑换已取消，%(points)s 积分已退回您的账户。",
                "兑换已取消，%(points)s 积分已退回您的账户。",
                voucher.cost,
            )
            messages.success(request, text % {"points": voucher.cost})
            return redirect("points")
    if operations.why_not_cancel(voucher):
        return redirect("voucher", pk=pk)
    return render(request, "care_points/cancel.html", {"voucher": voucher})


def _desk(request, form, status=200, **extra):
    """Render the desk, for people who stand at one."""
    stations = CareStation.objects.operated_by(request.user)
    if not stations:
        raise PermissionDenied
    today = days.midnight(timezone.now())
    fulfilled = Redemption.objects.filter(service__station__in=stations, fulfilled_at__gte=today)
    fulfilled = fulfilled.select_related("talent", "service__station", "fulfilled_by").order_by(
        "-fulfilled_at"
    )
    context = {"stations": stations, "form": form, "done": fulfilled[:100], **extra}
    return render(request, "care_points/station.html", context, status=status)


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
        voucher = operations.find_voucher(code=form.cleaned_data["code"], by=request.user)
        if error := operations.why_not_fulfil(voucher, request.user, timezone.now()):
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
    text = _("已核销：%(name)s，%(service)s。")
    messages.success(
        request, text % {"name": voucher.talent.masked_name, "service": voucher.service.title}
    )
    return redirect("station")
