"""The statistics of classes, as pure functions: means, changes, and how sure one may be of a difference.

The class is the unit of analysis: pupils of one class had the same lesson and are no independent witnesses. The interval
is Welch's (unequal variances), with Student's t.
"""

from math import sqrt
from statistics import NormalDist, fmean, variance

LEAST_CLASSES = 3  # of each side, below which no interval is shown

# t for 95 % on both sides by degrees of freedom, as tables print it.
T95 = {
    1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 10: 2.228,
    11: 2.201, 12: 2.179, 13: 2.160, 14: 2.145, 15: 2.131, 16: 2.120, 17: 2.110, 18: 2.101, 19: 2.093,
    20: 2.086, 21: 2.080, 22: 2.074, 23: 2.069, 24: 2.064, 25: 2.060, 26: 2.056, 27: 2.052, 28: 2.048,
    29: 2.045, 30: 2.042, 40: 2.021, 60: 2.000, 120: 1.980,
}  # fmt: skip


def t95(freedom):
    """Return Student's t for 95 % at so many degrees of freedom; between two lines of the table by the inverse of both."""
    below = max((line for line in T95 if line <= freedom), default=1)
    above = min((line for line in T95 if line >= freedom), default=None)
    limit = (0.0, NormalDist().inv_cdf(0.975)) if above is None else (1 / above, T95[above])
    if above == below or freedom <= 1:
        return T95[below]
    part = (1 / below - 1 / freedom) / (1 / below - limit[0])
    return T95[below] + part * (limit[1] - T95[below])


def mean(counts):
    """Return (mean, number) of answers, {1 to 5: pupils}; (None, 0) of none."""
    number = sum(counts.values())
    if not number:
        return None, 0
    return sum(answer * n for answer, n in counts.items()) / number, number


def compared(visited, waiting):
    """Return what is known of the changes of classes, one number each: with a visit, and still waiting for one.

    {"difference", "low", "high", "visited", "waiting"}; the three are None while a side has fewer than LEAST_CLASSES.
    """
    said = {"visited": len(visited), "waiting": len(waiting)}
    if min(said.values()) < LEAST_CLASSES:
        return said | {"difference": None, "low": None, "high": None}
    difference = fmean(visited) - fmean(waiting)
    one, other = (variance(side) / len(side) for side in (visited, waiting))
    if not one + other:
        return said | {"difference": difference, "low": difference, "high": difference}
    freedom = (one + other) ** 2 / (one**2 / (len(visited) - 1) + other**2 / (len(waiting) - 1))
    half = t95(freedom) * sqrt(one + other)
    return said | {"difference": difference, "low": difference - half, "high": difference + half}
