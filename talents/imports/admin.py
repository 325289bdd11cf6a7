"""The clerks' side of lists that units send in."""

from django.contrib import admin
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from kernel.admin.base import StaffAdmin
from talents.imports import pages
from talents.imports.models import ImportRun, ImportState


@admin.register(ImportRun)
class ImportRunAdmin(StaffAdmin):
    """Lists of units: uploaded, previewed, confirmed. Its pages are talents.imports.pages."""

    list_display = ["file_name", "department", "state_shown", "total", "by", "created_at"]
    list_filter = [("state", ChoicesDropdownFilter)]
    list_select_related = ["department", "by"]
    ordering = ["-pk"]
    sortable_by = ()
    actions = None

    def has_add_permission(self, request):
        """Those who may import may upload."""
        return request.user.has_perm("talents.import_talent")

    def has_change_permission(self, request, obj=None):
        """Nothing is edited here."""
        return False

    def has_view_permission(self, request, obj=None):
        """Those who may import see the runs of their department."""
        return request.user.has_perm("talents.import_talent")

    def get_urls(self):
        """Put the run's own pages in front of the standard ones."""
        return [*pages.urls(self), *super().get_urls()]

    def add_view(self, request, form_url="", extra_context=None):
        """Show the upload form, take the file."""
        return pages.upload(self, request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show how the run stands and its rows."""
        return pages.show(self, request, object_id)

    @display(
        description=gettext_lazy("状态"),
        label={
            ImportState.READY: "warning",
            ImportState.DONE: "success",
            ImportState.FAILED: "danger",
        },
    )
    def state_shown(self, run):
        """Show the state as a coloured word."""
        return run.state, run.get_state_display()
