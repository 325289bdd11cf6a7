"""The account overview; signing in and up are allauth's views with the portal's templates."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import kept, operations
from accounts.forms import LanguageForm
from accounts.roles import role_names
from kernel.access import signed_in


def _overview(request, form, status=200):
    user = request.user
    types = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    context = {
        "form": form,
        "email": EmailAddress.objects.filter(user=user, verified=True).first(),
        "passkeys": types.count("webauthn"),
        "has_totp": "totp" in types,
        "has_codes": "recovery_codes" in types,
        "roles": role_names(user.groups.values_list("name", flat=True)),
    }
    return render(request, "accounts/overview.html", context, status=status)


@signed_in
@never_cache
@require_GET
def overview(request):
    """Show how she signs in, her language and the way to her consents."""
    return _overview(request, LanguageForm(initial={"language": request.user.language}))


@signed_in
@require_POST
def language(request):
    """Save her language and go on in it."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return _overview(request, form, status=400)
    user = operations.set_language(
        user=request.user, by=request.user, now=timezone.now(), **form.cleaned_data
    )
    messages.success(request, _("语言已保存。"))
    return redirect(translate_url(reverse("account_overview"), user.language))


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def kept_form(request):
    """Show what was not sent because the session was over, and offer to send it; POST drops it."""
    form = kept.find(request)
    if request.method == "POST" or form is None:
        kept.forget(request)
        return redirect("dashboard")
    kept.without_page(request, form)
    context = {"kept": form, "values": list(form.values.items())}
    return render(request, "accounts/kept_form.html", context)
