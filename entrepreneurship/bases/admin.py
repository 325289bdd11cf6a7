"""Bases, their services and what is asked of them, in the admin."""

from functools import partial

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from accounts.models import User
from entrepreneurship.bases import operations, rules
from entrepreneurship.bases.models import Base, BaseRequest, BaseService, DeclineReason
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.forms import OperationAdmin, OperationForm
from kernel.admin.lists import OneChoiceFilter, column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.words import date_text


def owners(department_id, unit_id):
    """Return who may answer for a base: staff of its department, contacts of the unit that runs it."""
    people = User.objects.filter(is_active=True)
    staff = Q(is_staff=True, department=department_id)
    contacts = people.filter(unit=unit_id, groups__name="unit_contact")
    if unit_id is not None:
        staff |= Q(pk__in=contacts.values("pk"))
    return people.filter(staff).order_by("full_name", "pk")


class BaseForm(OperationForm):
    """A base as staff write it."""

    class Meta:
        model = Base
        fields = operations.BASE_FIELDS

    def __init__(self, *args, **kwargs):
        """Offer as owner who may be one (rules.why_not_owner), and nobody else: the list would name every user."""
        super().__init__(*args, **kwargs)
        if "owner" in self.fields:
            base = self.instance
            department = base.department_id or getattr(self.by, "department_id", None)
            self.fields["owner"].queryset = owners(department, base.unit_id)

    def operate(self, stored, *, by, now, **values):
        """Save it."""
        return operations.save_base(base=stored, values=values, by=by, now=now)


@admin.register(Base)
class BaseAdmin(OperationAdmin):
    """The bases, one list for all departments; each is written by its own."""

    form = BaseForm
    view_on_site = False
    list_display = ("name", "kind", "department", "unit", "owner", "is_open")
    list_filter = ("kind", "is_open", "department")
    list_select_related = ("department", "unit", "owner")
    search_fields = ("name",)
    search_help_text = gettext_lazy("按名称查找")
    ordering = ("kind", "name", "pk")
    editable = operations.BASE_FIELDS
    autocomplete_fields = ("unit",)
    add_words = gettext_lazy("新建基地")
    empty_words = gettext_lazy("还没有基地。新建后加上它的服务，核实过的会公布。")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "kind",
                    ("name", "name_en"),
                    "summary",
                    "summary_en",
                    "address",
                    ("unit", "owner"),
                    "is_open",
                )
            },
        ),
    )

    def has_change_permission(self, request, obj=None):
        """Its own department's alone."""
        if not super().has_change_permission(request, obj):
            return False
        permission = "entrepreneurship.change_base"
        return obj is None or rules.why_not_keep(obj, request.user, permission) is None


class ServiceForm(OperationForm):
    """A service as staff write it, which verifies it."""

    class Meta:
        model = BaseService
        fields = ("base", *operations.SERVICE_FIELDS)

    def operate(self, stored, *, by, now, base=None, **values):
        """Save it."""
        base = stored.base if stored else base
        return operations.save_service(base=base, service=stored, values=values, by=by, now=now)


class VerifyFilter(OneChoiceFilter):
    """What vanishes soon."""

    title = gettext_lazy("核实")
    parameter_name = "verify"
    choice = ("soon", gettext_lazy("30 天内到期或已到期"))

    def narrow(self, queryset):
        """Keep what is to be verified."""
        return queryset.to_verify(timezone.localdate())


def _service_may(rule):
    permission = "entrepreneurship.change_baseservice"
    return lambda row, by: rules.why_not_keep(row.base, by, permission) or rule(row)


def _why_not_restore(service):
    if service.ended_at is None:
        return rules.why_not_service_again(service.base, service.title)
    return rules.why_not_service_again(service.base, service.title, service)


