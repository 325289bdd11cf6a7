"""Did it matter? The difference between classes with a visit and classes that still wait, and what it cannot prove."""

from django.utils.translation import gettext as _

from kernel.admin.figures import Grid, Line, Part
from outreach.choices.models import Sex
from outreach.surveys.models import Moment, SurveyRound
from outreach.surveys.shown import district


def part(user, day):
    """Return the Part of what classes answered that a member of staff sees; None for others."""
    if not user.has_perm("outreach.view_schoolrequest"):
        return None
    heads = (_("差别（分）"), _("95% 区间"), _("上过课的班"), _("还在等的班"))
    rows = (*_rows(_("上完课"), Moment.AFTER), *_rows(_("八周以后"), Moment.LATER))
    note = _(
        "一个班算一个数（全班女生或男生三题平均分的变化），不到 10 人答的不算；每边不到三个班不下结论。这个差别不能证明是上课带来的："
        "哪些班先上课不是抽签定的，老师也知道在做调查。"
    )
    rounds = SurveyRound.objects.visible_to(user).count()
    grid = Grid(_("上过课的班比还在等的班多变化多少"), heads, rows)
    return Part(_("上课有没有用"), (Line(_("答过的班（次）"), rounds),), note, grid)


def _rows(words, moment):
    found = district(moment)
    for sex in Sex:
        yield f"{words} · {sex.label}", _lines(found[sex.value])


def _lines(found):
    """Return the cells of one comparison; "—" while there are too few classes."""
    known = found["difference"] is not None
    between = (
        _("%(low)s 到 %(high)s") % {n: f"{found[n]:+.2f}" for n in ("low", "high")}
        if known
        else "—"
    )
    return (
        Line("", f"{found['difference']:+.2f}" if known else "—"),
        Line("", between),
        Line("", found["visited"]),
        Line("", found["waiting"]),
    )
