"""Which column of a form holds what: header words, and finding the header by them."""

import re
from dataclasses import dataclass
from itertools import pairwise

from kernel.text import squeeze
from talents.imports.problems import WorkbookError

# field -> header words as people write them, the form's own word first. 学历学位, 职务职称 and
# 单位及职务 are columns some units merge into one.
FIELDS = {
    "number": ("序号", "编号", "序", "No", "No."),
    "full_name": ("姓名", "名字", "人员姓名", "人才姓名", "申报人", "申请人姓名"),
    "sex": ("性别",),
    "birth_month": ("出生年月", "出生日期", "出生年月日", "出生时间", "生日", "出生"),
    "id_number": (
        "身份证号码",
        "身份证号",
        "身份证",
        "证件号码",
        "证件号",
        "公民身份号码",
        "居民身份证号",
    ),
    "political_status": ("政治面貌", "党派", "政治面目"),
    "education_level": ("学历", "最高学历", "文化程度", "学历层次"),
    "degree": ("学位", "最高学位"),
    "education_and_degree": ("学历学位", "学历/学位", "学历、学位", "学历及学位"),
    "school_and_major": (
        "毕业院校及专业",
        "毕业院校专业",
        "毕业院校系及专业",
        "毕业学校及专业",
        "院校及专业",
        "毕业院校/专业",
        "毕业院校、专业",
    ),
    "school": ("毕业院校", "毕业学校", "学校", "院校"),
    "major": ("专业", "所学专业", "毕业专业"),
    "unit_name": ("工作单位", "单位名称", "单位", "所在单位", "现工作单位", "工作单位名称"),
    "unit_and_position": (
        "工作单位及职务",
        "单位及职务",
        "单位职务",
        "单位、职务",
        "工作单位职务",
        "所在单位及职务",
    ),
    "position": ("职务", "岗位", "现任职务", "行政职务", "担任职务", "职位"),
    "professional_title": ("职称", "专业技术职务", "专业技术职称", "专业技术资格", "职称等级"),
    "position_and_title": ("职务职称", "职务/职称", "职务、职称", "职务及职称"),
    "research_fields": (
        "研究方向/专业领域",
        "研究方向",
        "专业领域",
        "研究领域",
        "从事专业",
        "专业方向",
        "专业特长",
    ),
    "phone": (
        "手机",
        "手机号",
        "手机号码",
        "联系电话",
        "电话",
        "移动电话",
        "联系方式",
        "联系手机",
        "电话号码",
    ),
    "email": ("邮箱", "电子邮箱", "电子邮件", "Email", "E-mail", "邮件", "邮箱地址"),
    "honours": ("获奖及荣誉", "获奖情况", "荣誉", "所获荣誉", "获奖荣誉", "奖励荣誉", "荣誉称号"),
    "overseas": ("留学经历", "海外经历", "留学情况", "是否留学", "是否留学归国", "海外留学经历"),
    "remark": ("备注", "说明", "其他", "备注说明"),
}

GROUPS = ("教育背景", "教育情况", "学习经历", "全日制教育", "最高学历学位", "联系方式", "联系信息")
REFUSAL_HEADER = "退回原因"
HEADER_SEARCH_ROWS = 50


def header_key(text):
    """Normal form of a header cell: without blanks, brackets with hints, asterisks and colons."""
    word = re.sub(r"\(.*?\)|\[.*?\]|【.*?】", "", squeeze(text))
    return word.strip("*:：☆★").lower()


_BY_WORD = {header_key(word): field for field, words in FIELDS.items() for word in words}
_BY_PATTERN = (
    ("id_number", re.compile(r"^.{0,4}身份证.{0,4}$")),
    ("birth_month", re.compile(r"^出生.{1,5}$")),
    ("phone", re.compile(r"^.{0,4}(手机|联系电话).{0,3}$")),
    ("email", re.compile(r"^.{0,3}(邮箱|e-?mail).{0,3}$")),
)
_GROUP_KEYS = frozenset(header_key(word) for word in GROUPS)


# What staff said the words of one form mean; filled in the process that reads it alone (child).
_SAID, _SAID_NAMES = {}, set()
MAPPABLE = tuple(field for field in FIELDS if field != "number")


def learn(fields):
    """Take {normal form of a header word: field}, for words nothing here knows."""
    _SAID.update(fields)
    _SAID_NAMES.update(word for word, field in fields.items() if field == "full_name")


def field_of(text):
    """The field a header cell names, or None."""
    if not isinstance(text, str):
        return None
    word = header_key(text)
    if not word or len(word) > 20:
        return None
    if field := _BY_WORD.get(word):
        return field
    known = next((field for field, pattern in _BY_PATTERN if pattern.match(word)), None)
    return known or _SAID.get(word)