@admin.register(BaseService)
class BaseServiceAdmin(OffersByRule, OperationAdmin):
    """What the bases do for women."""

    form = ServiceForm
    view_on_site = False
    list_display = ("title", "base", "cost", "verified_on", "lapses", "ended_at")
    list_filter = (VerifyFilter, "base__kind", "base")
    list_select_related = ("base",)
    search_fields = ("title", "base__name")
    search_help_text = gettext_lazy("按服务或基地的名称查找")
    ordering = ("-id",)
    editable = operations.SERVICE_FIELDS
    add_words = gettext_lazy("新建基地服务")
    empty_words = gettext_lazy("还没有服务。新建的当天就算核实过，180 天内公布。")
    readonly_fields = ("lapses",)
    add_fieldsets = ((None, {"fields": ("base", *operations.SERVICE_FIELDS)}),)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "base",
                    ("title", "title_en"),
                    "for_whom",
                    ("cost", "contact"),
                    ("verified_on", "verified_by"),
                    ("lapses", "ended_at"),
                )
            },
        ),
    )
    actions_detail = ("verify", "end", "restore")
    argument = "service"
    rules_of_actions = {
        "verify": _service_may(rules.why_not_service_standing),
        "end": _service_may(rules.why_not_service_standing),
        "restore": _service_may(_why_not_restore),
    }
    has_work_permission = has_perm("entrepreneurship.change_baseservice")
    lapses = column(gettext_lazy("公布到"), lambda row: date_text(row.lapses_on, "day"))

    def has_change_permission(self, request, obj=None):
        """Its base's department's alone, while it stands."""
        if not super().has_change_permission(request, obj):
            return False
        permission = "entrepreneurship.change_baseservice"
        return obj is None or (
            obj.ended_at is None and rules.why_not_keep(obj.base, request.user, permission) is None
        )

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def facts_of(self, row):
        """Say which it is."""
        return [(_("基地"), row.base.label), (_("服务"), row.title)]

    @action(description=gettext_lazy("核实无误"), url_path="verify", permissions=["work"])
    def verify(self, request, object_id):
        """Ask once more, then verify."""
        return self._page(
            request,
            object_id,
            "verify",
            title=_("核实服务"),
            submit=_("核实无误"),
            outcome=_("从今天起再公布 180 天。"),
            operation=operations.verify_service,
            done=_("已核实。"),
        )

    @action(description=gettext_lazy("停止服务"), url_path="end", permissions=["work"])
    def end(self, request, object_id):
        """Ask once more, then take it off the page."""
        return self._page(
            request,
            object_id,
            "end",
            title=_("停止服务"),
            submit=_("停止"),
            danger=True,
            outcome=_("公开页面上不再显示；已提出的申请照常答复。以后可以恢复。"),
            operation=operations.end_service,
            done=_("已停止。"),
        )

    @action(description=gettext_lazy("恢复服务"), url_path="restore", permissions=["work"])
    def restore(self, request, object_id):
        """Ask once more, then offer it again."""
        return self._page(
            request,
            object_id,
            "restore",
            title=_("恢复服务"),
            submit=_("恢复"),
            outcome=_("核实没有过期的，随即重新公布。"),
            operation=operations.restore_service,
            done=_("已恢复。"),
        )


# --- requests --------------------------------------------------------------------------------------
class DueFilter(OneChoiceFilter):
    """What was not answered in time."""

    title = gettext_lazy("答复期限")
    parameter_name = "due"
    choice = ("overdue", gettext_lazy("已超期"))

    def narrow(self, queryset):
        """Keep what is overdue."""
        return queryset.overdue(timezone.localdate())


class AnswerForm(forms.Form):
    """An answer."""

    answer = forms.CharField(
        label=gettext_lazy("答复"), max_length=1000, widget=UnfoldAdminTextareaWidget
    )


class DeclineForm(forms.Form):
    """Why it cannot be done."""

    reason = forms.ChoiceField(
        label=gettext_lazy("没能办理的原因"),
        choices=DeclineReason,
        widget=UnfoldAdminSelectWidget,
    )
    answer = forms.CharField(
        label=gettext_lazy("补充说明"),
        max_length=1000,
        required=False,
        widget=UnfoldAdminTextareaWidget,
    )


