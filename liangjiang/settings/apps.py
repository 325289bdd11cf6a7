"""What the portal is put together from: applications, middleware, templates, languages."""

from liangjiang.settings.base import BASE_DIR

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # the plain one would put its own site in place of ours
    "unfold.contrib.filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
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
    "captcha",
    # The portal's own, the lowest first; each declares itself in its module `portal` (kernel.portal).
    "kernel",
    "privacy",
    "accounts",
    "places",
    "notices",
    "partners",
    "talents",
    "care_points",
    "events",
    "calls",
    "honours",
    "role_models",
    "entrepreneurship",
    "advisory",
    "networks",
    "outreach",
    "workplaces",
    "cloud_home",
    "reports",
    "liangjiang",
]

MIDDLEWARE = [
    "liangjiang.health.HealthFirst",
    "kernel.request_ids.RequestIds",
    "django.middleware.security.SecurityMiddleware",
    "kernel.devices.DevicesPolicy",
    "kernel.page_memory.PageMemoryMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kernel.content_policy.ContentPolicy",
    "liangjiang.readable.ReadableAddress",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "kernel.line_breaks.LineBreaks",
    "accounts.middleware.WhoReads",
    "accounts.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "liangjiang.error_pages.ReadableRefusal",
    "accounts.middleware.KeptForms",
    "accounts.middleware.AccountLimits",
    "accounts.staff_site.StaffSecondFactor",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "liangjiang.second_try.SecondTry",
]

ROOT_URLCONF = "liangjiang.urls"
WSGI_APPLICATION = "liangjiang.wsgi.application"

FORM_RENDERER = "kernel.form_rendering.QuickRenderer"
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
                "kernel.templatetags.portal",
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


LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = "liangjiang.formats"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
