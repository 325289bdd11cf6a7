"""Addresses under /me/data/."""

from django.urls import path

from talents.my_data import views

urlpatterns = [
    path("", views.my_data, name="my_data"),
    path("copy/", views.request_copy, name="request_copy"),
    path("erase/", views.ask_erasure, name="ask_erasure"),
    path("erase/withdraw/", views.withdraw_erasure, name="withdraw_erasure"),
    path("copy/<int:pk>/", views.download_copy, name="download_copy"),
]
