"""The clerks' page of trends."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Department
from kernel.words import moment_text
from talents.trends import keeping, shown
from talents.trends.changes import LISTED
from talents.trends.figures import AFTER


class TrendsOfRecords:
    """Adds the page to the records' admin: exact figures of the reader's own department, of all to who sees all."""

    def trends(self, request):
        """Show the trends; a POST has them computed anew."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        department, departments = _department(request)
        now = timezone.now()
        if request.method == "POST":
            before = keeping.of(department, now=now).computed_at
            fresh = keeping.refresh(department, now=now).computed_at > before
            said = _("已按现在的数据重新计算。") if fresh else _("十分钟内刚算过，数字没有变。")
            messages.success(request, said)
            return redirect(request.get_full_path())
        kept = keeping.of(department, now=now)
        figures = kept.figures
        return self.page(
            request,
            "talents/admin/trends.html",
            title=_("发展趋势"),
            of=department,
            departments=departments,
            computed=moment_text(kept.computed_at),
            years=shown.years(figures),
            heads=[shown.CHANGE_WORDS[change] for change in LISTED],
            stock=shown.stock(figures),
            cohorts=shown.both_cohorts(figures),
            after=AFTER,
            taking_part=shown.taking_part(figures),
            thin=shown.thin(figures),
            list_address=self.address("changelist"),
        )


def _department(request):
    """Return (the department whose trends are read, None for all; the departments to choose from)."""
    if not request.user.sees_all_departments:
        return request.user.department, []
    departments = list(Department.objects.order_by("pk"))
    chosen = request.GET.get("department", "")
    return next((one for one in departments if str(one.pk) == chosen), None), departments