class OwnerForm(forms.Form):
    """Who answers instead: staff of the department, contacts of the unit."""

    owner = forms.ModelChoiceField(
        label=gettext_lazy("受理人"), queryset=None, widget=UnfoldAdminSelectWidget
    )

    def __init__(self, *args, base, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners(base.department_id, base.unit_id)


def _answerable(request_, by):
    return rules.why_not_answer_for(request_, by) or rules.why_not_open(request_)


def _routable(request_, by):
    return rules.why_not_route(request_, by) or rules.why_not_open(request_)


@admin.register(BaseRequest)
class BaseRequestAdmin(SweptAdmin, OffersByRule, ReadOnly, StaffAdmin):
    """What women asked the bases of a department."""

    list_display = ("code", "base", "service", "state_shown", "due_on", "owner", "helped")
    more_columns = ("asked_at", "ended_at", "reopened_at", "escalated_at")
    list_filter = ("state", DueFilter, "base__kind", "helped", SetAsideFilter)
    list_select_related = ("base", "service__base", "owner", "talent", "venture")
    search_fields = ("code", "base__name", "talent__code")
    search_help_text = gettext_lazy("按编号、基地名称或人才编号查找")
    ordering = ("-id",)
    view_on_site = False
    empty_words = gettext_lazy("还没有申请。女性科技人才在基地的页面上提出后，会出现在这里。")
    actions = ("try_again",)
    actions_detail = ("reply", "decline", "route")
    argument = "request"
    again = staticmethod(operations.retry_request)
    rules_of_actions = {"reply": _answerable, "decline": _answerable, "route": _routable}
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("code", "state"),
                    ("base", "service"),
                    ("talent", "venture"),
                    "words",
                    "contact",
                    ("owner", "due_on"),
                    ("asked_at", "reopened_at"),
                    ("reminded_at", "escalated_at"),
                )
            },
        ),
        (
            gettext_lazy("答复"),
            {"fields": ("answer", ("decline_reason", "ended_at"), ("helped", "helped_words"))},
        ),
    )
    has_work_permission = has_again_permission = has_perm("entrepreneurship.change_baserequest")
    state_shown = state_column({"open": "warning", "answered": "success", "declined": "danger"})

    def facts_of(self, row):
        """Say which it is."""
        return [
            (_("基地"), row.base.label),
            (_("服务"), row.service.title),
            (_("想请基地做什么"), row.words or "—"),
            (_("答复期限"), date_text(row.due_on, "day")),
        ]

    @action(description=gettext_lazy("答复"), url_path="reply", permissions=["work"])
    def reply(self, request, object_id):
        """Ask for the answer, then give it."""
        return self._page(
            request,
            object_id,
            "reply",
            title=_("答复基地服务申请"),
            submit=_("发送答复"),
            form_class=AnswerForm,
            outcome=_("本人会收到通知，并可以说帮上了没有。"),
            operation=operations.answer_base_request,
            done=_("已答复，已通知她。"),
        )

    @action(description=gettext_lazy("没能办理"), url_path="decline", permissions=["work"])
    def decline(self, request, object_id):
        """Ask why, then decline."""
        return self._page(
            request,
            object_id,
            "decline",
            title=_("没能办理"),
            submit=_("说明原因"),
            form_class=DeclineForm,
            outcome=_("本人会收到通知，可以重新提出一次。"),
            operation=operations.decline_base_request,
            done=_("已说明，已通知她。"),
        )

    @action(description=gettext_lazy("转交"), url_path="route", permissions=["work"])
    def route(self, request, object_id):
        """Ask who answers instead."""
        row = self.get_or_404(request, object_id)
        return self._page(
            request,
            object_id,
            "route",
            title=_("转交基地服务申请"),
            submit=_("转交"),
            form_class=partial(OwnerForm, base=row.base),
            outcome=_("新的受理人会收到通知，答复期限不变。"),
            operation=operations.hand_over_request,
            done=_("已转交。"),
        )
