"""Normal form of a unit's name, by which the spellings of HR offices meet."""

import re

from kernel.text import squeeze


def unit_key(name):
    """Return the normal form of a unit's name, equal for spellings of the same unit.

    重庆市两江半导体研究院, 重庆两江半导体研究院 and 两江半导体研究院 are one unit, and so are
    西部(重庆)科学城… and 西部（重庆市）科学城…. The city in front is dropped only when enough of
    the name is left to tell units apart, so 重庆大学 stays what it is.
    """
    key = squeeze(name).casefold()
    key = re.sub(r"[()\[\]【】〔〕<>《》\"'“”‘’.,，。、·\-_]", "", key)
    key = key.replace("重庆市", "重庆").replace("有限责任公司", "有限公司")
    shortened = key.removeprefix("重庆")
    return shortened if len(shortened) >= 5 else key
