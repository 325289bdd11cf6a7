"""Events in the admin: fields are edited, states change through operations."""

from functools import partial

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy
from django.views.decorators.http import require_POST
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from events import (
    deciding,  # noqa: F401
    letters,
    operations,
    rules,
)
from events.exports import attendance
from events.forms import (
    AttendanceForm,
    BookForForm,
    CancelBookingForm,
    CancelEventForm,
    EventForm,
    InviteForm,
    MessageForm,
    RefuseBookingForm,
    SendForm,
    TakeOverForm,
    WithdrawInvitationForm,
)
from events.models import Booking, Event
from kernel import measures
from kernel.admin.actions import attempt, for_each
from kernel.admin.base import has_perm
from kernel.admin.decision import decide
from kernel.admin.forms import OperationAdmin
from kernel.admin.lists import DefaultFilter, OneChoiceFilter, column, state_column
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.admin.widgets import HalfHourMoment
from kernel.downloads import download
from kernel.errors import Invalid
from kernel.words import moment_text


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


class WaitingFilter(OneChoiceFilter):
    """Full events somebody waits for: where the work queue leads."""

    title = gettext_lazy("席位")
    parameter_name = "seats"
    choice = ("waiting", gettext_lazy("席位已满且有人候补的活动"))

    def narrow(self, queryset):
        """Keep full events with a queue."""
        return queryset.with_people_waiting()


def _around_form(event, user):
    """Return what the pieces above and below an event's form show to `user`."""
    now = timezone.now()
    bookings = Booking.objects.managed_by(user).filter(event=event)
    bookings = bookings.select_related("talent__unit", "event").order_by("place").with_queue_rank()
    refused = rules.why_not_manage(event, user, "events.publish_event")
    why_not_publish = refused or rules.why_not_publish(event, now)
    return {
        "event": event,
        "may_publish": not why_not_publish,
        "why_not_publish": None if event.published_at or refused else why_not_publish,
        "may_clone": rules.why_not_clone(event, user) is None,
        "may_call_off": not (refused or rules.why_not_call_off(event, now)),
        "may_take_over": rules.why_not_take_over(event, user) is None,
        "may_message": not (
            rules.why_not_manage(event, user, "events.change_event")
            or rules.why_not_message(event, now)
        ),
        "may_export": rules.why_not_see_names(event, user, "events.export_booking") is None,
        "has_door": event.is_published and event.has_door_for(user),
        "may_invite": rules.why_not_invite(event, user, now) is None,
        "may_book_for": not (
            rules.why_not_see_names(event, user, "events.change_booking")
            or rules.why_not_message(event, now)
        ),
        "requests": bookings.pending().count(),
        "invitations": _invitations(event, user),
        "hidden_bookings": not event.shows_names_to(user),
        "bookings": [(row, _booking_actions(row, event, user, now)) for row in bookings],
    }


def _invitations(event, user):
    """Return who is invited and has not booked, for those who may know."""
    if not event.shows_names_to(user):
        return []
    booked = event.bookings.active().values("talent")
    waiting = event.invitations.standing().exclude(talent__in=booked)
    return waiting.select_related("talent__unit").order_by("-invited_at", "-pk")


def _booking_actions(booking, event, user, now):
    """Return what `user` may do with one person's booking: (words, words with her name, address) each."""
    name, where = booking.talent.full_name, {"pk": event.pk, "code": booking.code}
    asked = (
        (_("通过"), _("通过%(name)s的报名"), "approve", _why_not_decide),
        (_("不通过"), _("不通过%(name)s的报名"), "refuse", _why_not_decide),
        (_("更正到场"), _("更正%(name)s的到场情况"), "correct", _why_not_correct),
        (_("取消报名"), _("取消%(name)s的报名"), "cancel", _why_not_cancel),
    )
    return [
        (words, named % {"name": name}, reverse(f"admin:events_booking_{page}", kwargs=where))
        for words, named, page, why_not in asked
        if why_not(booking, event, user, now) is None
    ]


def _why_not_decide(booking, event, user, now):
    refused = rules.why_not_see_names(event, user, "events.change_booking")
    return refused or rules.why_not_decide(booking, user, now)


def _why_not_correct(booking, event, user, now):
    refused = rules.why_not_see_names(event, user, "events.check_in_booking")
    return refused or rules.why_not_correct(booking, user, now)


