"""What the letter of a suggestion says: the suggestion, who deals with it, and each reply that was signed."""

from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from advisory.suggestions.letter_files import MAKERS
from advisory.suggestions.models import Role
from kernel.certificates import day
from kernel.markdown import paragraphs
from kernel.words import listed


def file_of(suggestion, ending):
    """Return (bytes, file name) of a suggestion and its replies; `ending` is one of MAKERS."""
    said = letter(suggestion)
    return MAKERS[ending](said), f"{said['kind']}-{suggestion.code}.{ending}"


def letter(suggestion):
    """Return what the letter says as plain JSON values, in the active language.

    Before a reply is signed it is what departments work by; afterwards it answers.
    """
    replies = list(suggestion.replies.signed().order_by("round", "number", "pk"))
    teams = _teams(suggestion)
    lead = teams[Role.LEAD][0] if teams[Role.LEAD] else suggestion.campaign.department.label
    title = suggestion.title or suggestion.code
    about = _("关于“%(title)s”的答复") if replies else _("关于“%(title)s”的建言")
    return {
        "lang": "en" if get_language() == "en" else "zh",
        "kind": _("建言答复") if replies else _("建言办理单"),
        "head": lead,
        "number": _("编号 %(number)s") % {"number": suggestion.code},
        "title": about % {"title": title},
        "facts": [fact for fact in _facts(suggestion, teams) if fact[1]],
        "parts": [*_suggested(suggestion), *(_replied(one, lead) for one in replies)],
        "foot": f"{_('两江新区女性科技人才服务门户')} · {suggestion.campaign.title}",
        "page_of": _("第 {page} 页，共 {pages} 页"),
    }


def _teams(suggestion):
    """Return the departments by what they do: {role: [name]}."""
    teams = {Role.LEAD: [], Role.ASSIST: []}
    for row in suggestion.assignments.standing().select_related("department").order_by("pk"):
        teams[Role(row.role)].append(row.department.label)
    return teams


def _facts(suggestion, teams):
    cosigners = suggestion.cosignatures.standing().count()
    joined = suggestion.joined.count()
    return [
        [_("征集"), suggestion.campaign.title],
        [pgettext("suggestion", "提出人"), str(suggestion.byline)],
        [pgettext("many", "附议"), _people(cosigners) if cosigners else ""],
        [
            _("并入的建言"),
            ngettext("%(n)s 件", "%(n)s 件", joined) % {"n": joined} if joined else "",
        ],
        [_("提交日期"), _day(suggestion.sent_at)],
        [str(Role.LEAD.label), listed(teams[Role.LEAD])],
        [str(Role.ASSIST.label), listed(teams[Role.ASSIST])],
        [_("答复日期"), _day(suggestion.answered_at)],
    ]


def _people(count):
    return ngettext("%(n)s 人", "%(n)s 人", count) % {"n": count}


def _day(moment):
    return day(timezone.localdate(moment)) if moment else ""


def _suggested(suggestion):
    parts = ((_("情况和问题"), suggestion.matter), (_("建议"), suggestion.proposal))
    for title, text in parts:
        yield {"title": title, "paragraphs": (text or "").split("\n"), "signed": []}


def _replied(reply, lead):
    lines = paragraphs(reply.text or "")
    if reply.second_on:
        lines.append(_("再次答复：%(day)s以前。") % {"day": day(reply.second_on)})
    if reply.kept_back_reason:
        lines.append(_("本答复不公开，原因：%(reason)s") % {"reason": reply.kept_back_reason})
    return {
        "title": f"{_name_of(reply)} · {reply.get_answer_display()}",
        "paragraphs": lines,
        "signed": [lead, _day(reply.signed_at)],
    }


def _name_of(reply):
    words = _("重新办理后的答复") if reply.round > 1 else _("答复")
    if reply.number:
        words = _("再次答复")
    return _("%(reply)s（更正）") % {"reply": words} if reply.corrects_id else words
