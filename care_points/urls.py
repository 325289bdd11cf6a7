"""Addresses of points, services, vouchers and the station's desk."""

from django.urls import path

from care_points import views

urlpatterns = [
    path("", views.points, name="points"),
    path("services/", views.services, name="services"),
    path("services/<int:pk>/", views.service, name="service"),
    path("services/<int:pk>/redeem/", views.redeem, name="redeem"),
    path("vouchers/<int:pk>/", views.voucher, name="voucher"),
    path("vouchers/<int:pk>/cancel/", views.cancel, name="voucher_cancel"),
    path("station/", views.station, name="station"),
    path("station/check/", views.station_check, name="station_check"),
    path("station/fulfil/", views.station_fulfil, name="station_fulfil"),
]
