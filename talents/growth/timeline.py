"""Milestones of all apps, put together by year."""

from itertools import groupby

from kernel import portal


def milestones(talent):
    """Return the Milestones of a record that every app knows, the newest first."""
    found = [one for tell in portal.listed("growth") for one in tell(talent)]
    return sorted(found, key=lambda one: one.day, reverse=True)


def by_year(talent):
    """Return [(year, its Milestones)], the newest first."""
    return [
        (year, list(found))
        for year, found in groupby(milestones(talent), key=lambda one: one.day.year)
    ]
