"""Addresses of childcare, below /workplaces/nurseries/."""

from django.urls import path

from workplaces.childcare import views

urlpatterns = [
    path("", views.nurseries, name="nurseries"),
    path("mine/", views.my_nurseries, name="my_nurseries"),
    path("mine/new/", views.new_nursery, name="new_nursery"),
    path("mine/<int:pk>/", views.my_nursery, name="my_nursery"),
    path("mine/<int:pk>/edit/", views.edit_nursery, name="edit_nursery"),
    path("mine/<int:pk>/classes/new/", views.new_class, name="new_nursery_class"),
    path("mine/<int:pk>/classes/<int:klass>/", views.edit_class, name="edit_nursery_class"),
    path("mine/<int:pk>/classes/<int:klass>/free/", views.nursery_free, name="nursery_free"),
    path("<int:pk>/", views.nursery, name="nursery"),
]