def _why_not_cancel(booking, event, user, now):
    refused = rules.why_not_act_for(event, booking.talent, user)
    return refused or rules.why_not_cancel(booking, now)


def _facts(event):
    """Return what says which event is meant, as (label, value) pairs."""
    return [(_("活动"), event.title), (_("时间"), moment_text(event.starts_at))]


def _called_off(event):
    """Say how many were told: the counts of the event as it was locked."""
    people = event.seats_taken + event.waiting
    words = ngettext("活动已取消，已通知 %(n)s 人。", "活动已取消，已通知 %(n)s 人。", people)
    return words % {"n": people}


def _message_preview(page, facts, event, text):
    """Return the page that shows what `text` will read like and how many it reaches."""
    inside, outside = letters.shown_message(event, text)
    readers = operations.message_readers(event)
    sends = ngettext("将发给 %(n)s 位已报名的人。", "将发给 %(n)s 位已报名的人。", readers)
    shown = [(_("站内通知"), inside), (_("短信或邮件"), outside), (_("收到的人数"), readers)]
    return page(
        form_class=SendForm,
        carried=[("text", text)],
        facts=facts + shown,
        outcome=sends % {"n": readers} + _("发出后不能撤回；同样的内容每人只会收到一次。"),
        submit=_("发送通知"),
        operation=lambda *, sure, by, now: operations.message_booked(
            event=event, text=text, by=by, now=now
        ),
        done=_messaged,
    )


def _messaged(readers):
    words = ngettext("已通知 %(n)s 人。", "已通知 %(n)s 人。", readers)
    return words % {"n": readers}


def _invited(talents):
    words = ngettext("已邀请 %(n)s 人。", "已邀请 %(n)s 人。", len(talents))
    return words % {"n": len(talents)}


def _book_for(event, *, code, exempt, by, now):
    talent, *more = operations.find_talents(code)
    if more:
        raise Invalid("one_only", _("一次只能为一人报名，请只填一个人才编号。"), field="code")
    return operations.book(event=event, talent=talent, by=by, now=now, exempt=exempt)


def _booked_for(booking):
    if booking.is_waitlisted:
        return _("席位已满，她进入候补。")
    return _("已为她报名。")


def _decided(booking):
    """Say what became of her request."""
    if booking.is_waitlisted:
        return _("已通过；席位已满，她进入候补。")
    return _("已通过，她有了席位。")


def _given_back(booking):
    """Say what became of the seat."""
    if booking.moved_up and booking.moved_up[0].is_offered:
        return _("已取消报名，席位正为候补的第一位保留，等她确认。")
    if booking.moved_up:
        return _("已取消报名，候补的第一位已自动转正。")
    return _("已取消报名。")


