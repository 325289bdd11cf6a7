"""Phone numbers as people type them."""

import pytest

from accounts import phones


@pytest.mark.parametrize(
    "typed",
    [
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "+86 13812345678",
        "+8613812345678",
        "008613812345678",
        "86-138-1234-5678",
        "１３８１２３４５６７８",
        "＋８６　１３８１２３４５６７８",
        "(+86)13812345678",
        "\u202a13812345678\u202c".replace("\u202a", "\u200e").replace("\u202c", "\u200f"),
        " 138.1234.5678 ",
    ],
)
def test_a_mainland_mobile_number_is_read_from_any_spelling(typed):
    assert phones.normalise(typed) == "13812345678"


@pytest.mark.parametrize(
    "typed",
    ["", None, "1381234567", "138123456789", "12812345678", "02312345678", "abc", "+1 2025550123"],
)
def test_anything_else_is_no_number(typed):
    assert phones.normalise(typed) is None


def test_a_number_that_begins_with_86_is_not_cut():
    assert phones.normalise("8613812345678") == "13812345678"
    assert phones.normalise("18612345678") == "18612345678"
