"""What every page template may use."""

import re

from django.conf import settings

from kernel.portal import listed


def portal(request):
    """Return the development flag, the second-factor relaxation shown to staff, the site's navigation."""
    places = listed("places")
    police = re.sub(r"\D", "", settings.POLICE_NUMBER)
    return {
        "site_url": settings.SITE_URL,
        "contact_phone": settings.CONTACT_PHONE,
        "contact_mail": settings.CONTACT_MAIL,
        "contact_hours": settings.CONTACT_HOURS,
        "icp_number": settings.ICP_NUMBER,
        "police_number": settings.POLICE_NUMBER,
        "police_query": f"https://beian.mps.gov.cn/#/query/webSearch?code={police}",
        "development": settings.PORTAL_ENV == "development",
        "staff_second_factor": settings.STAFF_SECOND_FACTOR,
        "places": [place for place in places if not place.footer],
        "footer_places": [place for place in places if place.footer],
    }
