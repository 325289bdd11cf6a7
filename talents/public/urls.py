"""Addresses under /people/: hers to choose first, then everybody's."""

from django.urls import path

from talents.public import views

urlpatterns = [
    path("mine/", views.choose, name="public_choose"),
    path("mine/preview/", views.preview, name="public_preview"),
    path("mine/publish/", views.publish, name="public_publish"),
    path("mine/take-back/", views.take_back, name="public_take_back"),
    path("<slug:address>/", views.person, name="person"),
]
