"""The partner API: REST framework, OAuth 2 client credentials, OpenAPI."""

REST_FRAMEWORK = {}
OAUTH2_PROVIDER = {}
SPECTACULAR_SETTINGS = {}
OAUTH2_PROVIDER_APPLICATION_MODEL = "accounts.PartnerKey"
