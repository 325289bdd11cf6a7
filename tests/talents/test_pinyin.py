"""Names in pinyin: surnames that are read another way, given names, names that are not Han."""

import subprocess
import sys

import pytest

from talents.pinyin import DOUBLE_SURNAMES, SURNAMES, _read, pinyin

NAMES = {
    "林知遥": "lin zhi yao",
    "曾国藩": "zeng guo fan",
    "单雪": "shan xue",
    "解晓敏": "xie xiao min",
    "仇英": "qiu ying",
    "区静": "ou jing",
    "查文": "zha wen",
    "朴敏": "piao min",
    "盖丽": "ge li",
    "覃丽": "qin li",
    "翟志": "zhai zhi",
    "乐嘉": "yue jia",
    "尉迟恭": "yu chi gong",
    "长孙长生": "zhang sun chang sheng",
    "单于敏": "chan yu min",
    "欧阳晟": "ou yang sheng",
    # The same characters in a given name.
    "李单": "li dan",
    "王曾": "wang ceng",
    "李乐": "li le",
    "陈长江": "chen chang jiang",
    "李朝阳": "li zhao yang",
    "周重庆": "zhou chong qing",
    # A surname alone, spaces, other scripts, another people's name.
    "曾": "zeng",
    " 林 知遥 ": "lin zhi yao",
    "Anna Li": "Anna Li",
    "曾Anna": "zeng Anna",
    "曾·买买提": "ceng · mai mai ti",
    "": "",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_read_as_its_bearer_says_it(name):
    assert pinyin(name) == NAMES[name]


def test_what_the_dictionary_of_characters_says_by_itself_stands_in_no_table():
    tables = {**SURNAMES, **DOUBLE_SURNAMES}
    assert [name for name in tables if " ".join(_read(name)) == tables[name]] == []


def test_a_process_that_writes_a_name_does_not_load_the_phrases():
    ask = "from talents.pinyin import pinyin; pinyin('林'); import sys; print('pypinyin.phrases_dict' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", ask], text=True) == "False\n"


def test_a_long_name_is_cut_to_its_column():
    assert len(pinyin("长" * 60)) == 120


def test_nothing_is_read_of_no_name():
    assert pinyin(None) == ""
