"""What applies to every page: sign-in attempts, how long staff may sit idle, nothing kept by caches."""

import math

from allauth.core.exceptions import RateLimited
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import ngettext, override

from accounts import limits, phones

SEEN_KEY = "portal_staff_seen"
SEEN_STEP = 60  # seconds between two writes of the same session

# The limits a page may have met.
ACTIONS = {
    "account_login": ("login", "login_failed"),
    "account_signup": ("signup", "verify_phone", "confirm_email"),
    "account_verify_phone": ("verify_phone",),
    "account_change_phone": ("change_phone", "verify_phone"),
    "account_request_login_code": ("request_login_code",),
    "account_reset_password": ("reset_password",),
    "account_email": ("manage_email", "confirm_email"),
    "account_email_verification_sent": ("confirm_email",),
    "account_change_password": ("change_password",),
    "account_set_password": ("change_password",),
    "account_reauthenticate": ("reauthenticate",),
}


def too_many(request, exception=None):
    """Answer 429 with how long to wait (the portal's 429 page, too)."""
    match = request.resolver_match
    actions = ACTIONS.get(match and match.url_name, ())
    typed = (phones.normalise(request.POST.get("phone")), request.POST.get("email", "").lower())
    seconds = limits.wait(request, actions, [key for key in typed if key])
    context = {}
    for key, language in (("sentence", "zh-hans"), ("sentence_en", "en")):
        with override(language):  # error pages speak both languages at once
            context[key] = limits.sentence(seconds)
    response = HttpResponse(render_to_string("429.html", context), status=429)
    response["Retry-After"] = str(max(60, math.ceil(seconds)))
    response["Cache-Control"] = "no-store"
    return response


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
            return redirect_to_login(request.get_full_path())
        if last_seen is None or now - last_seen > min(SEEN_STEP, settings.STAFF_IDLE_SECONDS / 4):
            request.session[SEEN_KEY] = now
        return None

    def process_exception(self, request, exception):
        """Show the page instead of an error."""
        return too_many(request) if isinstance(exception, RateLimited) else None
