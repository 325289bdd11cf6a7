"""The self-check: which conditions of a call a woman meets, as far as her record and her own answers say.

It decides nothing and is not kept: what she answers stays in the answer to her request.
"""

from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.models import AnsweredBy
from kernel.words import day_text


class Outcome(models.TextChoices):
    """What came of one condition."""

    MET = "met", gettext_lazy("符合")
    NOT_MET = "not_met", gettext_lazy("不符合")
    OPEN = "open", gettext_lazy("还不能判断")
    OFFICE = "office", gettext_lazy("由有关单位认定")


TONES = {Outcome.MET: "success", Outcome.NOT_MET: "alert"}
YES, NO, UNSURE = "yes", "no", "unsure"
ANSWERS = ((YES, gettext_lazy("是")), (NO, gettext_lazy("不是")), (UNSURE, gettext_lazy("不清楚")))


@dataclass(frozen=True)
class Line:
    """One condition with what came of it, and why or what to do next."""

    requirement: object
    outcome: Outcome
    why: str = ""

    @property
    def tone(self):
        """Return the tone of its badge."""
        return TONES.get(self.outcome, "")


def checked(call, talent, answers):
    """Return a Line for each condition of a call, in order.

    `talent` is her record or None for somebody who has not signed in; `answers` is {requirement pk: YES, NO, UNSURE}.
    Ages are counted on the day of the deadline.
    """
    return [Line(one, *_outcome(one, call, talent, answers)) for one in call.requirements.all()]


def is_met(lines):
    """Tell whether nothing is known that speaks against applying."""
    return not any(line.outcome == Outcome.NOT_MET for line in lines)


def _outcome(requirement, call, talent, answers):
    how = requirement.answered_by
    if how == AnsweredBy.OFFICE:
        return Outcome.OFFICE, _("由%(office)s认定，不用您判断。") % {"office": requirement.office}
    if how == AnsweredBy.HERSELF:
        return _by_answer(answers.get(requirement.pk), call)
    if talent is None:
        return Outcome.OPEN, _("登录后按您的档案判断。")
    return BY_RECORD[how](requirement, call, talent)


def _by_answer(answer, call):
    if answer == YES:
        return Outcome.MET, ""
    if answer == NO:
        return Outcome.NOT_MET, ""
    if call.contact:
        return Outcome.OPEN, _("拿不准的，可以咨询：%(contact)s。") % {"contact": call.contact}
    return Outcome.OPEN, _("拿不准的，可以咨询%(office)s。") % {"office": call.department.label}


def _by_age(requirement, call, talent):
    if talent.birth_month is None:
        return Outcome.OPEN, _("档案里没有出生年月，补上后再查。")
    day = timezone.localdate(call.closes_at)
    # Records know the month: she is taken to have her birthday on its last day, which never counts her too old.
    years = relativedelta(day, talent.birth_month + relativedelta(day=31)).years
    said = _("到%(day)s您 %(years)s 周岁。") % {"day": day_text(day), "years": years}
    return (Outcome.MET if years <= requirement.most_age else Outcome.NOT_MET), said


def _by_degree(requirement, call, talent):
    if not talent.degree:
        return Outcome.OPEN, _("档案里没有学位，补上后再查。")
    said = _("您的学位是%(degree)s。") % {"degree": talent.get_degree_display()}
    # GB/T 6864: the smaller the code, the higher the degree.
    return (Outcome.MET if talent.degree <= requirement.least_degree else Outcome.NOT_MET), said


def _by_study_abroad(requirement, call, talent):
    if talent.overseas_study:
        return Outcome.MET, _("档案里有海外学习经历。")
    return Outcome.OPEN, _("档案里没有海外学习经历；有的话，补上后再查。")


BY_RECORD = {
    AnsweredBy.AGE: _by_age,
    AnsweredBy.DEGREE: _by_degree,
    AnsweredBy.OVERSEAS: _by_study_abroad,
}
