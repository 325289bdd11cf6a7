"""Names of units as HR offices write them, and a normal form to match them by."""

import re

from talents.codes import squeeze

_CJK = r"\u3400-\u9fff"


def unit_name(text):
    """A unit's name as it is kept: blanks around and inside Chinese text gone, full-width brackets
    in Chinese names, everything else half-width."""
    name = squeeze(text) if re.search(f"[{_CJK}]", str(text)) else " ".join(str(text).split())
    if re.search(f"[{_CJK}]", name):
        name = name.replace("(", "（").replace(")", "）")
    return name


def unit_key(name):
    """Normal form of a unit's name, equal for spellings of the same unit.

    重庆市两江半导体研究院, 重庆两江半导体研究院 and 两江半导体研究院 are one unit, and so are
    西部(重庆)科学城… and 西部（重庆市）科学城…. The city in front is dropped only when enough of
    the name is left to tell units apart, so 重庆大学 stays what it is.
    """
    key = squeeze(name).casefold()
    key = re.sub(r"[()\[\]【】〔〕<>《》\"'“”‘’.,，。、·\-_]", "", key)
    key = key.replace("重庆市", "重庆").replace("有限责任公司", "有限公司")
    rest = key.removeprefix("重庆")
    return rest if len(rest) >= 5 else key
