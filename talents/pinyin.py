"""A name in pinyin: what lists are ordered by, and how she is found from a keyboard without Chinese.

pypinyin's dictionary of phrases takes 40 MB of each process that writes a name and knows few surnames (it reads
曾国藩 as ceng guo fan), so it is left out. What its dictionary of characters cannot know stands here: those that are
read another way as a surname (《现代汉语词典》; of 盖 and 覃 the more frequent reading) or in a given name.
"""

import os
import re
from functools import cache

LONGEST = 120

SURNAMES = {
    "么": "yao", "乐": "yue", "乜": "nie", "仇": "qiu", "佴": "nai", "单": "shan", "卜": "bu", "区": "ou",
    "员": "yun", "句": "gou", "召": "shao", "折": "she", "曾": "zeng", "朴": "piao", "查": "zha", "洗": "xian",
    "盖": "ge", "祭": "zhai", "种": "chong", "秘": "bi", "粘": "nian", "繁": "po", "缪": "miao", "翟": "zhai",
    "薄": "bo", "覃": "qin", "解": "xie", "贠": "yun", "郇": "xun", "都": "du",
}  # fmt: skip
DOUBLE_SURNAMES = {
    "万俟": "mo qi", "乐正": "yue zheng", "单于": "chan yu", "尉迟": "yu chi", "澹台": "tan tai",
}  # fmt: skip
# Those of two characters that are met; their sound is written as one word (GB/T 28039).
SURNAMES_OF_TWO = DOUBLE_SURNAMES.keys() | {
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "慕容", "长孙", "夏侯", "公孙", "令狐", "端木", "司徒", "南宫",
    "宇文", "申屠", "闻人", "钟离",
}  # fmt: skip
IN_GIVEN_NAMES = {"晟": "sheng", "都": "du", "长": "chang", "隽": "jun"}
GIVEN_NAMES = {
    "今朝": "jin zhao", "朝夕": "zhao xi", "朝晖": "zhao hui", "朝阳": "zhao yang", "朝霞": "zhao xia",
    "朝露": "zhao lu", "礼乐": "li yue", "重光": "chong guang", "重庆": "chong qing", "重阳": "chong yang",
    "雅乐": "ya yue", "音乐": "yin yue",
}  # fmt: skip
PARTS = re.compile(f"({'|'.join(DOUBLE_SURNAMES)}|[㐀-鿿])?(.*)", re.DOTALL)
# As names of other peoples of China are written, 阿依古丽·买买提: they begin with no surname.
NO_SURNAME = re.compile("[·•・]")
ONE_BY_ONE = re.compile(f"([{''.join(IN_GIVEN_NAMES)}])")


def pinyin(name):
    """Return a name in pinyin without tones, words apart, 120 characters at most: 曾晓敏 → zeng xiao min."""
    surname, given = _parts(name or "")
    return " ".join([*_surname(surname), *_given(given)])[:LONGEST]


def _parts(name):
    if NO_SURNAME.search(name):
        return "", name
    return [part.strip() for part in PARTS.match(name.strip()).groups(default="")]


def _surname(surname):
    known = DOUBLE_SURNAMES.get(surname) or SURNAMES.get(surname)
    return [known] if known else _read(surname)


def _given(given):
    if given in GIVEN_NAMES:
        return [GIVEN_NAMES[given]]
    return [
        word
        for part in ONE_BY_ONE.split(given)
        for word in ([IN_GIVEN_NAMES[part]] if part in IN_GIVEN_NAMES else _read(part))
    ]


def _read(text):
    """Return the words of `text`: one for each Chinese character, what is none as it stands."""
    return [word.strip() for word in _reader()(text) if word.strip()]


@cache
def _reader():
    # pypinyin takes this from the environment alone, and only when it is imported.
    os.environ["PYPINYIN_NO_PHRASES"] = "1"
    from pypinyin import lazy_pinyin

    return lazy_pinyin
