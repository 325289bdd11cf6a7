"""Addresses of training and coaching, below /innovation/learning/."""

from django.urls import path

from entrepreneurship.learning.views import coaching, training

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
    path("coaching/", coaching.coaches, name="coaches"),
    path("coaching/mine/", coaching.my_coaching, name="my_coaching"),
    path("coaching/offer/", coaching.offer, name="offer_coaching"),
    path("coaching/stop/", coaching.stop, name="stop_coaching"),
    path("coaching/publish/", coaching.publish, name="publish_hour"),
    path("coaching/hours/<slug:code>/", coaching.hour, name="coaching_hour"),
    path("coaching/hours/<slug:code>/confirm/", coaching.confirm, name="confirm_hour"),
    path("coaching/hours/<slug:code>/cancel/", coaching.cancel, name="cancel_hour"),
    path("coaching/proposals/<slug:code>/answer/", coaching.answer, name="answer_proposal"),
    path("coaching/proposals/<slug:code>/withdraw/", coaching.withdraw, name="withdraw_proposal"),
    path("coaching/<slug:code>/", coaching.coach, name="coach"),
    path("programmes/<slug:code>/", training.programme, name="programme"),
    path("programmes/<slug:code>/join/", training.join, name="join_programme"),
]
