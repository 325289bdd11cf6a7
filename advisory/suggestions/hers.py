"""Suggestions on her line of time, in her growth, among what women take part in; what has happened to one, step by step."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from advisory.lines import Line
from advisory.suggestions.letters import called
from advisory.suggestions.models import (
    Adoption,
    Authorship,
    ExtensionState,
    Rating,
    Suggestion,
    SuggestionState,
)
from advisory.suggestions.rules.replies import RATE_WITHIN
from advisory.suggestions.rules.who import lead_of
from kernel.portal import Milestone
from kernel.words import day_text

KIND = pgettext_lazy("line of time", "建言")
State = SuggestionState
NOTES = {
    State.DRAFT: gettext_lazy("草稿，还没有提交"),
    State.SENT: gettext_lazy("已提交，等牵头部门审查"),
    State.NOT_FILED: gettext_lazy("没有立案"),
    State.JOINED: gettext_lazy("与另一件一并办理"),
    State.ANSWERED: gettext_lazy("已答复"),
    State.CLOSED: gettext_lazy("已办结"),
    State.WITHDRAWN: gettext_lazy("您撤回了"),
}


# --- her line of time -----------------------------------------------------------------------------
def lines(user, now, most):
    """Return what she wrote as Lines, the newest ones."""
    rows = Suggestion.objects.hers(user).select_related("campaign", "joined_to")
    rows = rows.prefetch_related("assignments").order_by("-created_at", "-pk")[:most]
    rated = _rated(user)
    return [_line(row, now, rated) for row in rows]


def _rated(user):
    """Return the numbers of suggestions whose newest reply she has rated."""
    newest = Rating.objects.filter(reply__signed_at=F("reply__suggestion__answered_at"))
    return set(newest.filter(author__user=user).values_list("author__suggestion", flat=True))


def _line(row, now, rated):
    return Line(
        day=timezone.localdate(row.sent_at or row.created_at),
        kind=KIND,
        title=row.title or row.campaign.title,
        note=note(row),
        link=row.get_absolute_url(),
        waits=_waits(row, now, rated),
    )


def _waits(row, now, rated):
    """Tell whether it is her turn: it was sent back to her, or a reply waits for her word."""
    if row.state == State.DRAFT:
        return row.back_at is not None
    main = row.main
    return (
        main.state == State.ANSWERED
        and row.pk not in rated
        and now <= main.answered_at + RATE_WITHIN
    )


def note(row):
    """Return where a suggestion stands, for her; of one that is dealt with, until when a reply is owed."""
    if row.state == State.DRAFT and row.back_at:
        return _("请分开写，再提交")
    if row.state == State.JOINED and row.joined_to.answered_at:
        return NOTES[State.ANSWERED]
    if row.state != State.FILED:
        return NOTES[State(row.state)]
    leads = [one for one in row.assignments.all() if one.is_lead and one.is_open]
    if not leads:
        return _("已立案，正在确定由谁办")
    return _("办理中，%(day)s前答复") % {"day": day_text(leads[-1].due_on)}


# --- one suggestion, step by step -----------------------------------------------------------------
@dataclass(frozen=True)
class Step:
    """One thing that has happened, or is to happen (`ahead`), in a plain sentence."""

    day: date
    text: Any
    ahead: bool = False


def steps(suggestion):
    """Return the Steps of a suggestion for her, the first first; of a joined one those of what it was joined to as well."""
    main = suggestion.main
    found = [*_of_writing(suggestion), *_of_handling(main), *_of_effects(main)]
    return sorted(found, key=lambda step: (step.ahead, step.day))


def _at(moment, text, **values):
    return Step(timezone.localdate(moment), text % values if values else text)


def _of_writing(row):
    found = []
    if row.back_at:
        found.append(_at(row.back_at, _("请您分开写：%(words)s"), words=row.back_words))
    if row.sent_at:
        found.append(_at(row.sent_at, _("您提交了")))
    if row.state == State.NOT_FILED:
        words = {"reason": row.get_not_filed_display(), "words": row.not_filed_words}
        found.append(_at(row.ended_at, _("没有立案：%(reason)s。%(words)s"), **words))
    elif row.state == State.JOINED:
        found.append(
            _at(
                row.filed_at,
                _("与“%(title)s”说的是同一件事，一并办理"),
                title=called(row.joined_to),
            )
        )
    elif row.state == State.WITHDRAWN:
        found.append(_at(row.ended_at, _("您撤回了")))
    elif row.filed_at:
        found.append(_at(row.filed_at, _("已立案")))
    return found


def _of_handling(row):
    found = []
    rows = row.assignments.standing().select_related("department", "extension").order_by("pk")
    for one in rows:
        words = _("由%(who)s主办") if one.is_lead else _("请%(who)s会办")
        found.append(_at(one.at, words, who=one.department))
        extension = getattr(one, "extension", None)
        if extension and extension.state == ExtensionState.GRANTED:
            sentence = _("答复延期 %(days)s 天：%(why)s")
            found.append(
                _at(extension.decided_at, sentence, days=extension.days, why=extension.reason)
            )
        if one.is_lead and one.is_open:
            found.append(Step(one.due_on, _("最晚这天答复您"), ahead=True))
    if row.reopened_at:
        found.append(_at(row.reopened_at, _("有人不满意，由另一位同事重新办理")))
    for reply in row.replies.signed().order_by("pk"):
        found.append(_at(reply.signed_at, _("答复：%(what)s"), what=reply.get_answer_display()))
    if row.second_on:
        found.append(Step(row.second_on, _("答应这天再次答复"), ahead=True))
    return found


def _of_effects(row):
    found = []
    for adoption in row.adoptions.confirmed().prefetch_related("effects"):
        found.append(_at(adoption.confirmed_at, _("被采纳：%(what)s"), what=adoption.what))
        for effect in adoption.effects.all():
            if effect.told_at:
                found.append(_at(effect.told_at, _("报告了 %(n)s 个月的成效"), n=effect.months))
            else:
                sentence = _("报告 %(n)s 个月的成效") % {"n": effect.months}
                found.append(Step(effect.due_on, sentence, ahead=True))
    return found


def lead_department(suggestion):
    """Return the Department that gives the reply, or None."""
    lead = lead_of(suggestion.main)
    return lead.department if lead else None


# --- her growth, and what women take part in ------------------------------------------------------
def growth(talent):
    """Return the suggestions of hers that were taken up as Milestones."""
    if talent.user_id is None:
        return []
    rows = Authorship.objects.filter(user=talent.user_id).select_related("suggestion__joined_to")
    hers = [row.suggestion for row in rows.order_by("pk")]
    if not hers:
        return []
    adoptions = Adoption.objects.confirmed().filter(suggestion__in=[row.main for row in hers])
    first = {one.suggestion_id: one for one in adoptions.order_by("-pk")}
    return [_milestone(row, first[row.main.pk]) for row in hers if row.main.pk in first]


def _milestone(row, adoption):
    return Milestone(
        adoption.on,
        "day",
        KIND,
        row.title or row.code,
        adoption.get_kind_display(),
        link=row.get_absolute_url(),
    )
