"""Addresses below /accounts/: the overview, consents, and allauth's sign-in pages."""

from django.urls import include, path

from accounts import views
from privacy.urls import consent_urlpatterns

urlpatterns = [
    path("", views.overview, name="account_overview"),
    path("language/", views.language, name="account_language"),
    path("consents/", include(consent_urlpatterns)),
    path("", include("allauth.urls")),
]
