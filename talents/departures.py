"""A record leaves the database: what the apps above gave on the strength of it follows their rules.

An app declares a Departure (kernel.portal, field `departures`); talents knows none of them by name.
"""

from dataclasses import dataclass
from typing import Any

from kernel import portal


@dataclass(frozen=True)
class Departure:
    """An app's rule for what a woman holds when her record leaves the database.

    `lost(talent, now, hers)` returns sentences in the reader's language that say beforehand what becomes of it.
    `act(talent=, hers=, now=)` does so in the transaction in which the record leaves; `hers` is False when it is not
    she who leaves: the record is taken from an account that claimed it wrongly, or its verification is taken back.
    """

    order: int
    lost: Any
    act: Any


def lost(talent, now, *, hers=True):
    """Return what becomes of what she holds, as sentences."""
    declared = portal.listed("departures")
    return [line for departure in declared for line in departure.lost(talent, now, hers)]


def follow(talent, *, hers, now):
    """Do what the apps declare; the caller holds the record's lock."""
    for departure in portal.listed("departures"):
        departure.act(talent=talent, hers=hers, now=now)
