"""Schools' requests, the white list and who comes first, in the admin."""

from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.decision import decide
from kernel.admin.fields import day_field
from kernel.admin.forms import OperationAdmin, OperationForm
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.downloads import download
from kernel.errors import Conflict, Refused
from kernel.words import day_text, listed, moment_text
from outreach.requests import clock, figures, lists, operations, rules, sheet
from outreach.requests.models import (
    CampusEntry,
    InvitationState,
    PriorityVenue,
    RequestState,
    SchoolRequest,
)
from outreach.surveys import figures as surveys


def _accepted(row):
    rows = row.invitations.select_related("talent__user", "request__unit")
    return rows.filter(state=InvitationState.ACCEPTED).first()


def _release_rule(row, by):
    invitation = _accepted(row)
    if invitation is None:
        return Conflict("nobody", _("还没有人答应去。"))
    return rules.why_not_give_back(invitation, by, timezone.now())


def _coordinates(by):
    if by.has_perm(rules.COORDINATE):
        return None
    return Refused("not_allowed", _("由志愿服务协调员办理。"))


@admin.register(SchoolRequest)
class SchoolRequestAdmin(SweptAdmin, OffersByRule, ReadOnly, StaffAdmin):
    """What schools asked for; who is asked follows by rule, and the coordinator helps where it sticks."""

    view_on_site = False
    list_display = ("unit", "topic", "stage", "state_shown", "day", "sent_at")
    list_filter = ("state", "topic", "stage", "priority", SetAsideFilter)
    list_select_related = ("unit", "entry")
    search_fields = ("unit__name",)
    search_help_text = gettext_lazy("按单位查找")
    ordering = ("-id",)
    empty_words = gettext_lazy("还没有申请。学校的联系人登录后，在“我的 › 申请志愿者”里申请。")
    actions = ("write_out", "try_again")
    again = staticmethod(clock.retry_request)
    actions_detail = ("ask_more", "release", "cancel")
    argument = "request"
    rules_of_actions = {
        "ask_more": lambda row, by: (
            _coordinates(by) or (None if row.state == RequestState.SENT else rules.not_open())
        ),
        "release": lambda row, by: _release_rule(row, by),
        "cancel": lambda row, by: _coordinates(by) or rules.why_not_cancel(row, timezone.now()),
    }
    has_work_permission = has_again_permission = has_perm(rules.COORDINATE)
    state_shown = state_column(
        {"sent": "warning", "arranged": "info", "held": "success", "unmet": "danger"}
    )
    days_shown = column(
        gettext_lazy("可以的日期"), lambda row: listed([day_text(day) for day in row.days])
    )
    readonly_fields = ("state_shown", "days_shown", "invited")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("unit", "venue"),
                    ("topic", "stage"),
                    ("area", "classes"),
                    ("girls", "boys"),
                    ("days_shown", "begins"),
                    ("minutes", "teacher_present"),
                    ("entry", "priority"),
                )
            },
        ),
        (
            gettext_lazy("办理"),
            {
                "fields": (
                    ("state_shown", "day"),
                    ("sent_at", "ended_at"),
                    ("half_hours", "attested_at"),
                    ("girls_came", "boys_came"),
                    ("cancelled_late", "cancelled_late_before"),
                    "invited",
                )
            },
        ),
    )

    @display(description=gettext_lazy("请过谁"))
    def invited(self, row):
        """List who was asked and what she answered."""
        lines = [
            (one.talent.masked_name, one.get_state_display(), moment_text(one.asked_at))
            for one in row.invitations.select_related("talent").order_by("pk")
        ]
        if not lines:
            return "—"
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{} · {} · {}</li>", lines))

    def facts_of(self, row):
        """Say which it is."""
        return [
            (_("单位"), row.unit.name),
            (_("想要的内容"), row.get_topic_display()),
            (_("学段"), row.get_stage_display()),
            (_("状态"), row.get_state_display()),
        ]

    @action(description=gettext_lazy("现在就请下一批"), url_path="ask", permissions=["work"])
    def ask_more(self, request, object_id):
        """Ask the next volunteers at once."""
        return self._page(
            request,
            object_id,
            "ask_more",
            title=_("现在就请下一批"),
            submit=_("请"),
            outcome=_(
                "按合适程度、再按多久没被请过，请到同时有 5 位等着答复。每十分钟也会自动请一次。"
            ),
            operation=_asked_more,
            done=lambda n: (
                _("已请 %(n)s 位。") % {"n": n} if n else _("现在没有更多合适的人可请。")
            ),
        )

    @action(description=gettext_lazy("改请别人去"), url_path="release", permissions=["work"])
    def release(self, request, object_id):
        """Ask once more, then look for somebody else."""
        row = self.get_or_404(request, object_id)
        invitation = _accepted(row)
        if invitation is None:
            messages.error(request, str(_release_rule(row, request.user)))
            return redirect(self.address("change", row.pk))
        return decide(
            self,
            request,
            title=_("改请别人去"),
            submit=_("改请别人"),
            danger=True,
            why_not=_release_rule(row, request.user),
            facts=self.facts_of(row),
            outcome=_("原来答应的志愿者和学校都会收到通知，重新找人。"),
            operation=partial(operations.give_back_visit, invitation=invitation),
            done=_("已改，正在重新找人。"),
            back=self.address("change", row.pk),
        )

    @action(description=gettext_lazy("替学校取消"), url_path="cancel", permissions=["work"])
    def cancel(self, request, object_id):
        """Ask once more, then take it back for the school."""
        return self._page(
            request,
            object_id,
            "cancel",
            title=_("替学校取消"),
            submit=_("取消申请"),
            danger=True,
            outcome=_("答应去的志愿者会收到通知。离上门不到三个工作日的，算临时取消。"),
            operation=operations.cancel_request,
            done=_("已取消。"),
        )

    @action(description=gettext_lazy("导出所选申请"), permissions=["view"])
    def write_out(self, request, queryset):
        """Write the ticked requests to a workbook."""
        found = lists.export_requests(rows=queryset, by=request.user, now=timezone.now())
        return download(sheet.made(found), f"{_('学校申请')}.xlsx")

    def list_links(self, request, changelist):
        """Lead to the figures."""
        links = super().list_links(request, changelist)
        return [*links, (_("学校申请数据"), reverse("admin:outreach_schoolrequest_figures"), "")]

    def get_urls(self):
        """Add the page of figures."""
        view = self.admin_site.admin_view(self.figures)
        return [
            path("figures/", view, name="outreach_schoolrequest_figures"),
            *super().get_urls(),
        ]

    def figures(self, request):
        """Show the figures."""
        day = timezone.localdate()
        parts = [figures.part(request.user, day), surveys.part(request.user, day)]
        if None in parts:
            raise PermissionDenied
        return self.page(
            request,
            "kernel/admin/figures.html",
            title=_("学校申请数据"),
            day=day,
            parts=parts,
            back=self.address("changelist"),
        )


