"""Who calls the API: tokens, scopes and limits of partner keys."""

import base64
import hashlib
import time
from dataclasses import dataclass
from urllib.parse import unquote_plus

from django.conf import settings
from django.db import connection
from django.utils import timezone
from oauth2_provider.scopes import BaseScopes
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission

from kernel.api.errors import Problem
from kernel.api.throttles import PerMinute
from partners.models import PartnerKey, in_force
from partners.scopes import scopes

# How long a key that was revoked, or a scope taken from it, may still be believed.
TOKEN_SECONDS = 1.0
MOST_TOKENS = 1000
_tokens = {}  # {checksum: (LOOK_UP's row, when it was read)}

REALM = 'Bearer realm="api"'


# Written out, because putting the same join together from models costs more than running it.
LOOK_UP = """
    SELECT token.scope, token.expires, key.id, key.allowed_scopes, key.expires_at, key.revoked_at,
           unit.id, unit.is_partner
      FROM oauth2_provider_accesstoken token
      JOIN partners_partnerkey key ON key.id = token.application_id
      JOIN accounts_unit unit ON unit.id = key.unit_id
     WHERE token.token_checksum = %s
"""


@dataclass(frozen=True)
class Partner:
    """Who calls: the key and its unit."""

    key_id: int
    unit_id: int


class PartnerAuthentication(BaseAuthentication):
    """Bearer token in the Authorization header: one query brings token, key and unit.

    The toolkit's own class parses every request a second time through oauthlib and reads no unit;
    the rules here are the same: known, not expired, key usable. Tokens in the query string are not
    looked at, they would end up in logs.
    """

    def authenticate(self, request):
        """Return (Partner, scopes), or None when no bearer token was sent."""
        kind, __, value = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"bearer":
            return None
        row = _look_up(hashlib.sha256(value.strip()).hexdigest())
        now = timezone.now()
        if row is None or row[1] <= now:
            raise Problem("invalid_token", headers=_challenge("invalid_token"))
        granted, __, key_id, allowed, expires_at, revoked_at, unit_id, is_partner = row
        if not in_force(
            revoked_at=revoked_at, expires_at=expires_at, is_partner=is_partner, at=now
        ):
            raise Problem("key_inactive", headers=_challenge("invalid_token"))
        # A scope taken from the key since is gone from its tokens too.
        return Partner(key_id, unit_id), frozenset(granted.split()) & frozenset(allowed)

    def authenticate_header(self, request):
        """Name the scheme in 401 answers."""
        return REALM


def _look_up(checksum):
    """Return LOOK_UP's row or None, out of this process's memory for TOKEN_SECONDS."""
    now = time.monotonic()
    row, read_at = _tokens.get(checksum, (None, None))
    if row is not None and now - read_at < TOKEN_SECONDS and settings.PUBLIC_CACHE:
        return row
    with connection.cursor() as cursor:
        cursor.execute(LOOK_UP, [checksum])
        row = cursor.fetchone()
    if len(_tokens) >= MOST_TOKENS:
        _tokens.clear()
    if row is not None:  # a guess takes no room
        _tokens[checksum] = row, now
    return row


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
        if scope in request.auth:
            return True
        raise Problem(
            "insufficient_scope", scope=scope, headers=_challenge("insufficient_scope", scope=scope)
        )


class KeyThrottle(PerMinute):
    """API_REQUESTS_PER_MINUTE for each key, whatever number of tokens it holds."""

    setting = "API_REQUESTS_PER_MINUTE"
    policy = "key"

    def get_cache_key(self, request, view):
        """Count by key, not by address: a unit may call from several."""
        return f"throttle:key:{request.user.key_id}"


class TokenThrottle(PerMinute):
    """API_TOKENS_PER_MINUTE for each key from each address.

    By address alone one unit would shut out all others behind the same exit, by key alone anybody who
    knows a unit's client id could. Requests that name no key share the count of their address.
    """

    setting = "API_TOKENS_PER_MINUTE"
    policy = "token"

    def get_cache_key(self, request, view):
        """Count by key and address; of X-Forwarded-For only what trusted proxies wrote is believed."""
        return f"throttle:token:{_key_named_by(request._request)}:{self.get_ident(request)}"


def _key_named_by(request):
    """Return the row number of the key a token request names, or 0; whether the secret fits is not asked."""
    client_id = _basic_user(request) or request.POST.get("client_id", "")
    if "\0" in client_id:
        return 0
    named = PartnerKey.objects.filter(client_id=client_id).values_list("pk", flat=True)
    return named.first() or 0


def _basic_user(request):
    """Return the client id of an HTTP Basic header as the toolkit reads it; "" where there is none."""
    kind, __, value = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        user = base64.b64decode(value).decode().partition(":")[0]
    except ValueError:
        return ""
    return unquote_plus(user)


class KeyScopes(BaseScopes):
    """A key asks for at most what staff allowed it; asking for nothing gives all of that."""

    def get_all_scopes(self):
        """Return every scope with its words."""
        return scopes()

    def get_available_scopes(self, application=None, request=None, *args, **kwargs):
        """Return what this key may ask for."""
        return application.allowed_scopes if application else []

    def get_default_scopes(self, application=None, request=None, *args, **kwargs):
        """Return what a request without `scope` gets."""
        return self.get_available_scopes(application)
