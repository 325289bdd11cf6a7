"""Her introductions: asking for one, the page she carries, what happens next, ending it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from entrepreneurship.finance import operations
from entrepreneurship.finance import referrals_rules as rules
from entrepreneurship.finance.models import FinanceProduct, FinanceTerms, Referral, SharedField
from entrepreneurship.finance.next_steps import next_step
from entrepreneurship.finance.referrals_forms import IntroduceForm
from entrepreneurship.ventures.models import Venture
from kernel import qr
from kernel.access import signed_in
from kernel.errors import DomainError
from kernel.keyset import Keyset

NEWEST, PAGE = Keyset(("-id",)), 20
TONES = {"approved": "success", "disbursed": "success", "not_reached": "alert", "lapsed": "alert"}


def _own(request):
    rows = Referral.objects.of_woman(request.user)
    return rows.select_related("bank__unit", "product", "terms", "venture", "talent")


@signed_in
@never_cache
@require_safe
def my_referrals(request):
    """List hers, the newest first, each with what happens next."""
    now = timezone.now()
    page = NEWEST.page(_own(request), request.GET.get("after", ""), PAGE)
    for one in page.rows:
        one.words, one.next = one.state_at(now), next_step(one, now)
    return render(request, "entrepreneurship/finance/mine.html", {"page": page})


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def introduce(request, code):
    """Ask for which venture and in which way; then introduce her."""
    now = timezone.now()
    day = timezone.localdate(now)
    rows = FinanceProduct.objects.open_on(day).with_terms(day).select_related("bank__unit")
    product = get_object_or_404(rows, code=code)
    ventures = list(Venture.objects.of_woman(request.user).running().order_by("pk"))
    may_call = rules.why_not_call(product.bank, day) is None
    sent = request.POST if request.method == "POST" else None
    form = IntroduceForm(sent, product=product, ventures=ventures, may_call=may_call)
    if sent and form.is_valid():
        values = {"shared": (), **form.cleaned_data}
        venture = next(one for one in ventures if one.code == values.pop("venture"))
        try:
            referral = operations.introduce(
                venture=venture, product=product, by=request.user, now=now, **values
            )
        except DomainError as error:
            error.add_to(form)
        else:
            return redirect("my_referral", code=referral.code)
    context = {
        "product": product,
        "terms": FinanceTerms.objects.get(pk=product.terms_id),
        "form": form,
        "ventures": ventures,
        "may_call": may_call,
        "under_way": _own(request)
        .open()
        .filter(good_until__gt=now, purpose__in=product.purposes)
        .order_by("-pk"),
        "days": rules.CONSENT_DAYS,
    }
    page = "entrepreneurship/finance/introduce.html"
    return render(request, page, context, status=422 if form.errors else 200)


@signed_in
@never_cache
@require_safe
def my_referral(request, code):
    """Show one of hers: the page to carry with its code, the steps, what happens next."""
    referral, now = get_object_or_404(_own(request), code=code), timezone.now()
    context = {
        "referral": referral,
        "words": referral.state_at(now),
        "next": next_step(referral, now),
        "steps": list(referral.steps.select_related("undoes").order_by("pk")),
        "may_withdraw": rules.why_not_withdraw(referral, request.user, now) is None,
        "may_refuse": rules.why_not_refuse(referral, request.user, now) is None,
        "to_carry": rules.why_not_receive(referral, now) is None,
        "qr": qr.svg(referral.code),
        "shared": [SharedField(name).label for name in referral.shared],
        "tone": TONES.get(referral.state, ""),
    }
    return render(request, "entrepreneurship/finance/referral.html", context)


def _end(request, code, why_not, operation, template, done):
    referral, now = get_object_or_404(_own(request), code=code), timezone.now()
    if request.method == "GET":
        if error := why_not(referral, request.user, now):
            messages.error(request, str(error))
            return redirect("my_referral", code=code)
        return render(request, template, {"referral": referral})
    try:
        operation(referral=referral, by=request.user, now=now)
        messages.success(request, done)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("my_referral", code=code)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request, code):
    """Say what withdrawing means, then do so."""
    return _end(
        request,
        code,
        rules.why_not_withdraw,
        operations.withdraw_referral,
        "entrepreneurship/finance/withdraw.html",
        _("已撤回，这次对接已结束。"),
    )


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def refuse(request, code):
    """Say what not taking it means, then note it."""
    return _end(
        request,
        code,
        rules.why_not_refuse,
        operations.refuse_offer,
        "entrepreneurship/finance/refuse.html",
        _("已登记您不接受，可以再看看其他产品。"),
    )
