"""Events in the admin: fields are edited, states change through operations."""

from django import forms
from django.contrib import admin
from django.db import models
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from events import operations, rules
from events.admin.agenda_page import AgendaPage
from events.admin.around import around_form
from events.admin.booking_pages import BookingPages
from events.admin.certificates import CertificatePages
from events.admin.event_pages import EventPages
from events.admin.feedback import FeedbackPages
from events.admin.filters import (
    HoursFilter,
    LinkFilter,
    MeasureFilter,
    TimeFilter,
    WaitingFilter,
)
from events.admin.inviting import InvitingPages
from events.admin.materials import MaterialPages
from events.admin.photos import PhotoPages
from events.admin.repeat_page import RepeatPage
from events.admin.report import ReportPages
from events.admin.seat_pages import SeatPages
from events.forms import EventForm
from events.models import Event, Series
from kernel import measures
from kernel.admin.actions import for_each
from kernel.admin.base import has_perm
from kernel.admin.forms import OperationAdmin
from kernel.admin.lists import column, state_column
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.admin.widgets import HalfHourMoment
from kernel.words import moment_text


def _stage_words(stage):
    return stage.value, stage.label


@admin.register(Event)
class EventAdmin(
    AgendaPage,
    RepeatPage,
    EventPages,
    InvitingPages,
    SeatPages,
    BookingPages,
    FeedbackPages,
    CertificatePages,
    MaterialPages,
    PhotoPages,
    ReportPages,
    SweptAdmin,
    OperationAdmin,
):
    """A department's events: add, edit, publish, cancel, clone; who booked and who came."""

    form = EventForm
    editable = operations.EDITABLE
    list_display = ("title", "kind", "when", "state_shown", "seats", "waiting", "department")
    more_columns = ("series", "measure_shown", "venue", "organiser", "womens_track")
    list_filter = (
        TimeFilter,
        WaitingFilter,
        HoursFilter,
        LinkFilter,
        "state",
        "kind",
        MeasureFilter,
        "womens_track",
        "cooperation_region",
        SetAsideFilter,
    )
    readonly_fields = ("measure_shown",)
    formfield_overrides = {
        models.DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": HalfHourMoment},
    }
    list_select_related = ("department", "organiser", "series")
    search_fields = ("title", "venue", "code")
    search_help_text = gettext_lazy("按活动名称、地点或编号查找")
    ordering = ("starts_at", "pk")
    actions = ("publish_selected", "report_selected", "try_again")
    change_form_outer_before_template = "events/admin/panel.html"
    change_form_outer_after_template = "events/admin/bookings.html"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "title",
                    ("kind", "platform"),
                    ("series", "cooperation_region"),
                    ("measure", "womens_track"),
                    "summary",
                    "audience",
                    "disciplines",
                    "body",
                )
            },
        ),
        (
            gettext_lazy("时间和地点"),
            {
                "fields": (
                    "starts_at",
                    "ends_at",
                    "mode",
                    "venue",
                    "address",
                    "online_url",
                    "accessibility",
                )
            },
        ),
        (
            gettext_lazy("报名"),
            {
                "fields": (
                    ("capacity", "childcare_places"),
                    "takes_photos",
                    "transfers_until",
                    "booking_opens_at",
                    "booking_closes_at",
                    ("needs_approval", "offer_hours"),
                    "points_only",
                    "visibility",
                    "for_tiers",
                    "for_disciplines",
                    "for_units",
                )
            },
        ),
        (
            gettext_lazy("负责"),
            {
                "fields": (
                    "department",
                    "organiser",
                    "co_organisers",
                    ("contact_name", "contact_phone"),
                    "sensitive_topic",
                )
            },
        ),
    )

    has_publish_permission = has_perm("events.publish_event")
    has_again_permission = has_perm("events.change_event")
    again = staticmethod(operations.try_again)

    # --- rows and fields ---
    def get_queryset(self, request):
        """Show the events she runs, not all that are public."""
        return Event.objects.managed_by(request.user).order_by(*self.ordering)

    def get_readonly_fields(self, request, obj=None):
        """The department is hers unless she has none; a cancelled event is only read."""
        fields = super().get_readonly_fields(request, obj)
        if obj is None and request.user.department_id is None:
            fields.remove("department")
        return fields

    def _told(self, obj, names):
        """Name the measure to who may only look."""
        return [
            ("measure_shown", "womens_track") if name == ("measure", "womens_track") else name
            for name in super()._told(obj, names)
        ]

    def get_fieldsets(self, request, obj=None):
        """Leave out the department where it goes without saying."""
        *others, (name, options) = super().get_fieldsets(request, obj)
        if obj is None and request.user.department_id:
            options = {"fields": tuple(f for f in options["fields"] if f != "department")}
        return [*others, (name, options)]

    def get_view_on_site_url(self, obj=None):
        """A draft has no public page."""
        return obj.get_absolute_url() if obj and obj.published_at else None

    def has_change_permission(self, request, obj=None):
        """A cancelled event keeps what people were told."""
        return super().has_change_permission(request, obj) and not (obj and obj.is_cancelled)

    def get_changeform_initial_data(self, request):
        """Suggest herself as the organiser; what an address says is left out, nobody checks it."""
        return {"organiser": request.user.pk, "measure": 2}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer as organisers whom the operation takes."""
        if db_field.name == "organiser":
            people = rules.organisers(self._department_of(request))
            kwargs["queryset"] = people.order_by("full_name", "pk")
        if db_field.name == "series":
            own = Series.objects.filter(department=self._department_of(request))
            kwargs["queryset"] = own.order_by("name", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _department_of(self, request):
        """Return the department of the event that is edited; of a new one, hers."""
        shown = request.resolver_match.kwargs.get("object_id", "")
        event = self.get_object(request, shown) if shown else None
        return event.department if event else request.user.department

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Ask for a measure by its name."""
        if db_field.name == "measure":
            return forms.TypedChoiceField(
                label=db_field.verbose_name,
                coerce=int,
                choices=measures.choices,
                widget=UnfoldAdminSelectWidget,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    when = column(
        gettext_lazy("开始时间"),
        lambda event: moment_text(event.starts_at),
        ordering="starts_at",
    )
    measure_shown = column(
        gettext_lazy("对应措施"), lambda event: measures.label(event.measure), ordering="measure"
    )
    state_shown = state_column(
        {
            "draft": "info",
            "published": "success",
            "closed": "warning",
            "running": "success",
            "cancelled": "danger",
        },
        ordering="state",
        words=lambda event: _stage_words(event.stage(timezone.now())),
    )
    seats = column(
        gettext_lazy("已报名"),
        lambda event: f"{event.seats_taken} / {event.capacity}",
        ordering="seats_taken",
    )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Put the buttons above the form, and the bookings she may see below it."""
        event = self.get_object(request, object_id)
        shown = around_form(event, request.user) if event else {}
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    # --- what may happen to an event ---
    def get_urls(self):
        """Add the pages and buttons of one event."""
        pages = [
            ("<int:pk>/publish/", require_POST(self.publish), "events_event_publish"),
            ("<int:pk>/agenda/", self.agenda, "events_event_agenda"),
            ("<int:pk>/repeat/", self.repeat, "events_event_repeat"),
            ("<int:pk>/clone/", require_POST(self.clone), "events_event_clone"),
            ("<int:pk>/cancel/", self.cancel, "events_event_cancel"),
            ("<int:pk>/take-over/", self.take_over, "events_event_take_over"),
            ("<int:pk>/message/", self.message, "events_event_message"),
            ("<int:pk>/attendance/", require_POST(self.attendance), "events_event_attendance"),
            ("<int:pk>/invite/", self.invite, "events_event_invite"),
            ("<int:pk>/unit/", self.name_for_unit, "events_event_unit"),
            ("<int:pk>/book/", self.book_for, "events_event_book"),
            ("<int:pk>/keep/", self.keep_seats, "events_event_keep"),
            ("<int:pk>/guests/", self.guests, "events_event_guests"),
            ("<int:pk>/kept/<int:number>/edit/", self.edit_pool, "events_pool_edit"),
            ("<int:pk>/kept/<int:number>/open/", self.open_pool, "events_pool_open"),
            (
                "<int:pk>/invitations/<int:number>/withdraw/",
                self.withdraw_invitation,
                "events_invitation_withdraw",
            ),
            (
                "<int:pk>/bookings/<str:code>/approve/",
                self.approve_booking,
                "events_booking_approve",
            ),
            (
                "<int:pk>/bookings/<str:code>/accept/",
                self.accept_offer,
                "events_booking_accept",
            ),
            (
                "<int:pk>/bookings/<str:code>/refuse/",
                self.refuse_booking,
                "events_booking_refuse",
            ),
            (
                "<int:pk>/bookings/<str:code>/correct/",
                self.correct_attendance,
                "events_booking_correct",
            ),
            (
                "<int:pk>/bookings/<str:code>/times/",
                self.correct_times,
                "events_booking_times",
            ),
            (
                "<int:pk>/bookings/<str:code>/times/undo/",
                self.undo_correction,
                "events_booking_undo_times",
            ),
            (
                "<int:pk>/bookings/<str:code>/cancel/",
                self.cancel_booking,
                "events_booking_cancel",
            ),
        ]
        urls = [
            path(where, self.admin_site.admin_view(view), name=name) for where, view, name in pages
        ]
        return urls + super().get_urls()

    def _back(self, event):
        return redirect(self.address("change", event.pk))

    @action(description=gettext_lazy("发布所选活动"), permissions=["publish"])
    def publish_selected(self, request, queryset):
        """Publish the chosen drafts; say for each that could not be why."""
        for_each(
            request,
            queryset,
            operations.publish_event,
            "event",
            done=ngettext_lazy("已发布 %(count)s 场活动。", "已发布 %(count)s 场活动。", "count"),
        )
