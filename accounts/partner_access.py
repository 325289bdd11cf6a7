"""Who calls the API: tokens, scopes and limits of partner keys."""

import hashlib

from django.conf import settings
from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from oauth2_provider.scopes import BaseScopes
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission
from rest_framework.throttling import BaseThrottle

from accounts.partners import Scope
from liangjiang import rate_limit
from liangjiang.api_errors import Problem

REALM = 'Bearer realm="api"'


class PartnerAuthentication(BaseAuthentication):
    """Bearer token in the Authorization header: one query brings token, key and unit.

    The toolkit's own class parses every request a second time through oauthlib and reads no unit;
    the rules here are the same: known, not expired, key usable. Tokens in the query string are not
    looked at, they would end up in logs.
    """

    def authenticate(self, request):
        """Return (PartnerKey, AccessToken), or None when no bearer token was sent."""
        kind, __, value = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"bearer":
            return None
        checksum = hashlib.sha256(value.strip()).hexdigest()
        tokens = get_access_token_model().objects.select_related("application__unit")
        found = tokens.filter(token_checksum=checksum).first()
        now = timezone.now()
        if found is None or found.application is None or found.expires <= now:
            raise Problem("invalid_token", headers=_challenge("invalid_token"))
        if not found.application.works_at(now):
            raise Problem("key_inactive", headers=_challenge("invalid_token"))
        return found.application, found

    def authenticate_header(self, request):
        """Name the scheme in 401 answers."""
        return REALM


def _challenge(error, **more):
    parts = [REALM, f'error="{error}"', *(f'{name}="{value}"' for name, value in more.items())]
    return {"WWW-Authenticate": ", ".join(parts)}


class HasScope(BasePermission):
    """The token carries the view's `required_scope`, and its key still does."""

    def has_permission(self, request, view):
        """Refuse a narrower token with the scope it lacks."""
        if request.auth is None:
            return False
        scope = view.required_scope
        if scope in request.auth.scope.split() and scope in request.user.allowed_scopes:
            return True
        raise Problem(
            "insufficient_scope", scope=scope, headers=_challenge("insufficient_scope", scope=scope)
        )


class KeyThrottle(BaseThrottle):
    """API_REQUESTS_PER_MINUTE for each key, whatever number of tokens it holds."""

    def allow_request(self, request, view):
        """Count the request; remember how long the client has to wait."""
        self.seconds = rate_limit.seconds_to_wait(
            f"key:{request.user.pk}", limit=settings.API_REQUESTS_PER_MINUTE, now=timezone.now()
        )
        return self.seconds == 0

    def wait(self):
        """Return the seconds until the next minute."""
        return self.seconds


class KeyScopes(BaseScopes):
    """A key asks for at most what staff allowed it; asking for nothing gives all of that."""

    def get_all_scopes(self):
        """Return every scope with its words."""
        return dict(Scope.choices)

    def get_available_scopes(self, application=None, request=None, *args, **kwargs):
        """Return what this key may ask for."""
        return application.allowed_scopes if application else []

    def get_default_scopes(self, application=None, request=None, *args, **kwargs):
        """Return what a request without `scope` gets."""
        return self.get_available_scopes(application)
