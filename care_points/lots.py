"""Which of a woman's points are left of which earning, read out of her entries.

Each earning is a lot of its own validity. What she spends is taken from what runs out soonest; points
given back return to the lots they came from, with the validity these had; a revoked earning loses what
is left of it before any other does. What comes over from another record of hers (MERGED) is an earning of
the account it comes to and is spent on the one it left; when that is undone, each is as it was. A correction (ADJUSTED)
that gave points is a lot of its own, one that took some is like spending.

It reads all entries of the account, so its time grows with them; a woman has some dozens a year (`make points` times it).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter

from care_points.models import AccountKind, Entry, TransferKind

FOR_GOOD = datetime.max.replace(tzinfo=UTC)


@dataclass
class Lot:
    """What is left of one earning; `until` is when it runs out, a revoked one is used up first."""

    until: datetime
    left: int
    rule: int | None = None
    revoked: bool = False


READ = (
    *("transfer", "transfer__kind", "transfer__valid_until", "transfer__reverses", "amount"),
    *("transfer__rule", "transfer__at"),
)


def lots(account):
    """Return the account's Lots, the oldest earning first; their `left` add up to its balance. One query."""
    entries = Entry.objects.filter(account=account).order_by("pk")
    earned, _moved = _replayed(entries.values_list(*READ))
    return list(earned.values())


def by_rule(start, end):
    """Return ({rule: points spent}, {rule: points run out}) in [start, end) and {rule: points left now}, by what they were earned by.

    Points given back are no longer spent. The rule is None of what two people put on an account. One query that reads
    every entry there is, woman by woman: for a report, not for a page that is opened often.
    """
    spent, expired, left = Counter(), Counter(), Counter()
    entries = Entry.objects.filter(account__kind=AccountKind.TALENT).order_by("account", "pk")
    rows = entries.values_list("account", *READ).iterator(chunk_size=5000)
    for _account, hers in groupby(rows, key=itemgetter(0)):
        hers = [row[1:] for row in hers]
        earned, moved = _replayed(hers)
        for lot in earned.values():
            left[lot.rule] += lot.left
        for pk, kind, *_more, at in hers:
            if start <= at < end and kind in (TransferKind.REDEEMED, TransferKind.RETURNED):
                sign = 1 if kind == TransferKind.REDEEMED else -1
                for lot, part in moved.get(pk, ()):
                    spent[lot.rule] += sign * part
            elif start <= at < end and kind == TransferKind.EXPIRED:
                for lot, part in moved.get(pk, ()):
                    expired[lot.rule] += part
    return spent, expired, left


def _replayed(rows):
    """Return ({transfer: Lot}, {transfer: [(lot, points)]}) of an account's entries: what was earned, and what each other moved."""
    earned, taken = {}, {}
    for pk, kind, until, reverses, amount, rule, _at in rows:
        came = kind in (TransferKind.MERGED, TransferKind.ADJUSTED) and reverses is None
        if kind == TransferKind.EARNED or (came and amount > 0):
            earned[pk] = Lot(until or FOR_GOOD, amount, rule)
        elif kind == TransferKind.RETURNED or (kind == TransferKind.MERGED and amount > 0):
            taken[pk] = _put_back(taken[reverses], amount)
        else:
            if kind == TransferKind.REVERSED or (kind == TransferKind.MERGED and reverses):
                earned[reverses].revoked = True
            # What runs out was counted by its dates, so points left of a revoked earning do not go for it.
            order = _soonest if kind == TransferKind.EXPIRED else _revoked_first
            taken[pk] = _take(sorted(earned.values(), key=order), -amount)
    return earned, taken


def _soonest(lot):
    return lot.until


def _revoked_first(lot):
    return not lot.revoked, lot.until


def _take(lots, points):
    """Take `points` from the lots in their order; returns [(lot, points)]."""
    taken = []
    for lot in lots:
        part = min(lot.left, points)
        if part:
            lot.left -= part
            points -= part
            taken.append((lot, part))
    return taken


def _put_back(taken, points):
    """Give `points` back to the lots they were taken from; of a part of them, those that run out last first; returns [(lot, points)]."""
    given = []
    for lot, part in sorted(taken, key=lambda one: one[0].until, reverse=True):
        back = min(part, points)
        lot.left += back
        points -= back
        if back:
            given.append((lot, back))
    return given


def overdue(account, at):
    """Return how many of the account's points ran out before `at`."""
    return sum(lot.left for lot in lots(account) if lot.until < at)


def running_out(account):
    """Return [(until, points)] of what is left, the soonest first; `until` is FOR_GOOD where it never runs out. One query."""
    left = {}
    for lot in lots(account):
        if lot.left:
            left[lot.until] = left.get(lot.until, 0) + lot.left
    return sorted(left.items())
