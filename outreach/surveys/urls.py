"""Addresses of what classes answer, below /outreach/."""

from django.urls import path

from outreach.surveys import views

urlpatterns = [
    path("requests/<str:code>/survey/", views.class_survey, name="class_survey"),
    path("requests/<str:code>/survey/<str:moment>/", views.survey_cards, name="survey_cards"),
    path("class/", views.class_code, name="class_code"),
    path("class/<str:code>/", views.class_answer, name="class_answer"),
]
