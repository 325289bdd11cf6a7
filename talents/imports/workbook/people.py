"""From a row of cells to a person: each cell read, cells compared with each other."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from accounts.names import unit_key
from kernel.days import months_between
from kernel.text import squeeze
from privacy.crypto import blind_index
from talents import codes
from talents.codes import Degree, EducationLevel, is_empty
from talents.imports.problems import ERROR, Problem

from . import values as read_value
from .reading import Row
from .units import is_unit_name, unit_and_position, unit_name
from .values import plain, written

# What a row may bring of a person; other fields are dates, lists and flags (see ParsedRow).
TEXTS = (
    "full_name",
    "id_number",
    "political_status",
    "education_level",
    "degree",
    "school_and_major",
    "unit_name",
    "position",
    "professional_title",
    "title_level",
    "phone",
    "email",
    "honours",
    "remark",
)
BELOW_BACHELOR = (
    EducationLevel.ASSOCIATE,
    EducationLevel.SECONDARY_VOCATIONAL,
    EducationLevel.HIGH_SCHOOL,
)


@dataclass(frozen=True, slots=True)
class Keys:
    """By what a row is found in the database, in the form the database looks it up by.

    `identity` and `phone` are blind indexes or None, `unit` is the normal form of the unit's name.
    """

    identity: str | None
    phone: str | None
    unit: str
    name: str
    birth_month: date | None

    @classmethod
    def of(cls, values):
        """Return the keys of a row's values."""
        return cls(
            identity=blind_index("id_number", values["id_number"]),
            phone=blind_index("phone", values["phone"]),
            unit=unit_key(values["unit_name"]),
            name=values["full_name"],
            birth_month=values["birth_month"],
        )


@dataclass
class ParsedRow:
    """A row understood.

    `values`: those of TEXTS (str, empty when unknown); birth_month (date of the first day, or None);
    research_fields (list of str); overseas_study, consent_noted (bool). `id_seen` is a complete
    identity number even where it is not taken over. `number` counts the rows of the file from one;
    `merge_with` is the number of the row this one repeats, `differing` {name: (that row's value, this one's)}
    where the two disagree.
    """

    number: int
    values: dict = field(repr=False)
    problems: list[Problem]
    raw: Row = field(repr=False)
    id_seen: str = field(default="", repr=False)
    merge_with: int | None = None
    differing: dict = field(default_factory=dict, repr=False)

    @property
    def refused(self):
        """True when an error keeps the row out."""
        return any(problem.level == ERROR for problem in self.problems)

    @cached_property
    def keys(self):
        """The row's Keys, computed once: ask when rows of one person have been merged."""
        return Keys.of(self.values)

    def note(self, code, name="", **params):
        """Add a problem with a field of this row."""
        place = {"cell": self.raw.cell(name), "column": self.raw.header(name)}
        self.problems.append(Problem.of(code, **place, **params))

    def settle_differences(self):
        """Forget the doubt about what this row says otherwise than the one it repeats: it is decided."""
        self.problems = [problem for problem in self.problems if problem.code != "merged_differs"]

    def take(self, name, value):
        """Keep what a reader made of a field's cell, with the problems it found."""
        place = {"cell": self.raw.cell(name), "column": self.raw.header(name)}
        self.problems += [replace(problem, **place) for problem in value.problems]
        if value.value is not None:
            self.values[name] = value.value


def parse_row(row, *, today, number=1):
    """Read a Row of a Form into a ParsedRow.

    Args: row as `read` gives it; today, the local date that bounds birth dates; number, its place in the
    file. Never raises for anything a cell may hold.
    """
    person = ParsedRow(number, _empty(), [], row)
    raw = {c.field: v for c, v in zip(row.columns, row.values, strict=True)}
    _refuse_formulas(person, raw)
    if row.hidden:
        person.note("hidden_row")
    _say_filled(person)
    if "full_name" not in row.formulas and "full_name" not in row.broken:
        person.take("full_name", read_value.full_name(raw.get("full_name")))
    _identity_and_birth(person, raw, today)
    _sex(person, raw)
    person.take("phone", read_value.phone(raw.get("phone")))
    person.take("email", read_value.email(raw.get("email")))
    _political_status(person, raw)
    _education(person, raw)
    _work(person, raw)
    _research_fields(person, raw)
    person.values["honours"] = _text(person, raw, "honours", 1000)
    _remark(person, raw)
    _overseas(person, raw)
    if not person.values["phone"] and not person.id_seen and not person.refused:
        person.note("no_key")
    return person


