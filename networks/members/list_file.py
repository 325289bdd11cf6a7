"""From a file to members: whose record a line is, its days, and what comes of it. Nothing of the file is kept."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import sent_lists
from kernel.text import fold, plain, squeeze
from networks.members import rules
from networks.members.models import Membership, MemberState
from privacy.crypto import blind_index
from talents.models import Talent

MOST_PEOPLE = 1000
REFUSALS = {
    "unreadable": gettext_lazy("这个文件不是可以识别的名单，请上传 Excel（.xlsx）或 CSV。"),
    "too_long": gettext_lazy("名单太长，请分几次上传，每次不超过 1000 人。"),
    "no_header": gettext_lazy("没有找到“姓名”“入会日期”“到期日”三列，请在表头写明。"),
}
DAY = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})")


@dataclass
class Line:
    """One line of a list: what was written, whose record it is (None: nobody's), and what comes of it.

    `why` is the sentence that says why it is left out, "" where it is taken; `outcome` says what becomes of it.
    """

    number: int
    name: str
    talent: Any = None
    joined_on: date | None = None
    valid_until: date | None = None
    why: str = ""
    outcome: str = ""

    @property
    def is_taken(self):
        """Tell whether confirming would write it."""
        return not self.why and self.outcome != SAME


NEW, CHANGED, SAME = (
    gettext_lazy("新会员"),
    gettext_lazy("更新日期"),
    gettext_lazy("与现有的一致"),
)


def read(upload, association, now):
    """Return the Lines of an uploaded list. Queries: four, however long. Raises Invalid for a file that is none."""
    rows = sent_lists.read(upload, "networks.members.child", REFUSALS)
    if len(rows) > MOST_PEOPLE:
        raise sent_lists.refused("too_long", REFUSALS)
    found = _records(rows)
    today = timezone.localdate(now)
    lines = [_line(number, row, found) for number, row in enumerate(rows, 1) if row[0]]
    _say_twice(lines)
    members = {
        row.talent_id: row
        for row in Membership.objects.filter(
            association=association, talent__in=[line.talent for line in lines if line.talent]
        ).filter(state__in=(MemberState.APPLIED, MemberState.ACTIVE))
    }
    for line in lines:
        _judge(line, association, members, today)
    return lines


def _digits(text):
    return "".join(c for c in squeeze(text) if c.isdigit())[-11:]


def _code(text):
    return squeeze(text).upper()


def is_code(text):
    """Tell whether a text can be a woman's number: some texts the database does not even take."""
    return text.isascii() and text.isalnum()


def _records(rows):
    """Return {code or (blind index of a phone, folded name): Talent, None where two have both}."""
    codes = {known for _name, _phone, code, *_days in rows if is_code(known := _code(code))}
    phones = {
        blind_index("phone", _digits(phone)) for _name, phone, *_rest in rows if _digits(phone)
    }
    checked = Talent.objects.verified().defer("search_text", "search_grams")
    found = {talent.code: talent for talent in checked.filter(code__in=codes)}
    for talent in checked.filter(phone_index__in=phones):
        key = (talent.phone_index, fold(talent.full_name))
        found[key] = None if key in found else talent
    return found


def _line(number, row, found):
    name, phone, code, joined, until = row
    line = Line(number, plain(name), joined_on=_day(joined), valid_until=_day(until))
    by_code = found.get(_code(code))
    if by_code and fold(by_code.full_name) == fold(name):
        line.talent = by_code
    elif not code and _digits(phone):
        line.talent = found.get((blind_index("phone", _digits(phone)), fold(name)))
    return line


def _day(text):
    """Return the date a cell says, None where it says none."""
    if not (said := DAY.search(text)):
        return None
    try:
        return date(*map(int, said.groups()))
    except ValueError:
        return None


def _say_twice(lines):
    seen = set()
    for line in lines:
        if line.talent is not None and line.talent.pk in seen:
            line.why = _("名单里有两行是同一人，只看第一行。")
        seen.add(line.talent and line.talent.pk)


def _judge(line, association, members, today):
    if line.why:
        return
    if line.talent is None:
        line.why = _("没有对上：姓名和手机号（或人才编号）在库里没有同时相符的一人。")
    elif line.joined_on is None or line.valid_until is None:
        line.why = _("入会日期或到期日看不懂，请写成 2026-03-08。")
    elif error := rules.why_not_row(
        association, line.talent, line.joined_on, line.valid_until, today
    ):
        line.why = str(error)
    if line.why:
        return
    member = members.get(line.talent.pk)
    if member is None or member.state == MemberState.APPLIED or rules.is_lost(member, today):
        line.outcome = NEW
    elif (member.joined_on, member.valid_until) == (line.joined_on, line.valid_until):
        line.outcome = SAME
    else:
        line.outcome = CHANGED
