"""What leaves the portal: static files, mail, SMS, lines of the log."""

from pathlib import Path

from whitenoise.compress import Compressor

from kernel import env
from liangjiang.settings.base import BASE_DIR, PRODUCTION, TESTING, VAR_DIR

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING
WHITENOISE_ROOT = BASE_DIR / "static" / "root"  # what browsers look for at the root of the site
# Each test client would list all static files before its first request.
WHITENOISE_AUTOREFRESH = TESTING
WHITENOISE_MAX_AGE = 3600
# Pages name the hashed files alone, and nobody reads source maps over a slow line: leaving both out
# of the compression takes collectstatic from a minute to a third of it.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]

OUTBOX_DIR = Path(env.text("OUTBOX_DIR", str(VAR_DIR / "outbox")))
SMS_GATEWAY = env.secret(
    "SMS_GATEWAY", "kernel.gateways.LocalSms" if not PRODUCTION else env.MISSING
)
# Text messages an hour: to one phone, codes asked for from one network, codes, everything (kernel.sms_budget).
SMS_BUDGETS = {
    "phone": env.number("SMS_PER_PHONE", 10),
    "network": env.number("SMS_CODES_PER_NETWORK", 100),
    "codes": env.number("SMS_CODES_PER_HOUR", 1000),
    "all": env.number("SMS_PER_HOUR", 10_000),
}
if TESTING:  # tests that are about them set their own
    SMS_BUDGETS = dict.fromkeys(SMS_BUDGETS, 10**9)
EMAIL_BACKEND = env.text(
    "EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend" if PRODUCTION else "kernel.gateways.LocalMail",
)
DEFAULT_FROM_EMAIL = env.text(
    "DEFAULT_FROM_EMAIL", "portal@example.cn" if not PRODUCTION else env.MISSING
)
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD", "")
EMAIL_TIMEOUT = 15  # seconds for each answer; without one a silent server holds the worker for ever
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", False)


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "kernel.logs.LineFormatter",
            "fmt": "{asctime} {levelname} {request_id} {name} {message}",
            "style": "{",
            "one_line": PRODUCTION,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO" if not TESTING else "WARNING"},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
    },
}
