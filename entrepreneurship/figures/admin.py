"""The page of figures in the admin, reached from the list of ventures."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entrepreneurship.figures import finance, learning, plans, transfer, ventures
from entrepreneurship.ventures.survival import YEARS, survival

PARTS = (ventures.part, plans.part, learning.part, finance.part, transfer.part)


class SurvivalFilter(admin.SimpleListFilter):
    """What became of ventures one, three and five years after they were registered."""

    title = gettext_lazy("存活")
    parameter_name = "survival"

    def lookups(self, request, model_admin):
        """Offer each outcome of each anniversary."""
        words = {"alive": _("存活"), "closed": _("已关闭"), "unknown": _("情况不明")}
        return [
            (f"{what}-{years}", _("满 %(n)s 年：%(what)s") % {"n": years, "what": said})
            for years in YEARS
            for what, said in words.items()
        ]

    def queryset(self, request, queryset):
        """Keep those of the chosen outcome."""
        if self.value() not in dict(self.lookup_choices):
            return queryset
        what, years = self.value().split("-")
        found = survival(queryset, int(years), timezone.localdate())[what]
        return queryset.filter(pk__in=found.values("pk"))


class ReachedFilter(admin.SimpleListFilter):
    """How far introductions to banks came, those included that ended later."""

    title = gettext_lazy("到过哪一步")
    parameter_name = "reached"

    def lookups(self, request, model_admin):
        """Offer the steps."""
        return [(step, finance.words_of(step)) for step in finance.STEPS]

    def queryset(self, request, queryset):
        """Keep those that came so far."""
        step = self.value()
        return queryset.exclude(**{step: None}) if step in finance.STEPS else queryset


class LeadsToFigures:
    """Leads from a list to the page of figures. Stands first among the bases."""

    def list_links(self, request, changelist):
        """Lead to the page."""
        links = super().list_links(request, changelist)
        where = reverse("admin:entrepreneurship_venture_figures")
        return [*links, (_("创新创业数据"), where, "")]


class FigurePages(LeadsToFigures):
    """Adds the page of figures to the admin of ventures. Stands first among the bases."""

    def get_urls(self):
        """Add the page."""
        view = self.admin_site.admin_view(self.figures)
        return [
            path("figures/", view, name="entrepreneurship_venture_figures"),
            *super().get_urls(),
        ]

    def figures(self, request):
        """Show the figures of each theme, as of today."""
        day = timezone.localdate()
        parts = [found for part in PARTS if (found := part(request.user, day))]
        if not parts:
            raise PermissionDenied
        return self.page(
            request,
            "kernel/admin/figures.html",
            title=_("创新创业数据"),
            day=day,
            parts=parts,
            back=self.address("changelist"),
        )
