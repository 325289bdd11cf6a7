"""What a clerk sees of a row: whole to the one who holds the file, masked to everybody else."""

import datetime
from itertools import islice

from django.utils.translation import gettext as _

from accounts.models import Unit
from kernel import masking
from kernel.text import fold
from kernel.words import listed, month_text
from talents.imports import matching, rows
from talents.imports.models import ImportState, Outcome
from talents.models import Talent

FIELDS = (*matching.FIELDS, "unit_name")
MASKS = {
    "id_number": masking.identity_number,
    "phone": masking.phone,
    "email": masking.email,
}
# What tells a new person from another, in the order it is shown.
FACTS = ("unit_name", "position", "professional_title", "birth_month", "phone", "id_number")
MOST_FOUND = 500


def page_of(records, run, *, whole):
    """Return stored rows as the page shows them; units are asked for once."""
    changed = [change for record in records for change in rows.changes(record)]
    pks = {pk for name, *pairs in changed if name == "unit" for pk, _text in pairs}
    units = Unit.objects.in_bulk(pks - {None})
    return [_shown(record, run, units, whole=whole) for record in records]


def _shown(record, run, units, *, whole):
    """Return a stored row as the page shows it, with its problems in words."""
    row = rows.unpack(record, run)
    name = row.values["full_name"]
    return {
        "number": record.number,
        "line": record.line,
        "sheet": row.raw.sheet,
        "name": name if whole else masking.name(name),
        "unit": row.values["unit_name"],
        "facts": _facts(row, whole) if record.outcome == Outcome.CREATE else [],
        "outcome": record.outcome,
        "label": record.get_outcome_display(),
        "changes": _changes(record, units, whole) if record.outcome == Outcome.UPDATE else [],
        "differing": _differing(record, row, run, whole),
        "problems": row.problems,
        "talent": record.talent_id,
    }


def _facts(row, whole):
    return [
        (label(name), text)
        for name in FACTS[1:]
        if (text := worded(name, row.values[name], whole=whole))
    ]


def _changes(record, units, whole):
    """Return (label, before, after); of what is sensitive, what the record held stays masked."""
    return [
        (label(name), _unit_words(before, units), _unit_words(after, units))
        if name == "unit"
        else (label(name), worded(name, before, whole=False), worded(name, after, whole=whole))
        for name, before, after in rows.changes(record)
    ]


def _unit_words(stored, units):
    pk, text = stored
    return str(units.get(pk) or text)


def _differing(record, row, run, whole):
    """Return (field, label, the first row's value, this one's) where the clerk may choose."""
    if record.outcome != Outcome.MERGE or run.state != ImportState.READY:
        return []
    return [
        (name, label(name), *(worded(name, value, whole=whole) for value in pair))
        for name, pair in row.differing.items()
        if name in FIELDS
    ]


def label(name):
    """Return what a field of a row is called."""
    name = {"unit_name": "unit", "consent_noted": "consent_reported"}.get(name, name)
    return Talent._meta.get_field(name).verbose_name


def worded(name, value, *, whole):
    """Return a field's value in words; identity number, phone and e-mail masked unless `whole`."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if not value:
        return ""
    if isinstance(value, dict):
        value = datetime.date.fromisoformat(value["day"])
    if isinstance(value, datetime.date):
        return month_text(value)
    if isinstance(value, list):
        return listed(value)
    if name in MASKS and not whole:
        return MASKS[name](value)
    choices = dict(Talent._meta.get_field(name).flatchoices) if name != "unit_name" else {}
    return str(choices.get(value, value))


def search(records, run, query):
    """Return the rows whose name, unit, phone, e-mail or identity number holds what was typed.

    What a row is searched by is encrypted, so it is opened for each, in constant memory, up to MOST_FOUND of them.
    """
    word = fold(query)
    stored = records.filter(words__isnull=False).values_list("number", "words").iterator(2000)
    found = (number for number, words in stored if word in words)
    numbers = list(islice(found, MOST_FOUND))
    return run.rows.filter(number__in=numbers).order_by("number")
