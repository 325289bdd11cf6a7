"""The demo's two campaigns, one over and one open, with suggestions in every state, done by its women and departments."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Department
from advisory.suggestions import operations
from advisory.suggestions.demo_texts import BEGUN, CAMPAIGNS, SUGGESTIONS
from advisory.suggestions.models import (
    Adoption,
    Authorship,
    Suggestion,
    SuggestionCampaign,
)
from advisory.suggestions.models import AssignmentState as Doing
from advisory.suggestions.rules import writing

MINUTE = timedelta(minutes=1)


def make(world):
    """Plan it all."""
    for key, campaign in CAMPAIGNS.items():
        first, last = campaign["days"]
        world.at(world.days(first - 2, 9), _publish, key)
        if last < 0:
            world.at(world.days(last, 9), _close, key)
    for number, (title, campaign, woman, named, pen, matter, proposal, life) in enumerate(
        SUGGESTIONS
    ):
        values = {"title": title, "matter": matter, "proposal": proposal}
        values |= {"named": named, "pen_name": pen}
        for days, step, *given in life:
            at = world.days(days, 9) + number * MINUTE
            if step == "send":
                world.at(at, _send, campaign, woman, values)
            else:
                world.at(at, STEPS[step], title, *given)
    world.at(world.days(-1, 9), _begin)


# --- who does it ----------------------------------------------------------------------------------
def _clerk(world):
    return world.staff["DEMOCLERK"]


def _of_department(world, department):
    """Return who works for a department: the demo's one clerk of it, or the system in her place."""
    return world.staff["DEMOTECHN"] if department.code == "science_innovation" else None


def _signer(world, department):
    return world.staff["DEMOSIGNR"] if department.code == "science_innovation" else None


def _woman(world, number):
    return world.members[number % len(world.members)].user


def _of(title):
    """Return the suggestion of a title: its words are encrypted, so they are looked through."""
    rows = Suggestion.objects.select_related("campaign__department", "joined_to__campaign")
    return next(row for row in rows.order_by("pk") if row.title == title)


def _lead(suggestion):
    return suggestion.assignments.leading().select_related("department").latest("pk")


def _author(suggestion):
    return Authorship.objects.select_related("user").get(suggestion=suggestion).user


# --- campaigns ------------------------------------------------------------------------------------
def _campaign(key):
    return SuggestionCampaign.objects.select_related("department").get(
        title=CAMPAIGNS[key]["title"]
    )


def _publish(world, key, now):
    about = CAMPAIGNS[key]
    first, last = about["days"]
    values = {
        "title": about["title"],
        "question": about["question"],
        "opens_at": world.days(first, 8),
        "closes_at": world.days(last, 18),
    }
    by = _clerk(world)
    made = operations.save_campaign(campaign=None, values=values, by=by, now=now)
    operations.open_campaign(campaign=made, by=by, now=now)


def _close(world, key, now):
    operations.close_campaign(campaign=_campaign(key), by=_clerk(world), now=now)


# --- she ------------------------------------------------------------------------------------------
def _send(world, key, woman, values, now):
    her = _woman(world, woman)
    about = {"by": her, "now": now}
    made = operations.save_draft(campaign=_campaign(key), suggestion=None, values=values, **about)
    operations.send_suggestion(suggestion=made, not_personal=True, **about)


def _begin(world, now):
    """Have the demo's first woman begin one."""
    operations.save_draft(
        campaign=_campaign("B"), suggestion=None, values=BEGUN, by=_woman(world, 0), now=now
    )


def _cosign(world, title, *women_and_now):
    """Have women sign too; in a small demo the same woman may come up twice, or as the author."""
    *women, now = women_and_now
    suggestion = _of(title)
    for place, woman in enumerate(women):
        her = _woman(world, woman)
        if writing.why_not_cosign(suggestion, her) is None:
            operations.cosign(suggestion=suggestion, named=place % 2 == 0, by=her, now=now)


def _withdraw(world, title, now):
    suggestion = _of(title)
    operations.withdraw_suggestion(suggestion=suggestion, by=_author(suggestion), now=now)


def _rate(world, title, verdict, words, now):
    suggestion = _of(title)
    reply = suggestion.replies.signed().latest("pk")
    operations.rate(reply=reply, verdict=verdict, words=words, by=_author(suggestion), now=now)


def _contest(world, title, months, words, now):
    suggestion = _of(title)
    adoption = Adoption.objects.get(suggestion=suggestion)
    effect = adoption.effects.get(months=months)
    by = _author(suggestion)
    operations.contest(adoption=adoption, effect=effect, words=words, by=by, now=now)


