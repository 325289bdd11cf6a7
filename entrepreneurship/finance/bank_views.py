"""The bank's own pages: typing a code, answering, deleting, telling its totals. Each with a second factor."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from entrepreneurship.finance import operations
from entrepreneurship.finance import referrals_rules as rules
from entrepreneurship.finance.models import (
    DeclineReason,
    FinanceBank,
    Referral,
    ReferralState,
    SharedField,
)
from entrepreneurship.finance.referrals_forms import AnswerForm, DeskForm, TotalForm
from kernel.access import second_factor, signed_in
from kernel.errors import DomainError
from kernel.keyset import Keyset

PAGE = 30
# What the desk lists: what the bank owes an answer, the oldest first; what waits to be paid; all, the newest first.
LISTS = {
    "due": (
        gettext_lazy("等答复"),
        Keyset(("due_on", "id")),
        lambda rows: rows.open().exclude(due_on=None),
    ),
    "approved": (
        gettext_lazy("已批准，等放款"),
        Keyset(("-id",)),
        lambda rows: rows.filter(state="approved"),
    ),
    "all": (gettext_lazy("全部"), Keyset(("-id",)), lambda rows: rows),
}


def _bank(request):
    """Return the bank the reader answers for; raises PermissionDenied."""
    found = FinanceBank.objects.answered_by(request.user).select_related("unit").first()
    if found is None:
        raise PermissionDenied
    return found


def _rows(bank):
    return Referral.objects.known_to(bank.unit_id).select_related("product", "terms")


def _desk(request, bank, form, status=200):
    day = timezone.localdate()
    counts = {name: keep(_rows(bank)).count() for name, (_words, _order, keep) in LISTS.items()}
    shown = request.GET.get("show", "")
    shown = shown if shown in LISTS else "due" if counts["due"] else "all"
    _words, order, keep = LISTS[shown]
    page = order.page(keep(_rows(bank)), request.GET.get("after", ""), PAGE)
    to_delete = list(_rows(bank).to_delete().order_by("deletion_asked_at")[:PAGE])
    codes = list(dict.fromkeys(one.code for one in (*to_delete, *page.rows)))
    operations.read_list(bank=bank, codes=codes, by=request.user, now=timezone.now())
    context = {
        "bank": bank,
        "form": form,
        "page": page,
        "choices": [
            {
                "words": words,
                "count": counts[name],
                "chosen": name == shown,
                "address": f"?show={name}",
            }
            for name, (words, _order, _keep) in LISTS.items()
        ],
        "late": _rows(bank).overdue(day).count(),
        "to_delete": to_delete,
        "today": day,
    }
    return render(request, "entrepreneurship/finance/bank.html", context, status=status)


@signed_in
@second_factor
@never_cache
@require_http_methods(["GET", "POST"])
def bank(request):
    """Ask for a code; list what the bank was told of, what is late and what is to be deleted: no names."""
    mine = _bank(request)
    if request.method == "GET":
        return _desk(request, mine, DeskForm())
    form = DeskForm(request.POST)
    if not form.is_valid():
        return _desk(request, mine, form, 422)
    try:
        found = operations.receive_code(
            code=form.cleaned_data["code"], by=request.user, now=timezone.now()
        )
    except DomainError as error:
        error.add_to(form, fallback="code")
        return _desk(request, mine, form, error.status)
    messages.success(request, _("已登记收到，请按下面的进展继续答复。"))
    return redirect("bank_referral", code=found.code)


def _found(request, code):
    found = _rows(_bank(request)).filter(code=code).first()
    if found is None:
        raise Http404
    return found


@signed_in
@second_factor
@never_cache
@require_http_methods(["GET", "POST"])
def bank_referral(request, code):
    """Show one introduction with what she agreed to tell, and take the bank's answer."""
    found, now = _found(request, code), timezone.now()
    referral, told = operations.read_referral(referral=found, by=request.user, now=now)
    answers = [name for name, (froms, _to) in rules.NEXT.items() if referral.state in froms]
    if not referral.is_open or referral.good_until <= now:
        answers = []
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        answers=answers,
        tells_amount=referral.tells_amount,
        initial={"on": timezone.localdate(now)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.answer_referral(
                referral=referral, by=request.user, now=now, **form.cleaned_data
            )
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, _("已登记，本人会收到通知。"))
            return redirect("bank_referral", code=code)
    withdrawn = referral.state == ReferralState.WITHDRAWN
    context = {
        "referral": referral,
        "withdrawn": withdrawn,
        "words": referral.state_at(now),
        "told": [(SharedField(name).label, value) for name, value in told.items()],
        "until": rules.agreed_until(referral),
        "answers": answers,
        "form": form,
        "reason": referral.reason and DeclineReason(referral.reason).label,
        "may_undo": rules.why_not_undo(referral, request.user, now) is None,
    }
    page = "entrepreneurship/finance/bank_referral.html"
    return render(request, page, context, status=422 if form.errors else 200)


def _press(request, code, operation, done):
    found = _found(request, code)
    try:
        operation(referral=found, by=request.user, now=timezone.now())
        messages.success(request, done)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("bank_referral", code=code)


@signed_in
@second_factor
@require_POST
def bank_undo(request, code):
    """Take the newest answer back."""
    return _press(request, code, operations.undo_answer, _("已撤回上一次答复，记录保留。"))


@signed_in
@second_factor
@require_POST
def bank_deleted(request, code):
    """Confirm that what she told was deleted."""
    return _press(request, code, operations.confirm_deletion, _("已记下贵行确认删除。"))


@signed_in
@second_factor
@never_cache
@require_http_methods(["GET", "POST"])
def bank_totals(request):
    """Show what the bank counted for each quarter, and take another one or a correction."""
    mine = _bank(request)
    day = timezone.localdate()
    form = TotalForm(request.POST if request.method == "POST" else None, day=day)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            operations.enter_total(
                bank=mine,
                quarter=values.pop("quarter"),
                values=values,
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, _("已保存；再填同一季度会更正。"))
            return redirect("bank_totals")
    context = {"bank": mine, "form": form, "totals": mine.totals.order_by("-quarter")[:12]}
    page = "entrepreneurship/finance/totals.html"
    return render(request, page, context, status=422 if form.errors else 200)
