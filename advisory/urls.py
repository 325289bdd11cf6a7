"""Addresses of what women are asked and what they suggest: one part for each theme."""

from django.urls import include, path

from advisory import views

urlpatterns = [
    path("", views.mine, name="my_advisory"),
    path("consultations/", include("advisory.consultations.urls")),
    path("suggestions/", include("advisory.suggestions.urls")),
]
