"""What a woman was honoured with: what she or her unit wrote, and what the apps above know to have been granted.

What was granted is kept by the app that grants it and told when it is asked for, never copied into the record: an
honour that is revoked is gone from everywhere at once.
"""

from kernel import portal


def granted(talent):
    """Return the honours the apps know to stand, as (name, line) pairs, the newest first."""
    return [one for tell in portal.listed("honours") for one in tell(talent)]


def lines(talent):
    """Return all of them as lines, first as they were written; what is written already is not told twice."""
    written = [line for line in talent.honours.splitlines() if line.strip()]
    known = [line for name, line in granted(talent) if not any(name in one for one in written)]
    return [*written, *known]
