"""Addresses of mothers' rooms, below /workplaces/rooms/."""

from django.urls import path

from workplaces.rooms import views

urlpatterns = [
    path("", views.rooms, name="rooms"),
    path("near/", views.rooms_near, name="rooms_near"),
    path("mine/", views.my_rooms, name="my_rooms"),
    path("mine/new/", views.new_room, name="new_room"),
    path("mine/<int:pk>/", views.my_room, name="my_room"),
    path("mine/<int:pk>/edit/", views.edit_room, name="edit_room"),
    path("mine/<int:pk>/days/", views.room_days, name="room_days"),
    path("mine/<int:pk>/withdraw/", views.withdraw_room, name="withdraw_room"),
    path("<int:pk>/", views.room, name="room"),
    path("<int:pk>/report/", views.report_room, name="report_room"),
]
