"""What becomes of a row of a form: whose record it is, and what it may change there.

Pure decisions over rows already parsed (talents.imports.workbook) and records already loaded; the run
(talents.imports.running) loads, locks and writes. Used twice: for the preview, and again under the
lock when the row is written, because the database may have changed in between.
"""

from dataclasses import dataclass, field

from accounts.models import Unit
from talents.career import keeping
from talents.career.sources import FactSource
from talents.imports.models import Outcome
from talents.imports.problems import Problem
from talents.imports.workbook.cells import plain, rich
from talents.models import Source, Talent, TalentState

# The fields a row may bring, apart from the unit.
FIELDS = (
    "id_number",
    "birth_month",
    "political_status",
    "education_level",
    "degree",
    "school_and_major",
    "position",
    "professional_title",
    "title_level",
    "research_fields",
    "phone",
    "email",
    "honours",
    "remark",
)
# What of a claimed record her unit may propose.
WORK = ("position", "professional_title")
# Flags a row may set and never takes back: its value and the record's field.
FLAGS = (("overseas_study", "overseas_study"), ("consent_noted", "consent_reported"))
# What changes beside them: since when it is so, who said it and who stands for it.
BESIDE = (
    *keeping.SINCE,
    "facts",
    "written_by",
    "confirmed_at",
    "confirmed_by",
    "confirm_from",
    "confirm_asked_at",
)
MAX_LENGTHS = {name: Talent._meta.get_field(name).max_length for name in FIELDS}

# What a decision may say. The preview's words are dropped when the row is decided on again.
CODES = frozenset(
    (
        "kept",
        "name_differs",
        "several_records",
        "id_number_differs",
        "id_number_in_review",
        "person_in_review",
        "other_department",
        "left_database",
        "merged_into_refused",
    )
)


@dataclass(slots=True)
class Decision:
    """What becomes of one row. `talent` is the record it concerns, changed in memory only.

    `changes` lists (field, value before, value after) as JSON values; of the unit, (unit, text) each; `beside` holds
    {column of BESIDE: [before, after]}. `former`
    are the CareerEntries that tell what was so before. `kept` names what she says otherwise, and `proposed` is what the
    unit `proposed_by` says of it, for a clerk to decide.
    """

    outcome: str
    talent: Talent | None = field(default=None, repr=False)
    changes: list = field(default_factory=list)
    beside: dict = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    former: list = field(default_factory=list, repr=False)
    kept: list = field(default_factory=list)
    proposed: dict = field(default_factory=dict)
    proposed_by: Unit | None = None


class Found:
    """Records as rows find them."""

    def __init__(self):
        self.by_identity, self.by_phone, self.by_name = {}, {}, {}

    def add(self, talent):
        """Make a record findable by everything it holds."""
        self.add_by_phone(talent)
        if talent.id_number_index:
            self.by_identity.setdefault(talent.id_number_index, []).append(talent)
        self.by_name.setdefault((talent.full_name, talent.birth_month), []).append(talent)

    def add_by_phone(self, talent):
        """Make a record findable by its phone and name alone."""
        if talent.phone_index:
            by_phone = self.by_phone.setdefault((talent.phone_index, talent.full_name), [])
            by_phone.append(talent)

    def of_identity(self, keys):
        """Return the records with the row's identity number."""
        return self.by_identity.get(keys.identity, []) if keys.identity else []

    def of_phone(self, keys):
        """Return the records with the row's phone and name."""
        return self.by_phone.get((keys.phone, keys.name), []) if keys.phone else []

    def of_name(self, keys, department):
        """Return the department's records with the row's name, birth month and unit, if it has no number."""
        if not keys.birth_month or keys.identity or keys.phone:
            return []
        return [
            talent
            for talent in self.by_name.get((keys.name, keys.birth_month), ())
            if talent.department_id == department.pk and talent.unit_key == keys.unit
        ]


class Candidates:
    """The records and units that the rows of one chunk may meet.

    `checked` are the records a list may write into. Into one that waits to be checked (`waiting`) it writes
    nothing: whoever knows a woman's name and numbers may have typed them, and would read what her unit wrote.
    """

    def __init__(self, rows, department, *, lock=False, units=None):
        """Load them, for a list of a department. With `lock` the records stay locked until the transaction ends.

        `units` {normal form: pk or None} is what the clerk said about units not known by their name.
        """
        self.checked, self.waiting = Found(), Found()
        keys = [row.keys for row in rows if not row.refused and not row.merge_with]
        for talent in _records(keys, department, lock).values():
            self._add(talent)
        self.units = _units(keys) | _said(keys, units or {})

    def _add(self, talent):
        if talent.state == TalentState.MERGED:
            return
        if talent.is_checked:
            self.checked.add(talent)
        elif talent.has_left_database:
            self.checked.add_by_phone(talent)  # all that she who left unchecked has proved
        else:
            self.waiting.add(talent)

    def names_waiting(self, keys, department):
        """Return the names of the department's records that wait to be checked and may be the row's person."""
        waiting = self.waiting
        found = waiting.of_identity(keys) + waiting.of_phone(keys)
        found += waiting.of_name(keys, department)
        return {talent.full_name for talent in found if talent.department_id == department.pk}


