"""Addresses under /me/profile/."""

from django.urls import path

from talents import views
from talents.identity import views as claiming

urlpatterns = [
    path("", views.profile, name="profile"),
    path("<int:step>/", views.step, name="profile_step"),
    path("review/", views.review, name="profile_review"),
    path("proposal/withdraw/", views.withdraw_proposal, name="profile_withdraw_proposal"),
    path("pause/", views.pause, name="profile_pause"),
    path("resume/", views.resume, name="profile_resume"),
    path("move-away/", views.move_away, name="profile_move_away"),
    path("move-back/", views.move_back, name="profile_move_back"),
    path("claim/", claiming.claim, name="profile_claim"),
    path("units/", views.units, name="profile_units"),
]
