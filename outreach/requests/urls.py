"""Addresses of schools' requests and of volunteers' visits, below /outreach/."""

from django.urls import path

from outreach.requests import hers, views

urlpatterns = [
    path("requests/", views.my_requests, name="my_requests"),
    path("requests/<str:code>/", views.my_request, name="my_request"),
    path("requests/<str:code>/act/", views.act_on_request, name="act_on_request"),
    path("requests/<str:code>/what/", views.request_what, name="request_what"),
    path("requests/<str:code>/when/", views.request_when, name="request_when"),
    path("requests/<str:code>/send/", views.request_send, name="request_send"),
    path("visits/", hers.my_visits, name="my_visits"),
    path("visits/<int:pk>/", hers.visit_invitation, name="visit_invitation"),
]