@admin.register(Event)
class EventAdmin(SweptAdmin, OperationAdmin):
    """A department's events: add, edit, publish, cancel, clone; who booked and who came."""

    form = EventForm
    editable = operations.EDITABLE
    list_display = ("title", "kind", "when", "state_shown", "seats", "waiting", "department")
    more_columns = ("measure_shown", "venue", "organiser", "womens_track")
    list_filter = (
        TimeFilter,
        WaitingFilter,
        "state",
        "kind",
        MeasureFilter,
        "womens_track",
        SetAsideFilter,
    )
    readonly_fields = ("measure_shown",)
    formfield_overrides = {
        models.DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": HalfHourMoment},
    }
    list_select_related = ("department", "organiser")
    search_fields = ("title", "venue", "code")
    search_help_text = gettext_lazy("按活动名称、地点或编号查找")
    ordering = ("starts_at", "pk")
    actions = ("publish_selected", "try_again")
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
                    "audience",
                    "agenda",
                    "speakers",
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
            {
                "fields": (
                    "capacity",
                    "booking_opens_at",
                    "booking_closes_at",
                    ("needs_approval", "offer_hours"),
                    "visibility",
                    "for_tiers",
                    "for_disciplines",
                )
            },
        ),
        (
            gettext_lazy("负责"),
            {
                "fields": (
                    "department",
                    "organiser",
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
        {"draft": "info", "published": "success", "cancelled": "danger"}, ordering="state"
    )
    seats = column(
        gettext_lazy("已报名"),
        lambda event: f"{event.seats_taken} / {event.capacity}",
        ordering="seats_taken",
    )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Put the buttons above the form, and the bookings she may see below it."""
        event = self.get_object(request, object_id)
        shown = _around_form(event, request.user) if event else {}
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    # --- what may happen to an event ---
    def get_urls(self):
        """Add the pages and buttons of one event."""
        pages = [
            ("<int:pk>/publish/", require_POST(self.publish), "events_event_publish"),
            ("<int:pk>/clone/", require_POST(self.clone), "events_event_clone"),
            ("<int:pk>/cancel/", self.cancel, "events_event_cancel"),
            ("<int:pk>/take-over/", self.take_over, "events_event_take_over"),
            ("<int:pk>/message/", self.message, "events_event_message"),
            ("<int:pk>/attendance/", require_POST(self.attendance), "events_event_attendance"),
            ("<int:pk>/invite/", self.invite, "events_event_invite"),
            ("<int:pk>/book/", self.book_for, "events_event_book"),
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

    def publish(self, request, pk):
        """Let people see and book the draft; a refusal is said on the event's page."""
        event = self.get_or_404(request, pk)
        attempt(request, operations.publish_event, _("已发布，现在可以报名。"), event=event)
        return self._back(event)

    def clone(self, request, pk):
        """Make a draft like this event and show it."""
        event = self.get_or_404(request, pk)
        done = _("已复制为草稿，请核对时间后发布。")
        return self._back(attempt(request, operations.clone_event, done, event=event) or event)

    def cancel(self, request, pk):
        """Ask for the reason, say who will be told, cancel."""
        if not self.has_publish_permission(request):
            raise PermissionDenied
        event = self.get_or_404(request, pk)
        return decide(
            self,
            request,
            title=_("取消活动"),
            why_not=rules.why_not_call_off(event, timezone.now()),
            form_class=CancelEventForm,
            facts=_facts(event),
            outcome=_(
                "取消后不能恢复：已报名的 %(taken)s 人和候补的 %(waiting)s 人会马上收到通知，未发出的提醒全部撤回。活动页面会保留并写明取消原因。"
            )
            % {"taken": event.seats_taken, "waiting": event.waiting},
            submit=_("取消活动并通知所有人"),
            danger=True,
            operation=partial(operations.cancel_event, event=event),
            done=_called_off,
            back=self.address("change", event.pk),
        )

    def take_over(self, request, pk):
        """Ask that somebody take over a sensitive event nobody is in charge of any more."""
        event = self.get_or_404(request, pk)
        return decide(
            self,
            request,
            title=_("申请接手"),
            why_not=rules.why_not_take_over(event, request.user),
            form_class=partial(TakeOverForm, department=event.department),
            facts=[(_("活动"), event.title), (_("现任负责人"), event.organiser)],
            outcome=_(
                "接手后可以查看报名名单，所以须由一位管理员（没有时由审计员）确认后才生效；原负责人会收到通知，申请七天内有效。"
            ),
            submit=_("提交申请"),
            operation=partial(operations.ask_take_over, event=event),
            done=_("申请已提交，待第二人确认；进展见“双人确认”。"),
            back=self.address("change", event.pk),
        )

    def message(self, request, pk):
        """Write to everybody who booked: the text, then what it reads like and for how many, then out."""
        event = self.get_or_404(request, pk)
        refused = rules.why_not_manage(event, request.user, "events.change_event")
        form = MessageForm(request.POST)
        page = partial(
            decide,
            self,
            request,
            title=_("给已报名的人发通知"),
            why_not=refused or rules.why_not_message(event, timezone.now()),
            back=self.address("change", event.pk),
        )
        facts = _facts(event)
        if request.method == "POST" and form.is_valid():
            return _message_preview(page, facts, event, form.cleaned_data["text"])
        return page(form_class=MessageForm, facts=facts, submit=_("预览"), operation=None)

    def _booking_page(self, request, pk, code, permission, why_not):
        """Return (one person's booking, the page that asks before something is done with it)."""
        if not request.user.has_perm(permission):
            raise PermissionDenied
        event = self.get_or_404(request, pk)
        bookings = Booking.objects.managed_by(request.user).select_related("talent", "event")
        booking = get_object_or_404(bookings, event=event, code=code)
        page = partial(
            decide,
            self,
            request,
            why_not=why_not(booking, event, request.user, timezone.now()),
            facts=[(_("姓名"), booking.talent.full_name), *_facts(event)],
            back=self.address("change", event.pk),
        )
        return booking, page

    def invite(self, request, pk):
        """Invite women by their record codes."""
        event = self.get_or_404(request, pk)
        return decide(
            self,
            request,
            title=_("邀请参加"),
            why_not=rules.why_not_invite(event, request.user, timezone.now()),
            facts=_facts(event),
            outcome=_("受邀的人会收到通知，并能看到和报名这场活动；草稿在发布时一并通知。"),
            submit=_("发出邀请"),
            form_class=InviteForm,
            operation=partial(operations.invite, event=event),
            done=_invited,
            back=self.address("change", event.pk),
        )

    def withdraw_invitation(self, request, pk, number):
        """Take an invitation back, and say why."""
        event = self.get_or_404(request, pk)
        invitations = event.invitations.select_related("talent", "event")
        why_not = rules.why_not_invite(event, request.user, timezone.now())
        if why_not is None:
            invitation = get_object_or_404(invitations, pk=number)
            name = [(_("姓名"), invitation.talent.full_name)]
        else:
            invitation, name = None, []
        return decide(
            self,
            request,
            title=_("收回邀请"),
            why_not=why_not,
            facts=[*name, *_facts(event)],
            outcome=_("她不再看到这场活动；已经报名的仍然有效，需要时另行取消。"),
            submit=_("收回邀请"),
            danger=True,
            form_class=WithdrawInvitationForm,
            operation=partial(operations.withdraw_invitation, invitation=invitation),
            done=_("已收回邀请。"),
            back=self.address("change", event.pk),
        )

    def book_for(self, request, pk):
        """Book for a woman beside the rules of who may come, with a reason that is kept."""
        event = self.get_or_404(request, pk)
        refused = rules.why_not_see_names(event, request.user, "events.change_booking")
        return decide(
            self,
            request,
            title=_("代为报名"),
            why_not=refused or rules.why_not_message(event, timezone.now()),
            facts=_facts(event),
            outcome=_("不受邀请、条件和报名时间限制，但席位已满时同样进入候补。她会马上收到通知。"),
            submit=_("报名"),
            form_class=BookForForm,
            operation=partial(_book_for, event),
            done=_booked_for,
            back=self.address("change", event.pk),
        )

    def approve_booking(self, request, pk, code):
        """Let her come who asked."""
        booking, page = self._booking_page(
            request, pk, code, "events.change_booking", _why_not_decide
        )
        return page(
            title=_("通过报名"),
            outcome=_("有席位就直接转为已报名，席满则按报名先后进入候补；她会马上收到通知。"),
            submit=_("通过"),
            operation=partial(operations.approve_booking, booking=booking),
            done=_decided,
        )

    def refuse_booking(self, request, pk, code):
        """Do not let her come who asked, and say why."""
        booking, page = self._booking_page(
            request, pk, code, "events.change_booking", _why_not_decide
        )
        return page(
            title=_("不通过报名"),
            outcome=_("她会收到原因，报名截止前可以再次报名。"),
            submit=_("不通过"),
            danger=True,
            form_class=RefuseBookingForm,
            operation=partial(operations.refuse_booking, booking=booking),
            done=_("已告知她未通过的原因。"),
        )

    def correct_attendance(self, request, pk, code):
        """Say after the event whether she came."""
        booking, page = self._booking_page(
            request, pk, code, "events.check_in_booking", _why_not_correct
        )
        return page(
            title=_("更正到场情况"),
            outcome=_("改为已到场会计入积分，改为未到场或已请假会扣回这次的积分。"),
            submit=_("更正"),
            form_class=AttendanceForm,
            operation=partial(operations.correct_attendance, booking=booking),
            done=_("已更正。"),
        )

    def cancel_booking(self, request, pk, code):
        """Cancel one person's booking for her, after asking."""
        booking, page = self._booking_page(
            request, pk, code, "events.change_booking", _why_not_cancel
        )
        outcome = _("她的席位会马上转给候补的第一位。请先与本人确认。")
        if booking.is_waitlisted:
            outcome = _("她会退出候补。请先与本人确认。")
        return page(
            title=_("取消报名"),
            outcome=outcome,
            submit=_("取消她的报名"),
            danger=True,
            form_class=CancelBookingForm,
            operation=partial(operations.cancel_booking, booking=booking),
            done=_given_back,
        )

    def attendance(self, request, pk):
        """Hand out the attendance list (each export is written to the audit log)."""
        event = self.get_or_404(request, pk)
        bookings = attempt(request, operations.export_attendance, event=event)
        if bookings is None:
            return self._back(event)
        return download(attendance(event, bookings), f"attendance-{event.code}.xlsx")

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
