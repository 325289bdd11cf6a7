"""Addresses of plans, below /innovation/."""

from django.urls import path

from entrepreneurship.plans import views

urlpatterns = [
    path("", views.plans, name="plans"),
    path("<int:number>/venture/", views.plan_venture, name="plan_venture"),
]
