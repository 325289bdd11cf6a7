"""The partner API: REST framework, OAuth 2 client credentials, OpenAPI."""

from kernel import env
from liangjiang.settings.base import TRUSTED_PROXIES

OAUTH2_PROVIDER_APPLICATION_MODEL = "partners.PartnerKey"

# Per key and minute; per address and minute where no key is known yet.
API_REQUESTS_PER_MINUTE = env.number("API_REQUESTS_PER_MINUTE", 600)
API_TOKENS_PER_MINUTE = env.number("API_TOKENS_PER_MINUTE", 30)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["partners.access.PartnerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["partners.access.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["partners.access.KeyThrottle"],
    "NUM_PROXIES": TRUSTED_PROXIES,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],  # no browsable API
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "liangjiang.api_schema.ApiSchema",
    "EXCEPTION_HANDLER": "kernel.api.errors.handle",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

OAUTH2_PROVIDER = {
    # This server knows client credentials and nothing else: no browser flow, no refresh tokens.
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "SCOPES_BACKEND_CLASS": "partners.access.KeyScopes",
    "CLIENT_SECRET_HASHER": "pbkdf2_random_secret",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,  # only a digest of the token is stored
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}

SPECTACULAR_SETTINGS = {
    "TITLE": "两江女性科技人才门户开放接口 · Liangjiang Portal API",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVERS": [{"url": "/"}],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
    "SORT_OPERATIONS": False,
    "ENUM_NAME_OVERRIDES": {"ReferralStatusEnum": "entrepreneurship.finance.api.STATUS"},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "liangjiang.api_schema.finish",
    ],
}
