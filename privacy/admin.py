"""Consents and the audit log, for auditors: read-only, and reading the log is itself recorded."""

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from kernel import portal
from kernel.admin.actions import attempt
from kernel.admin.base import ReadOnly, StaffAdmin
from kernel.admin.changelist import PortalChangeList
from kernel.admin.lists import PeriodFilter, column
from kernel.words import moment_text
from privacy import history, operations, verification
from privacy.models import AuditEntry, Consent, RetentionRun

User = get_user_model()
LOOK_AGAIN_SECONDS = 3


@admin.register(Consent)
class ConsentAdmin(ReadOnly, StaffAdmin):
    """Who agreed to what, when: each answer is a row, so none has a history of its own."""

    empty_words = _("还没有人给出或撤回授权；每一次都会记在这里。")
    has_history = False

    list_display = ["user", "purpose", "recipient", "granted", "text_version", "source", "at"]
    more_columns = ["about", "good_until"]
    list_select_related = ["user"]
    list_filter = ["purpose", "granted", "source"]
    search_fields = ["user__full_name", "user__code"]
    search_help_text = _("姓名或用户编号")
    fields = [
        "user",
        ("purpose", "about"),
        ("recipient", "good_until"),
        ("granted", "text_version"),
        ("source", "at"),
    ]
    ordering = ["-id"]


@admin.register(RetentionRun)
class RetentionRunAdmin(ReadOnly, StaffAdmin):
    """What went by which rule, and how many rows."""

    empty_words = _("到期的数据每天清理一次，清理了什么、多少行，会记在这里。")
    list_display = ["rule_shown", "at", "done", "failed"]
    fields = ["rule_shown", "at", "done", "failed"]
    readonly_fields = ["rule_shown"]
    rule_shown = column(_("规则"), "rule_text")


class _ChoiceFilter(DropdownFilter):
    """A filter with choices known beforehand: the log is too long to be asked what stands in it."""

    def queryset(self, request, queryset):
        """Keep the chosen ones."""
        value = self.value()
        return queryset.filter(**{self.parameter_name: value}) if value else queryset


class VerbFilter(_ChoiceFilter):
    """What was done, in words."""

    title = _("动作")
    parameter_name = "action"

    def lookups(self, request, model_admin):
        """Offer every verb an app declares."""
        return sorted((verb, capfirst(words)) for verb, words in portal.merged("verbs").items())


class ObjectTypeFilter(_ChoiceFilter):
    """What it was done to."""

    title = _("对象类型")
    parameter_name = "object_type"

    def lookups(self, request, model_admin):
        """Offer the models of the portal's own apps."""
        models = [
            model
            for app in portal.declarations()
            for model in apps.get_app_config(app).get_models()
        ]
        return sorted((model._meta.label_lower, model._meta.verbose_name) for model in models)


class PersonFilter(_ChoiceFilter):
    """Who acted: reached by a click on a name; the chip above the list takes it away."""

    title = _("操作人")
    parameter_name = "actor_id"

    def lookups(self, request, model_admin):
        """Offer the chosen one alone: the log is too long to be asked who stands in it."""
        chosen = request.GET.get(self.parameter_name, "")
        person = User.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
        return [(chosen, str(person))] if person else []

    def has_output(self):
        """Stand among the filters, and the chips, while somebody is chosen."""
        return bool(self.value())

    def queryset(self, request, queryset):
        """Keep what the person did."""
        value = self.value() or ""
        if value and not value.isdecimal():
            raise IncorrectLookupParameters(value)
        return super().queryset(request, queryset)


