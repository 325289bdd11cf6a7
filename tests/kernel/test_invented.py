"""Invented data is refused by no rule of ours (kernel.invented)."""

from datetime import date

from stdnum.cn import ric

from kernel import invented


def test_identity_numbers_carry_the_digit_of_the_standard():
    """GB 11643: a list with a wrong one is refused row by row."""
    numbers = [invented.identity_number("500112", date(1990, 3, day)) for day in range(1, 29)]
    assert [n for n in numbers if n[-1] != ric.calc_check_digit(n)] == []
    assert len({n[-1] for n in numbers}) > 5


def test_the_digit_by_the_weights_of_the_standard():
    number = invented.identity_number("500112", date(1990, 3, 1))
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    rest = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % 11
    assert number[-1] == "10X98765432"[rest]
