"""The page of figures in the admin, reached from the list of consultations: a part for each theme."""

from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from advisory.consultations import figures as consultations
from advisory.suggestions import figures as suggestions

PARTS = (consultations.part, suggestions.part)


class LeadsToFigures:
    """Leads from a list to the page of figures. Stands first among the bases."""

    def list_links(self, request, changelist):
        """Lead to the page."""
        links = super().list_links(request, changelist)
        where = reverse("admin:advisory_consultation_figures")
        return [*links, (_("咨询建言数据"), where, "")]


class FigurePages(LeadsToFigures):
    """Adds the page of figures to the admin of consultations. Stands first among the bases."""

    def get_urls(self):
        """Add the page."""
        view = self.admin_site.admin_view(self.figures)
        return [path("figures/", view, name="advisory_consultation_figures"), *super().get_urls()]

    def figures(self, request):
        """Show the figures of each theme, as of today."""
        day = timezone.localdate()
        parts = [found for part in PARTS if (found := part(request.user, day))]
        if not parts:
            raise PermissionDenied
        return self.page(
            request,
            "kernel/admin/figures.html",
            title=_("咨询建言数据"),
            day=day,
            parts=parts,
            back=self.address("changelist"),
        )
