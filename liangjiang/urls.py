"""Addresses. HTML pages are Chinese at /… and English at /en/…; API, health and static have no language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from liangjiang import dashboard, for_robots

urlpatterns = [
    path("robots.txt", for_robots.robots, name="robots"),
    path("sitemap.xml", for_robots.sitemap, name="sitemap"),
    path(".well-known/security.txt", for_robots.security, name="security_txt"),
    path("api/v1/", include("liangjiang.api")),
]
urlpatterns += i18n_patterns(
    path("admin/", admin.site.urls),
    path("", include("liangjiang.pages")),
    path("me/", dashboard.dashboard, name="dashboard"),
    path("accounts/", include("accounts.urls")),
    path("privacy/", include("privacy.urls")),
    path("", include("notices.urls")),
    path("me/profile/", include("talents.urls")),
    path("me/data/", include("talents.my_data.urls")),
    path("people/", include("talents.public.urls")),
    path("events/", include("events.urls")),
    path("calls/", include("calls.urls")),
    path("stories/", include("role_models.urls")),
    path("innovation/", include("entrepreneurship.urls")),
    path("advisory/", include("advisory.urls")),
    path("networks/", include("networks.urls")),
    path("outreach/", include("outreach.urls")),
    path("workplaces/", include("workplaces.urls")),
    path("honours/", include("honours.urls")),
    path("cloud/", include("cloud_home.urls")),
    path("points/", include("care_points.urls")),
    prefix_default_language=False,
)

handler400 = "liangjiang.error_pages.bad_request"
handler403 = "liangjiang.error_pages.forbidden"
handler404 = "liangjiang.error_pages.not_found"
handler429 = "liangjiang.error_pages.too_many"
handler500 = "liangjiang.error_pages.server_error"
