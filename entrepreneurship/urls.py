"""Addresses of founders and technology: one part for each theme."""

from django.urls import include, path

from entrepreneurship import views

urlpatterns = [
    path("", views.innovation, name="innovation"),
    path("ventures/", include("entrepreneurship.ventures.urls")),
    path("plans/", include("entrepreneurship.plans.urls")),
    path("learning/", include("entrepreneurship.learning.urls")),
    path("finance/", include("entrepreneurship.finance.urls")),
    path("bases/", include("entrepreneurship.bases.urls")),
    path("transfer/", include("entrepreneurship.transfer.urls")),
]
