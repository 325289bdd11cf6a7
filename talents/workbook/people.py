"""From a row of cells to a person: each cell read, cells compared, repeats in the file found."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.names import unit_key
from kernel.text import squeeze
from talents import codes
from talents.codes import Degree, EducationLevel, is_empty

from . import values as read_value
from .reading import Row
from .units import unit_and_position, unit_name
from .values import cn_month, plain, written


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to say about a row. `level`: error refuses the row, warning lets it in with a doubt
    or a loss, info is only told. `cell` is an address (C31) or empty, `column` the header word."""

    level: str
    code: str
    message: str
    cell: str = ""
    column: str = ""


@dataclass(slots=True)
class ParsedRow:
    """A row understood.

    `values`: full_name, id_number, political_status, education_level, degree, school_and_major,
    unit_name, position, professional_title, title_level, phone, email, honours, remark (str, empty
    when unknown); birth_month (date of the first day, or None); research_fields (list of str);
    overseas_study, consent_noted (bool). `merge_with` is the number of the row this one repeats.
    """

    row_number: int
    values: dict = field(repr=False)
    problems: list[Problem]
    raw: Row = field(repr=False)
    id_seen: str = field(default="", repr=False)
    merge_with: int | None = None

    @property
    def refused(self):
        """True when an error keeps the row out."""
        return any(problem.level == "error" for problem in self.problems)

    def say(self, level, code, message, name=""):
        """Add a problem about a field of this row."""
        header = next((c.header for c in self.raw.columns if c.field == name), "")
        self.problems.append(Problem(level, code, message, self.raw.cell(name), header))


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same person in two rows. `by` is id_number or name_and_phone; a conflict refused both."""

    first: int
    later: int
    by: str
    conflict: bool = False


def parse_row(row, *, today):
    """Read a Row of a Sheet into a ParsedRow.

    Args: row as `read` gives it; today, the local date that bounds birth dates. Never raises for
    anything a cell may hold.
    """
    person = ParsedRow(row.number, _empty(), [], row)
    raw = {c.field: v for c, v in zip(row.columns, row.values, strict=True)}
    _refuse_formulas(person, raw)
    if row.hidden:
        person.say("info", "hidden_row", _("这一行在表中被隐藏，仍按普通行处理。"))
    got = person.values

    if "full_name" not in row.formulas and "full_name" not in row.broken:
        got["full_name"] = _take(person, "full_name", read_value.full_name(raw.get("full_name")))
    _sex(person, raw)
    identity = read_value.id_number(raw.get("id_number"), today=today)
    got["id_number"] = _take(person, "id_number", identity)
    person.id_seen = identity.seen
    month = read_value.birth_month(raw.get("birth_month"), today=today)
    got["birth_month"] = _take(person, "birth_month", month) or None
    _settle_birth(person, month, identity)

    got["phone"] = _take(person, "phone", read_value.phone(raw.get("phone")))
    got["email"] = _take(person, "email", read_value.email(raw.get("email")))
    _status(person, raw)
    _education(person, raw)
    _work(person, raw)
    _fields(person, raw)
    got["honours"] = _text(person, raw, "honours", 1000)
    _remark(person, raw)
    if not got["phone"] and not person.id_seen and not person.refused:
        person.say(
            "warning",
            "no_key",
            _("没有可用的身份证号和手机号，无法与库中人员查重，请补充。"),
        )
    return person


def _empty():
    text = (
        "full_name id_number political_status education_level degree school_and_major unit_name "
        "position professional_title title_level phone email honours remark"
    )
    return dict.fromkeys(text.split(), "") | {
        "birth_month": None,
        "research_fields": [],
        "overseas_study": False,
        "consent_noted": False,
    }


def _take(person, name, value):
    for level, code, sentence in value.notes:
        person.say(level, code, sentence, name)
    return "" if value.value is None else value.value


def _refuse_formulas(person, raw):
    for name in person.raw.formulas:
        if name == "number":
            continue  # =ROW()-4 in the column of numbers harms nobody
        raw[name] = None
        person.say(
            "error",
            "formula",
            _("单元格 %(cell)s 是公式，请粘贴为数值。") % {"cell": person.raw.cell(name)},
            name,
        )
    for name in person.raw.broken:
        if name == "number":
            continue
        raw[name] = None
        person.say(
            "error",
            "cell_error",
            _("单元格 %(cell)s 是 Excel 错误值，请重新填写。") % {"cell": person.raw.cell(name)},
            name,
        )


def _text(person, raw, name, limit):
    """A cell's free text, cut at `limit` characters with a warning."""
    text = plain(raw.get(name))
    if len(text) > limit:
        person.say(
            "warning",
            "too_long",
            _("超过%(limit)s字，只录入前%(limit)s字。") % {"limit": limit},
            name,
        )
    return text[:limit]


