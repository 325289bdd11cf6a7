"""Reasons of staff: what is too short is told how long it has to be."""

import pytest
from django.utils import translation

from kernel import reasons
from kernel.errors import Invalid

MISSING = "请写明取消的原因。"


@pytest.mark.parametrize(
    ("reason", "language", "sentence"),
    [
        (None, "zh-hans", MISSING),
        (" \n", "zh-hans", MISSING),
        ("重 复", "zh-hans", "请把理由写完整，至少 4 个字，现在是 3 个字。"),
        ("no", "en", "Please write the reason out: at least 4 characters; there are 2 now."),
        ("x", "en", "Please write the reason out: at least 4 characters; there is 1 now."),
    ],
)
def test_a_reason_that_is_too_short_is_told_how_long_it_has_to_be(reason, language, sentence):
    with translation.override(language), pytest.raises(Invalid) as refused:
        reasons.clean(reason, MISSING)
    assert (refused.value.code, str(refused.value)) == ("reason_missing", sentence)


def test_blanks_are_tidied_and_the_least_may_be_another():
    assert reasons.clean("  重复  报名 ", MISSING) == "重复 报名"
    assert reasons.clean("错", MISSING, least=1) == "错"
    assert reasons.clean("重复报名。请留一个。", MISSING) == "重复报名。请留一个"
