"""How many of the women a campaign is for came, by unit: health checks.

Only that somebody came is counted, never a result. Both numbers leave by `privacy.release`: whole tens, nothing below ten.
"""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import Unit
from care_points import campaigns
from care_points.figures import CLOSED, Part
from care_points.models import Service, UnitYear
from kernel import counts, days
from kernel.counts import UNSPECIFIED
from privacy.release import release_together


def parts(year, now):
    """Return a Part for each campaign of a year. Queries: about a dozen for each campaign, however many units."""
    counted = UnitYear.objects.filter(service=OuterRef("pk"), year=year)
    of_year = Q(offered_from__year__lte=year, offered_until__year__gte=year)
    services = Service.objects.filter(Q(once_a_year=True) & of_year | Exists(counted))
    services = services.select_related("station").order_by("title", "station__name", "pk")
    # A year that is over stays as its last day was first looked at: women change units, and next year's period may be set.
    last_moment = days.begin(date(year + 1, 1, 1)) - timedelta(seconds=1)
    return [_part(service, year, min(now, last_moment)) for service in services]


def _part(service, year, at):
    women = counts.by(campaigns.invited(service), "unit")
    rows = UnitYear.objects.filter(service=service, year=year).values_list("unit", "came")
    came = {str(pk or UNSPECIFIED): n for pk, n in rows}
    units = len(women.keys() | came.keys()) or 1
    name = f"care_points.coverage.{service.pk}.{year}"
    invited, of = _released(f"{name}.women", women, units, at)
    attended, total = _released(f"{name}.came", came, units, at)
    names = Unit.objects.in_bulk([int(pk) for pk in invited if pk != UNSPECIFIED])
    lines = sorted(
        (names[int(pk)].name, invited[pk], attended.get(pk)) for pk in invited if pk != UNSPECIFIED
    )
    lines.append((_("合计"), of, total))
    title = _("%(title)s（%(station)s）") % {"title": service.title, "station": service.station}
    heads = (_("单位"), _("受邀女性"), _("已参加"), _("覆盖率"))
    note = _(
        "只记是否参加，不记结果。人数只给整十的数，少于 10 人的不显示，每天更新一次；覆盖率按这些数估算。不足 10 人的单位不列出，计入合计。"
    )
    return Part(title, heads, [_cells(*line) for line in lines], note)


def _released(name, counted, cells, at):
    """Return what may be known of people by unit: ({unit: n}, total or None)."""
    tables = {"unit": (counted, cells)}
    shown, total = release_together(name, sum(counted.values()), tables, now=at)
    return shown["unit"], total


def _cells(unit, women, came):
    rate = f"{min(round(came * 100 / women), 100)}%" if came and women else CLOSED
    return unit, women or CLOSED, came or CLOSED, rate