def _fields(person, raw):
    words = read_value.research_fields(raw.get("research_fields"))
    kept = [word[:40] for word in words[:20]]
    if kept != words:
        person.say(
            "warning",
            "research_fields_too_long",
            _("研究方向最多录入20项，每项40字，超出部分未录入；请用顿号隔开各项。"),
            "research_fields",
        )
    person.values["research_fields"] = kept


def _sex(person, raw):
    if squeeze(written(raw.get("sex"))).lower() in ("男", "男性", "m", "male", "1"):
        person.say("error", "not_a_woman", _("性别为男，本库收录女性科技人才，请核对。"), "sex")


def _settle_birth(person, month, identity):
    """Compare the birth month with the identity number: a sound number wins; more than a year
    apart, one of the two is somebody else's and the row goes back."""
    born = identity.born and identity.born.replace(day=1)
    cells = {"birth": person.raw.cell("birth_month"), "id": person.raw.cell("id_number")}
    if month.value is None:
        if identity.sound and not any(n[0] == "error" for n in month.notes):
            person.values["birth_month"] = born
        return
    if month.ambiguous:
        choices = (month.value, month.value.replace(month=1))
        if born in choices:
            person.values["birth_month"] = born
            return
        person.say(
            "warning",
            "birth_month_ambiguous",
            _("%(cell)s 可能是1月也可能是10月（数字末尾的0会丢失），按10月录入，请核对。")
            % {"cell": cells["birth"]},
            "birth_month",
        )
    if born is None or born == month.value:
        return
    written_month = {**cells, "a": cn_month(month.value), "b": cn_month(born)}
    apart = abs((born.year - month.value.year) * 12 + born.month - month.value.month)
    if apart > 12:
        person.say(
            "error",
            "birth_month_conflict",
            _(
                "%(birth)s 的出生年月（%(a)s）与 %(id)s 身份证号中的出生年月（%(b)s）相差一年以上，"
                "其中一个可能填成了别人的，请核对。"
            )
            % written_month,
            "birth_month",
        )
    elif identity.sound:
        person.values["birth_month"] = born
        person.say(
            "warning",
            "birth_month_corrected",
            _(
                "%(birth)s 的出生年月（%(a)s）与 %(id)s 身份证号（%(b)s）不一致，"
                "按身份证号录入，请核对。"
            )
            % written_month,
            "birth_month",
        )


def _status(person, raw):
    text = plain(raw.get("political_status"), 40)
    code = codes.political_status(text) if text else None
    person.values["political_status"] = code.value if code else ""
    if text and not code:
        person.say(
            "warning",
            "political_status_unknown",
            _("看不懂政治面貌“%(text)s”，未录入；请按“中共党员”“群众”等规范写法填写。")
            % {"text": text[:20]},
            "political_status",
        )


