"""Series of events in the admin."""

from django.contrib import admin
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import operations, speaking
from events.forms import SeriesForm
from events.models import Event, Series
from kernel.admin.forms import OperationAdmin
from kernel.admin.lists import column


def _women(series):
    """Return the share of women among all who spoke in a series, in words."""
    share = speaking.share(Event.objects.published().filter(series=series))
    if share.percent is None:
        return ""
    return _("%(women)s / %(people)s（%(percent)s%%）") % {
        "women": share.women,
        "people": share.people - share.unknown,
        "percent": share.percent,
    }


def _report(series):
    """Return the link to the report on the events of a series that are over, "" before the first is."""
    if not Event.objects.past(timezone.now()).filter(series=series).exists():
        return ""
    where = f"{reverse('admin:events_event_reports')}?series={series.pk}"
    return format_html('<a class="portal-link" href="{}">{}</a>', where, _("活动报告"))


@admin.register(Series)
class SeriesAdmin(OperationAdmin):
    """A department's series: begun, described, hidden."""

    form = SeriesForm
    editable = operations.DESCRIBED
    list_display = ("name", "platform", "department", "held", "is_visible")
    list_filter = ("platform", "is_visible")
    list_select_related = ("department",)
    search_fields = ("name",)
    search_help_text = gettext_lazy("按系列名称查找")
    ordering = ("name", "pk")
    readonly_fields = ("women_speakers", "report")
    empty_words = gettext_lazy(
        "还没有活动系列。定期举办的沙龙、论坛可以建成一个系列，有自己的页面和日历。"
    )
    fieldsets = (
        (None, {"fields": ("name", "platform", "description", "is_visible", "department")}),
        (gettext_lazy("统计"), {"fields": ("women_speakers", "report")}),
    )

    held = column(gettext_lazy("场数"), lambda series: series.held_count, ordering="held_count")
    report = column(gettext_lazy("报告"), _report)
    women_speakers = column(gettext_lazy("女性主讲人"), _women)

    def get_queryset(self, request):
        """Show the series she may look after, with how many events each has."""
        return super().get_queryset(request).annotate(held_count=Count("events"))

    def get_readonly_fields(self, request, obj=None):
        """The department is hers unless she has none."""
        fields = super().get_readonly_fields(request, obj)
        if obj is None and request.user.department_id is None:
            fields.remove("department")
        return fields

    def get_fieldsets(self, request, obj=None):
        """Leave out what a new one does not have yet."""
        main, *others = super().get_fieldsets(request, obj)
        if obj is not None:
            return [main, *others]
        known = {"department"} if request.user.department_id else set()
        return [(None, {"fields": tuple(f for f in main[1]["fields"] if f not in known)})]

    def get_view_on_site_url(self, obj=None):
        """A hidden series has no page."""
        return obj.get_absolute_url() if obj and obj.is_visible else None
