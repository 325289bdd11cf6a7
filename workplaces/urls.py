"""Addresses of what mothers find: one part for each theme."""

from django.urls import include, path

from workplaces.units import unit_page

urlpatterns = [
    path("units/<int:pk>/", unit_page, name="unit_page"),
    path("periods/", include("workplaces.periods.urls")),
    path("rooms/", include("workplaces.rooms.urls")),
    path("nurseries/", include("workplaces.childcare.urls")),
    path("flexible/", include("workplaces.flexible.urls")),
]
