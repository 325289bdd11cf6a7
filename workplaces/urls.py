"""Addresses of what mothers find: one part for each theme."""

from django.urls import include, path

urlpatterns = [
    path("periods/", include("workplaces.periods.urls")),
    path("nurseries/", include("workplaces.childcare.urls")),
    path("flexible/", include("workplaces.flexible.urls")),
]
