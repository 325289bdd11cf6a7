"""The privacy notice, and a person's own consents."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import portal
from kernel.access import signed_in
from kernel.errors import DomainError, Invalid
from kernel.public_pages import public_page
from privacy import consents
from privacy.models import Consent
from privacy.purposes import purposes

HISTORY = 50


@public_page
@require_safe
def notice(request):
    """Show what the portal does with personal data (PIPL art. 17)."""
    context = {"purposes": purposes().values(), "retention": portal.listed("retention")}
    return render(request, "privacy/notice.html", context)


def _purpose(code):
    if code not in purposes() or purposes()[code].each:
        raise Http404
    return purposes()[code]


@signed_in
@never_cache
@require_safe
def my_consents(request):
    """Show each purpose with her answer, and the history of her answers."""
    history = Consent.objects.filter(user=request.user).order_by("-id")[:HISTORY]
    each = [purpose for purpose in purposes().values() if purpose.each]
    context = {
        "rows": consents.overview(request.user),
        "each": each,
        "standing": consents.standing(request.user, timezone.now()),
        "history": history,
    }
    return render(request, "privacy/consents.html", context)


@signed_in
@require_POST
def grant(request, purpose):
    """Record that she agrees."""
    purpose = _purpose(purpose)
    try:
        consents.grant(user=request.user, purpose=purpose.code, by=request.user, now=timezone.now())
        messages.success(request, _("已记录您的授权：%(purpose)s。") % {"purpose": purpose.label})
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("my_consents")


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request, purpose):
    """Say what withdrawing means, then withdraw."""
    purpose = _purpose(purpose)
    if request.method == "GET":
        losses = consents.losses(request.user, purpose.code, timezone.now())
        context = {"purpose": purpose, "losses": losses}
        return render(request, "privacy/withdraw.html", context)
    try:
        consents.withdraw(
            user=request.user, purpose=purpose.code, by=request.user, now=timezone.now()
        )
        messages.success(request, _("已撤回授权：%(purpose)s。") % {"purpose": purpose.label})
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("my_consents")


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def withdraw_one(request, purpose, about):
    """Say what withdrawing one agreement means, then withdraw it."""
    held = consents.standing(request.user, timezone.now())
    consent = held.filter(purpose=purpose, about=about).first()
    if request.method == "GET":
        if consent is None:
            raise Http404
        context = {"purpose": purposes()[purpose], "consent": consent}
        return render(request, "privacy/withdraw.html", context)
    try:
        consents.withdraw_one(
            user=request.user, purpose=purpose, about=about, by=request.user, now=timezone.now()
        )
    except Invalid as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
    else:
        label = purposes()[purpose].label
        messages.success(request, _("已撤回授权：%(purpose)s。") % {"purpose": label})
    return redirect("my_consents")
