"""What applies to every page: sign-in attempts, how long staff may sit idle, nothing kept by caches."""

import math

from allauth.core.exceptions import RateLimited
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user, logout
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_from_path, ngettext, override

from accounts import devices, kept, limits, phones
from accounts.models import User

SEEN_KEY = "portal_staff_seen"
SEEN_STEP = 60  # seconds between two writes of the same session

# The limits a page may have met.
ACTIONS = {
    "account_login": ("login", "login_failed"),
    "account_signup": ("signup", "verify_phone", "confirm_email", "codes", "mails"),
    "account_verify_phone": ("verify_phone", "codes"),
    "account_change_phone": ("change_phone", "verify_phone", "codes"),
    "account_request_login_code": ("request_login_code", "codes", "mails"),
    "account_reset_password": ("reset_password", "codes", "mails"),
    "account_email": ("manage_email", "confirm_email", "codes", "mails"),
    "account_email_verification_sent": ("confirm_email", "codes", "mails"),
    "account_change_password": ("change_password",),
    "account_set_password": ("change_password",),
    "account_reauthenticate": ("reauthenticate",),
}


def reads_english(request):
    """Tell whether an error page speaks English alone: by the address, since no language may be active then."""
    return get_language_from_path(request.path) == "en"


def too_many(request, exception=None):
    """Answer 429 with how long to wait (the portal's 429 page, too)."""
    match = request.resolver_match
    actions = ACTIONS.get(match and match.url_name, ())
    typed = (phones.normalise(request.POST.get("phone")), request.POST.get("email", "").lower())
    keys = {
        key for contact in typed if contact for key in (contact, limits.asked_by(request, contact))
    }
    seconds = limits.wait(request, actions, keys)
    context = {"english": reads_english(request)}
    if request.method == "POST":
        if request.session.session_key:
            context["page"], context["kept"] = kept.keep_for_later(request)
        else:  # no new rows for whoever floods us: the page itself holds what was typed
            context["again"] = kept.to_send_again(request)
    for key, language in (("sentence", "zh-hans"), ("sentence_en", "en")):
        with override(language):  # error pages speak both languages at once
            context[key] = limits.sentence(seconds)
    response = HttpResponse(render_to_string("429.html", context), status=429)
    response["Retry-After"] = str(max(60, math.ceil(seconds)))
    response["Cache-Control"] = "no-store"
    return response


class WhoReads(AuthenticationMiddleware):
    """Django's `request.user`, out of the row the session was read with wherever nothing is in doubt."""

    def process_request(self, request):
        """Find her when the first one asks."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: request.session.signed_in() or get_user(request))


class AccountLimits:
    """Turn a rate limit met deep inside a sign-in into its page; sign idle staff out."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Pass on; what was made for a session is kept by no cache, unless the view said so itself."""
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(self, request, view, args, kwargs):
        """Sign staff out who have not opened a protected page for STAFF_IDLE_SECONDS.

        Public pages are left alone: touching the session there would make them uncacheable.
        """
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        if not request.user.is_staff:
            return None
        now = timezone.now().timestamp()
        last_seen = request.session.get(SEEN_KEY)
        if last_seen is not None and now - last_seen > settings.STAFF_IDLE_SECONDS:
            owner = kept.owner_mark(request.user)
            logout(request)
            minutes = settings.STAFF_IDLE_SECONDS // 60
            messages.warning(
                request,
                ngettext(
                    "您已超过 %(minutes)s 分钟没有操作，为安全起见已退出，请重新登录。",
                    "您已超过 %(minutes)s 分钟没有操作，为安全起见已退出，请重新登录。",
                    minutes,
                )
                % {"minutes": minutes},
            )
            return kept.sign_in(request, owner=owner)
        if last_seen is None or now - last_seen > min(SEEN_STEP, settings.STAFF_IDLE_SECONDS / 4):
            request.session[SEEN_KEY] = now
        return None

    def process_exception(self, request, exception):
        """Show the page instead of an error."""
        return too_many(request) if isinstance(exception, RateLimited) else None


class SignInRequired(LoginRequiredMiddleware):
    """Django's gate before every page that is not public; what was sent there is kept meanwhile."""

    def handle_no_permission(self, request, view_func):
        """Ask her to sign in."""
        return kept.sign_in(request)


class KeptForms:
    """Put back what a form had sent when its session was over (accounts.kept)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Fill in the page she came back to; drop what is kept once it was sent again."""
        response = self.get_response(request)
        if (
            response.status_code >= 500
        ):  # the session may be what cannot be read, and nothing was done
            return response
        if not request.session.accessed:  # public pages for strangers ask for no session
            return response
        if isinstance(request.user, User):  # no stranger, no token
            self._remember_her(request, response)
        if kept.SESSION_KEY not in request.session:
            return response
        if request.method == "GET":
            return kept.put_back(request, response)
        if not getattr(request, "form_was_kept", False):
            self._drop_when_sent(request)
        return response

    @staticmethod
    def _remember_her(request, response):
        request.session.touch()
        devices.remember(request, response, request.user)
        if kept.owner_by_cookie(request) != kept.owner_mark(request.user):
            kept.remember_owner(response, request.user)

    @staticmethod
    def _drop_when_sent(request):
        form = kept.find(request)
        if form and form.path == request.path:
            kept.forget(request)
