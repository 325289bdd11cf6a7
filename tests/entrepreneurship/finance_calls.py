"""One call of every operation of the theme, for tests/test_rights.py."""

CALLS = ()
