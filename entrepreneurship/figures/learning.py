"""Training and coaching: who completes, how many hours took place, how long she waits for one."""

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from entrepreneurship.figures.medians import between, in_days
from entrepreneurship.learning.models import PERIOD, Coach, CoachingHour, Enrolment, Risk
from events.models import Booking, Sex
from kernel.admin.figures import Line, Part, share
from kernel.admin.queue import changelist

ENROLMENTS, COACHES, HOURS = (
    "entrepreneurship_enrolment",
    "entrepreneurship_coach",
    "entrepreneurship_coachinghour",
)


def part(user, day):
    """Return the Part of training and coaching a member of staff sees; None for others."""
    if not user.has_perm("entrepreneurship.view_enrolment"):
        return None
    return Part(
        _("培训和辅导"),
        (*_training(user), *_coaching(user)),
        _("培训学时每 45 分钟一学时；辅导以双方都确认为准；等候天数从报名算到时段开始，取中位数。"),
    )


def _training(user):
    rows = Enrolment.objects.visible_to(user).standing()
    found = rows.aggregate(
        all=Count("pk"),
        done=Count("pk", filter=Q(state="completed")),
        minutes=Sum("minutes", default=0),
    )
    counted = dict(rows.at_risk().order_by().values_list("risk").annotate(n=Count("pk")))
    standing = changelist(ENROLMENTS, "state__in=enrolled,completed,ended")
    yield Line(_("参加培训"), found["all"], standing)
    yield Line(_("已结业"), found["done"], changelist(ENROLMENTS, "state__exact=completed"))
    for risk in (Risk.TIGHT, Risk.LOST):
        link = changelist(ENROLMENTS, f"state__exact=enrolled&risk__exact={risk.value}")
        yield Line(str(risk.label), counted.get(risk, 0), link)
    yield Line(_("培训学时"), found["minutes"] // PERIOD, standing)


def _coaching(user):
    coaches = Coach.objects.visible_to(user).active()
    counted = coaches.aggregate(all=Count("pk"), women=Count("pk", filter=Q(sex=Sex.FEMALE)))
    hours = CoachingHour.objects.visible_to(user)
    held = hours.confirmed()
    seats = Booking.objects.seated().filter(event__in=hours.values("event"))
    waited = seats.aggregate(wait=between("booked_at", "event__starts_at"))["wait"]
    active = changelist(COACHES, "state__exact=active")
    yield Line(_("创业辅导人"), counted["all"], active)
    yield Line(_("其中女性"), share(counted["women"], counted["all"]), active)
    yield Line(_("公布的辅导时段"), hours.count(), changelist(HOURS, ""))
    yield Line(_("双方确认已进行"), held.count(), changelist(HOURS, "held=yes"))
    yield Line(_("等候（中位数）"), in_days(waited), changelist(HOURS, ""))
