"""What every page template may use."""

from django.conf import settings


def portal(request):
    """Return the development flag and the second-factor relaxation shown on staff pages."""
    return {
        "development": settings.PORTAL_ENV == "development",
        "staff_second_factor": settings.STAFF_SECOND_FACTOR,
    }
