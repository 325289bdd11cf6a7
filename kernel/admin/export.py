"""A list handed out as a workbook, as it is narrowed."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _

from kernel.admin.actions import attempt
from kernel.downloads import download


class ExportsList:
    """An admin class whose list is handed out whole to those its `has_export_permission` lets, by a link above it.

    `export_operation(rows=, by=, now=)` puts the export on record and returns what `export_sheet` makes a workbook (bytes)
    of, both as staticmethods; `export_name` is what the file is called. Stands before OperationAdmin or StaffAdmin.
    """

    export_operation = export_sheet = None
    export_name = ""

    def list_links(self, request, changelist):
        """Offer the list as it is narrowed."""
        links = super().list_links(request, changelist)
        if not self.has_export_permission(request):
            return links
        narrowed = changelist.get_query_string(remove=["p", "after"])
        return [*links, (_("导出当前列表"), self.address("export") + narrowed, "")]

    def get_urls(self):
        """Add the export."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        view = self.admin_site.admin_view(self.export)
        return [path("export/", view, name=name), *super().get_urls()]

    def export(self, request):
        """Hand the list out; an address no list knows leads back to it."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect(self.address("changelist"))
        found = attempt(request, self.export_operation, rows=rows)
        if found is None:
            return redirect(self.address("changelist"))
        return download(self.export_sheet(found), self.export_name)
