"""Addresses of training and coaching, below /innovation/learning/."""

from django.urls import path

from entrepreneurship.learning.views import training

urlpatterns = [
    path("", training.programmes, name="programmes"),
    path("mine/", training.my_training, name="my_training"),
    path("mine/<slug:code>/", training.my_programme, name="my_programme"),
    path("mine/<slug:code>/leave/", training.leave, name="leave_programme"),
    path("certificates/", training.certificates, name="training_certificates"),
    path("certificates/<str:code>/", training.certificate, name="training_certificate"),
    path(
        "certificates/<str:code>/file/",
        training.certificate_file,
        name="training_certificate_file",
    ),
    path("programmes/<slug:code>/", training.programme, name="programme"),
    path("programmes/<slug:code>/join/", training.join, name="join_programme"),
]
