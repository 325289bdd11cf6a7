"""The arithmetic of a review: totals, scores made comparable between reviewers, outliers, places. No database.

A sheet's total is Σ weight × score ÷ full marks, over the weights, out of 100. Reviewers differ in how strict and how
decided they are, so totals are also given on one scale: with the mean m and the spread s (population standard
deviation) of a reviewer's own totals, and M and S of all totals of the review,

    normalised = M + S × (total − m) ÷ s

Where she judged a single application, or all of hers alike, she tells nothing of how they compare: one total stays
what it is, equal ones become M. An application's score is the mean over its sheets, to two decimals.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import fmean, pstdev

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Sheet:
    """One sheet that was handed in: whose, of what, and its total (float, out of 100)."""

    key: int
    reviewer: int
    candidate: int
    total: float


@dataclass(frozen=True)
class Place:
    """Where an application stands; `by_rule` tells that it stands before an equal one because women come first."""

    candidate: int
    place: int
    by_rule: bool


def rounded(value):
    """Return a score to two decimals, as it is shown and compared: what is shown equal is equal."""
    return Decimal(repr(round(value, 6))).quantize(CENT, ROUND_HALF_UP)


def total(scores, criteria):
    """Return the total of one sheet out of 100; `scores` is {criterion's number: points}, one for each criterion."""
    weights = sum(one.weight for one in criteria)
    return sum(100 * one.weight * float(scores[one.pk]) / one.most for one in criteria) / weights


def normalised(sheets):
    """Return {sheet's key: its total made comparable}, by the formula above."""
    everything = [sheet.total for sheet in sheets]
    if not everything:
        return {}
    mean, spread = fmean(everything), pstdev(everything)
    own = defaultdict(list)
    for sheet in sheets:
        own[sheet.reviewer].append(sheet.total)
    return {
        sheet.key: _on_one_scale(sheet.total, own[sheet.reviewer], mean, spread) for sheet in sheets
    }


def _on_one_scale(value, own, mean, spread):
    if len(own) == 1:
        return value
    own_spread = pstdev(own)
    # Totals that are equal but for the last bit of a float are equal.
    if own_spread < 1e-9:
        return mean
    return mean + spread * (value - fmean(own)) / own_spread


def outliers(sheets, points):
    """Return the keys of sheets that differ by `points` or more from the mean of the others of the same application."""
    of = defaultdict(list)
    for sheet in sheets:
        of[sheet.candidate].append(sheet)
    far = set()
    for rows in of.values():
        for sheet in rows:
            others = [one.total for one in rows if one is not sheet]
            if others and abs(sheet.total - fmean(others)) >= points - 1e-9:
                far.add(sheet.key)
    return far


def means(sheets, values):
    """Return {candidate: mean (Decimal)} of the values ({sheet's key: float}) of its sheets."""
    of = defaultdict(list)
    for sheet in sheets:
        of[sheet.candidate].append(values[sheet.key])
    return {candidate: rounded(fmean(given)) for candidate, given in of.items()}


def places(scores, women, *, women_first):
    """Return the Places, the first first: `scores` {candidate: Decimal}, `women` those led by one.

    Equals share a place, and the next ones are counted on (1, 1, 3). With `women_first`, the women among equals
    come before the others (同等条件下女性优先); where all of them are women, or none, the rule decides nothing.
    """
    groups = defaultdict(list)
    for candidate, score in scores.items():
        groups[score].append(candidate)
    placed = []
    for score in sorted(groups, reverse=True):
        tied = sorted(groups[score])
        first = [one for one in tied if one in women]
        others = [one for one in tied if one not in women]
        decides = bool(women_first and first and others)
        for part in (first, others) if decides else (tied,):
            here = len(placed) + 1
            placed += [Place(one, here, decides and part is first) for one in part]
    return placed
