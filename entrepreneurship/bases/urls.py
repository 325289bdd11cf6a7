"""Addresses of the theme, below /innovation/."""

urlpatterns = []
