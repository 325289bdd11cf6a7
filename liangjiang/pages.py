"""Addresses of the pages that belong to no policy area."""

urlpatterns = []
