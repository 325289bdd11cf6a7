"""The clerks' page of trends."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Department
from kernel.words import moment_text
from talents.trends import keeping, shown
from talents.trends.changes import dimensions
from talents.trends.cohorts import AFTER
from talents.trends.models import TrendFigures


class TrendsOfRecords:
    """Adds the page to the records' admin: exact figures of the reader's own department, of all to who sees all."""

    def trends(self, request):
        """Show the trends; a POST has them computed anew."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        department, departments = _department(request)
        now = timezone.now()
        if request.method == "POST":
            before = TrendFigures.objects.filter(department=department).first()
            made = keeping.anew(department, now=now)
            messages.success(request, _said(before, made))
            return redirect(request.get_full_path())
        kept = keeping.of(department, now=now)
        frame = {"title": _("发展趋势"), "of": department, "departments": departments}
        frame["list_address"] = self.address("changelist")
        if kept is None:
            return self.page(request, "talents/admin/trends.html", **frame)
        figures = kept.figures
        return self.page(
            request,
            "talents/admin/trends.html",
            **frame,
            computed=moment_text(kept.computed_at),
            years=shown.years(figures),
            heads=[shown.CHANGE_WORDS[change] for change in shown.CHANGED],
            by_year=shown.by_year(figures, request.GET.get("by"), request.GET.get("show")),
            dimensions=[(name, title) for name, (title, _words) in dimensions().items()],
            figures=shown.CHANGE_WORDS.items(),
            kept=f"department={department.pk}&" if departments and department else "",
            stock=shown.stock(figures),
            cohorts=shown.both_cohorts(figures),
            after=AFTER,
            taking_part=shown.taking_part(figures),
            thin=shown.thin(figures),
        )


def _said(before, made):
    if made is None:
        return _("正在后台重新计算，大约一分钟后刷新本页。")
    if before and made.computed_at == before.computed_at:
        return _("十分钟内刚算过，数字没有变。")
    return _("已按现在的数据重新计算。")


def _department(request):
    """Return (the department whose trends are read, None for all; the departments to choose from)."""
    if not request.user.sees_all_departments:
        if request.user.department is None:  # None means all of them below
            raise PermissionDenied
        return request.user.department, []
    departments = list(Department.objects.order_by("pk"))
    chosen = request.GET.get("department", "")
    return next((one for one in departments if str(one.pk) == chosen), None), departments
