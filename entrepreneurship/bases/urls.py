"""Addresses of bases, below /innovation/bases/."""

from django.urls import path

from entrepreneurship.bases import views

urlpatterns = [
    path("", views.bases, name="bases"),
    path("services/<int:pk>/ask/", views.ask_base, name="ask_base"),
    path("requests/", views.my_base_requests, name="my_base_requests"),
    path("requests/<slug:code>/", views.base_request, name="base_request"),
    path("answer/", views.base_requests_to_answer, name="base_requests_to_answer"),
    path("answer/<slug:code>/", views.base_request_to_answer, name="base_request_to_answer"),
    path("<int:pk>/", views.base, name="base"),
]
