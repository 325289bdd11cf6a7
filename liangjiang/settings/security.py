"""What browsers are told, cookies, and how much a request may bring."""

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE

from kernel import env
from liangjiang.settings.base import PRODUCTION, SITE_URL, TRUSTED_PROXIES

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# unfold's Alpine evaluates attributes and writes style attributes; only the admin's own views get this.
ADMIN_CSP = {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}
X_FRAME_OPTIONS = "DENY"
# The door's page uses the camera, signing in a passkey; nothing else of a device is ever asked for.
PERMISSIONS_POLICY = {
    "camera": "self",
    "publickey-credentials-create": "self",
    "publickey-credentials-get": "self",
    **{
        feature: []
        for feature in (
            "accelerometer",
            "browsing-topics",
            "display-capture",
            "geolocation",
            "gyroscope",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "serial",
            "usb",
        )
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "liangjiang.error_pages.csrf_failure"
SILENCED_SYSTEM_CHECKS = []
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
    SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    # A browser takes these from this very host over HTTPS only: no neighbouring name can plant one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "kernel.uploads.Shortened",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# The picture asked for before a code leaves, where codes run short (accounts.picture): drawn, never decoded.
CAPTCHA_CHALLENGE_FUNCT = "accounts.picture.five_digits"
CAPTCHA_IMAGE_SIZE, CAPTCHA_FONT_SIZE = (180, 64), 40
CAPTCHA_2X_IMAGE = False
CAPTCHA_TIMEOUT = 10  # minutes
