"""The gate to the admin: who may come in, and what every admin page carries."""

from functools import update_wrapper

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from unfold.sites import UnfoldAdminSite

from accounts import kept
from privacy import history

SECOND_FACTORS = ("totp", "webauthn")
OPEN = ("public", "token")
SETTING_UP = ("allauth.", "accounts.")


def second_factor_used(request):
    """Tell whether this session was opened, or later confirmed, with a second factor."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def second_factor_step(request):
    """Return where staff must go before the admin opens, or None when nothing is missing.

    Without a second factor: to the page that sets one up. With one, but in a session that did not
    use it (it was set up elsewhere meanwhile): to the page that asks for it.
    """
    if not settings.STAFF_SECOND_FACTOR or second_factor_used(request):
        return None
    types = Authenticator.objects.filter(user=request.user, type__in=SECOND_FACTORS)
    types = set(types.values_list("type", flat=True))
    query = urlencode(
        {REDIRECT_FIELD_NAME: kept.way_back(request, owner=kept.owner_mark(request.user))}
    )
    if "totp" in types:
        return f"{reverse('mfa_reauthenticate')}?{query}"
    if "webauthn" in types:
        return f"{reverse('mfa_reauthenticate_webauthn')}?{query}"
    messages.warning(request, _("进入工作台前，请先开启双重验证（验证器应用或通行密钥）。"))
    return reverse("mfa_index")


class StaffSecondFactor:
    """Hold staff back from every page that is not public until she has used a second factor, others where a page asks.

    The door of an event and a station's desk show names as the admin does. Open are
    allauth's pages, which set the factor up, and her account page; a view that says nothing about who
    may use it is held back like any other.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Send her to the step that is missing."""
        if getattr(view, "access", None) in OPEN or view.__module__.startswith(SETTING_UP):
            return None
        if not request.user.is_authenticated:
            return None
        if not (request.user.is_staff or getattr(view, "second_factor", False)):
            return None
        step = second_factor_step(request)
        return HttpResponseRedirect(step) if step else None


class StaffSite(UnfoldAdminSite):
    """unfold's site behind the portal's sign-in."""

    def login(self, request, extra_context=None):
        """Send people to the portal's own sign-in; there is no other."""
        target = request.GET.get(REDIRECT_FIELD_NAME, "")
        if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
            target = reverse("admin:index", current_app=self.name)
        if request.user.is_authenticated:
            return HttpResponseRedirect(target)
        return redirect_to_login(target)

    login = login_not_required(login)

    def logout(self, request, extra_context=None):
        """Use the portal's own page, which asks before it signs out."""
        return HttpResponseRedirect(reverse("account_logout"))

    def password_change(self, request, extra_context=None):
        """Use the portal's own page."""
        return HttpResponseRedirect(reverse("account_change_password"))

    def get_urls(self):
        """Leave out Django's way from a type and an id to any row's own page: it asks nobody's rights."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def admin_view(self, view, cacheable=False):
        """Let staff in who used a second factor; everybody else is sent where she can go on.

        Adds the looser policy unfold's scripts need, and `no-store`, to every admin page.
        """

        inner = csp_update(settings.ADMIN_CSP)(super().admin_view(view, cacheable))

        def gate(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return kept.sign_in(request)
            if not self.has_permission(request):
                raise PermissionDenied
            if step := second_factor_step(request):
                return HttpResponseRedirect(step)
            return inner(request, *args, **kwargs)

        return update_wrapper(gate, inner)

    def history(self, row, *, reader):
        """Return what happened to a row, in sentences for `reader` (kernel.admin.base asks for it)."""
        return history.of(row, reader=reader)

    def get_app_list(self, request, app_label=None):
        """Return the apps and models once somebody looks: each page of the admin is given them, two show them."""
        build = super().get_app_list
        return SimpleLazyObject(lambda: build(request, app_label))

    def each_context(self, request):
        """Say so on every page when the second factor is relaxed."""
        context = super().each_context(request)
        if not settings.STAFF_SECOND_FACTOR:
            context["environment"] = [_("未强制双重验证"), "warning"]
        return context
