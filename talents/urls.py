"""Addresses under /me/profile/."""

from django.urls import path

from talents import views
from talents.asking import views as asking
from talents.career import views as career
from talents.cv.views import cv
from talents.growth.views import growth
from talents.identity import views as claiming
from talents.opening_views import openings

urlpatterns = [
    path("", views.profile, name="profile"),
    path("<int:step>/", views.step, name="profile_step"),
    path("review/", views.review, name="profile_review"),
    path("proposal/withdraw/", views.withdraw_proposal, name="profile_withdraw_proposal"),
    path("pause/", views.pause, name="profile_pause"),
    path("resume/", views.resume, name="profile_resume"),
    path("move-away/", views.move_away, name="profile_move_away"),
    path("move-back/", views.move_back, name="profile_move_back"),
    path("confirm/", career.confirm, name="profile_confirm"),
    path("career/", career.career, name="career"),
    path("career/<str:kind>/", career.add_entry, name="career_add"),
    path("career/entry/<int:pk>/", career.change_entry, name="career_entry"),
    path("career/entry/<int:pk>/delete/", career.delete_entry, name="career_delete"),
    path("career/entry/<int:pk>/restore/", career.restore_entry, name="career_restore"),
    path("career/entry/<int:pk>/evidence/", career.evidence, name="career_evidence"),
    path("cv/", cv, name="cv"),
    path("open/", openings, name="openings"),
    path("growth/", growth, name="growth"),
    path("asking/", asking.asking, name="asking"),
    path("asking/stop/", asking.stop, name="asking_stop"),
    path("asking/resume/", asking.resume, name="asking_resume"),
    path("claim/", claiming.claim, name="profile_claim"),
    path("units/", views.units, name="profile_units"),
]
