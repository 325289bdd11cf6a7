"""Rounds are begun by the school's contact; answers only count up; cards are typed in; a round can be emptied.

`by` is a User or None (the system), `now` an aware datetime. Answering has no `by`: nobody is known there.
"""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kernel import ids
from kernel.errors import Conflict, raise_if
from outreach.choices.models import Sex
from outreach.requests import rules as request_rules
from outreach.requests.models import SchoolRequest
from outreach.surveys import rules
from outreach.surveys.models import (
    CODE_LENGTH,
    OPEN_FOR,
    DrawingCount,
    Question,
    SurveyCount,
    SurveyRound,
)
from privacy import audit


def _round(request, moment, by, now):
    """Return the round of a moment, locked; made where there is none."""
    raise_if(request_rules.why_not_ask(request.unit, by))
    request = SchoolRequest.objects.locked(request)
    raise_if(rules.why_not_begin(request, moment, now))
    start = {
        "most_girls": request.girls,
        "most_boys": request.boys,
        "begun_at": now,
        "begun_by": by,
    }
    found, _new = SurveyRound.objects.get_or_create(
        request=request, moment=moment, waiting=_waits(request, moment), defaults=start
    )
    return SurveyRound.objects.select_for_update(of=("self",)).get(pk=found.pk)


def _waits(request, moment):
    """Tell whether what a class says at a moment is of a class that had no visit yet: its second answer."""
    return moment == "after" and request.state in rules.WAITING


@transaction.atomic
def open_code(*, request, moment, by, now):
    """Give a class a code with which each pupil answers once for three hours; returns the SurveyRound.

    Opened again it is another code, and what was counted stays. Raises Refused, Conflict.
    """
    round_ = _round(request, moment, by, now)
    raise_if(rules.why_not_open(round_, now))
    round_.code, round_.closes_at = ids.code(CODE_LENGTH), now + OPEN_FOR
    round_.save(update_fields=["code", "closes_at"])
    audit.record("outreach.open_survey", request, by=by, at=now, moment=moment)
    return round_


@transaction.atomic
def close_code(*, round, by, now):
    """Let a code count no more; returns the SurveyRound. Twice does nothing twice. Raises Refused."""
    raise_if(request_rules.why_not_ask(round.request.unit, by))
    changed = SurveyRound.objects.filter(pk=round.pk, closes_at__gt=now).update(closes_at=now)
    if changed:
        audit.record("outreach.close_survey", round.request, by=by, at=now, moment=round.moment)
    return SurveyRound.objects.get(pk=round.pk)


@transaction.atomic
def answer(*, code, sex, answers, now):
    """Count one pupil's answers ({question: 1 to 5}) under a class's code, and nothing else.

    The number of those who answered is moved by one statement that refuses more than there are pupils, so that of
    two hundred at one moment none is lost and none too many. Raises Invalid, Conflict("closed", "all_answered").
    """
    raise_if(rules.why_not_answers(sex, answers))
    rows = SurveyRound.objects.open(now).filter(code=code)
    moved = rows.filter(**{f"{sex}__lt": F(f"most_{sex}")}).update(**{sex: F(sex) + 1})
    if not moved:
        if rows.exists():
            sentence = _("班里的%(sex)s都答过了，谢谢。") % {"sex": Sex(sex).label}
            raise Conflict("all_answered", sentence)
        raise Conflict("closed", _("这个班级码没有开放，请问老师。"))
    found = SurveyRound.objects.only("pk").get(code=code)
    _count_up(found, [(sex, question, answers[question]) for question in Question.values])


def _count_up(round_, cells):
    rows = [
        SurveyCount(round=round_, sex=sex, question=question, answer=number)
        for sex, question, number in cells
    ]
    SurveyCount.objects.bulk_create(rows, ignore_conflicts=True)
    for sex, question, number in cells:
        cell = SurveyCount.objects.filter(round=round_, sex=sex, question=question, answer=number)
        cell.update(number=F("number") + 1)


@transaction.atomic
def enter_cards(*, request, moment, counts, drawings, by, now):
    """Write down raised cards and sorted drawings; entered again they are corrected. Returns the SurveyRound.

    `counts` is {(sex, question, answer): pupils}, `drawings` {(sex, drawn): pupils}. Raises Refused, Invalid, Conflict.
    """
    round_ = _round(request, moment, by, now)
    raise_if(rules.why_not_cards(round_) or rules.why_not_counts(round_, counts, drawings))
    round_.by_cards, round_.code, round_.closes_at = True, None, None
    for sex in Sex.values:
        sums = [
            sum(n for (s, q, _a), n in counts.items() if (s, q) == (sex, question))
            for question in Question.values
        ]
        setattr(round_, sex, max(sums))
    round_.save()
    round_.counts.all().delete()
    round_.drawings.all().delete()
    SurveyCount.objects.bulk_create(
        SurveyCount(round=round_, sex=sex, question=question, answer=number, number=n)
        for (sex, question, number), n in counts.items()
        if n
    )
    DrawingCount.objects.bulk_create(
        DrawingCount(round=round_, sex=sex, drawn=drawn, number=n)
        for (sex, drawn), n in drawings.items()
        if n
    )
    audit.record("outreach.enter_survey", request, by=by, at=now, moment=moment)
    return round_


@transaction.atomic
def empty_round(*, round, by, now):
    """Throw away what was counted in a round, which went wrong; it can be done anew. Returns the SchoolRequest.

    Raises Refused.
    """
    raise_if(request_rules.why_not_ask(round.request.unit, by))
    request = SchoolRequest.objects.locked(round.request)
    number = round.girls + round.boys
    audit.record(
        "outreach.empty_survey", request, by=by, at=now, moment=round.moment, pupils=number
    )
    SurveyRound.objects.filter(pk=round.pk).delete()
    return request
