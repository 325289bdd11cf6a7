"""The two OAuth 2 addresses: a key becomes a token, a token is given back.

Nothing else of the toolkit's pages is mounted: there is no browser flow and no self-service.
"""

import json

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from oauth2_provider.views.mixins import OAuthLibMixin
from rest_framework import serializers
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import FormParser
from rest_framework.views import APIView

from kernel import portal
from kernel.access import token
from kernel.api.errors import Problem, answer, kinds
from kernel.api.throttles import ShowsLimits
from kernel.api.view import InReadersLanguage
from partners.access import TokenThrottle

# RFC 6749, section 5.2: what the token address answers, and our code for it.
CODES = {"invalid_client": "invalid_client", "unauthorized_client": "invalid_client"}
OAUTH_ERRORS = (
    "bad_request",
    "unknown_parameter",
    "invalid_token_request",
    "not_acceptable",
    "unsupported_media_type",
    "rate_limited",
    "server_error",
)
REASONS = {
    "invalid_request": _("请用表单格式提交 grant_type、client_id 与 client_secret。"),
    "unsupported_grant_type": _("grant_type 只支持 client_credentials。"),
    "invalid_scope": _("申请了密钥没有的权限范围，可省略 scope 以取得全部已开通的范围。"),
    "invalid_target": _("不支持 resource 参数，请去掉。"),
    "unsupported_token_type": _("token_type_hint 只支持 access_token。"),
}


class OAuthView(InReadersLanguage, ShowsLimits, OAuthLibMixin, APIView):
    """Base of the two OAuth addresses: form in, JSON out, errors as problem+json.

    An error also carries RFC 6749's `error` and `error_description`, which OAuth client libraries
    read, so one body serves both.
    """

    http_method_names = ["post"]
    authentication_classes = []
    permission_classes = []
    throttle_classes = [TokenThrottle]
    parser_classes = [FormParser]

    def post(self, request):
        """Let the toolkit decide; translate what it says no to."""
        plain = request._request
        if plain.content_type not in ("", FormParser.media_type):
            raise UnsupportedMediaType(plain.content_type)
        if plain.GET:
            raise Problem("unknown_parameter", name=next(iter(plain.GET))[:40], allowed="-")
        if any("\0" in value for value in plain.POST.values()):
            raise Problem("bad_request")
        headers, body, status = self.decide(plain)
        if status == 200:
            return self.succeed(body, headers)
        refusal = json.loads(body or "{}")
        error = refusal.get("error", "invalid_request")
        code = CODES.get(error, "invalid_token_request")
        detail = kinds()[code].detail
        if code == "invalid_token_request":
            detail %= {"reason": REASONS.get(error, REASONS["invalid_request"])}
        challenge = {"WWW-Authenticate": 'Basic realm="api"'} if code == "invalid_client" else {}
        return answer(
            code,
            detail,
            headers=challenge,
            error=error,
            error_description=refusal.get("error_description", ""),
        )

    def decide(self, request):
        """Return the toolkit's (headers, body, status)."""
        raise NotImplementedError

    def succeed(self, body, headers):
        """Return what the client asked for; never kept by a cache."""
        return HttpResponse(
            body,
            content_type="application/json",
            headers={"Cache-Control": "no-store", "Pragma": "no-cache"},
        )


class TokenForm(serializers.Serializer):
    """What the token address takes; the key may stand in an HTTP Basic header instead."""

    grant_type = serializers.ChoiceField(choices=["client_credentials"])
    client_id = serializers.CharField(required=False)
    client_secret = serializers.CharField(required=False)
    scope = serializers.CharField(
        required=False, help_text=_("用空格分隔；省略则取得全部已开通的范围")
    )


class TokenOut(serializers.Serializer):
    """An access token (RFC 6749, section 5.1)."""

    access_token = serializers.CharField()
    expires_in = serializers.IntegerField(help_text=_("秒"))
    token_type = serializers.ChoiceField(choices=["Bearer"])
    scope = serializers.CharField()


class RevokeForm(serializers.Serializer):
    """What the revocation address takes (RFC 7009)."""

    token = serializers.CharField()
    client_id = serializers.CharField(required=False)
    client_secret = serializers.CharField(required=False)


class RevokeOut(serializers.Serializer):
    """The token opens nothing any more."""

    revoked = serializers.BooleanField()


@extend_schema(tags=["oauth"])
class TokenView(OAuthView):
    """Exchange a key for an access token that lives an hour."""

    summary = _("换取访问令牌")
    explanation = _("用接口密钥换取有效一小时的访问令牌；请在到期前重复使用同一个令牌。")
    form_class = TokenForm
    serializer_class = TokenOut
    errors = (*OAUTH_ERRORS, "invalid_client")

    @property
    def example(self):
        """Return an answer that opens everything the apps declare."""
        return {
            "access_token": "example-access-token",
            "expires_in": 3600,
            "token_type": "Bearer",
            "scope": " ".join(sorted(portal.merged("scopes"))),
        }

    def decide(self, request):
        """Issue the token (client credentials is the only grant the server knows)."""
        __, headers, body, status = self.create_token_response(request)
        return headers, body, status


@extend_schema(tags=["oauth"])
class RevokeView(OAuthView):
    """Give an access token back before its hour is over; an unknown token is fine (RFC 7009)."""

    summary = _("作废访问令牌")
    explanation = _("令牌不再需要或可能泄露时使用；令牌不存在也返回成功。")
    form_class = RevokeForm
    serializer_class = RevokeOut
    errors = (*OAUTH_ERRORS, "invalid_client")
    example = {"revoked": True}

    def decide(self, request):
        """Delete the token if it belongs to the key that asks."""
        __, headers, body, status = self.create_revocation_response(request)
        return headers, body, status

    def succeed(self, body, headers):
        """Say that the token is gone."""
        return super().succeed('{"revoked": true}', headers)


urlpatterns = [
    path("oauth/token/", token(TokenView.as_view()), name="api_token"),
    path("oauth/revoke/", token(RevokeView.as_view()), name="api_revoke"),
]
