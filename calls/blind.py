"""What a reviewer reads of an application. In a blind review nothing of it says whose it is."""

from collections import defaultdict

from django.utils.translation import gettext as _

from calls import prefilling
from calls.models import Answer, Attachment, FieldKind
from calls.operations.applying import words_of
from kernel.plain_parts import spaced
from talents.career.files import tidy_name

OPEN = (FieldKind.TEXT, FieldKind.TABLE)  # where she writes what she likes
SHORTEST = 2  # characters of a name from which on it is taken out of running text


def lines(candidate, *, is_blind):
    """Return [(field's name, text, [(code, name) of its files])] of an application as this review shows it."""
    application = candidate.application
    answers, files = words_of(application), files_of(candidate, is_blind=is_blind)
    names = spaced(hidden_names(application)) if is_blind else None
    return [
        (
            field.name,
            "" if field.is_file else _without(answers.get(field.pk, ""), names, field),
            [(code, name) for code, (found, name) in files.items() if found.field_id == field.pk],
        )
        for field in _shown(application.call, is_blind)
    ]


def _shown(call, is_blind):
    """Return the lines of the form this review shows."""
    return [
        field
        for field in call.fields.all()
        if not (is_blind and (field.identifying or prefilling.is_identifying(field.profile)))
    ]


def files_of(candidate, *, is_blind):
    """Return {code: (Attachment, file name)} of what this review shows; a name says what it is, and never whose."""
    fields = {field.pk: field for field in _shown(candidate.application.call, is_blind)}
    found, counts = {}, defaultdict(int)
    for file in candidate.application.attachments.filter(field__in=fields):
        counts[file.field_id] += 1
        name = f"{candidate.label}-{fields[file.field_id].label}-{counts[file.field_id]}"
        found[file.code] = (file, tidy_name(f"{name}.", file.kind))
    return found


def left_out(call):
    """Return the names of the form's lines a blind review leaves out."""
    return [field.name for field in call.fields.all() if field.identifying]


def hidden_names(application):
    """Return what names her in running text, the longest first: her name, her unit's, her collective's, its members'."""
    talent = application.talent
    unit = talent.unit
    names = {
        talent.full_name,
        talent.unit_name,
        application.collective_name,
        *(name.strip() for name in (application.members or "").splitlines()),
        *(row.user.full_name for row in application.colleagues.all() if row.user),
        *([unit.name, unit.short_name, unit.name.removeprefix("重庆")] if unit else []),
    }
    return sorted((name for name in names if len(name) >= SHORTEST), key=len, reverse=True)


def own_names(talent):
    """Return what names her in a file: not the short name of her unit, which may be any two characters."""
    names = {talent.full_name, talent.unit_name, talent.unit.name if talent.unit else ""}
    return sorted(name for name in names if len(name) >= SHORTEST)


def _without(text, pattern, field):
    if not text or field.kind not in OPEN or pattern is None:
        return text
    return pattern.sub(_("〔已隐去〕"), text)


def naming(review, candidates):
    """Return the labels of the candidates whose open lines or files say who they are: staff are told.

    In a line reviewers read it hidden, in a file they read it. Three queries.
    """
    fields = [one for one in review.call.fields.all() if one.kind in OPEN]
    shown = [one.pk for one in fields if not one.identifying]
    applications = [one.application_id for one in candidates]
    texts = defaultdict(list)
    for answer in Answer.objects.filter(application__in=applications, field__in=shown):
        texts[answer.application_id].append(answer.text)
    told = Attachment.objects.filter(application__in=applications, names_her=True)
    told = set(told.values_list("application", flat=True))
    return [
        one.label
        for one in candidates
        if one.application_id in told
        or (
            (pattern := spaced(hidden_names(one.application)))
            and any(pattern.search(text) for text in texts[one.application_id])
        )
    ]
