"""Addresses of workplaces: one part for each theme."""

from django.urls import include, path

urlpatterns = [
    path("nurseries/", include("workplaces.childcare.urls")),
]
