"""Filters every template may use."""

from django import template
from django.utils import timezone
from django.utils.translation import get_language

register = template.Library()
WEEKDAYS = "一二三四五六日"


def day_text(value):
    """Return a date as 2026年3月8日 (周日), in English as Sun 8 March 2026."""
    if get_language() == "en":
        return f"{value:%a} {value.day} {value:%B %Y}"
    return f"{value.year}年{value.month}月{value.day}日 (周{WEEKDAYS[value.weekday()]})"


def moment_text(value):
    """Return an aware datetime in Asia/Shanghai as 2026年3月8日 (周日) 14:00."""
    local = timezone.localtime(value)
    return f"{day_text(local)}{',' if get_language() == 'en' else ''} {local:%H:%M}"


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
