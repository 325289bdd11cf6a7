"""Addresses under /me/data/."""

from django.urls import path

from talents.my_data import views

urlpatterns = [
    path("", views.my_data, name="my_data"),
    path("copy/", views.request_copy, name="request_copy"),
    path("copy/<int:pk>/", views.download_copy, name="download_copy"),
]
