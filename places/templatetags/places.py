"""What templates say of a place at the moment they are rendered."""

from django import template
from django.utils import timezone

from places import opening

register = template.Library()


@register.simple_tag
def place_status(place):
    """Return whether a place is open now, and what comes next."""
    return opening.status_text(place, timezone.now())


@register.simple_tag
def place_verified(place):
    """Return when staff last checked what is said of a place; "" where nobody has."""
    return opening.verified_text(place, timezone.now())


@register.simple_tag
def place_exceptions(place):
    """Return the lines about days ahead that are not as usual."""
    return opening.exceptions_text(place, timezone.now())