def _say_filled(person):
    """Tell what was taken from merged cells above, once for each row they begin in."""
    by_top = {}
    for name, top in person.raw.filled:
        if name != "number":
            by_top.setdefault(top, []).append(person.raw.header(name))
    for top, headers in by_top.items():
        place = [person.raw.sheet, top] if person.raw.sheet else top
        person.problems.append(Problem.of("filled_down", columns=headers, row=place))


def _empty():
    return dict.fromkeys(TEXTS, "") | {
        "birth_month": None,
        "research_fields": [],
        "overseas_study": False,
        "consent_noted": False,
    }


def _refuse_formulas(person, raw):
    for code, names in (("formula", person.raw.formulas), ("cell_error", person.raw.broken)):
        for name in names:
            if name == "number":
                continue  # =ROW()-4 in the column of numbers harms nobody
            raw[name] = None
            person.note(code, name)


def _text(person, raw, name, limit):
    """A cell's free text, cut at `limit` characters with a warning."""
    text = plain(raw.get(name))
    if len(text) > limit:
        person.note("too_long", name, limit=limit)
    return text[:limit]


def _sex(person, raw):
    """Refuse a man; a sound identity number of a woman wins over the cell, and that is said."""
    if squeeze(written(raw.get("sex"))).lower() not in ("男", "男性", "m", "male", "1"):
        return
    if person.values["id_number"]:
        person.note("sex_from_id", "sex", id_cell=person.raw.cell("id_number"))
    else:
        person.note("sex_is_male", "sex")


def _identity_and_birth(person, raw, today):
    identity = read_value.id_number(raw.get("id_number"), today=today)
    person.take("id_number", identity)
    person.id_seen = identity.seen
    month = read_value.birth_month(raw.get("birth_month"), today=today)
    person.take("birth_month", month)
    _settle_birth(person, month, identity)


def _settle_birth(person, month, identity):
    """Compare the birth month with the identity number: a sound number wins, also over a cell that cannot be
    read; more than a year apart, one of the two is somebody else's and the row goes back."""
    born = identity.born and identity.born.replace(day=1)
    if month.value is None:
        _fill_birth(person, month, identity, born)
        return
    if month.ambiguous:
        if born in (month.value, month.value.replace(month=1)):
            person.values["birth_month"] = born
            if born.month != 1:  # the cell reads 1990.1
                id_cell = person.raw.cell("id_number")
                person.note("birth_month_settled", "birth_month", month=born, id_cell=id_cell)
            return
        _doubt_month(person, month)
    if born is None or born == month.value:
        return
    both = {"month": month.value, "id_month": born, "id_cell": person.raw.cell("id_number")}
    if abs(months_between(month.value, born)) > 12:
        person.note("birth_month_conflict", "birth_month", **both)
    elif identity.sound:
        person.values["birth_month"] = born
        person.note("birth_month_corrected", "birth_month", **both)


def _fill_birth(person, month, identity, born):
    if not identity.value:
        return
    person.values["birth_month"] = born
    codes = {problem.code for problem in month.problems} | _unusable(person.raw)
    if codes:
        column = person.raw.header("birth_month")
        person.problems = [
            p for p in person.problems if (p.code, p.column) not in _pairs(codes, column)
        ]
        person.note(
            "birth_month_from_id",
            "birth_month",
            month=born,
            id_cell=person.raw.cell("id_number"),
        )


def _unusable(raw):
    """Return the codes of what was said of a birth month that is a formula or an error."""
    said = (("formula", raw.formulas), ("cell_error", raw.broken))
    return {code for code, names in said if "birth_month" in names}


def _pairs(codes, column):
    return {(code, column) for code in codes}


def _doubt_month(person, month):
    """1963.10 as a number is 1963.1; as text it may be either, so it is left out."""
    if month.is_text:
        person.values["birth_month"] = None
        person.note("birth_month_unsure", "birth_month")
    else:
        person.note("birth_month_ambiguous", "birth_month")


