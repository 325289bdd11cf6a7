"""One call of every operation, for tests/test_rights.py, by theme."""

from tests.entrepreneurship import (
    bases_calls,
    finance_calls,
    learning_calls,
    plans_calls,
    transfer_calls,
    ventures_calls,
)

CALLS = (
    *ventures_calls.CALLS,
    *plans_calls.CALLS,
    *learning_calls.CALLS,
    *finance_calls.CALLS,
    *bases_calls.CALLS,
    *transfer_calls.CALLS,
)
