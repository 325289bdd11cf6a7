"""The report on one event, on the ticked ones, or on a series: as a page, as Excel and as Word."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import action

from events import operations
from events.after import report, report_files
from events.models import Series
from kernel.admin.actions import attempt
from kernel.downloads import download

MOST = 200  # events of one report


class ReportPages:
    """Adds to the admin of events: reports."""

    def get_urls(self):
        """Add the pages."""
        pages = [
            ("report/", self.reports, "reports"),
            ("report/file.<str:kind>", require_POST(self.reports_file), "reports_file"),
            ("<int:pk>/report/", self.report, "report"),
        ]
        urls = [
            path(where, self.admin_site.admin_view(view), name=f"events_event_{name}")
            for where, view, name in pages
        ]
        return urls + super().get_urls()

    def report(self, request, pk):
        """Lead to the report on one event."""
        event = self.get_or_404(request, pk)
        return redirect(f"{self.address('reports')}?{urlencode({'event': event.pk})}")

    def _reported(self, request):
        """Return (events, title, query) an address asks for; 404 for any she does not run."""
        if "series" in request.GET:
            return self._of_series(request, request.GET["series"])
        keys = request.GET.getlist("event")
        if not all(key.isdecimal() and len(key) < 19 for key in keys):
            raise Http404
        events = list(self.get_queryset(request).filter(pk__in=keys)[:MOST])
        if not events or len(events) < len(set(keys)):
            raise Http404
        title = events[0].title if len(events) == 1 else _("活动报告")
        return events, title, urlencode({"event": keys}, doseq=True)

    def _of_series(self, request, key):
        """Return the same of the events of a series that are over and that she runs."""
        if not (key.isdecimal() and len(key) < 19):
            raise Http404
        series = get_object_or_404(Series.objects.visible_to(request.user), pk=key)
        over = self.get_queryset(request).published().filter(ends_at__lte=timezone.now())
        events = list(over.filter(series=series).order_by("-starts_at")[:MOST])
        if not events:
            raise Http404
        return events, series.name, urlencode({"series": key})

    def reports(self, request):
        """Show the figures of the events; exactly to who may know who came to all of them."""
        events, title, query = self._reported(request)
        found = report.of(
            events,
            title=title,
            at=timezone.now(),
            told=report.told_on_page(events, request.user),
            reader=request.user,
            user=request.user,
        )
        return self.page(
            request,
            "events/admin/report.html",
            title=_("活动报告"),
            report=found,
            query=query,
            back=self.address("change", events[0].pk)
            if len(events) == 1
            else self.address("changelist"),
        )

    def reports_file(self, request, kind):
        """Hand the report out; files travel, so they say less of people than the page (report.Told)."""
        events, title, query = self._reported(request)
        if kind not in report_files.MAKERS:
            raise Http404
        made = attempt(request, operations.export_report, events=events, title=title)
        if made is None:
            return redirect(f"{self.address('reports')}?{query}")
        return download(report_files.MAKERS[kind](made), f"{_('活动报告')}-{title}.{kind}")

    @action(description=gettext_lazy("所选活动的报告"))
    def report_selected(self, request, queryset):
        """Lead to one report on the ticked events."""
        keys = list(queryset.order_by("starts_at").values_list("pk", flat=True))[:MOST]
        return redirect(f"{self.address('reports')}?{urlencode({'event': keys}, doseq=True)}")
