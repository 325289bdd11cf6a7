"""When a class may answer, and what cannot be an answer."""

from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.errors import Conflict, Invalid
from outreach.choices.models import Sex
from outreach.requests.models import RequestState
from outreach.surveys.models import ANSWERS, LATER_AFTER, Drawn, Moment, Question

SCALE = [number for number, _words in ANSWERS]
WAITING = (RequestState.SENT, RequestState.UNMET, RequestState.CANCELLED)


def why_not_begin(request, moment, now):
    """Say why a class cannot answer now: before its visit, after it, eight weeks later; who waits may answer twice."""
    today, state = timezone.localdate(now), request.state
    if state == RequestState.DRAFT:
        return Conflict("draft", _("提交申请以后才能做小调查。"))
    if moment == Moment.BEFORE:
        is_over = request.day is not None and request.day < today
        if state in (RequestState.SENT, RequestState.ARRANGED) and not is_over:
            return None
        return Conflict("too_late", _("已经上过课了，上门之前的小调查不能再做。"))
    if moment == Moment.AFTER and (state == RequestState.HELD or state in WAITING):
        return None
    if moment == Moment.LATER and state == RequestState.HELD:
        if request.day + LATER_AFTER <= today:
            return None
        return Conflict("too_early", _("上门满八周再做。"))
    return Conflict("not_held", _("学校填了上门证明以后再做。"))


def why_not_open(round_, now):
    """Say why a class cannot answer by code: it was counted by cards."""
    if round_.by_cards:
        return Conflict("by_cards", _("这一次已经填了举牌的人数，要用班级码请先清空。"))
    return None


def why_not_cards(round_):
    """Say why cards cannot be counted: somebody answered by code."""
    if not round_.by_cards and round_.girls + round_.boys:
        return Conflict("by_code", _("这一次已经有人用班级码答过，要改成举牌请先清空。"))
    return None


def why_not_answers(sex, answers):
    """Say what is wrong with one pupil's answers, {question: 1 to 5}."""
    if sex not in Sex.values:
        return Invalid("sex", _("请选女生或男生。"), field="sex")
    for question in Question.values:
        if answers.get(question) not in SCALE:
            return Invalid("answer", _("三个问题都要选一个。"), field=question)
    return None


def why_not_counts(round_, counts, drawings):
    """Say what is wrong with counted cards and drawings: of no question more than there are pupils.

    `counts` is {(sex, question, answer): pupils}, `drawings` {(sex, drawn): pupils}.
    """
    numbers = [*counts.values(), *drawings.values()]
    if any(n < 0 for n in numbers):
        return Invalid("number", _("人数不能是负数。"))
    if not sum(counts.values()):
        return Invalid("nothing", _("还没有填人数。"))
    for sex, most in ((Sex.GIRLS, round_.most_girls), (Sex.BOYS, round_.most_boys)):
        sums = [
            sum(counts.get((sex, question, answer), 0) for answer in SCALE)
            for question in Question.values
        ]
        sums.append(sum(drawings.get((sex, drawn), 0) for drawn in Drawn.values))
        if max(sums) > most:
            words = {"sex": Sex(sex).label, "sum": max(sums), "most": most}
            sentence = _("%(sex)s一共 %(most)s 人，有一题填了 %(sum)s 人，请核对。") % words
            return Invalid("more_than_pupils", sentence)
    return None
