"""Error pages in the portal's own look; they carry no personal data."""

from django.shortcuts import render


def csrf_failure(request, reason=""):
    """Answer an expired form with 403 and what to do next."""
    return render(request, "403_csrf.html", status=403)
