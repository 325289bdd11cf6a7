"""What staff count of subject choice: girls in physics, year by year."""

from django.utils.translation import gettext as _

from kernel.admin.figures import Grid, Line, Part
from kernel.admin.queue import changelist
from outreach.choices.models import ChoiceCell, ChoiceReport, First, Sex
from outreach.choices.shown import FEW, closed, first_choices, physics_share

LIST = "outreach_choicereport"
YEARS = 5


def part(user, day):
    """Return the Part of subject choice a member of staff sees; None for others."""
    if not user.has_perm("outreach.view_choicereport"):
        return None
    reports = ChoiceReport.objects.standing()
    years = list(reports.order_by("-year").values_list("year", flat=True).distinct()[:YEARS])
    rows = tuple(_row(year, reports.filter(year=year)) for year in years)
    heads = (
        _("学校"),
        _("女生选物理"),
        _("男生选物理"),
        *(f"{sex.label} · {first.label}" for sex in Sex for first in First),
    )
    note = _("按高考年份。少于 %(few)s 人的格子不显示，写作“—”。") % {"few": FEW}
    return Part(_("选科"), (), note, Grid(_("首选物理和历史的人数"), heads, rows) if rows else None)


def _row(year, reports):
    counts = ChoiceCell.objects.filter(report__in=reports).counted()
    link = changelist(LIST, f"year__exact={year}")
    firsts = first_choices(counts)
    open_ones = {sex: closed(list(firsts[sex].values())) for sex in Sex.values}
    shares = [
        physics_share(counts, sex) if None not in open_ones[sex] else "—" for sex in Sex.values
    ]
    cells = [n for sex in Sex.values for n in open_ones[sex]]
    lines = [Line(_("学校"), reports.count(), link)]
    lines += [Line("", value) for value in shares]
    lines += [Line("", "—" if n is None else n) for n in cells]
    return (str(year), tuple(lines))