def _records(keys, department, lock):
    """Return {pk: Talent} of the records these keys may find; locked in the order every operation locks them."""
    # What she has not handed in yet is hers alone: a list neither finds it nor writes into it.
    talents = Talent.objects.exclude(state__in=(TalentState.DRAFT, TalentState.MERGED))
    # By its name alone a row finds what `Found.of_name` lets it: a namesake elsewhere is nobody's business here.
    named = [key for key in keys if not key.identity and not key.phone and key.birth_month]
    # Three questions instead of one OR: each is answered by its own index.
    lookups = (
        {"id_number_index__in": {key.identity for key in keys} - {None}},
        {"phone_index__in": {key.phone for key in keys} - {None}},
        {
            "full_name__in": {key.name for key in named} - {""},
            "birth_month__in": {key.birth_month for key in named},
            "department__in": {department},
        },
    )
    found = set()
    for lookup in lookups:
        if all(lookup.values()):
            found.update(talents.filter(**lookup).values_list("pk", flat=True))
    # What is searched by is made anew when a record is written.
    wanted = talents.filter(pk__in=found).select_related("unit").order_by("pk")
    wanted = wanted.defer("search_text", "search_grams")
    return {talent.pk: talent for talent in (wanted.locked() if lock else wanted)}


def _units(keys):
    """Return {normal form: Unit}; None where two units of one form cannot be told apart."""
    units = {}
    for unit in Unit.objects.filter(match_key__in={key.unit for key in keys} - {""}):
        units[unit.match_key] = None if unit.match_key in units else unit
    return units


def _said(keys, choices):
    """Return {normal form: Unit} of what the clerk said."""
    chosen = {key.unit: choices[key.unit] for key in keys if choices.get(key.unit)}
    units = Unit.objects.in_bulk(chosen.values())
    return {key: units[pk] for key, pk in chosen.items() if pk in units}


def decide(row, candidates, *, department, by, now):
    """Return the Decision about one ParsedRow; its record is changed or built, not saved.

    A record is found by identity number, else by phone and name, else (neither given) by name, birth
    month and unit in the same department, where a clerk has checked it. Nothing a woman wrote herself is overwritten.
    """
    if row.refused:
        return Decision(Outcome.REFUSE)
    if row.merge_with:
        return Decision(Outcome.MERGE)
    talent, problem = _find(row, candidates, department)
    if talent and not problem and talent.has_left_database:
        problem = _problem(row, "left_database", "full_name")
    if problem:
        return Decision(Outcome.REFUSE, problems=[problem])
    unit = candidates.units.get(row.keys.unit)
    problems = _doubts(row, talent, candidates, department)
    if talent is None:
        return Decision(Outcome.CREATE, _new(row, unit, department, by, now), problems=problems)
    before, beside = keeping.present(talent), _beside(talent)
    changes, kept = merge(talent, row, unit)
    if kept:
        problems.append(Problem.of("kept", fields=kept))
    said = {"kept": kept} | _proposed(talent, row, unit, kept)
    if not changes:
        return Decision(Outcome.SAME, talent, problems=problems, **said)
    talent.updated_at = now
    names = [name for name, _before, _after in changes]
    former = keeping.settle(talent, before, names, FactSource.IMPORT, now)
    if talent.user_id is None:
        keeping.stand_for(talent, FactSource.IMPORT, now)
    elif not kept:
        keeping.stand_for(talent, FactSource.UNIT, now)
    after = _beside(talent)
    said["beside"] = {name: [beside[name], after[name]] for name in BESIDE}
    return Decision(Outcome.UPDATE, talent, changes, problems=problems, former=former, **said)


def _beside(talent):
    """Return {column: value} of what a row changes without saying so, as JSON holds it."""
    values = {name: getattr(talent, name) for name in BESIDE}
    return values | {name: plain(value) for name, value in values.items() if name != "facts"}


def _proposed(talent, row, unit, kept):
    """Return what the row's unit says of her work otherwise than she does; {} where nothing or no unit is known."""
    said = {name: row.values[name][: MAX_LENGTHS[name]] for name in WORK if name in kept}
    unit = unit or (None if "unit" in kept else talent.unit)
    if "unit" in kept and unit:
        said |= {"unit_name": unit.name, "position": row.values["position"] or ""}
    return {"proposed": said, "proposed_by": unit} if said and unit and talent.is_verified else {}


