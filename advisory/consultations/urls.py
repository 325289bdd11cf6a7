"""Addresses under /advisory/consultations/."""

from django.urls import path

from advisory.consultations import views

urlpatterns = [
    path("<int:pk>/", views.invitation, name="consultation_invitation"),
    path("<int:pk>/interest/", views.declare, name="consultation_declare"),
    path("<int:pk>/opinion/", views.say, name="consultation_say"),
    path("<int:pk>/papers/<str:code>/", views.paper, name="consultation_paper"),
    path("opinions/<int:pk>/", views.opinion, name="consultation_opinion"),
]
