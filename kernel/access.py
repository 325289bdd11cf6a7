"""Who may use a view. Every view carries exactly one of these marks; a test walks the URL resolver.

Django's `LoginRequiredMiddleware` (accounts.middleware.SignInRequired) already refuses the anonymous everywhere, so a forgotten mark fails closed.
"""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied


def _mark(view, rule):
    view.access = rule
    return view


def public(view):
    """Let everybody in."""
    return _mark(login_not_required(view), "public")


def signed_in(view):
    """Let any signed-in person in (the middleware asks her to sign in)."""
    return _mark(view, "signed_in")


def needs(permission):
    """Let people with `permission` ("app.codename") in; others get 403."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return _mark(guarded, f"needs {permission}")

    return decorate


def second_factor(view):
    """Hold whoever opens it back until a second factor was used, as staff are everywhere (accounts.staff_site).

    Stands below the mark that says who may: it adds to it.
    """
    view.second_factor = True
    return view


def token(view):
    """Leave the decision to the API's token and scope (REST framework's permission classes)."""
    return _mark(login_not_required(view), "token")
