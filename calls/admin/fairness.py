"""How fair one call, or the ticked ones, were: as a page for those who read the applications, and as Excel."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import action

from calls import fairness, fairness_sheet, operations, rules
from kernel.admin.actions import attempt
from kernel.downloads import download
from kernel.words import clauses

MOST = 50  # calls of one report


class FairnessPages:
    """Adds to the admin of calls: the report on fairness."""

    def get_urls(self):
        """Add the pages."""
        pages = [
            ("fairness/", self.fairness, "fairness"),
            ("fairness/file/", require_POST(self.fairness_file), "fairness_file"),
        ]
        urls = [
            path(where, self.admin_site.admin_view(view), name=f"calls_call_{name}")
            for where, view, name in pages
        ]
        return urls + super().get_urls()

    @action(description=gettext_lazy("公平性报告"), url_path="how-fair")
    def how_fair(self, request, object_id):
        """Lead to the report on one call."""
        return redirect(self._address([self.get_or_404(request, object_id).pk]))

    @action(description=gettext_lazy("所选申报的公平性报告"))
    def how_fair_selected(self, request, queryset):
        """Lead to one report on the ticked calls."""
        keys = list(queryset.order_by("pk").values_list("pk", flat=True))[:MOST]
        return redirect(self._address(keys))

    def _address(self, keys):
        return f"{self.address('fairness')}?{urlencode({'call': keys}, doseq=True)}"

    def _asked(self, request):
        """Return the calls an address asks for; 404 for any she does not see, 403 for one she does not lead."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        keys = request.GET.getlist("call")
        if not all(key.isdecimal() and len(key) < 19 for key in keys):
            raise Http404
        calls = list(self.get_queryset(request).filter(pk__in=keys).order_by("pk")[:MOST])
        if not calls or len(calls) < len(set(keys)):
            raise Http404
        if any(rules.why_not_manage(c, request.user, "calls.view_application") for c in calls):
            raise PermissionDenied
        return calls

    def fairness(self, request):
        """Show the figures exactly: who reads this page reads the applications as well."""
        calls = self._asked(request)
        one = calls[0] if len(calls) == 1 else None
        return self.page(
            request,
            "calls/admin/fairness.html",
            title=_("公平性报告"),
            called=clauses(call.title for call in calls),
            report=fairness.of(calls, at=timezone.now(), exact=True),
            steps=fairness.steps(),
            may_take=not any(
                rules.why_not_manage(call, request.user, "calls.export_application")
                for call in calls
            ),
            query=urlencode({"call": [call.pk for call in calls]}, doseq=True),
            back=self.address("change", one.pk) if one else self.address("changelist"),
        )

    def fairness_file(self, request):
        """Hand the report out as Excel; files travel, so small cells are left out."""
        calls = self._asked(request)
        made = attempt(request, operations.export_fairness, calls=calls)
        if made is None:
            return redirect(self._address([call.pk for call in calls]))
        return download(fairness_sheet.made(made), "fairness.xlsx")
