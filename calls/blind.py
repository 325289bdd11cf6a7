"""What a reviewer reads of an application. In a blind review nothing of it says whose it is."""

import re
from collections import defaultdict

from django.utils.translation import gettext as _

from calls.models import IDENTIFYING, Answer, FieldKind
from calls.operations.applying import answers_of

SHORTEST = 2  # characters of a name from which on it is taken out of running text


def lines(candidate, *, is_blind):
    """Return [(field's name, text)] of an application as this review shows it."""
    application = candidate.application
    answers = answers_of(application)
    shown = [
        field
        for field in application.call.fields.all()
        if not (is_blind and (field.identifying or field.profile in IDENTIFYING))
    ]
    names = _pattern(hidden_names(application.talent)) if is_blind else None
    return [(field.name, _without(answers.get(field.pk, ""), names, field)) for field in shown]


def left_out(call):
    """Return the names of the form's lines a blind review leaves out."""
    return [field.name for field in call.fields.all() if field.identifying]


def hidden_names(talent):
    """Return what names her in running text, the longest first: her name, its spellings, her unit's."""
    unit = talent.unit
    names = {
        talent.full_name,
        talent.unit_name,
        *([unit.name, unit.short_name, unit.name.removeprefix("重庆")] if unit else []),
    }
    return sorted((name for name in names if len(name) >= SHORTEST), key=len, reverse=True)


def _pattern(names):
    """Return what finds the names, blanks between their characters or not; None for no names."""
    spaced = [r"\s*".join(map(re.escape, name.replace(" ", ""))) for name in names]
    return re.compile("|".join(spaced), re.IGNORECASE) if spaced else None


def _without(text, pattern, field):
    if not text or field.kind != FieldKind.TEXT or pattern is None:
        return text
    return pattern.sub(_("〔已隐去〕"), text)


def naming(review, candidates):
    """Return the labels of the candidates whose open lines say who they are: staff are told, reviewers read it hidden.

    Two queries.
    """
    fields = [one for one in review.call.fields.all() if one.kind == FieldKind.TEXT]
    shown = [one.pk for one in fields if not one.identifying]
    applications = [one.application_id for one in candidates]
    texts = defaultdict(list)
    for answer in Answer.objects.filter(application__in=applications, field__in=shown):
        texts[answer.application_id].append(answer.text)
    return [
        one.label
        for one in candidates
        if (pattern := _pattern(hidden_names(one.application.talent)))
        and any(pattern.search(text) for text in texts[one.application_id])
    ]
