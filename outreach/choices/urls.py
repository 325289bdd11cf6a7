"""Addresses of subject choice, below /outreach/choices/."""

from django.urls import path

from outreach.choices import views

urlpatterns = [
    path("", views.my_choices, name="my_choices"),
    path("new/", views.enter_choices, name="new_choices"),
    path("<int:year>/", views.enter_choices, name="edit_choices"),
]
