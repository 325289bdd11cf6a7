"""Pages of the admin that show a year in tables, and the same as a workbook: of points, of campaigns by unit."""

from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from care_points import coverage, figures
from kernel.downloads import download
from kernel.spreadsheets import opened, put
from kernel.words import stamp
from privacy import audit


class YearReport:
    """Adds a year's tables to an admin class: whoever sees its list sees them.

    A subclass names `tables` (function(year, now) → Parts), `tables_link`, `tables_title` with %(year)s, and the audit verb
    of the workbook.
    """

    tables = tables_link = tables_title = tables_verb = None

    def list_links(self, request, changelist):
        """Lead to the page."""
        links = super().list_links(request, changelist)
        return [*links, (str(self.tables_link), self.address("report"), "")]

    def get_urls(self):
        """Add the page and its workbook."""
        view, of = self.admin_site.admin_view, self.model._meta
        name = f"{of.app_label}_{of.model_name}_report"
        return [
            path("report/", view(self.report), name=name),
            path("report.xlsx", view(self.report_file), name=f"{name}_file"),
            *super().get_urls(),
        ]

    def report(self, request):
        """Show a year (`?year=`)."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        year = figures.year_of(request.GET.get("year", ""), now)
        return self.page(
            request,
            "care_points/admin/report.html",
            title=self.tables_title % {"year": year},
            year=year,
            years=figures.years(now),
            parts=self.tables(year, now),
            back=self.address("changelist"),
            file=self.address("report_file"),
        )

    def report_file(self, request):
        """Send a year (`?year=`) as a workbook; who took it is written down."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        year = figures.year_of(request.GET.get("year", ""), now)
        audit.record(self.tables_verb, request.user, by=request.user, at=now, year=year)
        words, title = str(self.tables_link), self.tables_title % {"year": year}
        return download(workbook(words, title, self.tables(year, now), now), f"{words}-{year}.xlsx")


class ReportsYears(YearReport):
    """Adds the year of the points to the transfers' admin."""

    tables = staticmethod(figures.parts)
    tables_link, tables_title = gettext_lazy("积分报表"), gettext_lazy("%(year)s 年积分报表")
    tables_verb = "care_points.export_report"


class ReportsCoverage(YearReport):
    """Adds the year's campaigns to the services' admin: how many of each unit came."""

    tables = staticmethod(coverage.parts)
    tables_link, tables_title = gettext_lazy("活动覆盖率"), gettext_lazy("%(year)s 年活动覆盖率")
    tables_verb = "care_points.export_coverage"


def workbook(sheet, title, parts, now):
    """Return the bytes of an .xlsx, one table below the other."""
    book, out = opened()
    with book:
        head = book.add_format({"bold": True, "bottom": 1})
        page = book.add_worksheet(sheet)
        page.set_column(0, 0, 30)
        page.set_column(1, 6, 14)
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        put(page, 0, 0, title, head)
        put(page, 1, 0, _("导出于 %(when)s") % {"when": stamp(now)})
        row = 3
        for part in parts:
            for texts, style in (((part.title,), head), (part.heads, head)):
                for column, text in enumerate(texts):
                    put(page, row, column, text, style)
                row += 1
            for cells in part.rows:
                for column, cell in enumerate(cells):
                    put(page, row, column, cell)
                row += 1
            put(page, row, 0, part.note)
            row += 2
    return out.getvalue()
