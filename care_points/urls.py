"""Addresses of points, services, vouchers and the station's desk."""

from django.urls import path

from care_points import case_pages, hours_pages, station_pages, times, views

urlpatterns = [
    path("", views.points, name="points"),
    path("statement/", views.statement_sheet, name="points_statement"),
    path("statement.xlsx", views.statement_file, name="points_statement_file"),
    path("why/", views.why_unspent, name="points_why"),
    path("hours/", hours_pages.my_hours, name="my_hours"),
    path("certificates/", hours_pages.hours_certificates, name="hours_certificates"),
    path("certificates/<str:code>/", hours_pages.hours_certificate, name="hours_certificate"),
    path(
        "certificates/<str:code>/file/",
        hours_pages.hours_certificate_file,
        name="hours_certificate_file",
    ),
    path("stations/", station_pages.stations, name="stations"),
    path("stations/<int:pk>/", station_pages.care_station, name="care_station"),
    path("services/", views.services, name="services"),
    path("services/<int:pk>/", views.service, name="service"),
    path("services/<int:pk>/redeem/", views.redeem, name="redeem"),
    path("vouchers/<int:pk>/", views.voucher, name="voucher"),
    path("vouchers/<int:pk>/cancel/", views.cancel, name="voucher_cancel"),
    path("services/<int:pk>/times/", times.service_times, name="service_times"),
    path("vouchers/<int:pk>/move/", times.voucher_move, name="voucher_move"),
    path("vouchers/<int:pk>/calendar/", times.voucher_calendar, name="voucher_calendar"),
    path("vouchers/<int:pk>/time/", case_pages.voucher_time, name="voucher_time"),
    path("cases/<str:number>/", case_pages.private_case, name="private_case"),
    path("provider/", times.provider, name="provider"),
    path("station/", views.station, name="station"),
    path("station/absent/<int:pk>/", views.station_absent, name="station_absent"),
    path("station/undo/<int:pk>/", views.station_undo, name="station_undo"),
    path("station/check/", views.station_check, name="station_check"),
    path("station/fulfil/", views.station_fulfil, name="station_fulfil"),
]
