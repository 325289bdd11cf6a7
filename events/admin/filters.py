"""What the list of events is narrowed by."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import DropdownFilter

from events import volunteering
from kernel import measures
from kernel.admin.lists import DefaultFilter, OneChoiceFilter


class TimeFilter(DefaultFilter):
    """Coming events unless asked otherwise: past ones are looked up, not worked on."""

    title = gettext_lazy("时间")
    parameter_name = "time"
    default = "coming"

    def lookups(self, request, model_admin):
        """Return the choices."""
        return [("coming", _("未结束")), ("past", _("已结束")), (self.everything, _("全部"))]

    def queryset(self, request, queryset):
        """Keep what was chosen."""
        now = timezone.now()
        if self.value() == self.everything:
            return queryset
        if self.value() == "past":
            return queryset.filter(ends_at__lte=now)
        return queryset.filter(ends_at__gt=now)


class MeasureFilter(DropdownFilter):
    """Events of one of the ten measures, by name."""

    title = gettext_lazy("对应措施")
    parameter_name = "measure__exact"

    def lookups(self, request, model_admin):
        """Offer the ten."""
        return measures.choices()

    def queryset(self, request, queryset):
        """Keep the chosen one."""
        numbers = [n for n in measures.NAMES if str(n) == self.value()]
        return queryset.filter(measure__in=numbers) if self.value() else queryset


class HoursFilter(OneChoiceFilter):
    """Activities of volunteers whose hours nobody has recorded: where the work queue leads."""

    title = gettext_lazy("志愿时长")
    parameter_name = "hours"
    choice = ("to_record", gettext_lazy("待登记时长的志愿活动"))

    def narrow(self, queryset):
        """Keep those that are over, with somebody who came and has no hours."""
        return volunteering.without_hours(queryset, timezone.now())


class LinkFilter(OneChoiceFilter):
    """Online events that begin soon and have no link: where the work queue leads."""

    title = gettext_lazy("线上链接")
    parameter_name = "link"
    choice = ("missing", gettext_lazy("就要开始、还没有线上链接的活动"))

    def narrow(self, queryset):
        """Keep those nobody could take part in."""
        return queryset.soon_without_link(timezone.now())


class WaitingFilter(OneChoiceFilter):
    """Full events somebody waits for: where the work queue leads."""

    title = gettext_lazy("席位")
    parameter_name = "seats"
    choice = ("waiting", gettext_lazy("席位已满且有人候补的活动"))

    def narrow(self, queryset):
        """Keep full events with a queue."""
        return queryset.with_people_waiting()
