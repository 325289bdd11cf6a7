"""Did it matter? The difference between classes with a visit and classes that still wait, and what it cannot prove."""

from django.utils.translation import gettext as _

from kernel.admin.figures import Line, Part
from outreach.choices.models import Sex
from outreach.surveys.models import Moment, SurveyRound
from outreach.surveys.shown import difference_words, district


def part(user, day):
    """Return the Part of what classes answered that a member of staff sees; None for others."""
    if not user.has_perm("outreach.view_schoolrequest"):
        return None
    rounds = SurveyRound.objects.visible_to(user)
    lines = [
        Line(_("答过的班（次）"), rounds.count()),
        *_differences(_("上完课"), Moment.AFTER),
        *_differences(_("八周以后"), Moment.LATER),
    ]
    note = _(
        "一个班算一个数（全班女生或男生三题平均分的变化），不到 10 人答的不算。这个差别不能证明是上课带来的："
        "哪些班先上课不是抽签定的，老师也知道在做调查。"
    )
    return Part(_("上课有没有用"), tuple(lines), note)


def _differences(words, moment):
    found = district(moment)
    for sex in Sex:
        yield Line(f"{words} · {sex.label}", difference_words(found[sex.value]))
