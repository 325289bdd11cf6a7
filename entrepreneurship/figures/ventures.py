"""Ventures: who survives, whom they employ."""

from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entrepreneurship.ventures.models import Venture, VentureCheckpoint, VentureStageCode
from entrepreneurship.ventures.survival import YEARS, survival
from kernel.admin.figures import Grid, Line, Part
from kernel.admin.queue import changelist

LIST = "entrepreneurship_venture"


def part(user, day):
    """Return the Part of ventures a member of staff sees, as of a day; None for others."""
    if not user.has_perm("entrepreneurship.view_venture"):
        return None
    rows = Venture.objects.visible_to(user)
    return Part(
        _("创业项目"),
        (*_stages(rows), *_jobs(rows)),
        _("没有答复年度问询的算“情况不明”，既不算存活也不算关闭；企业人数取最近一次年度情况。"),
        _survivals(rows, day),
    )


def _stages(rows):
    counted = dict(rows.order_by().values_list("stage").annotate(n=Count("pk")))
    for stage in VentureStageCode:
        link = changelist(LIST, f"stage__exact={stage.value}")
        yield Line(str(stage.label), counted.get(stage.value, 0), link)


def _survivals(rows, day):
    words = {"alive": _("存活"), "closed": _("已关闭"), "unknown": _("情况不明")}
    lines = []
    for years in YEARS:
        head = ngettext("注册满 %(n)s 年", "注册满 %(n)s 年", years) % {"n": years}
        cells = tuple(
            Line(
                _("%(head)s：%(what)s") % {"head": head, "what": words[what]},
                found.count(),
                changelist(LIST, f"survival={what}-{years}"),
            )
            for what, found in survival(rows, years, day).items()
        )
        lines.append((head, cells))
    return Grid(_("企业存活"), tuple(words.values()), tuple(lines))


def _jobs(rows):
    """Say whom running ventures employ, by the newest standing checkpoint of each that lives."""
    running = rows.running().values("pk")
    latest = VentureCheckpoint.objects.filter(venture__in=running).latest().values("pk")
    living = VentureCheckpoint.objects.filter(pk__in=latest, alive=True)
    found = living.aggregate(jobs=Sum("jobs", default=0), women=Sum("women_jobs", default=0))
    yield Line(_("企业人数"), found["jobs"], changelist(LIST, ""))
    yield Line(_("其中女性"), found["women"], changelist(LIST, ""))
