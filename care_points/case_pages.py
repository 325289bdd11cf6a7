"""Pages of private cases: she chooses a time for her voucher; the counsellor opens a case and says what became of it."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from care_points import operations, times
from care_points.models import PrivateCase
from kernel.access import signed_in
from kernel.errors import DomainError
from kernel.words import span_text


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def voucher_time(request, pk):
    """Let her choose a time for a voucher of a private service, ask, then take it; her points stay as they are."""
    voucher, now = times.own_voucher(request, pk), timezone.now()
    if voucher.service is None or not voucher.service.by_case:
        raise Http404
    case = operations.case_of(voucher)
    held = case if case and case.held else None
    return times.choose(
        request,
        voucher,
        now,
        held=held,
        why_not=operations.why_not_choose(voucher, case, request.user, now),
        take=partial(operations.choose_time, voucher=voucher),
        done=_("时间已为您留好，可以存进手机日历。"),
        free_times=lambda provider: operations.times_for(voucher, held, now, provider=provider),
        later=True,
        private=True,
    )


DONE = {
    "came": (partial(operations.close_case, came=True), _("已登记：已进行。")),
    "absent": (partial(operations.close_case, came=False), _("已登记：未到。")),
    "call_off": (operations.call_off, _("已取消这个时间。请电话告诉她，请她另选时间。")),
}


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def private_case(request, number):
    """Show the counsellor a case without whose it is; on POST open it, or note what became of it.

    The name is in the answer to that POST alone: opening it once more is audited once more.
    """
    cases = PrivateCase.objects.visible_to(request.user).select_related("provider", "service")
    case, now = get_object_or_404(cases, pk=number), timezone.now()
    action, voucher = request.POST.get("action"), None
    try:
        if action == "open":
            voucher = operations.open_case(case=case, by=request.user, now=now)
        elif action in DONE:
            operation, done = DONE[action]
            operation(case=case, by=request.user, now=now)
            messages.success(request, done)
            return redirect("private_case", number=number)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("private_case", number=number)
    context = {
        "case": case,
        "when": span_text(case.starts_at, case.ends_at),
        "voucher": voucher,
        "phone": voucher and voucher.talent and (voucher.talent.user or voucher.talent).phone,
        "sealed": operations.why_not_open(case, request.user),
        "may_close": operations.why_not_close(case, request.user, now) is None,
        "may_call_off": operations.why_not_call_off(case, request.user, now) is None,
    }
    return render(request, "care_points/case.html", context)
