"""Addresses of the inbox and, in development, of the local outbox."""

from django.urls import path

from notices import views

urlpatterns = [
    path("notices/", views.inbox, name="notices"),
    path("notices/read/", views.read, name="notices_read"),
    path("notices/ways/", views.ways, name="notice_ways"),
    path("outbox/", views.outbox, name="outbox"),
]