def _education(person, raw):
    got, both = person.values, raw.get("education_and_degree")
    level_cell = "education_level" if "education_level" in raw else "education_and_degree"
    degree_cell = "degree" if "degree" in raw else "education_and_degree"
    level_text = plain(raw.get("education_level") or both, 60)
    degree_text = plain(raw.get("degree") or both, 60)
    degree = codes.degree(degree_text)
    if degree_text and not degree and degree_cell == "degree":
        person.say(
            "warning",
            "degree_unknown",
            _("看不懂学位“%(text)s”，未录入；请填写博士、硕士或学士。")
            % {"text": degree_text[:20]},
            "degree",
        )
    level, ambiguous = codes.education_level(level_text)
    if ambiguous and "研究生" in level_text and degree in (Degree.DOCTOR, Degree.MASTER):
        level = EducationLevel.DOCTORATE if degree == Degree.DOCTOR else EducationLevel.MASTER
    elif ambiguous:
        person.say(
            "warning",
            "education_level_ambiguous",
            _("“%(text)s”分不清是硕士还是博士研究生，学历未录入；请补充。")
            % {"text": level_text[:20]},
            level_cell,
        )
    elif level_text and level is None:
        person.say(
            "warning",
            "education_level_unknown",
            _("看不懂学历“%(text)s”，未录入；请填写博士研究生、硕士研究生、大学本科或大学专科。")
            % {"text": level_text[:20]},
            level_cell,
        )
    low = (
        EducationLevel.ASSOCIATE,
        EducationLevel.SECONDARY_VOCATIONAL,
        EducationLevel.HIGH_SCHOOL,
    )
    if level in low and degree in (Degree.DOCTOR, Degree.MASTER):
        person.say(
            "warning",
            "degree_above_level",
            _("学历是%(level)s，学位却是%(degree)s，已照录，请核对。")
            % {"level": level.label, "degree": degree.label},
            degree_cell,
        )
    got["education_level"] = level.value if level else ""
    got["degree"] = degree.value if degree else ""
    school = _text(person, raw, "school_and_major", 200)
    if not school:
        parts = (_text(person, raw, "school", 100), _text(person, raw, "major", 99))
        school = " ".join(part for part in parts if part)
    got["school_and_major"] = school


def _work(person, raw):
    got = person.values
    name = _text(person, raw, "unit_name", 120)
    got["unit_name"] = unit_name(name) if name else ""
    got["position"] = _text(person, raw, "position", 80)
    if not name and raw.get("unit_and_position"):
        unit, position = unit_and_position(_text(person, raw, "unit_and_position", 120))
        got["unit_name"] = unit_name(unit) if unit else ""
        got["position"] = got["position"] or position[:80]
    title = written(raw.get("professional_title"))
    title_cell = "professional_title"
    if not title and raw.get("position_and_title"):
        title_cell = "position_and_title"
        words = re.split(r"[/、,，;；\s]+", written(raw["position_and_title"]))
        titled = [w for w in words if codes.title_level(w) and not is_empty(w)]
        title = titled[0] if titled else ""
        got["position"] = plain("、".join(w for w in words if w not in titled), 80)
    level = codes.title_level(title)
    got["title_level"] = level.value if level else ""
    got["professional_title"] = "" if is_empty(title) else plain(title, 60)
    if got["professional_title"] and level is None:
        person.say(
            "info",
            "title_level_unknown",
            _("职称“%(text)s”已照录，但看不出级别。") % {"text": got["professional_title"][:20]},
            title_cell,
        )


def _remark(person, raw):
    got = person.values
    remark = read_value.remark(raw.get("remark"))
    got["remark"] = _take(person, "remark", remark)
    got["consent_noted"] = remark.consent
    told = squeeze(written(raw.get("overseas")))
    got["overseas_study"] = remark.overseas or (not is_empty(told) and told not in ("否", "不是"))
    if not got["overseas_study"] and read_value.is_abroad(got["school_and_major"]):
        got["overseas_study"] = True
        name = "school_and_major" if raw.get("school_and_major") else "school"
        person.say(
            "info", "overseas_from_school", _("毕业院校像是境外院校，按有留学经历录入。"), name
        )


# --- the same person twice --------------------------------------------------------------------


