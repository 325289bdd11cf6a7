"""What stands in a CV, in the language that is active: sections of lines she may leave out one by one."""

from dataclasses import dataclass, field

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.spreadsheets import NOT_IN_XML
from talents import honours
from talents.career import shown
from talents.career.kinds import EntryKind
from talents.pinyin import NO_SURNAME, SURNAMES_OF_TWO

FACTS, CONTACT, RESEARCH, HONOURS = "facts", "contact", "research", "honours"
# What the first part says of the present.
PRESENT = ("position", "professional_title", "education_level", "school_and_major", "discipline")


@dataclass(frozen=True)
class Section:
    """One part: its code, its title and lines of (what, details, when)."""

    code: str
    title: str
    lines: list = field(default_factory=list)


def parts():
    """Return {code: title} of every part a CV may have, in their order."""
    kinds = {kind.value: str(kind.label) for kind in EntryKind}
    first = {FACTS: _("基本情况"), CONTACT: _("联系方式"), RESEARCH: _("研究方向")}
    return first | kinds | {HONOURS: _("获奖及荣誉")}


def name_of(talent):
    """Return her name: as it is written, in English with its sound before it."""
    if get_language() != "en" or not talent.pinyin_name:
        return talent.full_name
    words, name = talent.pinyin_name.split(), talent.full_name
    if len(words) != len(name) or NO_SURNAME.search(name):
        return name
    first = 2 if name[:2] in SURNAMES_OF_TWO and len(name) > 2 else 1
    surname, given = "".join(words[:first]), "".join(words[first:])
    return f"{surname.capitalize()} {given.capitalize()} ({name})"


def sections(talent, chosen=None):
    """Return the Sections that hold something; `chosen` (codes) narrows them, None: all. Two queries."""
    filled = {
        FACTS: [(shown.label(talent, n), shown.value(talent, n), "") for n in PRESENT],
        CONTACT: [(_("手机号"), talent.phone or "", ""), (_("邮箱"), talent.email or "", "")],
        RESEARCH: [(text, "", "") for text in talent.research_fields],
        HONOURS: [(line, "", "") for line in honours.lines(talent)],
    }
    filled[FACTS] = [line for line in filled[FACTS] if line[1]]
    filled[CONTACT] = [line for line in filled[CONTACT] if line[1]]
    for entry in talent.career.kept().newest_first():
        line = entry.title, " · ".join(entry.details), entry.period
        filled.setdefault(entry.kind, []).append(line)
    return [
        Section(code, str(title), filled[code])
        for code, title in parts().items()
        if filled.get(code) and (chosen is None or code in chosen)
    ]


def data(talent, chosen):
    """Return the CV as plain JSON values, as both documents are made from."""
    return {
        "title": _("个人简历"),
        "name": _printable(name_of(talent)),
        "line": _printable(talent.unit_name),
        "sections": [
            {"title": part.title, "lines": [list(map(_printable, line)) for line in part.lines]}
            for part in sections(talent, chosen)
        ],
        "page_of": _("第 {page} 页，共 {pages} 页"),
        "lang": "en" if get_language() == "en" else "zh",
    }


def _printable(text):
    """Return text without the characters no Word file can hold: one of them, copied out of a PDF, stopped the whole CV."""
    return NOT_IN_XML.sub("", str(text))