def _political_status(person, raw):
    text = plain(raw.get("political_status"), 40)
    status = codes.political_status(text) if text else None
    if status:
        person.values["political_status"] = status.value
    elif text:
        person.note("political_status_unknown", "political_status", text=text[:20])


def _education(person, raw):
    degree = _degree(person, raw)
    level = _education_level(person, raw, degree)
    if level in BELOW_BACHELOR and degree in (Degree.DOCTOR, Degree.MASTER):
        name = "degree" if "degree" in raw else "education_and_degree"
        person.note("degree_above_level", name, level=level.value, degree=degree.value)
    person.values["education_level"] = level.value if level else ""
    person.values["degree"] = degree.value if degree else ""
    school = _text(person, raw, "school_and_major", 200)
    if not school:
        parts = (_text(person, raw, "school", 100), _text(person, raw, "major", 99))
        school = " ".join(part for part in parts if part)
    person.values["school_and_major"] = school


def _degree(person, raw):
    text = plain(raw.get("degree") or raw.get("education_and_degree"), 60)
    degree = codes.degree(text)
    if text and not degree and "degree" in raw:
        person.note("degree_unknown", "degree", text=text[:20])
    return degree


def _education_level(person, raw, degree):
    text = plain(raw.get("education_level") or raw.get("education_and_degree"), 60)
    name = "education_level" if "education_level" in raw else "education_and_degree"
    level, ambiguous = codes.education_level(text)
    if ambiguous and "研究生" in text and degree == Degree.DOCTOR:
        return EducationLevel.DOCTORATE
    if ambiguous and "研究生" in text and degree == Degree.MASTER:
        return EducationLevel.MASTER
    if ambiguous:
        person.note("education_level_ambiguous", name, text=text[:20])
    elif text and level is None:
        person.note("education_level_unknown", name, text=text[:20])
    return level


def _work(person, raw):
    values = person.values
    unit, position, name = _text(person, raw, "unit_name", 120), "", "unit_name"
    if not unit and raw.get("unit_and_position"):
        name = "unit_and_position"
        unit, position = unit_and_position(_text(person, raw, name, 120))
    values["unit_name"] = _unit(person, unit, name)
    values["position"] = _text(person, raw, "position", 80) or position[:80]
    title, name = written(raw.get("professional_title")), "professional_title"
    if not title and raw.get("position_and_title"):
        values["position"], title = _split_position_and_title(raw["position_and_title"])
        name = "position_and_title"
    level = codes.title_level(title)
    values["title_level"] = level.value if level else ""
    values["professional_title"] = "" if is_empty(title) else plain(title, 60)
    if values["professional_title"] and level is None:
        person.note("title_level_unknown", name, text=values["professional_title"][:20])


def _unit(person, text, name):
    """Return a unit's name as it is kept; "" for a text that is none, by the rule of what she types herself."""
    if text and not is_unit_name(text):
        person.note("unit_name_unreadable", name, text=text[:20])
        return ""
    return unit_name(text) if text else ""


def _split_position_and_title(raw):
    words = re.split(r"[/、,，;；\s]+", written(raw))
    titles = [word for word in words if codes.title_level(word) and not is_empty(word)]
    position = plain("、".join(word for word in words if word not in titles), 80)
    return position, titles[0] if titles else ""


def _research_fields(person, raw):
    words = read_value.research_fields(raw.get("research_fields"))
    shortened = [word[:40] for word in words[:20]]
    if shortened != words:
        person.note("research_fields_too_long", "research_fields")
    person.values["research_fields"] = shortened


def _remark(person, raw):
    remark = read_value.remark(raw.get("remark"))
    person.take("remark", remark)
    if remark.is_sensitive:  # not even among the cells as they were sent in
        person.raw = person.raw.replaced("remark", remark.clean)
    person.values["consent_noted"] = remark.consent
    person.values["overseas_study"] = remark.overseas


def _overseas(person, raw):
    values = person.values
    answer = squeeze(written(raw.get("overseas")))
    if not is_empty(answer) and answer not in ("否", "不是"):
        values["overseas_study"] = True
    if not values["overseas_study"] and read_value.is_abroad(values["school_and_major"]):
        values["overseas_study"] = True
        name = "school_and_major" if raw.get("school_and_major") else "school"
        person.note("overseas_from_school", name)
