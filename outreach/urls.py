"""Addresses of the volunteer team and what schools ask of it: one part for each theme."""

from django.urls import include, path

urlpatterns = [
    path("", include("outreach.requests.urls")),
    path("", include("outreach.surveys.urls")),
    path("choices/", include("outreach.choices.urls")),
    path("lessons/", include("outreach.lessons.urls")),
    path("volunteer/", include("outreach.volunteers.urls")),
]
