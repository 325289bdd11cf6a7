"""Her points, the services, her vouchers, and the station's desk."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
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
from kernel import qr
from kernel.access import public, signed_in
from kernel.errors import DomainError
from kernel.public_pages import public_page

VOUCHERS = 20  # shown at the top; older ones are reached from their line of the statement


def _talent(user):
    return getattr(user, "talent", None) if user.is_authenticated else None


def _account(talent):
    """Return her account, or an unsaved empty one: reading opens none."""
    return PointsAccount.objects.filter(talent=talent).first() or PointsAccount()


@public
@never_cache
@require_safe
def points(request):
    """Show her balance, vouchers, statement (`?before=<id>` pages on) and how to earn."""
    if not request.user.is_authenticated:
        return redirect("services")
    talent = _talent(request.user)
    before = request.GET.get("before", "")
    before = int(before[:18]) if before.isdecimal() else None
    account = _account(talent) if talent else PointsAccount()
    lines, more = (
        statement.lines(account, request.user, before=before) if account.pk else ([], None)
    )
    waiting = Redemption.objects.of(request.user).filter(state=RedemptionState.RESERVED)
    waiting = list(waiting.select_related("service__station")[: VOUCHERS + 1])
    context = {
        "talent": talent,
        "account": account,
        "lines": lines,
        "more": more,
        "first_page": before is None,
        "vouchers": waiting[:VOUCHERS],
        "more_vouchers": len(waiting) > VOUCHERS,
        "rules": EarningRule.objects.active(timezone.localdate()),
        "at_desk": request.user.care_stations.exists(),
    }
    return render(request, "care_points/points.html", context)


@public_page
@require_safe
def services(request):
    """Show the catalogue by the policy's five kinds."""
    offered = list(Service.objects.offered())
    kinds = [
        {"kind": kind, "services": [s for s in offered if s.category == kind]} for kind in Category
    ]
    return render(request, "care_points/services.html", {"kinds": kinds, "any": bool(offered)})


@public_page
@require_safe
def service(request, pk):
    """Show one service and how to get it."""
    found = get_object_or_404(Service.objects.offered(), pk=pk)
    return render(request, "care_points/service.html", {"service": found})


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def redeem(request, pk):
    """Show what the redemption will cost her; on POST make it, once for the page's key."""
    found = get_object_or_404(Service.objects.offered(), pk=pk)
    talent, form, status = _talent(request.user), RedeemForm(request.POST or None), 200
    if talent is None:
        messages.info(request, _("请先填写资料，审核通过后即可兑换。"))
        return redirect("points")
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.redeem(
                talent=talent,
                service=found,
                idempotency_key=form.cleaned_data["key"],
                expected_cost=form.cleaned_data["cost"],
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            messages.error(request, str(error))
            status = error.status
        else:
            return redirect("voucher", pk=made.pk)
    elif request.method == "POST":
        messages.error(request, _("页面已失效，积分没有变动，请再确认一次。"))
        status = 422
    balance = _account(talent).balance
    context = {
        "service": found,
        "form": RedeemForm.fresh(found),
        "balance": balance,
        "after": balance - found.cost,
        "missing": found.cost - balance,
    }
    return render(request, "care_points/redeem.html", context, status=status)


def _own_voucher(request, pk):
    own = Redemption.objects.of(request.user).select_related("service__station")
    return get_object_or_404(own, pk=pk)


@signed_in
@never_cache
@require_safe
def voucher(request, pk):
    """Show her voucher with its code large and as a QR code."""
    found = _own_voucher(request, pk)
    usable = found.is_usable(timezone.now())
    context = {"voucher": found, "usable": usable, "qr": qr.svg(found.code) if usable else ""}
    return render(request, "care_points/voucher.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def cancel(request, pk):
    """Ask, then cancel her voucher and give the points back."""
    found = _own_voucher(request, pk)
    if request.method == "POST":
        try:
            operations.cancel_redemption(redemption=found, by=request.user, now=timezone.now())
        except DomainError as error:
            messages.error(request, str(error))
        else:
            text = _("兑换已取消，%(points)s 积分已退回您的账户。") % {"points": found.cost}
            messages.success(request, text)
            return redirect("points")
    if found.state != RedemptionState.RESERVED:
        return redirect("voucher", pk=pk)
    return render(request, "care_points/cancel.html", {"voucher": found})


def _desk(request, form, status=200, **extra):
    """Render the desk, for people who stand at one."""
    stations = CareStation.objects.operated_by(request.user)
    if not stations:
        raise PermissionDenied
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    done = Redemption.objects.filter(service__station__in=stations, fulfilled_at__gte=today)
    done = done.select_related("talent", "service__station", "fulfilled_by").order_by(
        "-fulfilled_at"
    )
    context = {"stations": stations, "form": form, "done": done[:100], **extra}
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
    if form.is_valid():
        try:
            found = operations.find_voucher(code=form.cleaned_data["code"], by=request.user)
            operations.require_usable(found, timezone.now())
        except DomainError as error:
            form.add_error("code", str(error))
            return _desk(request, form, status=error.status)
        return render(request, "care_points/station_check.html", {"voucher": found})
    return _desk(request, form, status=422)


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
        found = operations.fulfil(
            code=form.cleaned_data["code"], by=request.user, now=timezone.now()
        )
    except DomainError as error:
        form.add_error("code", str(error))
        return _desk(request, form, status=error.status)
    text = _("已核销：%(name)s，%(service)s。")
    messages.success(
        request, text % {"name": found.talent.masked_name, "service": found.service.title}
    )
    return redirect("station")
