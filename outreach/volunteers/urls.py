"""Addresses of a volunteer's own pages."""

from django.urls import path

from outreach.volunteers import views

urlpatterns = [
    path("", views.mine, name="my_volunteering"),
    path("what/", views.what, name="volunteer_what"),
    path("when/", views.when, name="volunteer_when"),
    path("send/", views.send, name="volunteer_send"),
    path("pause/", views.pause, name="volunteer_pause"),
    path("resume/", views.resume, name="volunteer_resume"),
    path("leave/", views.leave, name="volunteer_leave"),
]
