"""Addresses of flexible work, below /workplaces/flexible/."""

from django.urls import path

from workplaces.flexible import views

urlpatterns = [
    path("", views.flexible_offers, name="flexible_offers"),
    path("mine/", views.my_flexible_offers, name="my_flexible_offers"),
    path("mine/new/", views.new_flexible_offer, name="new_flexible_offer"),
    path("mine/<int:pk>/", views.my_flexible_offer, name="my_flexible_offer"),
    path("mine/<int:pk>/edit/", views.edit_flexible_offer, name="edit_flexible_offer"),
    path("mine/<int:pk>/withdraw/", views.withdraw_flexible_offer, name="withdraw_flexible_offer"),
    path("<int:pk>/", views.flexible_offer, name="flexible_offer"),
]