def find_repeats(rows):
    """Find people who stand in the file more than once, and mark the rows.

    The same identity number, or the same name and phone, is the same person: the later row gets
    `merge_with`, and its values complete those the first one lacks. One number under two names, or
    two numbers under one name and phone, refuses both. Rows already refused take no part, but a
    good row is told that its number also stands in a refused one.

    Args: rows is a list of ParsedRow, changed in place. Returns a list of Repeat in file order.
    """
    repeats = []
    _numbers_of_several(rows, repeats)
    _phones_of_several(rows, repeats)
    refused_numbers = {}
    for row in rows:
        if row.refused and row.id_seen:
            refused_numbers.setdefault(row.id_seen, row.row_number)
    first_by = {}
    for row in rows:
        if row.refused:
            continue
        if other := refused_numbers.get(row.id_seen):
            row.say(
                "info",
                "repeats_refused_row",
                _("身份证号与第%(row)s行相同，那一行已退回，只录入这一行。") % {"row": other},
                "id_number",
            )
        keys = []
        if row.id_seen:
            keys.append(("id_number", row.id_seen))
        if row.values["phone"]:
            keys.append(("name_and_phone", (row.values["full_name"], row.values["phone"])))
        found = next(
            ((kind, first_by[kind, key]) for kind, key in keys if (kind, key) in first_by), None
        )
        if found:
            by, first = found
            _merge(first, row, by)
            repeats.append(Repeat(first.row_number, row.row_number, by))
        else:
            first = row
        for kind, key in keys:
            first_by.setdefault((kind, key), first)
        # The first row may have gained a phone or a number that a third row shares.
        if found and first.values["phone"]:
            key = (first.values["full_name"], first.values["phone"])
            first_by.setdefault(("name_and_phone", key), first)
    return repeats


def _groups(rows, key):
    groups = {}
    for row in rows:
        if value := key(row):
            groups.setdefault(value, []).append(row)
    return [group for group in groups.values() if len(group) > 1]


def _numbers_of_several(rows, repeats):
    good = [row for row in rows if not row.refused and row.id_seen]
    for group in _groups(good, lambda row: row.id_seen):
        if len({row.values["full_name"] for row in group}) == 1:
            continue
        numbers = "、".join(str(row.row_number) for row in group)
        for row in group:
            row.say(
                "error",
                "id_number_of_two",
                _("第%(rows)s行身份证号相同、姓名不同，请核对是谁的号码。") % {"rows": numbers},
                "id_number",
            )
        repeats.extend(
            Repeat(group[0].row_number, row.row_number, "id_number", conflict=True)
            for row in group[1:]
        )


def _phones_of_several(rows, repeats):
    good = [row for row in rows if not row.refused and row.values["phone"]]
    for group in _groups(good, lambda row: row.values["phone"]):
        by_name = {}
        for row in group:
            by_name.setdefault(row.values["full_name"], []).append(row)
        for same in by_name.values():
            if len({row.id_seen for row in same if row.id_seen}) < 2:
                continue
            numbers = "、".join(str(row.row_number) for row in same)
            for row in same:
                row.say(
                    "error",
                    "two_id_numbers",
                    _("第%(rows)s行姓名和手机号相同、身份证号不同，请核对是否同一人。")
                    % {"rows": numbers},
                    "id_number",
                )
            repeats.extend(
                Repeat(same[0].row_number, row.row_number, "name_and_phone", conflict=True)
                for row in same[1:]
            )
        if len(by_name) > 1:
            for row in group[1:]:
                row.say(
                    "warning",
                    "phone_shared",
                    _("手机号与第%(row)s行的另一人相同，请核对。") % {"row": group[0].row_number},
                    "phone",
                )


def _merge(first, later, by):
    later.merge_with = first.row_number
    added, differs = [], []
    for name, value in later.values.items():
        mine = first.values[name]
        if name in ("overseas_study", "consent_noted"):
            first.values[name] = mine or value
        elif name == "research_fields":
            first.values[name] = list(dict.fromkeys([*mine, *value]))
        elif not mine and value:
            first.values[name] = value
            added.append(name)
        elif value and not _same(name, mine, value):
            differs.append(name)
    reason = _("身份证号相同") if by == "id_number" else _("姓名和手机号相同")
    later.say(
        "info",
        "merged",
        _("与第%(row)s行是同一人（%(reason)s），合并为一条。")
        % {"row": first.row_number, "reason": reason},
        "id_number" if by == "id_number" else "phone",
    )
    if differs:
        headers = {column.field: column.header for column in later.raw.columns}
        names = "、".join(dict.fromkeys(headers[n] for n in differs if n in headers))
        if names:
            later.say(
                "warning",
                "merged_differs",
                _("与第%(row)s行的%(columns)s不同，以第%(row)s行为准，请核对。")
                % {"row": first.row_number, "columns": names},
            )


def _same(name, one, other):
    if name == "unit_name":
        return unit_key(one) == unit_key(other)
    if name == "email":
        return one.casefold() == other.casefold()
    return one == other
