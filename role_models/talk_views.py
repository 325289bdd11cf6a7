"""Talks as a unit's contact asks for them and as a woman answers."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kernel.access import needs, signed_in
from kernel.errors import DomainError
from kernel.keyset import Keyset
from role_models import operations, talk_rules
from role_models.models import InvitationState, TalkInvitation, TalkOffer, TalkRequest
from role_models.talk_forms import AcceptForm, OfferForm, TalkForm
from talents.asking import rules as asking
from talents.operations import own_record

NEWEST = Keyset(("-id",))
PAGE = 20


# --- the unit -------------------------------------------------------------------------------------
@needs("role_models.ask_talk")
@never_cache
@require_safe
def talk_requests(request):
    """List what the contact's unit has asked for."""
    rows = TalkRequest.objects.of_unit(request.user)
    page = NEWEST.page(rows, request.GET.get("after", ""), PAGE)
    context = {
        "page": page,
        "why_not": talk_rules.why_not_ask_talk(request.user.unit, request.user),
        "unit": request.user.unit,
    }
    return render(request, "role_models/talk_requests.html", context)


@needs("role_models.ask_talk")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_talk(request):
    """Take a request for the contact's unit."""
    unit, person = request.user.unit, request.user
    form = TalkForm(
        request.POST if request.method == "POST" else None,
        initial={"contact_name": person.full_name},
    )
    if form.is_valid():
        try:
            made = operations.request_talk(
                unit=unit, values=form.cleaned_data, by=person, now=timezone.now()
            )
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, _("已提交，进展会通知您，也可以在这里看。"))
            return redirect(made)
    context = {"form": form, "unit": unit, "why_not": talk_rules.why_not_ask_talk(unit, person)}
    status = 422 if form.errors else 200
    return render(request, "role_models/new_talk.html", context, status=status)


def _of_unit(request, code):
    rows = TalkRequest.objects.of_unit(request.user).select_related("unit", "event")
    return get_object_or_404(rows, code=code)


@needs("role_models.ask_talk")
@never_cache
@require_safe
def talk_request(request, code):
    """Show how far a request is; of the speaker what she lets the unit know, once she has accepted."""
    found = _of_unit(request, code)
    context = {
        "talk": found,
        "accepted": found.accepted,
        "why_not_withdraw": talk_rules.why_not_withdraw(found),
    }
    return render(request, "role_models/talk_request.html", context)


@needs("role_models.ask_talk")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def talk_withdraw(request, code):
    """Say what will happen, then withdraw."""
    found = _of_unit(request, code)
    if request.method == "POST":
        try:
            operations.withdraw_request(request=found, by=request.user, now=timezone.now())
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("已撤回。"))
        return redirect(found)
    return render(request, "role_models/talk_withdraw.html", {"talk": found})


# --- she ------------------------------------------------------------------------------------------
@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_talks(request):
    """Show whether she is willing and what she was asked for, and take a new answer."""
    talent = own_record(request.user)
    offer = TalkOffer.objects.filter(talent=talent).first() if talent else None
    initial = {"on_site": True}
    if offer:
        initial = {name: getattr(offer, name) for name in ("topics", "on_site", "online")}
    refused = talk_rules.why_not_her_talks(talent, request.user)
    form = OfferForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            operations.offer_talks(
                talent=talent, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, _("已保存。有单位申请时，工作人员会先问您。"))
            return redirect("my_talks")
    unwished = offer and asking.why_not_wished(talent, talk_rules.TALK, timezone.now())
    rows = TalkInvitation.objects.filter(talent__user=request.user).exclude(
        state=InvitationState.CANCELLED
    )
    context = {
        "form": form,
        "offer": offer,
        "why_not": refused,
        "unwished": unwished,
        "rows": rows.select_related("request__unit", "request__event").order_by("-pk")[:PAGE],
    }
    status = 422 if form.errors else 200
    return render(request, "role_models/my_talks.html", context, status=status)


@signed_in
@never_cache
@require_http_methods(["POST"])
def stop_talks(request):
    """Take it that she is not willing any more."""
    try:
        operations.stop_offering(
            talent=own_record(request.user), by=request.user, now=timezone.now()
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已记下，不会再有人为宣讲找您。已经答应的照旧。"))
    return redirect("my_talks")


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def talk_invitation(request, pk):
    """Show her what she is asked for, and take her answer."""
    rows = TalkInvitation.objects.filter(talent__user=request.user)
    rows = rows.select_related("request__unit", "request__event", "talent__user")
    found = get_object_or_404(rows, pk=pk)
    form = AcceptForm(
        request.POST if request.method == "POST" else None, initial={"contact": found.contact}
    )
    if form.is_valid() and _answered(request, form, found):
        return redirect("talk_invitation", pk=found.pk)
    context = {
        "invitation": found,
        "talk": found.request,
        "form": form,
        "why_not_accept": talk_rules.why_not_accept(found),
        "why_not_decline": talk_rules.why_not_decline(found),
    }
    status = 422 if form.errors else 200
    return render(request, "role_models/talk_invitation.html", context, status=status)


def _answered(request, form, invitation):
    acts = {"invitation": invitation, "by": request.user, "now": timezone.now()}
    try:
        if "decline" in request.POST:
            operations.decline_talk(**acts)
            messages.success(request, _("已记下，不用说明原因。工作人员会另请别人。"))
        else:
            operations.accept_talk(contact=form.cleaned_data["contact"], **acts)
            messages.success(request, _("谢谢您！工作人员会与您商定时间。"))
    except DomainError as error:
        error.add_to(form)
        return False
    return True
