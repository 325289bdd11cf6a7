"""Consents and the audit log, for auditors: read-only, and reading the log is itself recorded."""

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from kernel import portal
from kernel.admin.base import ReadOnly, StaffAdmin
from kernel.admin.lists import PeriodFilter, column
from privacy import audit, operations
from privacy.models import AuditEntry, Consent


@admin.register(Consent)
class ConsentAdmin(ReadOnly, StaffAdmin):
    """Who agreed to what, when."""

    list_display = ["user", "purpose", "granted", "text_version", "source", "at"]
    list_select_related = ["user"]
    list_filter = ["purpose", "granted", "source"]
    search_fields = ["user__full_name", "user__code"]
    search_help_text = _("姓名或用户编号")
    fields = ["user", "purpose", "granted", "text_version", "source", "at"]
    ordering = ["-id"]


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
        return sorted(portal.merged("verbs").items())


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


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, StaffAdmin):
    """Who did what to which record."""

    list_display = ["id", "at", "actor_id", "verb", "object_type", "object_id", "reason"]
    list_filter = [VerbFilter, ObjectTypeFilter, ("at", PeriodFilter)]
    search_fields = ["object_id", "actor_id"]
    search_help_text = _("对象编号或操作人编号")
    fields = ["at", "actor_id", "verb", "code", "object_type", "object_id", "reason", "detail"]
    readonly_fields = ["verb", "code"]
    ordering = ["-id"]

    verb = column(_("动作"), lambda entry: audit.words(entry.action))
    code = column(_("动作代码"), "action")

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
