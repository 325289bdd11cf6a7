"""Plans: how many were selected, with a venture, paid, recommended upward."""

from django.db.models import Sum
from django.utils.translation import gettext as _

from calls.models import Payment
from entrepreneurship.figures import Line, Part
from entrepreneurship.plans.models import PlanMember
from honours.models import RecommendationState
from kernel.admin.queue import changelist

LIST = "entrepreneurship_planmember"


def part(user, day):
    """Return the Part of plans a member of staff sees; None for others."""
    if not user.has_perm("entrepreneurship.view_planmember"):
        return None
    rows = PlanMember.objects.visible_to(user).standing()
    paid = Payment.objects.filter(
        due__application__in=rows.values("application"), taken_back_at=None
    )
    granted = rows.filter(application__recommendation__state=RecommendationState.GRANTED)
    everything = changelist(LIST, "")
    return Part(
        _("创业计划"),
        (
            Line(_("入选"), rows.count(), everything),
            Line(_("其中有创业项目"), rows.exclude(venture=None).count(), everything),
            Line(_("已拨付（元）"), paid.aggregate(n=Sum("amount", default=0))["n"], everything),
            Line(_("向上推荐后获批"), granted.count(), everything),
        ),
        _("入选资格收回的不算。"),
    )
