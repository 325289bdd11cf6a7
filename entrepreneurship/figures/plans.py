"""Plans: how many were selected, with a venture, paid, recommended upward."""

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from calls.models import Payment, Review, Reviewer
from entrepreneurship.plans.models import MEASURES, PlanMember
from honours.models import RecommendationState
from kernel.admin.figures import Line, Part, share
from kernel.admin.queue import changelist

LIST, REVIEWS = "entrepreneurship_planmember", "calls_review"
STANDS = "stands=yes"


def part(user, day):
    """Return the Part of plans a member of staff sees; None for others."""
    if not user.has_perm("entrepreneurship.view_planmember"):
        return None
    rows = PlanMember.objects.visible_to(user).standing()
    paid = Payment.objects.filter(
        due__application__in=rows.values("application"), taken_back_at=None
    )
    granted = rows.filter(application__recommendation__state=RecommendationState.GRANTED)
    everything = changelist(LIST, STANDS)
    with_venture = changelist(LIST, f"{STANDS}&with=venture")
    upward = changelist(LIST, f"{STANDS}&application__recommendation__state__exact=granted")
    return Part(
        _("创业计划"),
        (
            Line(_("入选"), rows.count(), everything),
            Line(_("其中有创业项目"), rows.exclude(venture=None).count(), with_venture),
            Line(_("已拨付（元）"), paid.aggregate(n=Sum("amount", default=0))["n"], everything),
            Line(_("向上推荐后获批"), granted.count(), upward),
            *_panels(user),
        ),
        _("入选资格收回的不算。评审席位不含已退出的；外部专家不登记性别，只能数出人才库里的女性。"),
    )


def _panels(user):
    """Say how many seats the panels of plans have, and how many of them women of the database hold."""
    reviews = Review.objects.visible_to(user).filter(stage__call__measure__in=MEASURES)
    seats = Reviewer.objects.standing().filter(review__in=reviews)
    found = seats.aggregate(all=Count("pk"), women=Count("pk", filter=Q(is_outside=False)))
    link = changelist(REVIEWS, f"stage__call__measure__in={','.join(map(str, MEASURES))}")
    yield Line(_("评审席位"), found["all"], link)
    yield Line(_("评审席位：库内女性"), share(found["women"], found["all"]), link)
