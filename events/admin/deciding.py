"""The admin's list of requests to come: of all events a member of staff runs, many decided at once."""

from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import action

from events import operations
from events.forms import RefuseBookingForm, SendForm
from events.models import Booking
from kernel.admin.actions import for_each
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.decision import decide
from kernel.admin.lists import column
from kernel.words import moment_text


class EventFilter(DropdownFilter):
    """The requests of one event, of those somebody asked to come to."""

    title = gettext_lazy("活动")
    parameter_name = "event"

    def lookups(self, request, model_admin):
        """Offer the events she runs that have a request, the next first."""
        rows = model_admin.get_queryset(request).order_by("event__starts_at", "event")
        found = rows.values_list("event", "event__title", "event__starts_at")
        titles = {pk: f"{title}（{moment_text(starts_at)}）" for pk, title, starts_at in found}
        return [(str(pk), words) for pk, words in titles.items()]

    def queryset(self, request, queryset):
        """Keep the chosen one's."""
        known = dict(self.lookup_choices)
        return queryset.filter(event=self.value()) if self.value() in known else queryset


def _event_link(booking):
    where = reverse("admin:events_event_change", args=[booking.event_id])
    return format_html('<a class="portal-link" href="{}">{}</a>', where, booking.event)


def _seats(booking):
    event = booking.event
    return f"{event.seats_taken} / {event.capacity}"


def _line(booking):
    return " · ".join(filter(None, [booking.talent.unit_name, booking.event.title]))


def for_ticked(name, title, *, operation, done, **asked):
    """Return an action of the list, called `name`: ask once, then decide on each ticked request, the first come first.

    `operation` and `done` are those of kernel.admin.actions, `asked` what else the page says.
    """

    @action(description=title, permissions=["decide"])
    def on_ticked(self, request, queryset):
        rows = queryset.order_by("pk")
        ticked = request.POST.getlist("_selected_action")
        _say_gone(request, len(ticked) - len(rows))
        if not rows:
            return redirect(request.get_full_path())

        def on_each(*, by, now, **cleaned):
            def each(*, booking, **who):
                return operation(booking=booking, **cleaned, **who)

            return for_each(
                request, rows, each, "booking", done=done, name=lambda row: row.talent.full_name
            )

        return decide(
            self,
            request,
            title=title,
            facts=[(row.talent.full_name, _line(row)) for row in rows],
            submit=title,
            operation=on_each,
            back=request.get_full_path(),
            carried=[("action", name), *(("_selected_action", row.pk) for row in rows)],
            **asked,
        )

    return on_ticked


def _approve(*, sure, **rest):
    return operations.approve_booking(**rest)


def _say_gone(request, count):
    """Say of how many ticked requests a colleague was quicker, or she took them back."""
    if count > 0:
        words = ngettext(
            "%(n)s 条报名已经审核过，或已由本人撤回。",
            "%(n)s 条报名已经审核过，或已由本人撤回。",
            count,
        )
        messages.warning(request, words % {"n": count})


@admin.register(Booking)
class RequestAdmin(ReadOnly, StaffAdmin):
    """Requests nobody has decided yet, those of the next event first, in the order they came."""

    list_display = (
        "name",
        "unit",
        "tier_shown",
        "event_shown",
        "booked_at_shown",
        "seats",
    )
    more_columns = ("when", "discipline_shown", "title_shown")
    list_display_links = None
    fields = ("state", "booked_at")  # there is no page of one booking (change_view)
    list_filter = (EventFilter,)
    list_select_related = ("event", "talent__unit")
    sortable_by = ()
    ordering = ("event__starts_at", "event", "place")
    actions = ("approve_selected", "refuse_selected")
    warn_unsaved_form = False
    has_history = False
    empty_words = gettext_lazy(
        "没有等待审核的报名。勾选了“报名需审核”的活动有人报名时，会列在这里。"
    )

    has_decide_permission = has_perm("events.change_booking")

    name = column(gettext_lazy("姓名"), lambda row: row.talent.full_name)
    unit = column(gettext_lazy("单位"), lambda row: row.talent.unit_name)
    tier_shown = column(gettext_lazy("人才层次"), lambda row: row.talent.get_tier_display())
    discipline_shown = column(gettext_lazy("学科"), lambda row: row.talent.get_discipline_display())
    title_shown = column(
        gettext_lazy("职称"),
        lambda row: row.talent.professional_title or row.talent.get_title_level_display(),
    )
    event_shown = column(gettext_lazy("活动"), _event_link)
    when = column(gettext_lazy("开始时间"), lambda row: moment_text(row.event.starts_at))
    booked_at_shown = column(gettext_lazy("报名时间"), lambda row: moment_text(row.booked_at))
    seats = column(gettext_lazy("席位"), _seats)

    def get_queryset(self, request):
        """Show what waits for a decision of hers; other bookings are read at their event."""
        rows = Booking.objects.managed_by(request.user).to_decide(timezone.now())
        return rows.order_by(*self.ordering)

    def changelist_view(self, request, extra_context=None):
        """Call the list by what is in it."""
        named = {"title": _("待审核的活动报名")}
        return super().changelist_view(request, named | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Lead to the event: a page of one booking would show the code that opens the door.

        Of decided ones too, whatever the list shows: the audit log and histories lead here.
        """
        pk = object_id if object_id.isdecimal() else 0
        booking = get_object_or_404(Booking.objects.managed_by(request.user), pk=pk)
        return redirect("admin:events_event_change", booking.event_id)

    approve_selected = for_ticked(
        "approve_selected",
        gettext_lazy("通过所选"),
        operation=_approve,
        form_class=SendForm,
        outcome=gettext_lazy(
            "按报名先后办理：有席位的直接转为已报名，席满的进入候补；每人会马上收到通知。"
        ),
        done=ngettext_lazy("已通过 %(count)s 人。", "已通过 %(count)s 人。", "count"),
    )
    refuse_selected = for_ticked(
        "refuse_selected",
        gettext_lazy("不通过所选"),
        operation=operations.refuse_booking,
        form_class=RefuseBookingForm,
        danger=True,
        outcome=gettext_lazy("同一个原因会发给每一位；报名截止前她们可以再次报名。"),
        done=ngettext_lazy(
            "已告知 %(count)s 人未通过的原因。", "已告知 %(count)s 人未通过的原因。", "count"
        ),
    )
