"""What banks offer, for everybody: facts beside each other, in an order that favours nobody."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from entrepreneurship.finance.models import FinanceProduct, FinancePurpose, FinanceTerms
from kernel.public_pages import public_page


def _open(day):
    """Return the products shown on a date, in the order of their random codes."""
    found = FinanceProduct.objects.open_on(day).with_terms(day)
    return found.select_related("bank__unit").order_by("code")


def _with_terms(products):
    """Return the products, each with its version as `terms`. One query, however many."""
    products = list(products)
    terms = FinanceTerms.objects.in_bulk([one.terms_id for one in products])
    for one in products:
        one.terms = terms[one.terms_id]
    return products


@public_page
@require_safe
def products(request):
    """Show what is offered; `?purpose=` narrows it to what one needs the money for."""
    purpose = request.GET.get("purpose", "")
    rows = _open(timezone.localdate())
    if purpose in FinancePurpose.values:
        rows = rows.filter(purposes__contains=[purpose])
    context = {
        "products": _with_terms(rows),
        "purpose": purpose,
        "purposes": FinancePurpose.choices,
    }
    return render(request, "entrepreneurship/finance/products.html", context)


@public_page
@require_safe
def product(request, code):
    """Show one product with all the bank says of it."""
    found = _with_terms(_open(timezone.localdate()).filter(code=code))
    if not found:
        raise Http404
    return render(request, "entrepreneurship/finance/product.html", {"product": found[0]})
