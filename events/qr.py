"""What the QR code of a booking says."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from kernel import qr


def address(booking):
    """Return what the QR code says: a page of this site, so that WeChat's own scanner opens it."""
    with translation.override("zh-hans"):
        return settings.SITE_URL + reverse("scanned", args=[booking.code])


def svg(booking):
    """Return the booking's QR code as inline SVG."""
    return qr.svg(address(booking))
