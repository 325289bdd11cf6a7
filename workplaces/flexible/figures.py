"""What staff count of flexible work: offers by kind, how many were confirmed in time. Offers are no people."""

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.admin.figures import Line, Part, share
from kernel.admin.queue import changelist
from workplaces.flexible.models import FlexibleOffer, Kind

LIST = "workplaces_flexibleoffer"


def part(user, day):
    """Return the Part of flexible work a member of staff sees, as of a day; None for others."""
    if not user.has_perm("workplaces.view_flexibleoffer"):
        return None
    return Part(
        pgettext("many", "弹性工作"),
        tuple(_lines(FlexibleOffer.objects.visible_to(user), day)),
        _("这是单位说的，不是有多少人用上；确认及时率是没有撤下、没有过期的条目里一年内确认过的。"),
    )


def _lines(rows, day):
    standing, confirmed = rows.standing(day), rows.confirmed(day).count()
    count = standing.count()
    yield Line(_("在实行的弹性工作"), count, changelist(LIST, "shown=standing"))
    units = standing.order_by().values("unit").distinct().count()
    yield Line(_("实行弹性工作的单位"), units, changelist(LIST, "shown=standing"))
    yield Line(_("确认及时率"), share(confirmed, count), changelist(LIST, "confirm=due"))
    by_kind = dict(standing.order_by().values_list("kind").annotate(n=Count("pk")))
    for kind in Kind:
        link = changelist(LIST, f"shown=standing&kind__exact={kind.value}")
        yield Line(kind.label, by_kind.get(kind.value, 0), link)
