"""Filters every template may use."""

from django import template
from django.utils import timezone

from liangjiang.words import day_text, moment_text

register = template.Library()
@register.filter
def cn_date(value):
    """Show a date or datetime as a day."""
    if not value:
        return ""
    return day_text(timezone.localtime(value) if hasattr(value, "tzinfo") else value)


@register.filter
def cn_datetime(value):
    """Show a datetime as day and time in Asia/Shanghai."""
    return moment_text(value) if value else ""
