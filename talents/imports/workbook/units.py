"""Names of units as HR offices write them (their normal form for matching: accounts.names)."""

import re

from kernel.text import HAN, INVISIBLE, squeeze

_BLANKS = re.compile(f"[{INVISIBLE}]+")


def unit_name(text):
    """A unit's name as it is kept: as it was written, without blanks inside Chinese text, its letters and
    digits half-width. Brackets stay what they are: 西部(重庆)科学城 is that unit's name."""
    text = str(text)
    if not re.search(f"[{HAN}]", text):
        return " ".join(text.split())
    return re.sub(r"[Ａ-Ｚａ-ｚ０-９]", lambda m: squeeze(m.group()), _BLANKS.sub("", text))


_NAMELESS = re.compile(r"[^\w\s()（）\[\]【】\-–—·•・.,，、;；:：&'’\"“”《》〈〉「」/#+]")


def is_unit_name(text):
    """Tell whether a text can be a unit's name: two letters or characters at least, no emoji or other signs."""
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) >= 2 and not _NAMELESS.search(text)


# What a unit's name ends with, to cut 重庆大学机械学院院长 into unit and position.
_ENDS = (
    "公司|集团|大学|学院|学校|小学|中学|幼儿园|研究院|研究所|设计院|科学院|实验室|医院|卫生院|中心|"
    "事务所|协会|学会|银行|支行|分行|委员会|管委会|管理局|局|工厂|厂|站|园|所|院"
)


def unit_and_position(text):
    """Cut a cell 单位及职务 in two: at a blank, comma or slash, else after the last word that ends a
    unit's name. Returns (unit, position); all of it is the unit when no cut is seen."""
    text = str(text).strip()
    parts = re.split(r"[\s,，、/;；]+", text, maxsplit=1)
    if len(parts) == 2 and re.search(f"({_ENDS})$", parts[0]):
        return parts[0], parts[1]
    # 所长, 院长, 局长 … begin with the word that would end the unit.
    if match := re.match(f"(.+(?:{_ENDS}))(?!长)(?!办)(.+)$", text):
        return match.group(1), match.group(2)
    return text, ""
