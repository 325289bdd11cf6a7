"""What staff count of schools' requests: met or not, days until a visit, priority schools, hours, girls."""

from django.db.models import Avg, DateField, F, Sum
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from kernel.admin.figures import Line, Part, share
from kernel.admin.queue import changelist
from outreach.requests.models import RequestState, SchoolRequest

LIST = "outreach_schoolrequest"
DONE = (RequestState.HELD, RequestState.UNMET, RequestState.MISSED)


def part(user, day):
    """Return the Part of requests a member of staff sees; None for others."""
    if not user.has_perm("outreach.view_schoolrequest"):
        return None
    rows = SchoolRequest.objects.visible_to(user)
    held = rows.filter(state=RequestState.HELD)
    sums = held.aggregate(
        half_hours=Sum("half_hours", default=0),
        girls=Sum("girls_came", default=0),
        boys=Sum("boys_came", default=0),
        waited=Avg(F("day") - Cast("sent_at", DateField())),
    )
    ended, met = rows.filter(state__in=DONE).count(), held.count()
    return Part(
        _("学校申请"),
        (
            Line(_("正在找人"), rows.sent().count(), changelist(LIST, "state__exact=sent")),
            Line(_("已安排"), rows.arranged().count(), changelist(LIST, "state__exact=arranged")),
            Line(_("已进行"), met, changelist(LIST, "state__exact=held")),
            Line(_("办成的比例"), share(met, ended), changelist(LIST, "state__exact=unmet")),
            Line(_("从提交到上门平均天数"), sums["waited"].days if sums["waited"] else "—"),
            Line(_("其中优先学校"), share(held.filter(priority=True).count(), met)),
            Line(_("志愿时长（小时，不含路上）"), f"{sums['half_hours'] / 2:g}"),
            Line(_("到场女生的比例"), share(sums["girls"], sums["girls"] + sums["boys"])),
        ),
        _("办成的比例：已进行的，占已进行、没找到人、没有进行三者之和。"),
    )
