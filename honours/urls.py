"""Addresses of honours."""

from django.urls import path

from honours import views

urlpatterns = [
    path("", views.roll, name="honour_roll"),
    path("mine/", views.my_honours, name="my_honours"),
    path("mine/<slug:code>/roll/", views.on_roll, name="honour_on_roll"),
    path("evidence/<slug:code>/", views.evidence, name="honour_evidence"),
    path("certificates/", views.certificates, name="honour_certificates"),
    path("certificates/<str:code>/", views.certificate, name="honour_certificate"),
    path("certificates/<str:code>/file/", views.certificate_file, name="honour_certificate_file"),
]