def _doubts(row, talent, candidates, department):
    """Say that a record which waits has this name or number: whose it is, the clerk decides with that record."""
    names = set() if talent else candidates.names_waiting(row.keys, department)
    doubts = []
    if row.keys.name in names:
        doubts.append(_problem(row, "person_in_review", "full_name"))
    if names - {row.keys.name}:
        doubts.append(_problem(row, "id_number_in_review", "id_number"))
    return doubts


def _find(row, candidates, department):
    """Return (record or None, Problem that refuses the row or None)."""
    keys, checked = row.keys, candidates.checked
    if talents := checked.of_identity(keys):
        return talents[0], _why_not_by_identity(row, talents[0], department)
    matches = checked.of_phone(keys) or checked.of_name(keys, department)
    if not matches:
        return None, None
    return matches[0], _why_not_by_phone(row, matches, department)


def _why_not_by_identity(row, talent, department):
    if talent.department_id != department.pk:
        return _problem(row, "other_department", "full_name")
    if talent.full_name and talent.full_name != row.values["full_name"]:
        return _problem(row, "name_differs", "full_name", id_cell=row.raw.cell("id_number"))
    return None


def _why_not_by_phone(row, talents, department):
    if any(talent.department_id != department.pk for talent in talents):
        return _problem(row, "other_department", "full_name")
    if len(talents) > 1:
        return _problem(row, "several_records", "phone")
    if row.keys.identity and talents[0].id_number_index not in (None, row.keys.identity):
        return _problem(row, "id_number_differs", "id_number")
    return None


def _problem(row, code, name, **params):
    return Problem.of(code, cell=row.raw.cell(name), column=row.raw.header(name), **params)


def _new(row, unit, department, by, now):
    talent = Talent(
        full_name=row.values["full_name"][:60],
        department=department,
        source=Source.IMPORT,
        state=TalentState.VERIFIED,
        verified_at=now,
        verified_by=by,
        created_at=now,
        updated_at=now,
    )
    merge(talent, row, unit)
    talent.written_by = FactSource.IMPORT
    keeping.stand_for(talent, FactSource.IMPORT, now)
    return talent


def merge(talent, row, unit):
    """Bring a row's values into a record in memory; returns (changes as of Decision, fields kept).

    Empty cells change nothing. Where the woman has claimed the record, only its empty fields are
    filled, and those that differ are named in the second list.
    """
    changes, kept = [], []
    for name in FIELDS:
        _merge_field(talent, name, _limited(name, row.values[name]), changes, kept)
    _merge_unit(talent, row, unit, changes, kept)
    for value_name, name in FLAGS:
        if row.values[value_name] and not getattr(talent, name):
            setattr(talent, name, True)
            changes.append([name, False, True])
    return changes, kept


def _merge_field(talent, name, value, changes, kept):
    claimed, stored = talent.user_id is not None, getattr(talent, name)
    if not value or value == stored:
        return
    if claimed and name == "id_number":
        return  # hers to give, with a consent of its own (PIPL art. 29), and to take back
    if name == "title_level" and "professional_title" in kept:
        return
    if claimed and stored:
        kept.append(name)
    else:
        setattr(talent, name, value)
        changes.append([name, plain(stored), plain(value)])


def _merge_unit(talent, row, unit, changes, kept):
    name = row.values["unit_name"]
    if not name:
        return
    if talent.unit_key == row.keys.unit:
        if unit is None or talent.unit_id:
            return  # the same unit; only one that has become known since is put in its place
    elif unit and talent.unit_id == unit.pk:
        return  # another name of it, as the clerk said
    elif talent.unit_name and talent.user_id is not None:
        kept.append("unit")
        return
    before = [talent.unit_id, talent.unit_text]
    talent.unit, talent.unit_text = unit, "" if unit else name[:120]
    changes.append(["unit", before, [talent.unit_id, talent.unit_text]])


def restore(talent, changes, beside):
    """Take back in memory what `decide` changed; returns whether the record still holds it.

    Whoever stood for the record since, without changing it, goes on to.
    """
    for name, before, after in changes:
        if _stored(talent, name) != after:
            return False
        if name == "unit":
            talent.unit_id, talent.unit_text = before
        else:
            setattr(talent, name, rich(before))
    for name, (before, after) in beside.items():
        read = _same if name == "facts" else rich
        if getattr(talent, name) == read(after):
            setattr(talent, name, read(before))
    return True


def _same(value):
    return value


def _stored(talent, name):
    return [talent.unit_id, talent.unit_text] if name == "unit" else plain(getattr(talent, name))


def _limited(name, value):
    if name == "research_fields":
        return [text[:40] for text in value]
    return value[: MAX_LENGTHS[name]] if MAX_LENGTHS[name] else value
