"""What becomes of a row of a form: whose record it is, and what it may change there.

Pure decisions over rows already parsed (talents.workbook) and records already loaded; the import
run (talents.importing) loads, locks and writes. Used twice: for the preview, and again under the
lock when the row is written, because the database may have changed in between.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.models import Unit
from accounts.names import unit_key
from kernel.words import listed
from privacy.crypto import blind_index
from talents.models import Outcome, Source, Talent, TalentState
from talents.workbook import Problem

# The fields a row may bring, apart from the unit.
TEXT_FIELDS = (
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
LIMITS = {name: Talent._meta.get_field(name).max_length for name in TEXT_FIELDS}


# What `decide` may say; said anew when a row is written, so the preview's words are dropped then.
CODES = frozenset(
    (
        "unit_unknown",
        "kept",
        "name_differs",
        "several",
        "id_number_differs",
        "other_department",
        "hers_alone",
        "merged_into_refused",
    )
)


@dataclass(slots=True)
class Decision:
    """What becomes of one row. `talent` is the record it concerns, changed in memory only."""

    outcome: str
    talent: Talent | None = field(default=None, repr=False)
    changed: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Known:
    """The records and units that the rows of one chunk may meet."""

    def __init__(self, rows, *, lock=False):
        """Load them. With `lock` the records stay locked until the transaction ends."""
        ids, phones, names, keys = set(), set(), set(), set()
        for row in rows:
            if row.refused or row.merge_with:
                continue
            ids.add(blind_index("id_number", row.values["id_number"]))
            phones.add(blind_index("phone", row.values["phone"]))
            if not row.values["id_number"] and not row.values["phone"]:
                names.add(row.values["full_name"])
            keys.add(unit_key(row.values["unit_name"]))
        talents = Talent.objects.select_related("unit").order_by("pk")
        if lock:
            talents = talents.select_for_update(of=("self",))
        self.by_id, self.by_phone, self.by_name = {}, {}, {}
        found = {}
        # Three questions instead of one OR: each is answered by its own index.
        for lookup, wanted in (
            ("id_number_index__in", ids - {None}),
            ("phone_index__in", phones - {None}),
            ("full_name__in", names - {""}),
        ):
            for talent in talents.filter(**{lookup: wanted}) if wanted else ():
                found.setdefault(talent.pk, talent)
        for talent in found.values():
            self.remember(talent)
        self.units = {}
        for unit in Unit.objects.filter(match_key__in=keys - {""}).order_by("pk"):
            # Two units of one key cannot be told apart: neither is taken.
            self.units[unit.match_key] = None if unit.match_key in self.units else unit

    def remember(self, talent):
        """Make a record findable for later rows."""
        if talent.id_number_index:
            self.by_id[talent.id_number_index] = talent
        if talent.phone_index:
            self.by_phone.setdefault((talent.phone_index, talent.full_name), []).append(talent)
        self.by_name.setdefault((talent.full_name, talent.birth_month), []).append(talent)


def decide(row, known, *, department, by, now):
    """Return the Decision about one ParsedRow; its record is changed or built, not saved.

    A record is found by identity number, else by phone and name, else (neither given) by name, birth
    month and unit in the same department. Nothing a woman wrote herself is overwritten.
    """
    if row.refused:
        return Decision(Outcome.REFUSE)
    if row.merge_with:
        return Decision(Outcome.MERGE)
    talent, problem = _find(row, known, department)
    if problem:
        return Decision(Outcome.REFUSE, problems=[problem])
    if talent and talent.has_left_database:
        return Decision(Outcome.REFUSE, problems=[_hers_alone(row)])
    unit = known.units.get(unit_key(row.values["unit_name"]))
    said = []
    if row.values["unit_name"] and unit is None:
        said.append(
            _problem(row, "info", "unit_unknown", _("单位未收录，先按文字保存。"), "unit_name")
        )
    if talent is None:
        return Decision(Outcome.CREATE, _new(row, unit, department, by, now), problems=said)
    changed, kept = merge(talent, row.values, unit)
    if kept:
        names = listed(Talent._meta.get_field(name).verbose_name for name in kept)
        said.append(
            Problem("info", "kept", _("本人已填写，未覆盖：%(fields)s。") % {"fields": names})
        )
    if not changed:
        return Decision(Outcome.SAME, talent, problems=said)
    talent.updated_at = now
    return Decision(Outcome.UPDATE, talent, changed, said)


def merge(talent, values, unit):
    """Bring a row's values into a record in memory; returns (changed fields, fields kept).

    Empty cells change nothing. Where the woman has claimed the record, only its empty fields are
    filled, and those that differ are named in the second list.
    """
    hers = talent.user_id is not None
    changed, kept = [], []

    def put(name, old, new, same):
        if not new or same:
            return False
        if old and hers:
            kept.append(name)
            return False
        changed.append(name)
        return True

    for name in TEXT_FIELDS:
        if hers and name == "id_number":
            continue  # hers to give, with a consent of its own (PIPL art. 29), and to take back
        old, new = getattr(talent, name), _limited(name, values[name])
        if name == "title_level" and "professional_title" in kept:
            continue
        if put(name, old, new, old == new):
            setattr(talent, name, new)
    old, new = talent.unit_name, values["unit_name"]
    same = unit_key(old) == unit_key(new)
    if put("unit", old, new, same):
        talent.unit, talent.unit_text = unit, "" if unit else new[:120]
    elif new and same and unit and not talent.unit_id:
        talent.unit, talent.unit_text = unit, ""
        changed.append("unit")
    for name, said in (
        ("overseas_study", values["overseas_study"]),
        ("consent_reported", values["consent_noted"]),
    ):
        if said and not getattr(talent, name):
            setattr(talent, name, True)
            changed.append(name)
    return changed, kept


def _limited(name, value):
    if name == "research_fields":
        return [field[:40] for field in value]
    if LIMITS[name] and name not in ("id_number", "phone", "email") and isinstance(value, str):
        return value[: LIMITS[name]]
    return value


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
    merge(talent, row.values, unit)
    return talent


def _find(row, known, department):
    """Return (record or None, Problem that refuses the row or None)."""
    values = row.values
    number = blind_index("id_number", values["id_number"])
    talent = known.by_id.get(number) if number else None
    if talent:
        if talent.department_id != department.pk:
            return None, _of_another_department(row)
        if talent.full_name and talent.full_name != values["full_name"]:
            return None, _problem(
                row,
                "error",
                "name_differs",
                _("%(cell)s 的身份证号在库中登记的是另一姓名，请核对。")
                % {"cell": row.raw.cell("id_number")},
                "full_name",
            )
        return talent, None
    phone = blind_index("phone", values["phone"])
    same = known.by_phone.get((phone, values["full_name"]), ()) if phone else ()
    if not phone and not number:
        same = [
            talent
            for talent in known.by_name.get((values["full_name"], values["birth_month"]), ())
            if values["birth_month"]
            and talent.department_id == department.pk
            and unit_key(talent.unit_name) == unit_key(values["unit_name"])
        ]
    if not same:
        return None, None
    if any(talent.department_id != department.pk for talent in same):
        return None, _of_another_department(row)
    if len(same) > 1:
        return None, _problem(
            row,
            "error",
            "several",
            _("库中有多条姓名和手机号相同的资料，请联系管理员处理。"),
            "phone",
        )
    if number and same[0].id_number_index:
        return None, _problem(
            row,
            "error",
            "id_number_differs",
            _("库中姓名和手机号相同的人登记了另一身份证号，请核对 %(cell)s。")
            % {"cell": row.raw.cell("id_number")},
            "id_number",
        )
    return same[0], None


def _of_another_department(row):
    # Says no more than that: whose the record is and what it holds is not hers to know.
    return _problem(
        row,
        "error",
        "other_department",
        _("此人的资料不归您的部门管理，未导入。如需更新，请联系管理员。"),
        "full_name",
    )


def _hers_alone(row):
    return _problem(
        row,
        "error",
        "hers_alone",
        _("此人的资料由本人自行填报，未导入。请她登录门户提交。"),
        "full_name",
    )


def _problem(row, level, code, message, name):
    header = next((c.header for c in row.raw.columns if c.field == name), "")
    return Problem(level, code, message, row.raw.cell(name), header)
