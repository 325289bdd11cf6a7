"""What is read of the answers: a class its means from ten answers on, the district the difference between classes."""

from django.utils.translation import gettext as _

from outreach.choices.models import Sex
from outreach.surveys.models import LEAST, Drawn, Moment, Question, SurveyCount, SurveyRound
from outreach.surveys.statistics import compared, mean


def means_of(rounds):
    """Return {round's key: {(sex, question): (mean, answers)}} of rounds; one query."""
    found = {}
    rows = SurveyCount.objects.filter(round__in=rounds)
    for key, sex, question, answer, n in rows.values_list(
        "round", "sex", "question", "answer", "number"
    ):
        cell = found.setdefault(key, {}).setdefault((sex, question), {})
        cell[answer] = cell.get(answer, 0) + n
    return {key: {c: mean(n) for c, n in cells.items()} for key, cells in found.items()}


def of_class(rounds):
    """Return [(question's words, sex's words, [(moment's words, mean in words)])] of one class's rounds."""
    means = means_of([one.pk for one in rounds])
    return [
        (question.label, sex.label, [_mean_at(one, means, sex, question) for one in rounds])
        for question in Question
        for sex in Sex
    ]


def _mean_at(round_, means, sex, question):
    cell = means.get(round_.pk, {}).get((sex.value, question.value), (None, 0))
    return round_.get_moment_display(), mean_words(*cell)


def mean_words(value, answers):
    """Say a mean; of fewer than ten answers that they are too few."""
    if not answers:
        return "—"
    if answers < LEAST:
        return _("不到 %(least)s 人答，不显示") % {"least": LEAST}
    return f"{value:.1f}"


def drawings_of(round_):
    """Return [(sex's words, [(drawn's words, pupils)])] of a round, where ten or more of a sex drew."""
    numbers = {(row.sex, row.drawn): row.number for row in round_.drawings.all()}
    found = []
    for sex in Sex:
        cells = [(drawn.label, numbers.get((sex.value, drawn.value), 0)) for drawn in Drawn]
        if sum(n for _words, n in cells) >= LEAST:
            found.append((sex.label, cells))
    return found


def change_of(before, after, sex):
    """Return how far a class's girls or boys moved between two rounds' means, over the three questions.

    None where one of the two has fewer than ten answers to one of them.
    """
    moved = []
    for question in Question.values:
        (first, n), (second, m) = (
            means.get((sex, question), (None, 0)) for means in (before, after)
        )
        if min(n, m) < LEAST:
            return None
        moved.append(second - first)
    return sum(moved) / len(moved)


def district(moment=Moment.AFTER):
    """Return {sex: what is known of the difference} between classes with a visit and classes that wait (statistics.compared)."""
    rounds = list(SurveyRound.objects.all())
    means = means_of([one.pk for one in rounds])
    first = {one.request_id: one for one in rounds if one.moment == Moment.BEFORE}
    sides = {sex: {True: [], False: []} for sex in Sex.values}
    for one in rounds:
        before = first.get(one.request_id)
        if (
            before is None
            or (one.moment != moment and not one.waiting)
            or one.moment == Moment.BEFORE
        ):
            continue
        for sex in Sex.values:
            moved = change_of(means.get(before.pk, {}), means.get(one.pk, {}), sex)
            if moved is not None:
                sides[sex][one.waiting].append(moved)
    return {sex: compared(side[False], side[True]) for sex, side in sides.items()}
