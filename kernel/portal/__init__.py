"""How an app declares what it adds to the portal, and how the rest of the portal finds it.

An app's module `portal` holds one `declaration = Declaration(...)`. It is found as Django finds
`admin.py`: by its place in an app of INSTALLED_APPS, in their order. Nothing lower names the app, and
nothing has to be listed a second time: `accounts` gathers roles, `notices` its kinds, `privacy`
purposes and audit verbs, the roof navigation, work queue and pages.

`merged(field)` and `listed(field)` are how they gather; both are remembered, because declarations do
not change while a process runs.
"""

from kernel.portal.counts import (
    People,
    PeopleBy,
    PeopleByMonth,
    Report,
    Section,
    Statistics,
    Table,
    TakingPart,
    Things,
    Trend,
)
from kernel.portal.declaration import Declaration, joined
from kernel.portal.gathering import declarations, declared, listed, merged
from kernel.portal.pages import Card, Line, Link, Page, Place
from kernel.portal.people import (
    Ask,
    Group,
    Joint,
    Milestone,
    Opening,
    Openings,
    Person,
    PersonalData,
    Prefill,
)
from kernel.portal.staff import MOST_COUNTED, Entry, Figure, Item, Role, Task

__all__ = [
    "MOST_COUNTED",
    "Ask",
    "Card",
    "Declaration",
    "Entry",
    "Figure",
    "Group",
    "Item",
    "Joint",
    "Line",
    "Link",
    "Milestone",
    "Opening",
    "Openings",
    "Page",
    "People",
    "PeopleBy",
    "PeopleByMonth",
    "Person",
    "PersonalData",
    "Place",
    "Prefill",
    "Report",
    "Role",
    "Section",
    "Statistics",
    "Table",
    "TakingPart",
    "Task",
    "Things",
    "Trend",
    "declarations",
    "declared",
    "joined",
    "listed",
    "merged",
]
