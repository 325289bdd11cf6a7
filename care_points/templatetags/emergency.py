"""The numbers that stand first wherever somebody may need them now."""

from django import template

from care_points.emergency import numbers

register = template.Library()


@register.simple_tag
def emergency_numbers():
    """Return the EmergencyNumbers to show; never none."""
    return numbers()
