"""Masked display."""

import pytest

from kernel import masking


@pytest.mark.parametrize(
    ("function", "value", "shown"),
    [
        (masking.name, "王小敏", "王*敏"),
        (masking.name, "王敏", "王*"),
        (masking.name, "欧阳小敏", "欧*敏"),
        (masking.name, "Maria Keller", "M***"),
        (masking.name, "王", "王"),
        (masking.name, None, ""),
        (masking.phone, "14000001234", "140****1234"),
        (masking.phone, "123", "***"),
        (masking.phone, None, ""),
        (masking.identity_number, "500105199001010004", "5001**********0004"),
        (masking.identity_number, "5001051990010100042", "5001***********0042"),
        (masking.identity_number, "50010519900101", "**************"),
        (masking.email, "linjing@example.cn", "l***@example.cn"),
        (masking.email, "nothing", ""),
    ],
)
def test_enough_to_recognise_too_little_to_use(function, value, shown):
    assert function(value) == shown
