"""What every page template may use."""

from django.conf import settings

from kernel.portal import listed


def portal(request):
    """Return the development flag, the second-factor relaxation shown to staff, the site's navigation."""
    places = listed("places")
    return {
        "site_url": settings.SITE_URL,
        "development": settings.PORTAL_ENV == "development",
        "staff_second_factor": settings.STAFF_SECOND_FACTOR,
        "places": [place for place in places if not place.footer],
        "footer_places": [place for place in places if place.footer],
    }
