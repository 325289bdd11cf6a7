"""She shows once more that it is she, before what cannot be taken back: her password, second factor, or a code.

allauth asks again only those who have a password or a second factor; whoever signs in by code has neither, so
a code goes to the number or address she has now.
"""

import secrets
import time

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.forms.settings import has_fresh_code
from kernel import masking
from kernel.access import signed_in
from kernel.forms import six_digits_field
from kernel.text import squeeze

PROVED_SECONDS, CODE_SECONDS = 5 * 60, limits.CODE_SECONDS
SESSION_KEY = "portal_proving"


def proved_again(request):
    """Tell whether she has shown in the last five minutes, after signing in, that it is she."""
    records = get_authentication_records(request, request.user)
    again = [record["at"] for record in records if record.get("reauthenticated")]
    return bool(again) and time.time() - again[-1] < PROVED_SECONDS


def contact_of(user):
    """Return ("phone" or "email", where a code reaches her); None where nothing is proved."""
    if user.phone and user.phone_verified:
        return "phone", user.phone
    address = EmailAddress.objects.filter(user=user, verified=True).first()
    return ("email", address.email) if address else None


def ask_again(request, page):
    """Return the redirect to where she proves herself before the page named `page`; None where she need not."""
    flows = get_reauthentication_flows(request.user)
    if proved_again(request) or not (flows or contact_of(request.user)):
        return None
    where = flows[0]["id"] if flows else "prove_again"
    names = {"reauthenticate": "account_reauthenticate"}
    query = urlencode({"next": reverse(page)})
    return redirect(f"{reverse(names.get(where, where))}?{query}")


@signed_in
@never_cache
def change_phone(request):
    """Change the phone (allauth's page), once she has proved herself again."""
    return ask_again(request, "account_change_phone") or allauth_views.change_phone(request)


@signed_in
@never_cache
def set_password(request):
    """Set a first password (allauth's page), once she has proved herself again.

    Else whoever finds her signed in once gives himself a way in that lasts. A code she has just signed in with
    is proof enough.
    """
    if has_fresh_code(request.user) or request.user.has_usable_password():
        return allauth_views.password_set(request)
    return ask_again(request, "account_set_password") or allauth_views.password_set(request)


class ProveForm(forms.Form):
    """The six digits that were sent."""

    code = six_digits_field()

    def __init__(self, data, *, request):
        """`request` holds the code that was sent."""
        self.request = request
        super().__init__(data)

    def clean_code(self):
        """Compare with the code sent in this session: three guesses, ten minutes."""
        sent = self.request.session.get(SESSION_KEY) or {}
        fresh = time.time() - sent.get("at", 0) < CODE_SECONDS
        open_to_guess = limits.may_guess(self.request, sent.get("code", ""))
        typed = squeeze(self.cleaned_data["code"])
        same = secrets.compare_digest(typed.encode(), sent.get("code", "").encode())
        if not (sent and fresh and open_to_guess and same):
            raise get_adapter().validation_error("incorrect_code")
        return typed


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def prove_again(request):
    """Send a code to where she is reached now, and ask for it."""
    contact = contact_of(request.user)
    if contact is None:
        return redirect("account_overview")
    if "send" in request.POST:
        _send(request, *contact)
        return redirect(request.get_full_path())
    form = ProveForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        del request.session[SESSION_KEY]
        record_authentication(request, request.user, "code", reauthenticated=True)
        return redirect(_next(request))
    by, to = contact
    context = {"form": form, "sent": SESSION_KEY in request.session}
    context["to"] = masking.phone(to) if by == "phone" else masking.email(to)
    status = 422 if form.errors else 200
    return render(request, "accounts/prove_again.html", context, status=status)


def _next(request):
    """Return the page she was on her way to, within the portal."""
    asked = request.GET.get("next", "")
    safe = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if safe else reverse("account_change_phone")


def _send(request, by, to):
    seconds = limits.wait_for_code(request, limits.SIGN_IN, to.lower())
    if seconds or not limits.count_asked(request, limits.SIGN_IN, to.lower()):
        messages.error(request, limits.sentence(seconds))
        return
    code, adapter = f"{secrets.randbelow(10**6):06d}", get_adapter()
    request.session[SESSION_KEY] = {"code": code, "at": time.time()}
    if by == "phone":
        adapter.send_verification_code_sms(request.user, to, code)
    else:
        adapter.send_mail("account/email/login_code", to, {"code": code, "user": request.user})
