"""Addresses: the notice at /privacy/, her own consents below /accounts/consents/."""

from django.urls import path

from privacy import views

urlpatterns = [path("", views.notice, name="privacy_notice")]

consent_urlpatterns = [
    path("", views.my_consents, name="my_consents"),
    path("<slug:purpose>/grant/", views.grant, name="grant_consent"),
    path("<slug:purpose>/withdraw/", views.withdraw, name="withdraw_consent"),
    path("<slug:purpose>/<slug:about>/withdraw/", views.withdraw_one, name="withdraw_one_consent"),
]