class AuditChangeList(PortalChangeList):
    """The log with its sentences: what they name is looked up for the page at once."""

    def get_results(self, request):
        """Read the page and put its entries in words."""
        super().get_results(request)
        entries = list(self.result_list)
        for entry, line in zip(entries, history.lines(entries, reader=request.user), strict=True):
            entry.line = line
        self.result_list = entries


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, StaffAdmin):
    """Who did what to which record, in sentences; what happened to an entry is the entry."""

    has_history = False

    list_display = ["at_shown", "sentence", "actions_of"]
    more_columns = ["id", "code", "object_kind", "object_id"]
    list_display_links = ["at_shown"]
    list_filter = [("at", PeriodFilter), PersonFilter, VerbFilter, ObjectTypeFilter]
    search_fields = ["object_id", "actor_id"]
    search_help_text = _("操作人姓名、用户编号，或对象编号")
    sortable_by = ()
    fields = ["at", "sentence", "verb", "code", "object_kind", "object_id", "reason", "facts"]
    readonly_fields = ["verb", "code", "object_kind", "sentence", "facts"]
    ordering = ["-id"]

    verb = column(_("动作"), "action_words")
    code = column(_("动作代码"), "action")
    object_kind = column(_("对象类型"), lambda entry: history.kind(entry.object_type))
    at_shown = column(_("时间"), lambda entry: moment_text(entry.at))
    # One piece: a phone lays the pieces of a cell side by side.
    sentence = column(_("经过"), lambda entry: format_html("<span>{}</span>", entry.line.full))

    facts = column(
        _("详情"),
        lambda entry: format_html_join(
            mark_safe("<br>"), "{}", ((fact,) for fact in history.facts(entry))
        ),
    )

    @display(description=_("操作人"))
    def actions_of(self, entry):
        """Lead to everything the same person did."""
        if not entry.actor_id:
            return "—"
        return format_html('<a href="?actor_id={}">{}</a>', entry.actor_id, _("只看她的操作"))

    def get_changelist(self, request, **kwargs):
        """Use the list with sentences."""
        return AuditChangeList

    def get_object(self, request, object_id, from_field=None):
        """Return an entry with its sentence."""
        entry = super().get_object(request, object_id, from_field)
        if entry is not None:
            [entry.line] = history.lines([entry], reader=request.user)
        return entry

    def get_search_results(self, request, queryset, search_term):
        """Find by who acted (her name or code) or by the number of what it was done to."""
        term = search_term.strip()
        if not term:
            return queryset, False
        people = User.objects.filter(Q(full_name=term) | Q(code=term.upper()))
        found = Q(actor_id__in=list(people.values_list("pk", flat=True)[:50]))
        if term.isdecimal() and len(term) < 19:
            found |= Q(object_id=term)
        return queryset.filter(found), False

    def list_links(self, request, changelist):
        """Lead to the page that verifies the log."""
        return [(_("校验日志"), self.address("verify"), "")]

    def get_urls(self):
        """Add the page that verifies the log."""
        view = self.admin_site.admin_view(self.verify_view)
        return [path("verify/", view, name="privacy_auditentry_verify"), *super().get_urls()]

    def verify_view(self, request):
        """Show the newest verdict; at the press of a button have the whole chain walked."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            attempt(request, verification.ask)
            return redirect(self.address("verify"))
        standing = verification.standing(timezone.now())
        page = self.page(
            request,
            "privacy/admin/verify.html",
            title=_("校验日志"),
            standing=standing,
            verdict=standing.verdict and standing.verdict.detail,
            entry=self._entry_address(standing.verdict),
            back=self.address("changelist"),
        )
        if standing.under_way:
            page.headers["Refresh"] = str(LOOK_AGAIN_SECONDS)
        return page

    def _entry_address(self, verdict):
        entry = verdict and verdict.detail.get("entry")
        return self.address("change", entry) if entry else ""

    def changelist_view(self, request, extra_context=None):
        """Record that the log was read, with which filters (their names, not their values)."""
        self._record_reading(request, filters=sorted(request.GET))
        return super().changelist_view(request, extra_context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Record which entry was read."""
        self._record_reading(request, entry=str(object_id)[:20])
        return super().change_view(request, object_id, form_url, extra_context)

    def _record_reading(self, request, **detail):
        if not self.has_view_permission(request):
            raise PermissionDenied
        operations.read_audit(by=request.user, now=timezone.now(), **detail)