def _asked_more(*, request, by, now):
    return lists.ask_more(request=request, by=by, now=now)


class EntryForm(OperationForm):
    """An activity of the white list."""

    ended_on = day_field(gettext_lazy("停用日期"), required=False)

    class Meta:
        model = CampusEntry
        fields = lists.ENTRY_FIELDS

    def validate_constraints(self):
        """Leave it to the operation."""

    def operate(self, stored, **values):
        """Save it."""
        return lists.save_entry(entry=stored, **values)


@admin.register(CampusEntry)
class CampusEntryAdmin(OperationAdmin):
    """The white list of each school year."""

    form = EntryForm
    view_on_site = False
    list_display = ("activity", "year", "document", "cap", "ended_on")
    list_filter = ("year",)
    search_fields = ("activity", "document")
    search_help_text = gettext_lazy("活动或文号")
    ordering = ("-year", "activity")
    editable = lists.ENTRY_FIELDS
    fieldsets = ((None, {"fields": (("year", "activity"), ("document", "cap"), "ended_on")}),)
    empty_words = gettext_lazy("还没有登记。没有白名单里的活动，学校就不能提交申请。")


class PriorityForm(OperationForm):
    """A unit that comes first."""

    class Meta:
        model = PriorityVenue
        fields = ("unit", "year", "document")

    def validate_constraints(self):
        """Leave it to the operation."""

    def operate(self, stored, **values):
        """Save it."""
        return lists.save_priority(**values)


@admin.register(PriorityVenue)
class PriorityVenueAdmin(OperationAdmin):
    """Who comes first in a school year; a wrong line is taken back and entered anew."""

    form = PriorityForm
    view_on_site = False
    list_display = ("unit", "year", "document")
    list_filter = ("year",)
    list_select_related = ("unit",)
    search_fields = ("unit__name",)
    search_help_text = gettext_lazy("按单位查找")
    ordering = ("-year", "pk")
    editable = ("unit", "year", "document")
    autocomplete_fields = ("unit",)
    fieldsets = ((None, {"fields": ("unit", ("year", "document"))}),)
    empty_words = gettext_lazy("还没有优先学校。")
    actions_detail = ("take_back",)
    has_take_back_permission = has_perm("outreach.add_priorityvenue")

    def has_change_permission(self, request, obj=None):
        """A line is taken back and entered anew."""
        return obj is None and super().has_change_permission(request, obj)

    @action(description=gettext_lazy("撤销"), url_path="take-back", permissions=["take_back"])
    def take_back(self, request, object_id):
        """Ask, then let the unit wait as others do."""
        row = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("撤销优先学校"),
            facts=[(_("单位"), row.unit.name), (_("学年"), row.year), (_("文号"), row.document)],
            outcome=_("以后的申请按先后排；已经提交的不变。"),
            submit=_("撤销"),
            danger=True,
            operation=partial(lists.drop_priority, venue=row),
            done=_("已撤销。"),
            back=self.address("changelist"),
        )
