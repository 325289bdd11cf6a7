"""Events in the admin: fields are edited, states change through operations."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from events import operations
from events.exports import attendance
from events.forms import CancelEventForm, EventForm
from events.models import Booking, Event, EventState
from kernel.admin.base import StaffAdmin
from kernel.errors import DomainError
from privacy import audit

STATE_COLOURS = {"draft": "info", "published": "success", "cancelled": "danger"}


class TimeFilter(admin.SimpleListFilter):
    """Coming events unless asked otherwise: past ones are looked up, not worked on."""

    title = gettext_lazy("时间")
    parameter_name = "time"

    def lookups(self, request, model_admin):
        """Return the other choices; the default is without a value."""
        return [("past", _("已结束")), ("all", _("全部"))]

    def choices(self, changelist):
        """Name the default by what it shows."""
        first, *others = super().choices(changelist)
        yield first | {"display": _("未结束")}
        yield from others

    def queryset(self, request, queryset):
        """Keep what was chosen."""
        now = timezone.now()
        if self.value() == "all":
            return queryset
        if self.value() == "past":
            return queryset.filter(ends_at__lte=now)
        return queryset.filter(ends_at__gt=now)


class WaitingFilter(admin.SimpleListFilter):
    """Full events somebody waits for: where the work queue leads."""

    title = gettext_lazy("名额")
    parameter_name = "seats"

    def lookups(self, request, model_admin):
        """Return the one choice."""
        return [("waiting", _("名额已满且有人候补的活动"))]

    def queryset(self, request, queryset):
        """Keep what was chosen."""
        if self.value() == "waiting":
            return queryset.filter(
                state=EventState.PUBLISHED, seats_taken=F("capacity"), waiting__gt=0
            )
        return queryset


@admin.register(Event)
class EventAdmin(StaffAdmin):
    """A department's events: add, edit, publish, cancel, clone; who booked and who came."""

    form = EventForm
    editable = operations.EDITABLE
    list_display = ("title", "kind", "when", "shown_state", "seats", "waiting", "department")
    list_filter = (TimeFilter, WaitingFilter, "state", "kind", "measure", "womens_track")
    list_select_related = ("department",)
    search_fields = ("title", "venue", "code")
    search_help_text = gettext_lazy("按活动名称、地点或编号查找")
    ordering = ("starts_at", "pk")
    actions = ("publish_selected",)
    change_form_outer_before_template = "events/admin/panel.html"
    change_form_outer_after_template = "events/admin/bookings.html"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "title",
                    ("kind", "platform"),
                    ("measure", "womens_track"),
                    "summary",
                    "body",
                )
            },
        ),
        (
            gettext_lazy("时间和地点"),
            {"fields": ("starts_at", "ends_at", "venue", "address", "online_url")},
        ),
        (
            gettext_lazy("报名"),
            {"fields": ("capacity", "booking_opens_at", "booking_closes_at")},
        ),
        (
            gettext_lazy("负责"),
            {"fields": ("department", "organiser", "sensitive_topic")},
        ),
    )

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

    def get_fieldsets(self, request, obj=None):
        """Leave out the department where it goes without saying."""
        *others, (name, options) = super().get_fieldsets(request, obj)
        if obj is None and request.user.department_id:
            options = {"fields": tuple(f for f in options["fields"] if f != "department")}
        return [*others, (name, options)]

    def get_view_on_site_url(self, obj=None):
        """A draft has no public page."""
        return None if obj is None or not obj.published_at else super().get_view_on_site_url(obj)

    def has_change_permission(self, request, obj=None):
        """A cancelled event keeps what people were told."""
        return super().has_change_permission(request, obj) and not (obj and obj.is_cancelled)

    def get_changeform_initial_data(self, request):
        """Suggest herself as the organiser; what an address says is left out, nobody checks it."""
        return {"organiser": request.user.pk, "measure": 2}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer colleagues of her department as organisers."""
        if db_field.name == "organiser":
            people = db_field.remote_field.model.objects.filter(is_staff=True, is_active=True)
            if not request.user.sees_all_departments:
                people = people.filter(department=request.user.department_id)
            kwargs["queryset"] = people.order_by("full_name", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @display(description=gettext_lazy("开始时间"), ordering="starts_at")
    def when(self, event):
        """Show the start without seconds."""
        return f"{timezone.localtime(event.starts_at):%Y-%m-%d %H:%M}"

    @display(
        description=gettext_lazy("状态"),
        ordering="state",
        label={EventState(state).label: colour for state, colour in STATE_COLOURS.items()},
    )
    def shown_state(self, event):
        """Show the state as a badge."""
        return event.get_state_display()

    @display(description=gettext_lazy("已报名"), ordering="seats_taken")
    def seats(self, event):
        """Show seats taken of all."""
        return f"{event.seats_taken} / {event.capacity}"

    # --- saving ---
    def save_model(self, request, obj, form, change):
        """Add a draft; changes of an event go through the operation that moves people along."""
        now = timezone.now()
        if change:
            operations.edit_event(event=obj, changes=form.changes(), by=request.user, now=now)
            return
        if obj.department_id is None:
            obj.department_id = request.user.department_id
        obj.created_at = obj.updated_at = now
        super().save_model(request, obj, form, change)
        audit.record("events.add_event", obj, by=request.user, at=now)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show the form; a rule broken between form and operation becomes a message."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect(request.get_full_path())

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Put the bookings she may see below the form."""
        event = self.get_object(request, object_id)
        bookings = Booking.objects.managed_by(request.user).filter(event=event)
        bookings = bookings.select_related("talent__unit", "event").order_by("place")
        extra_context = {
            "event": event,
            "bookings": list(bookings.with_queue_rank()) if event else [],
            "hidden_bookings": bool(event)
            and event.sensitive_topic
            and event.organiser_id != request.user.pk,
        } | (extra_context or {})
        return super().change_view(request, object_id, form_url, extra_context)

    # --- what may happen to an event ---
    def get_urls(self):
        """Add the pages and buttons of one event."""
        own = [
            ("publish", self.publish),
            ("clone", self.clone),
            ("cancel", self.cancel),
            ("attendance", self.attendance),
        ]
        urls = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"events_event_{name}")
            for name, view in own
        ]
        urls.append(
            path(
                "<int:pk>/bookings/<str:code>/cancel/",
                self.admin_site.admin_view(self.cancel_booking),
                name="events_booking_cancel",
            )
        )
        return urls + super().get_urls()

    def _event(self, request, pk):
        return get_object_or_404(self.get_queryset(request).select_related("department"), pk=pk)

    def _back(self, event):
        return redirect(reverse("admin:events_event_change", args=[event.pk]))

    def _do(self, request, operation, sentence, **kwargs):
        """Call an operation; say what came of it; return its result or None."""
        try:
            result = operation(by=request.user, now=timezone.now(), **kwargs)
        except DomainError as error:
            messages.error(request, str(error))
            return None
        messages.success(request, sentence)
        return result

    def publish(self, request, pk):
        """Publish one event (POST)."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        event = self._event(request, pk)
        self._do(request, operations.publish_event, _("已发布，现在可以报名。"), event=event)
        return self._back(event)

    def clone(self, request, pk):
        """Make a draft like this event (POST) and show it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        event = self._event(request, pk)
        sentence = _("已复制为草稿，请核对时间后发布。")
        copy = self._do(request, operations.clone_event, sentence, event=event)
        return self._back(copy or event)

    def cancel(self, request, pk):
        """Ask for the reason, say who will be told, cancel."""
        if not self.has_publish_permission(request):
            raise PermissionDenied
        event = self._event(request, pk)
        form = CancelEventForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            sentence = _("活动已取消，已通知 %(n)s 人。") % {"n": event.seats_taken + event.waiting}
            reason = form.cleaned_data["reason"]
            self._do(request, operations.cancel_event, sentence, event=event, reason=reason)
            return self._back(event)
        context = self.admin_site.each_context(request) | {
            "title": _("取消活动"),
            "event": event,
            "form": form,
            "opts": self.opts,
        }
        return TemplateResponse(request, "events/admin/cancel.html", context)

    def cancel_booking(self, request, pk, code):
        """Cancel one person's booking for her, after asking."""
        if not request.user.has_perm("events.change_booking"):
            raise PermissionDenied
        event = self._event(request, pk)
        bookings = Booking.objects.managed_by(request.user).select_related("talent", "event")
        booking = get_object_or_404(bookings, event=event, code=code)
        if request.method == "POST":
            sentence = _("已取消报名，候补的第一位已自动转正。")
            if not (booking.is_confirmed and event.waiting):
                sentence = _("已取消报名。")
            self._do(request, operations.cancel_booking, sentence, booking=booking)
            return self._back(event)
        context = self.admin_site.each_context(request) | {
            "title": _("取消报名"),
            "event": event,
            "booking": booking,
            "opts": self.opts,
        }
        return TemplateResponse(request, "events/admin/cancel_booking.html", context)

    def attendance(self, request, pk):
        """Hand out the attendance list (POST: each export is written to the audit log)."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        event = self._event(request, pk)
        try:
            bookings = operations.export_attendance(
                event=event, by=request.user, now=timezone.now()
            )
        except DomainError as error:
            messages.error(request, str(error))
            return self._back(event)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        response = HttpResponse(attendance(event, bookings), content_type=kind)
        response["Content-Disposition"] = f'attachment; filename="attendance-{event.code}.xlsx"'
        response["Cache-Control"] = "private, no-store"
        return response

    @action(description=gettext_lazy("发布所选活动"), permissions=["publish"])
    def publish_selected(self, request, queryset):
        """Publish the chosen drafts; say for each that could not be why."""
        done = 0
        for event in queryset:
            try:
                operations.publish_event(event=event, by=request.user, now=timezone.now())
                done += 1
            except DomainError as error:
                messages.error(request, f"{event.title} — {error}")
        if done:
            messages.success(request, _("已发布 %(n)s 场活动。") % {"n": done})

    def has_publish_permission(self, request):
        """Tell whether she may publish."""
        return request.user.has_perm("events.publish_event")