# --- the coordinator ------------------------------------------------------------------------------
def _file(world, title, now):
    operations.file_suggestion(suggestion=_of(title), listed=True, by=_clerk(world), now=now)


def _refuse(world, title, reason, words, now):
    operations.refuse_suggestion(
        suggestion=_of(title), reason=reason, words=words, by=_clerk(world), now=now
    )


def _join(world, title, to, now):
    operations.join_suggestion(suggestion=_of(title), to=_of(to), by=_clerk(world), now=now)


def _part(world, title, words, now):
    operations.send_back(suggestion=_of(title), words=words, by=_clerk(world), now=now)


def _assign(world, title, code, role, now):
    operations.assign(
        suggestion=_of(title),
        department=Department.objects.get(code=code),
        role=role,
        by=_clerk(world),
        now=now,
    )


def _confirm(world, title, now):
    adoption = Adoption.objects.get(suggestion=_of(title))
    operations.confirm_adoption(adoption=adoption, by=_clerk(world), now=now)


# --- the departments ------------------------------------------------------------------------------
def _take_up(world, title, now):
    lead = _lead(_of(title))
    by = _of_department(world, lead.department)
    operations.take_up(assignment=lead, by=by, now=now)


def _opine(world, title, text, now):
    assists = _of(title).assignments.filter(role="assist", state=Doing.WAITING)
    operations.tell_opinion(assignment=assists.get(), text=text, by=None, now=now)


def _extend(world, title, days, reason, now):
    lead = _lead(_of(title))
    operations.ask_extension(assignment=lead, days=days, reason=reason, by=None, now=now)


def _not_ours(world, title, words, now):
    operations.not_ours(assignment=_lead(_of(title)), words=words, by=None, now=now)


def _draft(suggestion, answer, text, again, by, now):
    """Begin a reply; `again` are the days until the second one."""
    second_on = timezone.localdate(now) + timedelta(days=again[0]) if again else None
    values = {"answer": answer, "text": text, "second_on": second_on}
    operations.save_reply(suggestion=suggestion, reply=None, values=values, by=by, now=now)


def _reply(world, title, answer, text, *again_and_now):
    *again, now = again_and_now
    suggestion = _of(title)
    by = _of_department(world, _lead(suggestion).department)
    _draft(suggestion, answer, text, again, by, now)


def _reply_again(world, title, answer, text, *again_and_now):
    """Have another draft what an author was not satisfied with."""
    *again, now = again_and_now
    _draft(_of(title), answer, text, again, None, now)


def _hand_in(world, title, now):
    suggestion = _of(title)
    by = _of_department(world, _lead(suggestion).department)
    operations.hand_in_reply(reply=suggestion.replies.unsigned().get(), by=by, now=now)


def _sign(world, title, now):
    suggestion = _of(title)
    by = _signer(world, _lead(suggestion).department)
    reply = suggestion.replies.unsigned().get()
    operations.sign_reply(reply=reply, kept_back_reason="", by=by, now=now)


def _send_back(world, title, words, now):
    suggestion = _of(title)
    by = _signer(world, _lead(suggestion).department)
    reply = suggestion.replies.unsigned().get()
    operations.send_back_reply(reply=reply, words=words, by=by, now=now)


def _adopt(world, title, kind, what, now):
    suggestion = _of(title)
    by = _of_department(world, _lead(suggestion).department)
    values = {
        "kind": kind,
        "what": what,
        "on": timezone.localdate(now),
        "link": "https://www.liangjiang.gov.cn/",
    }
    operations.add_adoption(suggestion=suggestion, values=values, by=by, now=now)


def _effect(world, title, months, proven, words, now):
    suggestion = _of(title)
    effect = Adoption.objects.get(suggestion=suggestion).effects.get(months=months)
    by = _of_department(world, _lead(suggestion).department)
    operations.report_effect(effect=effect, words=words, proven=proven, by=by, now=now)


def _end(world, title, now):
    operations.end_suggestion(suggestion=_of(title), now=now)


STEPS = {
    "cosign": _cosign,
    "withdraw": _withdraw,
    "rate": _rate,
    "contest": _contest,
    "file": _file,
    "refuse": _refuse,
    "join": _join,
    "part": _part,
    "assign": _assign,
    "confirm": _confirm,
    "take_up": _take_up,
    "opine": _opine,
    "extend": _extend,
    "not_ours": _not_ours,
    "reply": _reply,
    "reply_again": _reply_again,
    "hand_in": _hand_in,
    "sign": _sign,
    "send_back": _send_back,
    "adopt": _adopt,
    "effect": _effect,
    "end": _end,
}
