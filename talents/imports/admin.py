"""The clerks' side of lists that units send in."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.lists import state_column
from talents.imports import pages
from talents.imports.models import ImportRun
from talents.imports.operations import RIGHT


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnly, StaffAdmin):
    """Lists of units: uploaded, previewed, confirmed. Its pages are talents.imports.pages."""

    list_display = ["file_name", "department", "state_shown", "total", "by", "created_at"]
    list_filter = [("state", ChoicesDropdownFilter)]
    list_select_related = ["department", "by"]
    ordering = ["-pk"]
    sortable_by = ()
    actions = None
    add_words = _("导入名单")

    has_add_permission = has_perm(RIGHT)
    has_view_permission = has_perm(RIGHT)
    state_shown = state_column({"ready": "warning", "done": "success", "failed": "danger"})

    def get_urls(self):
        """Put the run's own pages in front of the standard ones."""
        return [*pages.urls(self), *super().get_urls()]

    def add_view(self, request, form_url="", extra_context=None):
        """Show the upload form, take the file."""
        return pages.upload(self, request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show how the run stands and its rows."""
        return pages.show(self, request, object_id)
