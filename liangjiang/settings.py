"""Settings, read from the environment (liangjiang.env) once; production is the default.

`PORTAL_ENV` is production, development or test; nothing else depends on where the code runs.
"""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from whitenoise.compress import Compressor

from liangjiang import env

BASE_DIR = Path(__file__).resolve().parent.parent
PORTAL_ENV = env.text("PORTAL_ENV", "production")
PRODUCTION = PORTAL_ENV == "production"
TESTING = PORTAL_ENV == "test"
DEBUG = False  # never: the portal shows its own error pages everywhere

# --- secrets and addresses -------------------------------------------------------------------------
SECRET_KEY = env.secret("SECRET_KEY")
FIELD_KEYS = env.secret("FIELD_KEYS")  # SM4 key ring "k2:<32 hex>,k1:<32 hex>", newest first
INDEX_KEY = env.secret("INDEX_KEY")  # 64 hex digits, for blind indexes
DATABASE_URL = env.secret("DATABASE_URL")
REDIS_URL = env.secret("REDIS_URL")
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000" if not PRODUCTION else env.MISSING).rstrip(
    "/"
)
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", [urlsplit(SITE_URL).hostname or ""])
if not PRODUCTION:
    ALLOWED_HOSTS = ["*"]  # a phone on the same network may open a developer's portal
    SECRET_KEY, INDEX_KEY = SECRET_KEY or "x" * 50, INDEX_KEY or "00" * 32
# The audit chain keeps the key it was begun with when INDEX_KEY is changed.
AUDIT_KEY = env.secret("AUDIT_KEY", INDEX_KEY)
# Only this many proxies in front are believed when they name the client's address.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

# --- applications ----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # the plain one would put its own site in place of ours
    "unfold.contrib.filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "liangjiang.admin.PortalAdminConfig",
    "simple_history",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "oauth2_provider",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.weixin",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    "lucide",
    "liangjiang",
    "privacy",
    "accounts",
    "notices",
    "talents",
    "care_points",
    "events",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "liangjiang.public_cache.PublicCacheMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "liangjiang.readable.ReadableAddress",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.AccountLimits",
    "liangjiang.staff_site.StaffSecondFactor",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "liangjiang.urls"
WSGI_APPLICATION = "liangjiang.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "lucide.templatetags.lucide",
                "liangjiang.templatetags.portal",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "liangjiang.context.portal",
            ],
        },
    }
]


# --- database, cache, queue ------------------------------------------------------------------------
def _database(url):
    """Turn postgresql://user:password@host:port/name into Django's dictionary."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0 if TESTING else 600,
        "CONN_HEALTH_CHECKS": True,
        # On solid-state disks a random page costs little more than the next one. With the default of 4
        # the planner adds the bitmap of a whole department to a name search: 25 ms instead of 2.
        # PgBouncer passes no start-up options on: behind it, set this on the database itself.
        "OPTIONS": {} if env.flag("PGBOUNCER", False) else {"options": "-c random_page_cost=1.1"},
        # PgBouncer in transaction mode keeps no server-side cursors.
        "DISABLE_SERVER_SIDE_CURSORS": env.flag("PGBOUNCER", False),
    }


DATABASES = {"default": _database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}
# Public pages out of memory (liangjiang.public_cache); tests that are about it switch it on.
PUBLIC_CACHE = env.flag("PUBLIC_CACHE", not TESTING)
SESSION_ENGINE = "privacy.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
STAFF_IDLE_SECONDS = 30 * 60

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
# The broker may be gone when a page nudges the worker: give up at once, the sweep finds the row.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 0.5, "max_retries": 0}
CELERY_BEAT_SCHEDULE = {
    "send-due": {"task": "notices.tasks.send_due", "schedule": 10.0},
    "resume-imports": {"task": "talents.tasks.resume_imports", "schedule": 30.0},
    "build-reports": {"task": "reports.tasks.build_reports", "schedule": 300.0},
    "clear-expired-tokens": {"task": "accounts.tasks.clear_expired_tokens", "schedule": 3600.0},
    "clear-expired-sessions": {
        "task": "accounts.tasks.clear_expired_sessions",
        "schedule": 24 * 3600.0,
    },
    "chain-audit": {"task": "privacy.tasks.chain_audit", "schedule": 60.0},
    "expire-redemptions": {"task": "care_points.tasks.expire_redemptions", "schedule": 3600.0},
    "expire-points": {"task": "care_points.tasks.expire_points", "schedule": 24 * 3600.0},
}

# --- people ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "accounts.hashers.RandomSecretHasher",  # partner keys, never passwords
]
if TESTING:
    PASSWORD_HASHERS[0] = "django.contrib.auth.hashers.MD5PasswordHasher"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Staff enter the admin with a second factor; the demo may relax it and says so on the page.
STAFF_SECOND_FACTOR = env.flag("STAFF_SECOND_FACTOR", PRODUCTION)

from liangjiang.settings_accounts import *  # noqa: E402,F403

# --- language, time --------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- static files, mail, SMS -----------------------------------------------------------------------
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
WHITENOISE_MAX_AGE = 3600
# Pages name the hashed files alone, and nobody reads source maps over a slow line: leaving both out
# of the compression takes collectstatic from a minute to a third of it.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]

OUTBOX_DIR = Path(env.text("OUTBOX_DIR", str(VAR_DIR / "outbox")))
SMS_GATEWAY = env.secret(
    "SMS_GATEWAY", "notices.gateways.LocalSms" if not PRODUCTION else env.MISSING
)
EMAIL_BACKEND = env.text(
    "EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend" if PRODUCTION else "notices.gateways.LocalMail",
)
DEFAULT_FROM_EMAIL = env.text(
    "DEFAULT_FROM_EMAIL", "portal@example.cn" if not PRODUCTION else env.MISSING
)
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", False)

# --- admin, API ------------------------------------------------------------------------------------
from liangjiang.settings_admin import UNFOLD  # noqa: E402,F401
from liangjiang.settings_api import *  # noqa: E402,F403

# --- security --------------------------------------------------------------------------------------
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
    SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]
    SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "liangjiang.logs.LineFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
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

env.check()
