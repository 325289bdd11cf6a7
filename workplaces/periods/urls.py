"""Addresses of the four periods, below /workplaces/periods/."""

from django.urls import path

from workplaces.periods import views

urlpatterns = [path("", views.periods, name="periods")]
