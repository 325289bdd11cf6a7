"""What readers get: parts of 我的, the site's navigation, and the pages the benchmark reads."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Card:
    """A part of 我的, in the column "top", "main" or "side".

    `make(request, now, found)` returns the context of `template`, or None where there is nothing to show;
    `request.works_here` tells whether the reader has work in the portal.
    `asks` are {name: kernel.prepared.Prepared} with the parameters `who` and `at`; what they find for the
    reader is in `found`, under the same names: the questions of all cards are one statement.
    `said_to_many(context)` returns the context as ((name, value), …), all of it hashable, where it says nothing that
    is one reader's alone: then it is rendered once for all who are told the same. None where it does.
    """

    column: str
    order: int
    template: str
    make: Any
    asks: Any = None
    said_to_many: Any = None


@dataclass(frozen=True)
class Place:
    """A line of the site's own navigation: pages at and below `path` ("events/").

    It stands in the head and, with an icon, among the tabs of a phone (`short` where the title is too
    long for one); `footer` puts it at the foot of each page instead. `signed_in`: for those who are.
    """

    order: int
    path: str
    title: Any
    icon: str = ""
    short: Any = ""
    footer: bool = False
    signed_in: bool = False


@dataclass(frozen=True)
class Line:
    """Words of an app that stand in a list of another's: in its `order` among them."""

    order: int
    text: Any


@dataclass(frozen=True)
class Link:
    """A line at the end of 我的, under "work" or "settings": the address named `view`.

    `hint(user, found)` returns the words below the title; None hides the line. `asks` as with a Card.
    """

    group: str
    order: int
    title: Any
    view: str
    hint: Any
    asks: Any = None


@dataclass(frozen=True)
class Page:
    """A page the benchmark reads: its address and a text that has to stand on it, filled from its world.

    `reader` is "anybody", "woman", "operator" (of a Care Station), "clerk" or "partner"; `goals` are those of tools.bench.
    """

    order: int
    name: str
    path: str
    must: str
    reader: str
    goals: dict
