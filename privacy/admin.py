"""Consents and the audit log, for auditors: read-only, and reading the log is itself recorded."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel.admin.base import ReadOnly, StaffAdmin
from privacy import audit
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


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, StaffAdmin):
    """Who did what to which record."""

    list_display = ["id", "at", "actor_id", "action", "object_type", "object_id", "reason"]
    list_filter = ["action", "object_type"]
    search_fields = ["object_id", "actor_id"]
    search_help_text = _("对象编号或操作人编号")
    fields = ["at", "actor_id", "action", "object_type", "object_id", "reason", "detail"]
    ordering = ["-id"]

    def changelist_view(self, request, extra_context=None):
        """Record that the log was read, with which filters (their names, not their values)."""
        _record_reading(request, filters=sorted(request.GET))
        return super().changelist_view(request, extra_context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Record which entry was read."""
        _record_reading(request, entry=str(object_id)[:20])
        return super().change_view(request, object_id, form_url, extra_context)


def _record_reading(request, **detail):
    reader = request.user
    audit.record("privacy.read_audit", reader, by=reader, at=timezone.now(), **detail)
