"""What the QR code of a booking says."""

from django.conf import settings

from kernel import qr
from notices.operations import page_link


def address(booking):
    """Return what the QR code says: a page of this site, so that WeChat's own scanner opens it."""
    return settings.SITE_URL + page_link("scanned", booking.code)


def svg(booking):
    """Return the booking's QR code as inline SVG."""
    return qr.svg(address(booking))
