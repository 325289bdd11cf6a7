"""Flexible work for everybody; its own for the contact of a unit."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kernel.access import needs
from kernel.errors import DomainError
from kernel.keyset import Keyset
from kernel.public_pages import public_page
from workplaces.changes import undoable
from workplaces.flexible import operations, rules, shown
from workplaces.flexible.forms import OfferForm, ReasonForm, SearchForm
from workplaces.flexible.models import KEEP, FlexibleOffer
from workplaces.keeping import saved

LATEST = Keyset(("-confirmed_on", "-id"))
PAGE = 20


# --- everybody -------------------------------------------------------------------------------------
def _streets(today):
    """Return the streets offers stand in, in order."""
    rows = FlexibleOffer.objects.listed(today).order_by("district")
    return list(rows.values_list("district", flat=True).distinct()[:200])


def _found(asked, today):
    """Return the offers the search finds for what was asked."""
    rows = FlexibleOffer.objects.listed(today)
    if words := asked["q"].strip():
        rows = rows.filter(
            Q(posts__icontains=words)
            | Q(unit__name__icontains=words)
            | Q(workload__icontains=words)
            | Q(place__icontains=words)
        )
    if asked["kind"]:
        rows = rows.filter(kind=asked["kind"])
    if asked["field"]:
        rows = rows.for_field(asked["field"])
    if asked["place"]:
        rows = rows.filter(district=asked["place"])
    return rows


def _told(offer, today):
    """Add to an offer what a page says of it."""
    offer.posts_said, offer.age_said = shown.posts_words(offer), shown.age_words(offer)
    offer.field_said, offer.heading = shown.field_words(offer), shown.heading(offer)
    offer.pay_said = shown.pay_words(offer)
    offer.checked = offer.is_confirmed(today)
    return offer


@public_page
@require_safe
def flexible_offers(request):
    """List what units offer, the latest confirmed first, narrowed by what is asked."""
    today = timezone.localdate()
    form = SearchForm(request.GET, streets=_streets(today))
    rows = _found(form.cleaned_data, today) if form.is_valid() else FlexibleOffer.objects.none()
    page = LATEST.page(rows.select_related("unit"), request.GET.get("after", ""), PAGE)
    for offer in page.rows:
        _told(offer, today)
    asked = any(request.GET.get(name) for name in form.fields)
    context = {"form": form, "page": page, "asked": asked, "today": today}
    return render(request, "workplaces/flexible/list.html", context)


@public_page
@require_safe
def flexible_offer(request, pk):
    """Show one offer; one nobody confirmed for a year says so."""
    today = timezone.localdate()
    rows = FlexibleOffer.objects.listed(today).select_related("unit")
    offer = _told(get_object_or_404(rows, pk=pk), today)
    context = {"offer": offer, "today": today}
    return render(request, "workplaces/flexible/offer.html", context)


# --- the contact of a unit -------------------------------------------------------------------------
@needs(KEEP)
@never_cache
@require_safe
def my_flexible_offers(request):
    """List what the contact's unit offers."""
    today = timezone.localdate()
    rows = FlexibleOffer.objects.of_contact(request.user)
    page = LATEST.page(rows, request.GET.get("after", ""), PAGE)
    for offer in page.rows:
        offer.state_said, offer.heading = shown.state_words(offer, today), shown.heading(offer)
    context = {"page": page, "why_not": rules.why_not_unit(request.user.unit, request.user)}
    return render(request, "workplaces/flexible/mine.html", context)


def _own(request, pk):
    return get_object_or_404(FlexibleOffer.objects.of_contact(request.user), pk=pk)


def _form_page(request, form, **context):
    status = 422 if form.errors else 200
    context |= {"form": form}
    return render(request, "workplaces/flexible/form.html", context, status=status)


@needs(KEEP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_flexible_offer(request):
    """Take an offer of the contact's unit."""
    unit = request.user.unit
    first = {"valid_from": timezone.localdate()}
    form = OfferForm(request.POST if request.method == "POST" else None, initial=first)
    if made := saved(form, operations.save_offer, unit=unit, by=request.user):
        messages.success(request, _("已公布，一年内有效；有变化随时改。"))
        return redirect("my_flexible_offer", made.pk)
    why_not = rules.why_not_unit(unit, request.user)
    return _form_page(request, form, title=_("登记弹性工作"), submit=_("保存"), why_not=why_not)


@needs(KEEP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_flexible_offer(request, pk):
    """Take a correction."""
    found = _own(request, pk)
    # An instance of its own: a form writes what was typed into it.
    form = OfferForm(request.POST if request.method == "POST" else None, instance=_own(request, pk))
    if saved(form, operations.save_offer, offer=found, by=request.user):
        messages.success(request, _("已保存，从今天起一年内有效。"))
        return redirect("my_flexible_offer", found.pk)
    why_not = rules.why_not_save(found, request.user)
    title = _("修改弹性工作")
    return _form_page(request, form, title=title, submit=_("保存"), offer=found, why_not=why_not)


@needs(KEEP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_flexible_offer(request, pk):
    """Ask why, then take an offer off the public pages."""
    found = _own(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = {"by": request.user, "now": timezone.now()} | form.cleaned_data
        try:
            operations.withdraw_offer(offer=found, **given)
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, _("已撤下，公开页面上不再显示；以后可以恢复。"))
            return redirect("my_flexible_offer", found.pk)
    why_not = rules.why_not_withdraw(found, request.user)
    title = _("撤下弹性工作")
    return _form_page(request, form, title=title, submit=_("撤下"), offer=found, why_not=why_not)


def _confirm(found, number, **given):
    operations.confirm_offer(offer=found, revision=number, **given)


def _put_back(found, _number, **given):
    operations.put_back_offer(offer=found, **given)


def _undo(found, number, **given):
    change = get_object_or_404(found.changes, pk=number)
    operations.undo_offer_change(change=change, **given)


ACTS = {
    "confirm": (_confirm, gettext_lazy("已确认，一年内有效。")),
    "back": (_put_back, gettext_lazy("已恢复，重新公布。")),
    "undo": (_undo, gettext_lazy("已撤销，恢复为修改前的内容。")),
}


def _acted(request, found):
    """Carry out what a button says: confirm-REVISION, back-0, undo-CHANGE."""
    act, __, number = request.POST.get("act", "").partition("-")
    if act not in ACTS or not (number.isdecimal() and len(number) < 19):
        raise Http404
    operation, done = ACTS[act]
    try:
        operation(found, int(number), by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(done))


@needs(KEEP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_flexible_offer(request, pk):
    """Show an offer of the contact's unit with its history; POST confirms, puts back, undoes."""
    found, today = _own(request, pk), timezone.localdate()
    if request.method == "POST":
        _acted(request, found)
        return redirect("my_flexible_offer", found.pk)
    changes = shown.history(found)
    context = {
        "offer": _told(found, today),
        "today": today,
        "state": shown.state_words(found, today),
        "is_listed": FlexibleOffer.objects.listed(today).filter(pk=found.pk).exists(),
        "why_not_confirm": rules.why_not_confirm(found, request.user, day=today),
        "why_not_put_back": rules.why_not_put_back(found, request.user),
        "changes": changes,
        "undoable": undoable([row for row, __, ___ in changes]) if not found.withdrawn_at else (),
    }
    return render(request, "workplaces/flexible/own.html", context)
