"""The page of the admin that shows a year of points in tables, and the same as a workbook."""

from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from care_points import figures
from kernel.downloads import download
from kernel.spreadsheets import opened, put
from kernel.words import stamp
from privacy import audit


class ReportsYears:
    """Adds the report to the transfers' admin."""

    def list_links(self, request, changelist):
        """Lead to the page."""
        links = super().list_links(request, changelist)
        return [*links, (_("积分报表"), self.address("report"), "")]

    def get_urls(self):
        """Add the page and its workbook."""
        view = self.admin_site.admin_view
        name = "care_points_transfer_report"
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
            title=_("%(year)s 年积分报表") % {"year": year},
            year=year,
            years=figures.years(now),
            parts=figures.parts(year, now),
            back=self.address("changelist"),
            file=self.address("report_file"),
        )

    def report_file(self, request):
        """Send a year (`?year=`) as a workbook; who took it is written down."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        year = figures.year_of(request.GET.get("year", ""), now)
        audit.record("care_points.export_report", request.user, by=request.user, at=now, year=year)
        return download(workbook(year, now), _("积分报表") + f"-{year}.xlsx")


def workbook(year, now):
    """Return the bytes of an .xlsx, one table below the other."""
    book, out = opened()
    with book:
        head = book.add_format({"bold": True, "bottom": 1})
        page = book.add_worksheet(_("积分报表"))
        page.set_column(0, 0, 30)
        page.set_column(1, 6, 14)
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        put(page, 0, 0, _("%(year)s 年积分报表") % {"year": year}, head)
        put(page, 1, 0, _("导出于 %(when)s") % {"when": stamp(now)})
        row = 3
        for part in figures.parts(year, now):
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
