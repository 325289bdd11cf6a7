"""Addresses of the library, below /outreach/lessons/."""

from django.urls import path

from outreach.lessons import views

urlpatterns = [
    path("", views.lessons, name="lessons"),
    path("guide/", views.speakers_guide, name="speakers_guide"),
    path("<str:code>/", views.lesson, name="lesson"),
]
