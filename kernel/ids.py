"""Short codes people can read out: no 0/O, 1/I/L, no U (Crockford's alphabet less its digits' twins)."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def code(length=10):
    """Return a random upper-case code; ten characters carry 49 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def tidy(typed):
    """Return what a person typed as a code: upper case, blanks and dashes dropped, twins mended."""
    characters = "".join(c for c in (typed or "").upper() if c.isalnum())
    return characters.translate(str.maketrans({"U": "V"}))
