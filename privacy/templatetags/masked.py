"""Filters that show personal data masked."""

from django import template

from privacy import masking

register = template.Library()
register.filter("masked_phone", masking.phone)
register.filter("masked_email", masking.email)
register.filter("masked_name", masking.name)
