"""What the app adds to the portal (kernel.portal). Who keeps places is said by the apps that use them (Role.also)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.portal import Declaration, Entry, Item
from places import queue
from places.models import KEEP

VERBS = {
    "places.add_place": pgettext_lazy("audit", "添加场所"),
    "places.change_place": pgettext_lazy("audit", "修改场所"),
    "places.export_places": pgettext_lazy("audit", "导出场所"),
    "places.verify_place": pgettext_lazy("audit", "核实场所信息"),
    "places.add_other_hours": pgettext_lazy("audit", "登记例外的开放时间"),
    "places.drop_other_hours": pgettext_lazy("audit", "撤销例外的开放时间"),
    "places.enter_calendar_days": pgettext_lazy("audit", "登记节假日或调休"),
    "places.drop_calendar_days": pgettext_lazy("audit", "撤销节假日或调休的登记"),
}
CALENDAR = ("places.view_calendardays", "places.add_calendardays", "places.delete_calendardays")

declaration = Declaration(
    permissions={
        "administrator": ("places.view_place", *CALENDAR),
        "points_clerk": CALENDAR,
        "auditor": ("places.view_calendardays",),
        "unit_contact": (KEEP,),
        # Who visits a unit's place has looked, and corrects it for the unit.
        "department_clerk": (KEEP,),
    },
    verbs=VERBS,
    navigation=(
        Item(4, 58, pgettext_lazy("many", "场所"), "location_on", "places_place"),
        Item(4, 59, _("节假日和调休"), "event", "places_calendardays"),
    ),
    queue=(
        Entry(37, "places.change_place", queue.to_verify),
        Entry(38, "places.add_calendardays", queue.to_enter),
    ),
    public_models=("places.Place", "places.OtherHours", "places.CalendarDays"),
)
