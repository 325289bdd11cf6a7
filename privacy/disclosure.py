"""Keeping small counts from pointing at a person: k-anonymity of tables staff read, k = 10.

What leaves the house has a stricter rule, because it is read again and again: privacy.release.
"""

MINIMUM = 10


def protect(counts):
    """Return `counts` ({code: count of people}) with cells that could point at somebody as None.

    1. Every cell from 1 to 9 is left out.
    2. The total of the table is public, so what is left out must not be found by subtraction: while
       only one cell is left out, or those left out hold fewer than ten people together, the
       smallest cell still shown is left out as well.
    Empty cells are not in the table.
    """
    shown = {code: n for code, n in counts.items() if n}
    hidden = {code for code, n in shown.items() if n < MINIMUM}
    by_size = sorted((code for code in shown if code not in hidden), key=lambda c: (shown[c], c))
    while hidden and by_size and (len(hidden) < 2 or sum(shown[c] for c in hidden) < MINIMUM):
        hidden.add(by_size.pop(0))
    return {code: None if code in hidden else n for code, n in shown.items()}
