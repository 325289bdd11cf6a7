"""The account overview; signing in and up are allauth's views with the portal's templates."""

import random
import time

from allauth.account import views as allauth_views
from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
)
from allauth.account.internal.stagekit import clear_login, unstash_login
from allauth.account.models import EmailAddress
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import kept, limits, operations
from accounts.forms import TYPED_SESSION_KEY, LanguageForm
from accounts.models import Session
from accounts.roles import role_names
from kernel.access import public, signed_in

# A sign-up answers after a whole number of these: a new account writes rows a known number does not.
EVEN_SECONDS = 0.25
CHANCE_SECONDS = 0.02  # at most, on top of it


def _overview(request, form, status=200):
    user = request.user
    types = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    context = {
        "form": form,
        "email": EmailAddress.objects.filter(user=user, verified=True).first(),
        "passkeys": types.count("webauthn"),
        "has_totp": "totp" in types,
        "has_codes": "recovery_codes" in types,
        "devices": Session.objects.of(user).count(),
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
    with override(user.language):  # said in the language the next page has
        messages.success(request, _("语言已保存。"))
    return redirect(translate_url(reverse("account_overview"), user.language))


@signed_in
@never_cache
@require_GET
def devices(request):
    """List the browsers she is signed in with."""
    rows = list(Session.objects.of(request.user))
    for row in rows:
        row.is_this = row.pk == request.session.session_key
    rows.sort(key=lambda row: not row.is_this)
    return render(request, "accounts/devices.html", {"devices": rows})


@signed_in
@require_POST
def sign_out_device(request):
    """End one of her sessions."""
    mark = request.POST.get("device", "")
    ended = operations.sign_out_device(
        user=request.user, mark=mark, by=request.user, now=timezone.now()
    )
    if ended:
        messages.success(request, _("“%(device)s”已退出登录。") % {"device": ended.label})
    else:
        messages.info(request, _("这台设备已经不在登录状态。"))
    return redirect("account_devices")


@signed_in
@require_POST
def sign_out_everywhere(request):
    """End all of her sessions, this one as well."""
    operations.sign_out_everywhere(user=request.user, by=request.user, now=timezone.now())
    logout(request)
    messages.success(request, _("已在所有设备上退出登录。"))
    return _emptied(redirect("account_login"))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request):
    """allauth's sign-out; what pages kept in this browser (scanned codes) goes with the session."""
    response = allauth_views.logout(request)
    return _emptied(response) if request.method == "POST" else response


def _emptied(response):
    response["Clear-Site-Data"] = '"storage"'
    return response


class SignUp(allauth_views.SignupView):
    """allauth's sign-up, which takes as long for a number with an account as for a new one.

    Reading the form counts too. What comes after the view (her session is saved, the answer sent) differs by
    some tenths of a millisecond, which is lost in the chance that is added: a phone can be tried ten times an hour,
    to see through it takes hundreds.
    """

    def dispatch(self, request, *args, **kwargs):
        """Note when it began."""
        self.began = time.monotonic()
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        """Create the account, or only seem to."""
        answer = super().form_valid(form)
        rest = -(time.monotonic() - self.began) % EVEN_SECONDS
        time.sleep(rest + random.uniform(0, CHANCE_SECONDS))
        return answer


sign_up = public(SignUp.as_view())


class ConfirmLoginCode(allauth_views.ConfirmLoginCodeView):
    """allauth's page for the code that signs her in, whose second sending is limited like the first.

    allauth's own does not count it, and fails for a number that belongs to nobody, which would tell.
    """

    def _resend_form_valid(self, form):
        process = self._process
        contact = (process.state.get("phone") or process.state["email"]).lower()
        if seconds := limits.wait_for_code(self.request, limits.SIGN_IN, contact):
            messages.error(self.request, limits.sentence(seconds))
        elif limits.count_asked(self.request, limits.SIGN_IN, contact):
            process.send(skip_enumeration_mails=True)
            process.record_resend()
            process.persist()
        return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))


confirm_login_code = public(ConfirmLoginCode.as_view())


@public
@never_cache
@require_POST
def another_contact(request):
    """Give up a code that went to a wrong number or address; back to the form, which holds what was typed."""
    login = unstash_login(request, peek=True)
    form = "account_signup" if login and login.signup else "account_request_login_code"
    clear_login(request)
    request.session.pop(EMAIL_VERIFICATION_CODE_SESSION_KEY, None)
    by = request.session.get(TYPED_SESSION_KEY, {}).get("by")
    query = {"by": "email" if by == "email" else "phone"}
    target = get_next_redirect_url(request)
    return redirect(f"{reverse(form)}?{urlencode(query | ({'next': target} if target else {}))}")


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
