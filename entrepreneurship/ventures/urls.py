"""Addresses of ventures, below /innovation/ventures/."""

from django.urls import path

from entrepreneurship.ventures import views

urlpatterns = [
    path("", views.my_ventures, name="my_ventures"),
    path("new/", views.new_venture, name="new_venture"),
    path(
        "invitation/<int:number>/<str:secret>/", views.venture_invitation, name="venture_invitation"
    ),
    path("<slug:code>/", views.venture, name="venture"),
    path("<slug:code>/edit/", views.venture_edit, name="venture_edit"),
    path("<slug:code>/stage/", views.venture_stage, name="venture_stage"),
    path("<slug:code>/stage/back/", views.venture_stage_back, name="venture_stage_back"),
    path("<slug:code>/founders/", views.venture_founders, name="venture_founders"),
    path("<slug:code>/founders/<int:pk>/", views.venture_founder, name="venture_founder"),
    path("<slug:code>/check/", views.venture_check, name="venture_check"),
    path("<slug:code>/checks/<int:pk>/", views.venture_checkpoint, name="venture_checkpoint"),
]
