"""Addresses of the pages that belong to no policy area."""

from django.urls import path

from liangjiang import views
from liangjiang.api_docs import docs

urlpatterns = [
    path("", views.home, name="home"),
    path("measures/", views.measures, name="measures"),
    path("measures/<int:number>/", views.measure, name="measure"),
    path("help/", views.help_page, name="help"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("policy/", views.policy_text, name="policy"),
    path("api/v1/docs/", docs, name="api_docs"),
    path("style-guide/", views.show_style_guide, name="style_guide"),
]