@dataclass(frozen=True, slots=True)
class Column:
    """One column taken from the sheet: zero-based index, letter and the header as written."""

    field: str
    index: int
    letter: str
    header: str


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table. `rows` are one-based row numbers; `ignored` holds words of columns that are
    not taken over, `named` the zero-based indexes of all columns with a word above them, `unknown` the
    (index, normal form, header) of those whose word nothing knows."""

    rows: tuple[int, ...]
    columns: tuple[Column, ...]
    ignored: tuple[str, ...]
    named: frozenset[int] = frozenset()
    unknown: tuple = ()

    @property
    def fields(self):
        return {column.field: column for column in self.columns}


def may_hold_header(upper, lower):
    """Tell whether one of two rows could name people; quick, for every row of a long sheet."""
    return any(_may_be_name(value) for value in (*upper, *lower))


def _may_be_name(value):
    if not isinstance(value, str) or len(value) > 20:
        return False
    return not _NAME_LETTERS.isdisjoint(value) or (
        bool(_SAID_NAMES) and header_key(value) in _SAID_NAMES
    )


_NAME_LETTERS = frozenset("姓字申")


def headers_in(number, upper, lower, letter_of, *, needs_name=True):
    """Return the headers that stand in a row, from left to right: more than one where tables stand side by side.

    Args: number is the row's; upper and lower are its cells and those of the row below; letter_of turns a
    one-based column number into its letter. A header names 姓名 and one more known column, or without
    `needs_name` three others, or two in a row of words; the row under it belongs to it when it names columns below a group word or
    below an empty cell.
    """
    headers = [_header_at(number, *part, letter_of) for part in _side_by_side(upper, lower)]
    return [header for header in headers if _is_header(header, upper, needs_name)]


def _is_header(header, upper, needs_name):
    fields = {column.field for column in header.columns}
    if any(_is_data(upper[i]) for i in header.named if i < len(upper)):
        return False
    if needs_name:
        return "full_name" in fields and len(fields) > 1
    return len(fields) > 2 or (len(fields) == 2 and _are_words(upper))


def _are_words(values):
    """Tell whether a row is nothing but words, four or more of them: two known ones make a header of it."""
    filled = [value for value in values if value is not None]
    return len(filled) > 3 and all(
        isinstance(value, str) and len(value) <= 12 and not re.search(r"\d", value)
        for value in filled
    )


def is_nameless_header(values):
    """Tell whether a row below people is a header of something else: three known words, nothing but words."""
    filled = [value for value in values if value is not None]
    known = {field_of(value) for value in filled} - {None}
    return (
        len(known) >= 3
        and "full_name" not in known
        and len(known) * 2 >= len(filled)
        and not any(_is_data(value) for value in filled)
    )


def _is_data(value):
    if isinstance(value, str):
        return bool(re.search(r"\d{6}", value))
    return value is not None


def _side_by_side(upper, lower):
    """Return (upper, lower) for each table that begins in these rows: a second 姓名 begins a second one.

    It begins behind the last empty column in front of that 姓名, or with the 序号 before it.
    """
    words = [_word(upper, lower, i) for i in range(max(len(upper), len(lower)))]
    names = [i for i, word in enumerate(words) if field_of(word) == "full_name"]
    starts = [0]
    for before, name in pairwise(names):
        empty = [i for i in range(before + 1, name) if words[i] is None]
        is_numbered = field_of(words[name - 1]) == "number"
        starts.append(empty[-1] + 1 if empty else name - is_numbered)
    ends = [*starts[1:], len(words)]
    return [
        (_within(upper, start, end), _within(lower, start, end))
        for start, end in zip(starts, ends, strict=True)
    ]


def _word(upper, lower, index):
    """Return the header word of a column that may be 姓名: the upper row's, else the lower one's."""
    for row in (upper, lower):
        if index < len(row) and row[index] is not None:
            return row[index]
    return None


def _within(values, start, end):
    return [value if start <= i < end else None for i, value in enumerate(values)]


def _header_at(number, upper, lower, letter_of):
    if not any(field_of(value) for value in upper):
        return Header((), (), ())
    two_rows = _is_second_row(upper, lower)
    columns, ignored, used, group, named, unknown = [], [], set(), "", set(), []
    for position in range(max(len(upper), len(lower) if two_rows else 0)):
        top = upper[position] if position < len(upper) else None
        below = lower[position] if two_rows and position < len(lower) else None
        if top not in (None, ""):
            group = str(top).strip()
        text = below if below not in (None, "") else top
        if text in (None, ""):
            continue
        named.add(position)
        field = field_of(text) or (field_of(top) if below not in (None, "") else None)
        if field is None or field in used:
            if header_key(text) != header_key(REFUSAL_HEADER):
                # The second 学历 of a form that asks for 全日制教育 and 在职教育 is told apart.
                label = str(text).strip()
                ignored.append(f"{group}·{label}" if text is below and group else label)
                if field is None and 0 < len(header_key(text)) <= 20:
                    unknown.append((position, header_key(text), _label(text)))
            continue
        used.add(field)
        columns.append(Column(field, position, letter_of(position + 1), _label(text)))
    rows = (number, number + 1) if two_rows else (number,)
    return Header(rows, tuple(columns), tuple(ignored), frozenset(named), tuple(unknown))


def _is_second_row(upper, lower):
    """Does the row below continue the header? Only where nothing but header words stand in it."""
    filled = [(i, v) for i, v in enumerate(lower) if v not in (None, "")]
    if not filled or not all(isinstance(v, str) for _i, v in filled):
        return False
    named = 0
    for position, value in filled:
        top = upper[position] if position < len(upper) else None
        if field_of(value) is None and len(header_key(value)) > 12:
            return False
        if top in (None, "") or header_key(top) in _GROUP_KEYS or field_of(top) is None:
            named += field_of(value) is not None
        elif field_of(value) is None and field_of(top) is not None:
            return False
    return named > 0 and named >= len(filled) / 2


def _label(text):
    return re.sub(r"\s+", "", str(text)).strip("*")


def missing_name(header):
    """The error for a table without a column of names: says what was looked for and found."""
    return WorkbookError(
        "missing_column",
        line=header.rows[0],
        others=list(FIELDS["full_name"][1:]),
        found=[column.header for column in header.columns],
    )
