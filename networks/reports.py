"""The app's figures for the monthly report; reads, writes nothing.

What is told of women's share was entered by hand with its source and is public, so it is told as it is.
"""

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.days import DAY
from kernel.portal import Section, Things
from networks.associations.models import Association
from networks.meter.models import ShareCount
from networks.posts.models import Rung, Term

RUNGS = (Rung.COUNCIL, Rung.STANDING, Rung.LEADER)


def monthly(start, end):
    """Count associations, elections that are overdue, and women on the rungs, at the month's end."""
    day = timezone.localdate(end) - DAY
    there = Association.objects.filter(founded_on__lte=day, created_at__lt=end)
    figures = {
        "associations": Things(there.filter(dissolved_on=None).count()),
        "overdue": Things(
            Term.objects.overdue(day).filter(association__created_at__lt=end).count()
        ),
    }
    for rung in RUNGS:
        rows = ShareCount.objects.current(day).filter(rung=rung)
        found = rows.aggregate(total=Sum("total", default=0), women=Sum("women", default=0))
        figures[f"{rung.value}_total"] = Things(found["total"])
        figures[f"{rung.value}_women"] = Things(found["women"])
    return figures


def sections(figures):
    """Say the numbers of the month; of a rung nobody entered anything of, nothing."""
    lines = [
        (_("协会"), figures["associations"], _("个")),
        (_("换届超期的协会"), figures["overdue"], _("个")),
    ]
    for rung in RUNGS:
        if total := figures[f"{rung.value}_total"]:
            words = _("%(rung)s中女性") % {"rung": rung.label}
            women = figures[f"{rung.value}_women"]
            lines.append((words, f"{women} / {total}", _("人")))
    return (Section(_("措施七 · 科研学术网络"), tuple(lines)),)


def tables(figures):
    """Say no breakdowns."""
    return ()
