"""Filters of the API that refuse what they do not understand instead of ignoring it."""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, IsoDateTimeFilter
from django_filters.fields import IsoDateTimeField

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class MomentField(IsoDateTimeField):
    """A moment in ISO 8601 with its offset: read as local time, it would be eight hours out for half the callers."""

    default_error_messages = {
        "invalid": _(
            "请按 2026-03-08T14:00:00+08:00 的格式填写；地址中的 + 要写成 %2B，或用 Z 结尾的 UTC 时间。"
        ),
        "no_zone": _("请写明时区，例如 2026-03-08T14:00:00%2B08:00，或用 Z 结尾的 UTC 时间。"),
    }

    def to_python(self, value):
        """Refuse a moment without its zone before Django gives it ours."""
        if value and _has_no_zone(value):
            raise ValidationError(self.error_messages["no_zone"], code="no_zone")
        return super().to_python(value)

    def clean(self, value):
        """Keep within the years anything here can have happened."""
        moment = super().clean(value)
        if moment is not None and not EARLIEST <= moment <= LATEST:
            raise ValidationError(_("请填 2000 年到 2100 年之间的时间。"))
        # In UTC: PostgreSQL reads no offset of sixteen hours, which Python takes.
        return moment and moment.astimezone(UTC)


def _has_no_zone(text):
    try:
        moment = parse_datetime(text.strip())
    except ValueError:
        return False  # no moment at all: said as such
    return moment is not None and moment.tzinfo is None


class MomentFilter(IsoDateTimeFilter):
    """Compare with an ISO 8601 moment; MomentField refuses years outside 2000 to 2100."""

    field_class = MomentField


class YesNoFilter(ChoiceFilter):
    """`true` or `false`; django-filter's own BooleanFilter ignores any other word."""

    def __init__(self, *args, **kwargs):
        kwargs["choices"] = [("true", _("是")), ("false", _("否"))]
        super().__init__(*args, **kwargs)

    def filter(self, queryset, value):
        """Translate the word for the database."""
        return queryset if not value else queryset.filter(**{self.field_name: value == "true"})
