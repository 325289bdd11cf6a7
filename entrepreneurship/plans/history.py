"""What became of a woman a plan selected, in plain sentences, the newest first."""

from django.utils import timezone
from django.utils.translation import gettext as _

from calls.models import DueState
from honours.models import RecommendationState
from kernel.words import day_text, money_text


def history(member):
    """Return [(date, sentence)] of a member; reads what `operations.read` brings along, and asks nothing more."""
    application = member.application
    lines = [_line(member.joined_at, _("入选“%(call)s”"), call=member.call.label)]
    for due in application.dues.all():
        lines += _of_due(due)
    if found := getattr(application, "recommendation", None):
        lines += _upward(found)
    if application.taken_back_at:
        lines.append(_line(application.taken_back_at, _("入选资格收回")))
    return sorted(lines, key=lambda line: line[0], reverse=True)


def _line(when, words, **said):
    """Return one line: the day of a moment (or a date), and the sentence that begins with it."""
    day = timezone.localdate(when) if hasattr(when, "tzinfo") else when
    return day, f"{day_text(day)} {words % said}"


def _of_due(due):
    step = due.step.name
    if due.handed_in_at:
        yield _line(due.handed_in_at, _("提交“%(step)s”"), step=step)
    if due.state == DueState.ACCEPTED:
        yield _line(due.settled_at, _("“%(step)s”通过"), step=step)
    if due.state == DueState.WAIVED:
        yield _line(due.settled_at, _("“%(step)s”免除"), step=step)
    for one in due.payments.all():
        if one.taken_back_at is None:
            words = _("拨付“%(step)s” %(amount)s 元")
            yield _line(one.paid_on, words, step=step, amount=money_text(one.amount))


def _upward(found):
    names = {"honour": found.honour.label}
    if found.sent_on:
        yield _line(found.sent_on, _("向上推荐“%(honour)s”"), **names)
    if found.answered_on and found.state == RecommendationState.GRANTED:
        yield _line(found.answered_on, _("“%(honour)s”获批"), **names)
    elif found.answered_on:
        yield _line(found.answered_on, _("“%(honour)s”没有获批"), **names)
